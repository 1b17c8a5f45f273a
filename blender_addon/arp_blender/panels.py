# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar tab: Make, Jobs, Scene (and Details, of another module), in the order they have everywhere."""

from __future__ import annotations

from pathlib import Path

import bpy

from arp_core.scene import presenter

from . import host, icons, panel_parts, runtime
from .language import current, say
from .panel_text import paragraph


class Panel:
    """Where all of them stand."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Asset Routing"
    bl_label = ""
    heading = ""

    def draw_header(self, _context: bpy.types.Context) -> None:
        """Draw the heading in the panel's language."""
        self.layout.label(text=say(self.heading), translate=False)


class ASSET_ROUTING_PT_make(Panel, bpy.types.Panel):
    """From a picture to an asset."""

    bl_idname = "ASSET_ROUTING_PT_make"
    heading = "scene_heading_make"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw picture, size, origin and the button."""
        layout, session, fields = self.layout, runtime.session(), context.scene.asset_routing
        panel_parts.bridge(layout, context)
        picture = icons.of_picture(Path(bpy.path.abspath(fields.image))) if fields.image else 0
        if picture:
            layout.template_icon(icon_value=picture, scale=5.0)
        layout.prop(fields, "image", text="", placeholder=say("scene_field_image"), translate=False)
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        for name in ("name", "height", "seed"):
            column.prop(fields, name, text=say(f"scene_field_{name}"), translate=False)
        column = layout.column(align=True)
        column.label(text=say("scene_field_origin"), translate=False)
        column.prop(fields, "origin", text="", translate=False)
        if fields.origin == "found":
            paragraph(layout, context, say("scene_origin_hint_found"))
        row = layout.row()
        row.scale_y = 1.5
        row.enabled = bool(fields.image) and session.bridge == "running" and (session.job is None or session.job.ended)
        row.operator("asset_routing.image_to_3d", text=say("scene_action_generate"), translate=False)


class ASSET_ROUTING_PT_jobs(Panel, bpy.types.Panel):
    """What is being made."""

    bl_idname = "ASSET_ROUTING_PT_jobs"
    heading = "scene_heading_jobs"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Return whether there is a job to show."""
        return runtime.session().job is not None

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the stage in words, the bar, and Cancel."""
        job = runtime.session().job
        if job is None:
            return
        layout = self.layout
        view = presenter.job_view(job.progress, seconds=job.seconds, language=current())
        if not job.ended:
            layout.label(text=job.name, translate=False)
            layout.progress(factor=job.progress.fraction, type="BAR", text=view.stage, translate=False)
            row = layout.row()
            row.label(text=view.left, translate=False)
            row.operator("asset_routing.cancel", text=say("scene_action_cancel"), translate=False)
        else:
            ended = f"{job.name} · {view.stage}"
            layout.label(text=ended, translate=False, icon="CHECKMARK" if view.good else "NONE")
        if job.error is not None:
            paragraph(layout, context, presenter.error_text(job.error, language=current()))
            small = layout.row()
            small.enabled = False
            small.label(text=job.error.code, translate=False)


class ASSET_ROUTING_PT_scene(Panel, bpy.types.Panel):
    """The assets of the scene."""

    bl_idname = "ASSET_ROUTING_PT_scene"
    heading = "scene_heading_scene"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw counts, list and the actions on the scene."""
        layout, session, fields = self.layout, runtime.session(), context.scene.asset_routing
        if session.error is not None and (session.job is None or session.job.error is not session.error):
            paragraph(layout.box(), context, presenter.error_text(session.error, language=current()), inset=16)
        if session.assets:
            panel_parts.chips(layout, session.assets, chosen=fields.filter_state)
            panel_parts.rows(layout, context, [a for a in session.assets if fields.filter_state in ("", a.state)])
        else:
            paragraph(layout, context, say("scene_empty"))
        if session.sealing:
            layout.label(text=say("scene_registering"), translate=False)
        unsigned = any(obj.type == "MESH" and not host.properties(obj) for obj in context.selected_objects)
        if unsigned:
            layout.label(text=say("scene_field_work_origin"), translate=False)
            layout.prop(fields, "work_origin", text="", translate=False)
        column = layout.column(align=True)
        row = column.row(align=True)
        row.enabled = unsigned and not session.sealing
        operator = row.operator("asset_routing.register", text=say("scene_action_register_selected"), translate=False)
        operator.origin = fields.work_origin
        row = column.row(align=True)
        row.operator("asset_routing.check_scene", text=say("scene_action_check"), translate=False)
        row.operator("asset_routing.report", text=say("scene_action_report"), translate=False)


CLASSES = (ASSET_ROUTING_PT_make, ASSET_ROUTING_PT_jobs, ASSET_ROUTING_PT_scene)
