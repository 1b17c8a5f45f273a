"""Runs inside a Blender with a window: the whole flow by the extension's own buttons, pausing for photographs.

Started by ``tools/blender_window.sh pictures``, which takes a photograph
whenever a file appears in ``ask/`` and answers in ``done/``. Everything here
happens in Blender's own timers, so what is photographed is what an artist sees.
"""

import os
import sys
import time
import traceback
from pathlib import Path

import bpy
from mathutils import Euler

WORK = Path(os.environ["ARP_WINDOW_WORK"])
MODULE = "bl_ext.user_default.asset_routing"
_PATIENCE = 300.0


def _part(name):
    return sys.modules[f"{MODULE}.{name}"]


def _view():
    window = bpy.context.window_manager.windows[0]
    area = max((each for each in window.screen.areas if each.type == "VIEW_3D"), key=lambda each: each.width)
    return window, area, next(each for each in area.regions if each.type == "WINDOW")


def _in_view(call, **options):
    window, area, region = _view()
    with bpy.context.temp_override(window=window, area=area, region=region):
        return call(**options)


def _photograph(name, *, redraws=12):
    """Ask for a photograph and wait for it, giving the window time to draw first."""
    for _ in range(redraws):
        _view()[1].tag_redraw()
        yield None
    (WORK / "ask" / name).touch()
    yield (WORK / "done" / name).exists


def _prepare():
    preferences = bpy.context.preferences
    preferences.view.ui_scale = float(os.environ.get("ARP_WINDOW_SCALE", "1.2"))
    preferences.view.show_developer_ui = False
    bpy.ops.extensions.package_install_files(
        repo="user_default", filepath=str(WORK / "asset_routing.zip"), enable_on_install=True
    )
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    for each in list(bpy.context.scene.collection.children):
        bpy.context.scene.collection.children.unlink(each)
    bpy.ops.wm.save_as_mainfile(filepath=str(WORK / "project" / "scene.blend"))


def _make_room():
    """Close what is not in the picture, as one does in a small window."""
    window = bpy.context.window_manager.windows[0]
    for kind in ("DOPESHEET_EDITOR", "PROPERTIES"):
        for area in [each for each in window.screen.areas if each.type == kind]:
            with bpy.context.temp_override(window=window, area=area):
                bpy.ops.screen.area_close()


def _arrange():
    _window, area, _region = _view()
    space = area.spaces.active
    space.show_region_ui = True
    space.show_region_toolbar = False
    space.shading.type = "SOLID"
    space.shading.color_type = "TEXTURE"
    space.shading.light = "STUDIO"
    space.shading.studio_light = "paint.sl"
    space.overlay.show_cursor = False
    space.overlay.show_extras = False
    # The front, a little from the right and from above
    space.lens = 85
    space.region_3d.view_rotation = Euler((1.32, 0.0, 0.32)).to_quaternion()


def _open_tab():
    _window, area, _region = _view()
    sidebar = next(each for each in area.regions if each.type == "UI")
    sidebar.active_panel_category = "Asset Routing"


def _frame():
    bpy.ops.object.select_all(action="DESELECT")
    for obj in bpy.data.objects:
        obj.select_set(obj.type == "MESH")
    _in_view(bpy.ops.view3d.view_selected)
    _view()[1].spaces.active.region_3d.view_distance *= 1.25


def _settled():
    session = _part("runtime").session()
    return not session.busy and not session.checking and all(asset.state != "pending" for asset in session.assets)


def _pull(obj, amount):
    """Pull the highest vertex up, as a hand would."""
    top = max(obj.data.vertices, key=lambda vertex: vertex.co.z)
    top.co.z += amount
    obj.data.update()


def flow():
    """Yield None to let Blender draw, or a condition to wait for."""
    _prepare()
    yield None
    _make_room()
    yield None
    _arrange()
    for _ in range(5):
        yield None
    _open_tab()
    session = _part("runtime").session()
    fields = bpy.context.scene.asset_routing
    fields.image = str(WORK / os.environ["ARP_WINDOW_IMAGE"])
    fields.height = float(os.environ.get("ARP_WINDOW_HEIGHT", "0.3"))
    yield lambda: session.bridge == "running"
    bpy.ops.asset_routing.image_to_3d()
    yield lambda: session.job.ended or session.job.progress.index >= 2
    yield from _photograph("progress", redraws=1)
    yield lambda: session.job.ended
    if session.job.progress.state != "succeeded":
        raise RuntimeError(str(session.job.error))
    yield _settled
    _frame()
    yield from _photograph("verified")
    obj = bpy.data.objects[fields.name]
    _pull(obj, 0.12 * obj.dimensions.z)
    yield lambda: session.assets[0].state == "edited"
    yield from _photograph("edited")
    # Another copy of the sealed file, and something nobody registered, beside it
    mesh = bpy.data.meshes.new("crate")
    size = obj.dimensions.x / 5
    corners = [(x * size, y * size, z * 2 * size) for x in (-1, 1) for y in (-1, 1) for z in (0, 1)]
    mesh.from_pydata(corners, [], [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])
    crate = bpy.data.objects.new("crate", mesh)
    crate.location.x = -obj.dimensions.x * 0.9
    _part("governed").collection(bpy.context.scene).objects.link(crate)
    bpy.context.preferences.view.language = "zh_HANS"
    bpy.context.preferences.view.use_translate_interface = True
    yield lambda: len(session.assets) == 2
    yield _settled
    _frame()
    bpy.context.view_layer.objects.active = obj
    yield from _photograph("zh")
    if os.environ.get("ARP_WINDOW_LIGHT"):
        yield from _light()


def _light():
    """The same in a light theme, whose icons are others."""
    for preset in bpy.utils.preset_paths("interface_theme"):
        light = Path(preset) / "Blender_Light.xml"
        if light.is_file():
            bpy.ops.script.execute_preset(filepath=str(light), menu_idname="USERPREF_MT_interface_theme_presets")
    bpy.context.preferences.view.language = "en_US"
    yield from _photograph("light")


_running = flow()
_waiting = {"for": None, "since": time.monotonic()}


def _tick():
    try:
        condition = _waiting["for"]
        if condition is not None and not condition():
            if time.monotonic() - _waiting["since"] > _PATIENCE:
                raise TimeoutError("waited in vain; see the last photograph")  # noqa: TRY301  # told outside, as any fault
            return 0.1
        _waiting["for"] = next(_running)
        _waiting["since"] = time.monotonic()
    except StopIteration:
        (WORK / "ask" / "end").touch()
        return None
    except Exception:  # noqa: BLE001  # Blender would only drop the timer: the script outside must be told
        traceback.print_exc()
        (WORK / "ask" / "failed").touch()
        return None
    return 0.1


bpy.context.preferences.view.show_splash = False  # before the window opens
bpy.app.timers.register(_tick, first_interval=1.0)
