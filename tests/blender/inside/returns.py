"""A scene takes up the job that ran on without Blender; its asset goes out as USD; what is lost is put back."""

import json

import bpy
import kit


def scenario():
    job_id = json.loads((kit.WORK / "result.json").read_text())["job"]
    session = kit.session()
    kit.wait(lambda: session.bridge == "running", what="the bridge")
    kit.settle()
    assert session.job is None, "an empty scene waits for nothing"
    bpy.ops.wm.open_mainfile(filepath=str(kit.WORK / "scene.blend"))
    kit.wait(lambda: session.job is not None, what="the job to be found")
    assert session.job.progress.job_id == job_id
    kit.wait(lambda: session.job.ended, seconds=200, what="the job")
    assert session.job.progress.state == "succeeded", kit.describe()
    kit.settle()
    assert kit.states() == {"lamp": "verified"}, kit.describe()
    usd_carries_the_metadata()
    a_lost_file_is_told_and_put_back()


def usd_carries_the_metadata():
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


def a_lost_file_is_told_and_put_back():
    asset = kit.session().assets[0]
    assert asset.preview is not None
    assert asset.preview.name == "lamp_preview.png"
    package = asset.file.parent
    before = {path.relative_to(package): path.read_bytes() for path in package.rglob("*") if path.is_file()}
    for relative in before:
        (package / relative).unlink()
    assert bpy.ops.asset_routing.check_scene() == {"FINISHED"}
    kit.settle()
    assert kit.states() == {"lamp": "unknown"}, kit.describe()
    codes = [reason.code for reason in kit.session().assets[0].reasons]
    assert codes == ["scene_copy_kept", "scene_mesh_as_sealed"], codes
    assert bpy.ops.asset_routing.put_back(key=asset.key) == {"FINISHED"}
    kit.wait(lambda: kit.states() == {"lamp": "verified"}, what="the file to be back")
    assert {path.relative_to(package): path.read_bytes() for path in package.rglob("*") if path.is_file()} == before


kit.run(scenario)
