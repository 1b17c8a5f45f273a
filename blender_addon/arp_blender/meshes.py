# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a mesh's geometry out of Blender, fast and untouched."""

from __future__ import annotations

import bpy
import numpy as np

from arp_core.scene.host import SceneMesh

#: Modifiers that leave the shape alone.
_HARMLESS = frozenset(("COLLISION", "WEIGHTED_NORMAL", "NORMAL_EDIT", "UV_PROJECT", "UV_WARP", "NODES_BAKE"))


def read(obj: bpy.types.Object) -> SceneMesh | None:
    """Return a copy of an object's own mesh in its local frame, or None where there is none to read."""
    mesh = obj.data
    if not isinstance(mesh, bpy.types.Mesh) or mesh.is_missing:
        return None
    return _being_edited(mesh) if mesh.is_editmode else _at_rest(mesh)


def _at_rest(mesh: bpy.types.Mesh) -> SceneMesh:
    """Read the plain arrays.

    ``attributes['position']`` and ``['.corner_vert']`` copy in a tenth of a
    millisecond; ``loops.foreach_get`` takes far longer.
    """
    positions = np.zeros(len(mesh.vertices) * 3, np.float32)
    corners = np.zeros(len(mesh.loops), np.int32)
    starts = np.zeros(len(mesh.polygons), np.int32)
    if len(positions):
        mesh.attributes["position"].data.foreach_get("vector", positions)
    if len(corners):
        mesh.attributes[".corner_vert"].data.foreach_get("value", corners)
    if len(starts):
        mesh.polygons.foreach_get("loop_start", starts)
    counts = np.diff(np.append(starts, np.int32(len(corners)))).astype(np.int32)
    return SceneMesh(positions=positions.reshape(-1, 3), corners=corners, counts=counts)


def _being_edited(mesh: bpy.types.Mesh) -> SceneMesh:
    """Read the edit-mode mesh itself.

    Its arrays are empty meanwhile, and writing it back (``update_from_editmode``)
    would count as a change and start the next check.
    """
    import bmesh

    editing = bmesh.from_edit_mesh(mesh)
    editing.verts.index_update()
    positions = np.array([vertex.co for vertex in editing.verts], np.float32).reshape(-1, 3)
    corners = np.array([loop.vert.index for face in editing.faces for loop in face.loops], np.int32)
    counts = np.array([len(face.loops) for face in editing.faces], np.int32)
    return SceneMesh(positions=positions, corners=corners, counts=counts)


def shape_changers(obj: bpy.types.Object) -> tuple[str, ...]:
    """Return the names of live modifiers and shape keys that change the shape beyond the mesh."""
    found = [each.name for each in obj.modifiers if each.show_viewport and each.type not in _HARMLESS]
    keys = getattr(obj.data, "shape_keys", None)
    if keys is not None and any(block.value != 0.0 for block in keys.key_blocks[1:]):
        found.append(keys.name)
    return tuple(found)
