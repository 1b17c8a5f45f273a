"""A picture becomes a verified asset; an edit becomes v002; tampering and strangers show; all of it survives a save."""

from pathlib import Path

import bpy
import kit

BLEND = kit.WORK / "项目 prévis" / "场景.blend"
NAME = "台灯 lamp"


def lamp():
    return bpy.data.objects[NAME]


def state():
    """Return state and version of the lamp."""
    asset = kit.session().asset(kit.part("governed").key_of(lamp()))
    return asset.state, asset.version


def scenario():
    generate()
    moving_the_object_changes_nothing()
    one_vertex_is_an_edit()
    the_edit_becomes_v002()
    saved_and_opened_again()
    saved_elsewhere_the_mark_still_finds_its_file()
    a_stranger_shows()
    a_change_on_disk_shows()
    the_report_says_it_all()


def generate():
    BLEND.parent.mkdir(parents=True)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.preferences.addon_enable(module=kit.MODULE)
    bpy.ops.wm.save_as_mainfile(filepath=str(BLEND))

    kit.generate(kit.IMAGE, name=NAME)
    seen = set()
    session = kit.session()

    def ended():
        seen.add((session.job.progress.state, session.job.progress.node))
        return session.job.ended

    kit.wait(ended, seconds=200, what="the job")
    assert session.job.progress.state == "succeeded", kit.describe()
    stages = {node for state, node in seen if state == "running"}
    assert len(stages) >= 3, seen
    kit.settle()
    (asset,) = session.assets
    assert asset.state == "verified", kit.describe()
    assert asset.version == 1
    assert asset.verification.label is not None, "machine-made: it carries the label"
    package = BLEND.parent / "assets" / NAME
    assert asset.file == package / "台灯 lamp.glb", asset.file
    (obj,) = [each for each in bpy.data.objects if each.type == "MESH"]
    assert obj["asset_routing_path"] == "assets/台灯 lamp/台灯 lamp.glb"
    assert obj["asset_routing_credential"].startswith("cred_")
    assert len(obj["asset_routing_sidecar_sha256"]) == 64
    assert obj["asset_routing_mesh"]
    assert abs(obj.dimensions.z - 0.9) < 0.01, obj.dimensions
    assert obj.name == NAME
    textures = [image for image in bpy.data.images if image.packed_file]
    assert textures, "the texture stays with the scene after the private copy is gone"


def moving_the_object_changes_nothing():
    lamp().location.x += 3
    bpy.ops.asset_routing.check_scene()
    kit.settle()
    assert state() == ("verified", 1), kit.describe()


def one_vertex_is_an_edit():
    session = kit.session()
    kit.move_vertex(lamp())
    kit.wait(lambda: session.assets[0].state == "edited", what="the edit to be noticed without asking")
    asset = session.assets[0]
    assert asset.version == 1
    assert asset.may_register
    assert asset.reasons[0].code == "scene_difference_moved_one", kit.describe()
    from arp_core.scene import presenter

    assert presenter.asset_badge(asset, language="en").word == "Edited from v001"
    assert [action.label for action in presenter.actions(asset, language="en")] == ["Register as v002"]


def the_edit_becomes_v002():
    session, obj = kit.session(), lamp()
    asset = session.assets[0]
    first_credential = obj["asset_routing_credential"]
    assert bpy.ops.asset_routing.register_version(key=asset.key, note="foot straightened") == {"FINISHED"}
    kit.wait(lambda: not session.sealing, what="v002")
    kit.settle()
    assert session.error is None, session.error
    (asset,) = session.assets
    assert (asset.state, asset.version) == ("verified", 2), kit.describe()
    assert obj["asset_routing_credential"] != first_credential
    assert asset.file == BLEND.parent / "台灯 lamp_v002.usdc", asset.file
    subject = asset.verification.document["credentialSubject"]
    assert first_credential in str(subject["version"]), subject["version"]
    assert asset.verification.label is not None, "no edit clears the label"
    from arp_core.stamp import read_facts, read_label

    assert read_label(asset.file).label == "1"
    assert read_facts(asset.file).version == "2"
    assert list((BLEND.parent / "textures").iterdir()), "textures stand beside the file"


def saved_and_opened_again():
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    kit.settle()
    bpy.ops.wm.open_mainfile(filepath=str(BLEND))
    kit.settle()
    assert state() == ("verified", 2), kit.describe()


def saved_elsewhere_the_mark_still_finds_its_file():
    elsewhere = kit.WORK / "elsewhere" / "copy.blend"
    elsewhere.parent.mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(elsewhere))
    bpy.ops.asset_routing.check_scene()
    kit.settle()
    assert state() == ("verified", 2), kit.describe()
    assert Path(lamp()["asset_routing_path"]).is_absolute(), "the file is not beneath this scene's folder"


def a_stranger_shows():
    mesh = bpy.data.meshes.new("crate")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    crate = bpy.data.objects.new("crate", mesh)
    kit.part("governed").collection(bpy.context.scene).objects.link(crate)
    kit.wait(lambda: kit.states().get("crate") == "unsigned", what="the stranger to be noticed")


def a_change_on_disk_shows():
    from arp_core.scene import presenter

    session = kit.session()
    file = Path(session.asset(kit.part("governed").key_of(lamp())).file)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    bpy.ops.asset_routing.check_scene()
    kit.settle()
    assert state()[0] == "modified", kit.describe()
    found = session.asset(kit.part("governed").key_of(lamp()))
    texts = presenter.reason_texts(found.reasons, language="zh")
    assert texts
    assert not any("篡改" in text for text in texts)


def the_report_says_it_all():
    page = kit.WORK / "report.html"
    assert bpy.ops.asset_routing.report(filepath=str(page)) == {"FINISHED"}
    text = page.read_text(encoding="utf-8")
    for word in ("Modified", "Unsigned", NAME):
        assert word in text, word


kit.run(scenario)
