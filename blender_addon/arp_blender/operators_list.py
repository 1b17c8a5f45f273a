# SPDX-License-Identifier: GPL-3.0-or-later
"""What the list of assets does when it is clicked.

Annotations here are Blender's properties, so they are not postponed.
"""

import bpy
from bpy.props import StringProperty

from . import governed, runtime
from .operators import Operator


class ASSET_ROUTING_OT_select(Operator):
    """Select an asset of the list and show its details."""

    bl_idname = "asset_routing.select"
    bl_label = "Select"
    bl_options = {"UNDO", "INTERNAL"}
    label_key = "scene_action_select"

    key: StringProperty(options={"SKIP_SAVE"})

    def start(self, context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        asset = runtime.session().asset(self.key)
        objects = [obj for key in asset.members if (obj := governed.find(key)) is not None] if asset is not None else []
        for obj in context.view_layer.objects.selected:
            obj.select_set(False)
        for obj in objects:
            obj.select_set(True)
            context.view_layer.objects.active = obj


class ASSET_ROUTING_OT_put_back(Operator):
    """Write what is missing of a sealed asset back to its place; nothing that stands there is touched."""

    bl_idname = "asset_routing.put_back"
    bl_label = "Put It Back"
    label_key = "scene_action_put_back"

    key: StringProperty(name="Object", options={"SKIP_SAVE"})

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        runtime.session().put_back(self.key)


class ASSET_ROUTING_OT_filter(Operator):
    """Show only the assets of one state, or all of them again."""

    bl_idname = "asset_routing.filter"
    bl_label = "Filter"
    bl_options = {"INTERNAL"}

    state: StringProperty(options={"SKIP_SAVE"})

    def start(self, context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        fields = context.scene.asset_routing
        fields.filter_state = "" if fields.filter_state == self.state else self.state


CLASSES = (ASSET_ROUTING_OT_select, ASSET_ROUTING_OT_put_back, ASSET_ROUTING_OT_filter)
