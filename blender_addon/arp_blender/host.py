# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender, seen from arp_core's session: the Host protocol, all on the main thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import bpy

from arp_core.scene.host import SceneItem
from arp_core.scene.mark import KEYS, Mark

from . import export_usd, governed, language, meshes, place


class BlenderHost:
    """The open scene of this Blender."""

    name = "Blender"
    version = bpy.app.version_string

    def language(self) -> str:
        """Return ``en`` or ``zh``: the preference if set, else the interface's language."""
        return language.current()

    def online(self) -> bool:
        """Return whether Blender allows online access."""
        return bool(bpy.app.online_access)

    def scene_file(self) -> Path | None:
        """Return the .blend, or None while it was never saved."""
        return Path(bpy.data.filepath) if bpy.data.filepath else None

    def governed(self) -> Sequence[SceneItem]:
        """Return the mesh objects of governed collections, with copies of their meshes."""
        return tuple(_item(obj) for obj in governed.objects(bpy.context.scene))

    def item(self, key: str) -> SceneItem | None:
        """Return one object, or None if it is gone."""
        obj = governed.find(key)
        return None if obj is None else _item(obj)

    def selected(self) -> Sequence[str]:
        """Return the keys of the selected mesh objects."""
        return tuple(governed.key_of(obj) for obj in bpy.context.view_layer.objects.selected if obj.type == "MESH")

    def place(self, file: Path, *, name: str) -> Sequence[str]:
        """Import a private copy into the governed collection."""
        return place.place(file, name=name, scene=bpy.context.scene)

    def set_mark(self, key: str, mark: Mark) -> None:
        """Stamp an object and put it under governance."""
        obj = governed.find(key)
        if obj is None:
            return  # deleted in the meantime: the next check shows what is there
        for name, value in mark.properties().items():
            obj[name] = value
        governed.adopt(obj, bpy.context.scene)

    def export(self, keys: Sequence[str], target: Path) -> None:
        """Write objects as USD."""
        export_usd.export([obj for key in keys if (obj := governed.find(key)) is not None], target)

    def redraw(self) -> None:
        """Tag sidebars and views, or they go on showing stale figures."""
        for window in bpy.context.window_manager.windows:
            for area in window.screen.areas:
                if area.type in ("VIEW_3D", "PREFERENCES"):
                    area.tag_redraw()


def properties(obj: bpy.types.Object) -> Mapping[str, object]:
    """Return the mark's properties of an object, those it has."""
    return {key: obj[key] for key in KEYS if key in obj}


def _item(obj: bpy.types.Object) -> SceneItem:
    x, y, z = obj.matrix_world.to_scale()
    mirrored = obj.matrix_world.determinant() < 0
    return SceneItem(
        key=governed.key_of(obj),
        name=obj.name,
        mark=Mark.read(properties(obj)),
        mesh=meshes.read(obj),
        modifiers=meshes.shape_changers(obj),
        scale=(-x if mirrored else x, y, z),
        governed=governed.is_governed(obj),
    )
