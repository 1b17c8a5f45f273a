# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a sealed GLB into the scene, from a private copy."""

from __future__ import annotations

from pathlib import Path

import bpy

from arp_core.errors import InputError

from . import governed


def place(file: Path, *, name: str, scene: bpy.types.Scene) -> tuple[str, ...]:
    """Import ``file`` into the governed collection; return the keys of its mesh objects.

    Raises:
        InputError: ``scene_import_failed``.
    """
    before = set(bpy.data.objects)
    if bpy.context.mode != "OBJECT" and bpy.ops.object.mode_set.poll():
        bpy.ops.object.mode_set(mode="OBJECT")
    try:
        # Vertices that the file splits along seams are joined again, as an artist wants
        # them; the geometry digest does not know the difference.
        bpy.ops.import_scene.gltf(filepath=str(file), merge_vertices=True, import_shading="NORMALS")
    except RuntimeError as error:
        raise InputError("scene_import_failed", name=name, reason=_last_line(error)) from error
    fresh = [obj for obj in bpy.data.objects if obj not in before]
    meshes = [obj for obj in fresh if obj.type == "MESH"]
    if not meshes:
        raise InputError("scene_import_failed", name=name, reason="no mesh in it")
    home = governed.collection(scene)
    for obj in fresh:
        for collection in obj.users_collection:
            collection.objects.unlink(obj)
        home.objects.link(obj)
    if len(meshes) == 1:
        meshes[0].name = name
    _own_images(name, meshes)
    for obj in bpy.context.selected_objects:
        obj.select_set(False)
    for obj in meshes:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = meshes[0]
    return tuple(governed.key_of(obj) for obj in meshes)


def _own_images(name: str, meshes: list[bpy.types.Object]) -> None:
    """Name imported textures after the asset, and keep their pixels in the .blend: the private copy goes away."""
    materials = {slot.material for obj in meshes for slot in obj.material_slots if slot.material is not None}
    for material in materials:
        for node in material.node_tree.nodes if material.node_tree is not None else ():
            image = getattr(node, "image", None)
            if image is None:
                continue
            if not image.packed_file:
                image.pack()
            if not image.name.startswith(name):
                image.name = f"{name}_{image.name}"


def _last_line(error: RuntimeError) -> str:
    return str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
