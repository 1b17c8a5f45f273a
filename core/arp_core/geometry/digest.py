"""The geometry digest: which polygons stand where, whatever file or scene holds them.

Normative text: docs/spec/geometry-digest.md. The digest does not change with
vertex order, vertex splitting, polygon order or a polygon's first corner; it
changes with any position by one ulp, any winding and any polygon. Scale and
placement of the object, UVs, normals, materials and modifiers are outside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arp_core import multiformats
from arp_core.errors import InputError
from arp_core.geometry.polygons import arrange

if TYPE_CHECKING:
    from arp_core.geometry.mesh import Float32Array, Int32Array, Mesh

_CHUNK = 1 << 16


def mesh_digest(positions: Float32Array, corners: Int32Array, counts: Int32Array) -> bytes:
    """Return the 32-byte geometry digest of a mesh.

    Args:
        positions: (n, 3) float32, Y-up, local space, the file's own unit.
        corners: (m,) int32, rows of ``positions``, polygon after polygon.
        counts: (k,) int32, corners of each polygon.

    Raises:
        InputError: ``mesh_not_finite`` or ``mesh_malformed``.
    """
    import numpy as np

    arranged = arrange(positions, corners, counts)
    bits = arranged.bits.astype("<u4", copy=False)
    state = hashlib.sha256()
    for group in arranged.groups:
        for start in range(0, len(group.ranks), _CHUNK):
            ranks = group.ranks[start : start + _CHUNK]
            rows = np.empty((len(ranks), 1 + 3 * group.corners), "<u4")
            rows[:, 0] = group.corners
            rows[:, 1:] = bits.take(ranks, axis=0).reshape(len(ranks), -1)
            state.update(rows.data)
    return state.digest()


def multibase_digest(mesh: Mesh) -> str:
    """Return a mesh's geometry digest as it stands in a credential (``uEi…``).

    Raises:
        InputError: As :func:`mesh_digest`.
    """
    return multiformats.multihash_u(mesh_digest(mesh.positions, mesh.corners, mesh.counts))


@dataclass(frozen=True)
class Sealability:
    """What keeps a mesh from surviving a trip through other tools; truthy when nothing does.

    Attributes:
        degenerate: Polygons that visit a position twice, or have fewer than three corners.
        duplicate: Polygons over the same positions as another one, in either
            winding, beyond the first.
    """

    degenerate: int
    duplicate: int

    def __bool__(self) -> bool:
        return not (self.degenerate or self.duplicate)


def check_sealable(mesh: Mesh) -> Sealability:
    """Return how many polygons importers would drop, which would change the digest.

    Blender, for one, drops polygons that use a vertex twice and all but one of
    those over the same vertices, whatever their winding.

    Raises:
        InputError: As :func:`mesh_digest`.
    """
    import numpy as np

    degenerate = duplicate = 0
    for group in arrange(mesh.positions, mesh.corners, mesh.counts).groups:
        ranks = np.sort(group.ranks, axis=1)
        bad = np.full(len(ranks), group.corners < 3)
        bad |= (ranks[:, 1:] == ranks[:, :-1]).any(axis=1)
        degenerate += int(bad.sum())
        whole = ranks[~bad]
        whole = whole[np.lexsort(whole.T[::-1])] if len(whole) else whole
        duplicate += int((whole[1:] == whole[:-1]).all(axis=1).sum()) if len(whole) > 1 else 0
    return Sealability(degenerate=degenerate, duplicate=duplicate)


def require_sealable(mesh: Mesh) -> None:
    """Refuse a mesh that other tools would change by opening it.

    Raises:
        InputError: ``mesh_not_sealable`` with both counts, or as :func:`mesh_digest`.
    """
    found = check_sealable(mesh)
    if not found:
        raise InputError("mesh_not_sealable", name=mesh.key, degenerate=found.degenerate, duplicate=found.duplicate)
