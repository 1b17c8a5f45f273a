"""A job is cancelled from the panel and the scene stays as it was; the next one is left to the bridge."""

import bpy
import kit


def scenario():
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.delete()
    bpy.ops.wm.save_as_mainfile(filepath=str(kit.WORK / "scene.blend"))
    session = kit.session()
    kit.generate(kit.IMAGE, name="lamp")
    assert bpy.ops.asset_routing.image_to_3d() == {"CANCELLED"}, "one at a time"
    assert session.error.code == "scene_job_running"
    kit.wait(lambda: session.job.progress.job_id, what="the job's name")
    assert bpy.ops.asset_routing.cancel() == {"FINISHED"}
    kit.wait(lambda: session.job.ended, what="the end")
    assert session.job.progress.state == "cancelled", kit.describe()
    assert not bpy.data.objects[:]
    assert not (kit.WORK / "assets").exists()

    kit.generate(kit.IMAGE, name="lamp", seed=7)
    kit.wait(lambda: session.job.progress.job_id, what="the second job's name")
    kit.save_result({"job": session.job.progress.job_id})
    bpy.ops.wm.save_mainfile()
    # And Blender closes here, with the job under way.


kit.run(scenario)
