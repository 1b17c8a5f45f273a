# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender telling us that something changed: geometry, undo, another file, a save."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.app.handlers import persistent

from arp_core.errors import ArpError
from arp_core.scene.mark import Mark

from . import governed, properties, runtime
from .host import properties as mark_properties

_seen: set[str] = set()


@persistent
def _changed(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """Have what was touched, came or went re-checked once the artist pauses."""
    touched = {update.id.original for update in depsgraph.updates if update.is_updated_geometry}
    ours = {governed.key_of(obj): obj for obj in governed.objects(scene)}
    keys = {key for key, obj in ours.items() if obj in touched or obj.data in touched}
    keys |= _seen.symmetric_difference(ours)
    _seen.clear()
    _seen.update(ours)
    if keys:
        runtime.session().touched(keys)


@persistent
def _other_state(*_arguments: object) -> None:
    """After undo and redo, nothing known of the scene holds any more."""
    _look_again()
    runtime.session().check()


@persistent
def _opened(*_arguments: object) -> None:
    """Another scene: check it, and take up a job it still waits for."""
    _look_again()
    runtime.session().scene_opened()


def _look_again() -> None:
    _seen.clear()
    _seen.update(governed.key_of(obj) for obj in governed.objects(bpy.context.scene))
    properties.recall_origin(bpy.context.scene)


@persistent
def _saved(*_arguments: object) -> None:
    """A job under way is found again by the scene's name, which may be new."""
    session = runtime.session()
    try:
        session.scene_saved()
    except ArpError as error:
        session.error = error
        session.host.redraw()


@persistent
def _saving(filepath: str, *_rest: object) -> None:
    """Spell the marks' paths as seen from where the scene is about to be saved."""
    old = Path(bpy.data.filepath).parent if bpy.data.filepath else None
    new = Path(filepath).parent if filepath else old
    for scene in bpy.data.scenes:
        for obj in governed.objects(scene):
            mark = Mark.read(mark_properties(obj))
            if mark is None or obj.library is not None:
                continue
            for name, value in mark.moved(old_folder=old, new_folder=new).properties().items():
                if obj[name] != value:
                    obj[name] = value


_HANDLERS = (
    ("depsgraph_update_post", _changed),
    ("undo_post", _other_state),
    ("redo_post", _other_state),
    ("load_post", _opened),
    ("save_pre", _saving),
    ("save_post", _saved),
)


def register() -> None:
    """Add the handlers."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    """Take the handlers away."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(handler)
