# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing objects as USD, whatever is selected, hidden or edited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bpy

from arp_core.errors import InputError, UsageError

from . import usd_path

_TEMPORARY = ".asset_routing_export"


def available() -> bool:
    """Return whether this Blender can write USD; some builds of distributions cannot."""
    return hasattr(bpy.types, "USDHook") and usd_path.importable()


def export(objects: Sequence[bpy.types.Object], target: Path) -> None:
    """Write ``objects`` to ``target``, textures in ``textures/`` beside it with relative paths.

    A collection of their own is exported, so that selection and visibility
    stay as the artist has them.

    Raises:
        UsageError: ``scene_usd_missing``. InputError: ``scene_usd_failed``.
    """
    if not available():
        raise UsageError("scene_usd_missing")
    if bpy.context.mode != "OBJECT" and bpy.ops.object.mode_set.poll():
        bpy.ops.object.mode_set(mode="OBJECT")
    collection = bpy.data.collections.new(_TEMPORARY)
    try:
        for obj in objects:
            collection.objects.link(obj)
        bpy.context.scene.collection.children.link(collection)
        result = bpy.ops.wm.usd_export(
            filepath=str(target),
            check_existing=False,
            collection=collection.name,
            selected_objects_only=False,
            export_animation=False,
            export_custom_properties=False,
            convert_world_material=False,
            export_lights=False,
            export_cameras=False,
            evaluation_mode="VIEWPORT",
            convert_orientation=False,
            generate_preview_surface=True,
            export_textures_mode="NEW",
            overwrite_textures=True,
            relative_paths=True,
            triangulate_meshes=False,
        )
    except (RuntimeError, TypeError) as error:
        raise InputError("scene_usd_failed", reason=str(error).strip().splitlines()[-1]) from error
    finally:
        bpy.data.collections.remove(collection)
    if "FINISHED" not in result or not target.is_file():
        raise InputError("scene_usd_failed", reason="Blender wrote no file")
