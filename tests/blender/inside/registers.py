"""Register Selected: refused while unsaved, then sealed next to the scene, each object in a file of its own."""

import bpy
import kit

BLEND = kit.WORK / "shots" / "sh010.blend"


def scenario():
    make_two_textured_crates()
    nothing_selected_is_a_sentence()
    unsaved_is_a_sentence()
    each_gets_its_own_file()
    twice_is_refused()
    a_live_modifier_is_an_edit_and_cannot_be_sealed()
    quads_survive()
    a_swapped_texture_shows()


def make_two_textured_crates():
    bpy.ops.object.select_all(action="DESELECT")
    for number, colour in (("1", (1, 0, 0, 1)), ("2", (0, 0, 1, 1))):
        bpy.ops.mesh.primitive_cube_add(size=0.5, location=(float(number), 0, 0))
        obj = bpy.context.object
        obj.name = f"crate {number}"
        image = bpy.data.images.new("Image", 8, 8)
        image.generated_color = colour
        image.filepath_raw = str(kit.WORK / f"in{number}" / "paint.png")
        image.file_format = "PNG"
        image.save()
        material = bpy.data.materials.new(f"paint {number}")
        if material.node_tree is None:
            material.use_nodes = True
        node = material.node_tree.nodes.new("ShaderNodeTexImage")
        node.image = image
        shader = next(each for each in material.node_tree.nodes if each.type == "BSDF_PRINCIPLED")
        material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
        obj.data.materials.append(material)


def nothing_selected_is_a_sentence():
    bpy.ops.object.select_all(action="DESELECT")
    refused("scene_unsaved" if not bpy.data.filepath else "scene_nothing_selected")


def unsaved_is_a_sentence():
    select("crate 1", "crate 2")
    refused("scene_unsaved")
    BLEND.parent.mkdir(parents=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(BLEND))
    bpy.ops.object.select_all(action="DESELECT")
    refused("scene_nothing_selected")


def each_gets_its_own_file():
    select("crate 1", "crate 2")
    assert bpy.ops.asset_routing.register(origin="mine") == {"FINISHED"}, kit.describe()
    kit.wait(lambda: not kit.session().sealing, what="the registration")
    kit.settle()
    assert kit.session().error is None, kit.session().error
    assert kit.states() == {"crate 1": "verified", "crate 2": "verified"}, kit.describe()
    names = sorted(path.name for path in BLEND.parent.iterdir() if path.is_file())
    for number in ("1", "2"):
        assert f"crate {number}.usdc" in names, names
        assert f"crate {number}.usdc_mts.json" in names, names
    textures = sorted(path.name for path in (BLEND.parent / "textures").iterdir())
    assert len(textures) == 2, textures
    assert len({(BLEND.parent / "textures" / name).read_bytes() for name in textures}) == 2
    assert kit.part("usd_path").importable()
    from pxr import Usd

    for number in ("1", "2"):
        stage = Usd.Stage.Open(str(BLEND.parent / f"crate {number}.usdc"))
        (texture,) = [
            attribute.Get()
            for prim in stage.Traverse()
            for attribute in prim.GetAttributes()
            if attribute.GetName() == "inputs:file"
        ]
        assert texture.path.startswith("./textures/"), texture
        assert texture.resolvedPath, texture
    objects = {obj.name for obj in kit.part("governed").objects(bpy.context.scene)}
    assert objects == {"crate 1", "crate 2"}


def twice_is_refused():
    select("crate 1")
    refused("scene_already_registered")


def a_live_modifier_is_an_edit_and_cannot_be_sealed():
    crate = bpy.data.objects["crate 1"]
    crate.modifiers.new("Bevel", "BEVEL")
    kit.wait(lambda: kit.states()["crate 1"] == "edited", what="the modifier to be noticed")
    asset = kit.session().asset(kit.part("governed").key_of(crate))
    assert asset.reasons[0].code == "scene_modifiers", asset.reasons
    assert bpy.ops.asset_routing.register_version(key=asset.key) == {"CANCELLED"}
    assert kit.session().error.code == "scene_modifiers"
    crate.modifiers.clear()
    kit.wait(lambda: kit.states()["crate 1"] == "verified", what="the modifier's end to be noticed")


def quads_survive():
    asset = next(each for each in kit.session().assets if each.name == "crate 2")
    from arp_core.geometry import file_meshes

    (mesh,) = file_meshes(asset.file)
    assert sorted(set(mesh.counts.tolist())) == [4]


def a_swapped_texture_shows():
    first, second = sorted((BLEND.parent / "textures").iterdir())
    second.write_bytes(first.read_bytes())
    assert bpy.ops.asset_routing.check_scene() == {"FINISHED"}
    kit.settle()
    assert kit.states() == {"crate 1": "verified", "crate 2": "modified"}, kit.describe()


def select(*names):
    bpy.ops.object.select_all(action="DESELECT")
    for name in names:
        bpy.data.objects[name].select_set(True)


def refused(code):
    assert bpy.ops.asset_routing.register(origin="mine") == {"CANCELLED"}
    assert kit.session().error.code == code, kit.session().error
    for language in ("en", "zh"):
        sentence = kit.session().error.sentence(language=language)
        assert sentence, code
        assert code not in sentence, sentence


kit.run(scenario)
