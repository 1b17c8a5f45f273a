"""The zip installs, brings its own libraries, draws nothing while headless, and leaves nothing behind."""

import sys

import bpy
import kit


def scenario():
    import nacl
    import rfc8785

    for module in (nacl, rfc8785, sys.modules["arp_core"]):
        assert "/extensions/.local/" in module.__file__, module.__file__
    for name in ("image_to_3d", "register", "register_version", "check_scene", "cancel", "report", "put_back"):
        assert hasattr(bpy.ops.asset_routing, name)
    assert hasattr(bpy.types, "ASSET_ROUTING_PT_make")
    assert bpy.types.Scene.bl_rna.properties.get("asset_routing") is not None
    first = sys.path.index(next(place for place in sys.path if "/extensions/.local/" in place))
    site = next(place for place in sys.path if place.endswith("site-packages"))
    assert sys.path.index(site) < first, "bundled wheels must come after Blender's own packages"
    kit.settle()
    handlers = [len(getattr(bpy.app.handlers, name)) for name in ("depsgraph_update_post", "load_post", "save_pre")]
    bpy.ops.preferences.addon_disable(module=kit.MODULE)
    after = [len(getattr(bpy.app.handlers, name)) for name in ("depsgraph_update_post", "load_post", "save_pre")]
    assert all(one == two + 1 for one, two in zip(handlers, after, strict=True)), (handlers, after)
    assert not hasattr(bpy.types, "ASSET_ROUTING_PT_make")
    assert bpy.types.Scene.bl_rna.properties.get("asset_routing") is None
    assert not [thread for thread in __import__("threading").enumerate() if thread.name.startswith("asset-routing")]
    bpy.ops.preferences.addon_enable(module=kit.MODULE)
    kit.settle()


kit.run(scenario)
