# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel's buttons do: each starts work and returns at once.

Annotations here are Blender's properties, so they are not postponed.
"""

import tempfile
from pathlib import Path

import bpy
from bpy.props import EnumProperty, StringProperty

from arp_core.errors import ArpError, UsageError
from arp_core.identify.rights import ORIGINS
from arp_core.scene import presenter, report

from . import governed, preferences, runtime
from .language import current, say


class Operator(bpy.types.Operator):
    """Shared: a refusal is a sentence in the status bar and in the panel."""

    label_key = ""

    @classmethod
    def description(cls, _context: bpy.types.Context, _properties: object) -> str:
        """Return the tooltip in the panel's language."""
        return say(cls.label_key) if cls.label_key else cls.bl_description

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Start the work, or say why it cannot start."""
        session = runtime.session()
        try:
            self.start(context)
        except ArpError as error:
            session.error = error
            session.host.redraw()
            self.report({"WARNING"}, presenter.error_text(error, language=current()))
            return {"CANCELLED"}
        return {"FINISHED"}

    def start(self, context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        raise NotImplementedError


class ASSET_ROUTING_OT_image_to_3d(Operator):
    """Turn the chosen picture into an asset of this scene."""

    bl_idname = "asset_routing.image_to_3d"
    bl_label = "Generate"
    label_key = "scene_action_generate"

    def start(self, context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        fields = context.scene.asset_routing
        if not fields.image:
            raise UsageError("scene_image_missing")
        runtime.session().make(
            Path(bpy.path.abspath(fields.image)),
            name=fields.name,
            height=fields.height,
            seed=fields.seed,
            origin=fields.origin,
        )


class ASSET_ROUTING_OT_cancel(Operator):
    """Stop the running job; nobody else's."""

    bl_idname = "asset_routing.cancel"
    bl_label = "Cancel"
    label_key = "scene_action_cancel"

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        runtime.session().cancel()


class ASSET_ROUTING_OT_register(Operator):
    """Write the selected objects next to the scene, each with its credential."""

    bl_idname = "asset_routing.register"
    bl_label = "Register Selected"
    label_key = "scene_action_register_selected"

    origin: EnumProperty(
        name="Where is this work from?", items=[(name, name.title(), "") for name in ORIGINS], default="mine"
    )
    note: StringProperty(name="Note")

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        session = runtime.session()
        session.register(session.host.selected(), origin=self.origin, note=self.note)


class ASSET_ROUTING_OT_register_version(Operator):
    """Seal an edited asset as its next version; the one before stays valid."""

    bl_idname = "asset_routing.register_version"
    bl_label = "Register Version"

    key: StringProperty(name="Object", options={"SKIP_SAVE"})
    note: StringProperty(name="Note")

    @classmethod
    def description(cls, _context: bpy.types.Context, _properties: object) -> str:
        """Return the tooltip in the panel's language."""
        return say("scene_sentence_edited", version="")

    def start(self, context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        active = context.view_layer.objects.active
        runtime.session().register_version(
            self.key or (governed.key_of(active) if active is not None else ""), note=self.note
        )


class ASSET_ROUTING_OT_check_scene(Operator):
    """Check every asset afresh: the file on disk and the mesh in the scene."""

    bl_idname = "asset_routing.check_scene"
    bl_label = "Check Scene"
    label_key = "scene_action_check"

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        session = runtime.session()
        session.error = None
        session.check()


class ASSET_ROUTING_OT_start_bridge(Operator):
    """Start the program that makes and signs assets, on this computer."""

    bl_idname = "asset_routing.start_bridge"
    bl_label = "Start a bridge on this computer"
    label_key = "scene_action_start_bridge"

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        chosen = preferences.get()
        runtime.session().start_bridge(bpy.path.abspath(chosen.arpctl) if chosen is not None else "")


class ASSET_ROUTING_OT_report(Operator):
    """List the scene's assets and their states, to read, print or send."""

    bl_idname = "asset_routing.report"
    bl_label = "Report"
    label_key = "scene_action_report"

    filepath: StringProperty(name="File", description="Where to write it; empty: a temporary file, opened at once")

    def start(self, _context: bpy.types.Context) -> None:
        """Do it; ArpError says why not."""
        session = runtime.session()
        file = session.host.scene_file()
        page = report.html(
            session.assets,
            scene=file.name if file is not None else "",
            host=f"{session.host.name} {session.host.version}",
            at=session.clock(),
            language=current(),
        )
        target = Path(self.filepath) if self.filepath else Path(tempfile.mkdtemp(prefix="arp-report-")) / "report.html"
        report.write(page, target)
        if not self.filepath and not bpy.app.background:
            bpy.ops.wm.path_open(filepath=str(target))


CLASSES = (
    ASSET_ROUTING_OT_image_to_3d,
    ASSET_ROUTING_OT_cancel,
    ASSET_ROUTING_OT_register,
    ASSET_ROUTING_OT_register_version,
    ASSET_ROUTING_OT_check_scene,
    ASSET_ROUTING_OT_start_bridge,
    ASSET_ROUTING_OT_report,
)
