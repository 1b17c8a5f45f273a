"""In edit mode the badge follows the mesh, a check starts no further check, and undo takes the edit back."""

import bpy
import kit


def scenario():
    import bmesh  # there once bpy is

    bpy.ops.wm.save_as_mainfile(filepath=str(kit.WORK / "scene.blend"))
    cube = bpy.data.objects["Cube"]
    bpy.ops.object.select_all(action="DESELECT")
    cube.select_set(True)
    bpy.context.view_layer.objects.active = cube
    assert bpy.ops.asset_routing.register(origin="mine") == {"FINISHED"}
    kit.wait(lambda: not kit.session().sealing, what="the registration")
    kit.settle()
    assert kit.states() == {"Cube": "verified"}, kit.describe()

    bpy.ops.object.mode_set(mode="EDIT")
    kit.settle()
    mesh = bmesh.from_edit_mesh(cube.data)
    mesh.verts.ensure_lookup_table()
    mesh.verts[0].co.x += 0.25
    bmesh.update_edit_mesh(cube.data)
    kit.wait(lambda: kit.states()["Cube"] == "edited", what="the edit in edit mode")
    kit.settle()
    session, checks = kit.session(), []
    started = session._check_items
    session._check_items = lambda *given, **named: (checks.append(1), started(*given, **named))[1]
    for _ in range(40):
        kit.pump()
    kit.settle()
    assert not checks, "looking at the mesh counted as touching it"
    session._check_items = started

    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.object.mode_set(mode="OBJECT")
    cube.data.vertices[0].co.x -= 0.25
    cube.data.update()
    kit.wait(lambda: kit.states()["Cube"] == "verified", what="the way back")

    cube.name = "a new name"
    bpy.ops.object.duplicate(linked=True)
    kit.wait(lambda: len(session.assets[0].members) == 2, what="the copy")
    assert [asset.state for asset in session.assets] == ["verified"], kit.describe()
    bpy.ops.object.delete()
    kit.wait(lambda: len(session.assets[0].members) == 1, what="the copy's end")


kit.run(scenario)
