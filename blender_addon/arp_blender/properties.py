# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel's fields hold, kept with the scene.

Annotations here are Blender's properties, so they are not postponed.
"""

from pathlib import Path

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from arp_core.identify.rights import ORIGINS
from arp_core.scene import names

from . import icons, runtime
from .language import say

#: Blender keeps no reference to the strings of a dynamic enumeration; this does.
_ORIGIN_ITEMS: list[tuple[str, str, str]] = []


def _origins(_self: object, _context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    fresh = [(name, say(f"scene_origin_{name}"), _hint(name)) for name in ORIGINS]
    if fresh != _ORIGIN_ITEMS:
        _ORIGIN_ITEMS[:] = fresh
    return _ORIGIN_ITEMS


def _hint(origin: str) -> str:
    return say("scene_origin_hint_found") if origin == "found" else ""


def _image_chosen(fields: "AssetRoutingFields", _context: bpy.types.Context) -> None:
    image = Path(bpy.path.abspath(fields.image))
    icons.load_picture(image)
    if fields.image:
        fields.name = names.file_stem(image.stem)


class AssetRoutingFields(bpy.types.PropertyGroup):
    """The fields of the Make section and what is picked in the list."""

    image: StringProperty(
        name="Picture",
        description="Concept art, a sketch or a photograph of one object",
        subtype="FILE_PATH",
        update=_image_chosen,
    )
    name: StringProperty(name="Name", description="What the asset and its files are called")
    height: FloatProperty(
        name="Real Height",
        description="How tall the object is in the real world",
        default=1.0,
        min=0.001,
        soft_min=0.01,
        soft_max=10.0,
        max=1000.0,
        subtype="DISTANCE",
        unit="LENGTH",
    )
    seed: IntProperty(name="Seed", description="The same picture and seed give the same asset", default=0, min=0)
    origin: EnumProperty(name="Where is this picture from?", items=_origins)
    work_origin: EnumProperty(name="Where is this work from?", items=_origins)
    filter_state: StringProperty(options={"SKIP_SAVE"})


def register() -> None:
    """Add the fields to scenes."""
    bpy.utils.register_class(AssetRoutingFields)
    bpy.types.Scene.asset_routing = PointerProperty(type=AssetRoutingFields)


def unregister() -> None:
    """Take the fields away."""
    del bpy.types.Scene.asset_routing
    bpy.utils.unregister_class(AssetRoutingFields)


def recall_origin(scene: bpy.types.Scene) -> None:
    """Offer the answer given last time, in a scene in which none was given yet."""
    last = runtime.last_origin()
    if last is not None and not scene.asset_routing.is_property_set("origin"):
        scene.asset_routing.origin = last
