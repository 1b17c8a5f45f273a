"""A job is cancelled from the panel; the scene stays as it was and the next job runs."""

import bpy
import kit


def scenario():
    bpy.ops.wm.save_as_mainfile(filepath=str(kit.WORK / "scene.blend"))
    before = len(bpy.data.objects)
    session = kit.session()
    kit.generate(kit.IMAGE, name="lamp")
    assert bpy.ops.asset_routing.image_to_3d() == {"CANCELLED"}, "one at a time"
    assert session.error.code == "scene_job_running"
    kit.wait(lambda: session.job.progress.job_id, what="the job's name")
    assert bpy.ops.asset_routing.cancel() == {"FINISHED"}
    kit.wait(lambda: session.job.ended, what="the end")
    assert session.job.progress.state == "cancelled", kit.describe()
    assert len(bpy.data.objects) == before
    assert not (kit.WORK / "assets").exists()
    kit.generate(kit.IMAGE, name="lamp", seed=7)
    kit.wait(lambda: session.job.ended, seconds=200, what="the second job")
    assert session.job.progress.state == "succeeded", kit.describe()
    kit.settle()
    assert kit.states()["lamp"] == "verified", kit.describe()


kit.run(scenario)
