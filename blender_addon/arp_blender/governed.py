# SPDX-License-Identifier: GPL-3.0-or-later
"""Governed collections: where every object is expected to carry a credential."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

_GOVERNED = "asset_routing_governed"
_NAME = "Asset Routing"


def key_of(obj: bpy.types.Object) -> str:
    """Return an object's key: it stays when the object is renamed."""
    return str(obj.session_uid)


def find(key: str) -> bpy.types.Object | None:
    """Return the object of this key, or None if it is gone."""
    return next((obj for obj in bpy.data.objects if key_of(obj) == key), None)


def is_governed(obj: bpy.types.Object) -> bool:
    """Return whether an object stands in a governed collection, or in one beneath it."""
    return any(obj.name in each.all_objects for each in bpy.data.collections if each.get(_GOVERNED))


def objects(scene: bpy.types.Scene) -> Iterator[bpy.types.Object]:
    """Yield the mesh objects of a scene that stand in governed collections, each once."""
    seen: set[str] = set()
    for collection in (scene.collection, *scene.collection.children_recursive):
        if not collection.get(_GOVERNED):
            continue
        for obj in collection.all_objects:
            if obj.type == "MESH" and key_of(obj) not in seen:
                seen.add(key_of(obj))
                yield obj


def collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    """Return the scene's governed collection, made and linked on first use."""
    for each in scene.collection.children_recursive:
        if each.get(_GOVERNED):
            return each
    made = bpy.data.collections.new(_NAME)
    made[_GOVERNED] = True
    made.color_tag = "COLOR_04"
    scene.collection.children.link(made)
    return made


def adopt(obj: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """Put an object into the governed collection, unless it already stands in one."""
    if is_governed(obj):
        return
    collection(scene).objects.link(obj)
    for each in obj.users_collection:
        if each == scene.collection:
            each.objects.unlink(obj)
