# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar tab's last section: why the selected asset reads as it does, and what can be done."""

from __future__ import annotations

import bpy

from arp_core.scene import presenter
from arp_core.scene.asset import SceneAsset

from . import icons, panel_parts, runtime
from .language import current, say
from .panel_text import paragraph
from .panels import Panel


class ASSET_ROUTING_PT_details(Panel, bpy.types.Panel):
    """Badge, picture, reasons, actions and facts."""

    bl_idname = "ASSET_ROUTING_PT_details"
    heading = "scene_heading_details"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Return whether the scene has an asset at all."""
        return bool(runtime.session().assets)

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the asset that the active object belongs to, or how to pick one."""
        asset = panel_parts.active(context)
        if asset is None:
            paragraph(self.layout, context, say("scene_details_empty"))
            return
        layout, language = self.layout, current()
        badge = presenter.asset_badge(asset, language=language)
        layout.label(text=badge.word, icon_value=icons.of_badge(badge), translate=False)
        paragraph(layout, context, presenter.sentence(asset, language=language))
        for reason in presenter.reason_texts(asset.reasons, language=language):
            paragraph(layout, context, reason)
        _actions(layout, context, asset)
        picture = icons.of_picture(asset.preview) if asset.preview is not None else 0
        if picture:
            layout.template_icon(icon_value=picture, scale=4.0)
        column = layout.column(align=True)
        for line in presenter.details(asset, language=language):
            split = column.split(factor=0.34)
            split.label(text=line.label, translate=False)
            split.label(text=line.value, translate=False)
        rights = presenter.rights_mark(asset, language=language)
        if rights:
            column.label(text=rights, icon="INFO", translate=False)


class ASSET_ROUTING_PT_steps(Panel, bpy.types.Panel):
    """The numbered steps of verification, folded until somebody asks."""

    bl_idname = "ASSET_ROUTING_PT_steps"
    bl_parent_id = "ASSET_ROUTING_PT_details"
    bl_options = {"DEFAULT_CLOSED"}
    heading = "scene_heading_steps"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Return whether the active object's asset was verified."""
        asset = panel_parts.active(context)
        return asset is not None and asset.verification is not None

    def draw(self, context: bpy.types.Context) -> None:
        """Draw one line for each step."""
        asset = panel_parts.active(context)
        if asset is None:
            return
        column = self.layout.column(align=True)
        for step in presenter.steps(asset, language=current()):
            split = column.split(factor=0.68)
            split.alert = not step.holds
            split.label(text=f"{step.number}  {step.words}", translate=False)
            split.label(text=step.outcome, translate=False)


def _actions(layout: bpy.types.UILayout, context: bpy.types.Context, asset: SceneAsset) -> None:
    for action in presenter.actions(asset, language=current()):
        row = layout.row()
        row.scale_y = 1.4
        row.enabled = action.enabled and not runtime.session().sealing
        operator = row.operator(f"asset_routing.{action.name}", text=action.label, translate=False)
        if action.name == "register":
            operator.origin = context.scene.asset_routing.work_origin
        else:
            operator.key = asset.key


CLASSES = (ASSET_ROUTING_PT_details, ASSET_ROUTING_PT_steps)
