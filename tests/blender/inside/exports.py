"""USD that an artist exports carries identifiers, version and label; an object nobody registered carries nothing."""

import bpy
import kit


def scenario():
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.delete()
    bpy.ops.wm.save_as_mainfile(filepath=str(kit.WORK / "scene.blend"))
    kit.generate(kit.IMAGE, name="lamp")
    kit.wait(lambda: kit.session().job.ended, seconds=200, what="the job")
    kit.settle()
    assert kit.states() == {"lamp": "verified"}, kit.describe()
    bpy.ops.mesh.primitive_cube_add()
    bpy.context.object.name = "stranger"
    target = kit.WORK / "export.usda"
    assert bpy.ops.wm.usd_export(filepath=str(target)) == {"FINISHED"}
    from pxr import Usd

    asset = kit.session().assets[0]
    stage = Usd.Stage.Open(str(target))
    info = stage.GetPrimAtPath("/root/lamp").GetAssetInfo()
    assert info["identifier"] == f"arp:///{asset.verification.object_id}", info
    assert info["version"] == "1"
    assert info["arp"]["credential"] == f"arp:///{asset.verification.credential_id}", info
    assert info["arp"]["aigc"]["Label"] == "1", info
    applied = stage.GetPrimAtPath("/root/lamp").GetMetadata("apiSchemas")  # also those no plug-in here knows
    assert "ArpCredentialAPI" in applied.GetAddedOrExplicitItems(), applied
    assert stage.GetRootLayer().customLayerData["AIGC"]["Label"] == "1"
    assert not stage.GetPrimAtPath("/root/stranger").GetAssetInfo()
    flat = stage.Flatten()
    assert "identifier" in flat.GetPrimAtPath("/root/lamp").assetInfo, "essentials survive flattening"
    for word in ("prompt", "creator"):
        assert word not in target.read_text(encoding="utf-8")


kit.run(scenario)
