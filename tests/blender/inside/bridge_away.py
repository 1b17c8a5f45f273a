"""No bridge: said in a sentence; another machine: only when Blender allows it; started from the panel: it works."""

import os
import signal

import bpy
import kit


def scenario():
    fields = bpy.context.scene.asset_routing
    session = kit.session()
    kit.wait(lambda: session.bridge == "absent", what="the bridge to be found missing")
    assert bpy.ops.asset_routing.image_to_3d() == {"CANCELLED"}
    assert session.error.code == "scene_image_missing"
    fields.image = str(kit.IMAGE)
    assert fields.name == "lamp", "the picture's name is offered"
    assert bpy.ops.asset_routing.image_to_3d() == {"FINISHED"}
    kit.wait(lambda: session.job.ended, what="the refusal")
    assert session.job.error.code == "scene_bridge_absent", kit.describe()

    preferences = bpy.context.preferences.addons[kit.MODULE].preferences
    assert not bpy.app.online_access
    preferences.bridge_url = "https://bridge.example.org"
    assert bpy.ops.asset_routing.image_to_3d() == {"FINISHED"}
    kit.wait(lambda: session.job.ended, what="the refusal")
    assert session.job.error.code == "scene_offline", kit.describe()
    preferences.bridge_url = ""

    preferences.arpctl = str(kit.WORK / "no such program")
    assert bpy.ops.asset_routing.start_bridge() == {"FINISHED"}
    kit.wait(lambda: session.bridge == "absent", what="the refusal")
    assert session.error.code == "scene_arpctl_absent"

    preferences.arpctl = os.environ["ARP_TEST_ARPCTL"]
    assert bpy.ops.asset_routing.start_bridge() == {"FINISHED"}
    assert session.bridge == "starting"
    kit.wait(lambda: session.bridge != "starting", what="the bridge")
    assert session.bridge == "running", kit.describe()
    import json

    pid = json.loads((session.home.bridge_json).read_text())["pid"]
    try:
        assert pid != os.getpid()
        again = kit.part("runtime").session()
        again.look_for_bridge()
        kit.wait(lambda: not again.busy, what="the second look")
        assert again.bridge == "running"
    finally:
        os.kill(pid, signal.SIGTERM)


kit.run(scenario)
