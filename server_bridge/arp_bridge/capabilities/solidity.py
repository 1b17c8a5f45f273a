"""Is a triangle mesh a clean solid? Counted, not guessed.

Vertices are judged by position, so that a seam (one point, two texture
coordinates) is no hole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Solidity:
    """Counts of what is wrong; all zero (and a positive volume) for a clean solid."""

    open_edges: int
    crowded_edges: int
    flipped_edges: int
    degenerate_faces: int
    duplicate_faces: int
    pinched_points: int
    volume: float

    @property
    def closed(self) -> bool:
        """Every edge joins exactly two faces that agree on the outside."""
        return self.open_edges == self.crowded_edges == self.flipped_edges == 0

    @property
    def clean(self) -> bool:
        """Closed, with no degenerate and no duplicate face, and inside where it should be."""
        return self.closed and self.degenerate_faces == self.duplicate_faces == 0 and self.volume > 0


def weld(points: NDArray[np.float32], faces: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the mesh with every position once, positions in order (x, y, z)."""
    points = points + np.float32(0.0)  # −0 becomes +0
    order = np.lexsort((points[:, 2], points[:, 1], points[:, 0]))
    ordered = points[order]
    fresh = np.ones(len(points), bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    rank = np.empty(len(points), np.int32)
    rank[order] = np.cumsum(fresh, dtype=np.int32) - 1
    return ordered[fresh], rank[faces]


def enclosed_volume(points: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (m,) signed volumes between each face and the origin; their sum is the mesh's volume."""
    a, b, c = (points[faces[:, k]].astype(np.float64) for k in range(3))
    pieces: NDArray[np.float64] = (
        a[:, 0] * (b[:, 1] * c[:, 2] - b[:, 2] * c[:, 1])
        + a[:, 1] * (b[:, 2] * c[:, 0] - b[:, 0] * c[:, 2])
        + a[:, 2] * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    ) / 6.0
    return pieces


def examine(points: NDArray[np.float32], faces: NDArray[np.int32]) -> Solidity:
    """Return what is wrong with the mesh.

    Args:
        points: (n, 3).
        faces: (m, 3), counter-clockwise seen from outside.
    """
    points, faces = weld(points, faces)
    repeated = (faces[:, 0] == faces[:, 1]) | (faces[:, 1] == faces[:, 2]) | (faces[:, 2] == faces[:, 0])
    flat = (face_normals(points.astype(np.float64), faces) == 0.0).all(axis=1)
    count = max(len(points), 1)
    corners = np.sort(faces.astype(np.int64), axis=1)
    # Three ranks fit one integer up to two million points (2 M³ < 2⁶³).
    keys = np.sort((corners[:, 0] * count + corners[:, 1]) * count + corners[:, 2])
    tails = faces.reshape(-1).astype(np.int64)
    heads = np.roll(faces, -1, axis=1).reshape(-1).astype(np.int64)
    names = np.minimum(tails, heads) * count + np.maximum(tails, heads)
    _, edge, uses = np.unique(names, return_inverse=True, return_counts=True)
    edge = edge.reshape(-1)
    balance = np.bincount(edge, weights=np.where(tails < heads, 1.0, -1.0), minlength=len(uses))
    return Solidity(
        open_edges=int((uses == 1).sum()),
        crowded_edges=int((uses > 2).sum()),
        flipped_edges=int(((uses == 2) & (balance != 0)).sum()),
        degenerate_faces=int((repeated | flat).sum()),
        duplicate_faces=int((keys[1:] == keys[:-1]).sum()),
        pinched_points=_pinched(faces, edge, points=count),
        volume=float(enclosed_volume(points, faces).sum()),
    )


def _pinched(faces: NDArray[np.int32], edge: NDArray[np.intp], *, points: int) -> int:
    """Return how many points hold more than one fan of faces."""
    total = faces.size
    fan = _join(faces, edge, np.ones(total, bool), points=points)
    pairs = np.unique(faces.reshape(-1).astype(np.int64) * total + fan) // max(total, 1)
    return int((np.bincount(pairs, minlength=points) > 1).sum())


def corner_fans(faces: NDArray[np.int32], *, points: int) -> NDArray[np.int32]:
    """Return the fan that each of the 3m corners belongs to; an edge with more than two faces joins none.

    Args:
        faces: (m, 3) over welded points.
        points: How many points there are.
    """
    tails = faces.reshape(-1).astype(np.int64)
    heads = np.roll(faces, -1, axis=1).reshape(-1).astype(np.int64)
    names = np.minimum(tails, heads) * points + np.maximum(tails, heads)
    _, edge, uses = np.unique(names, return_inverse=True, return_counts=True)
    return _join(faces, edge.reshape(-1), (uses == 2)[edge.reshape(-1)], points=points)


def _join(
    faces: NDArray[np.int32], edge: NDArray[np.intp], joining: NDArray[np.bool_], *, points: int
) -> NDArray[np.int32]:
    """Return fan numbers: two corners at one point belong together when their faces share a joining edge there."""
    from scipy import sparse

    total = faces.size
    corner = np.arange(total, dtype=np.int64)
    tip = corner.reshape(-1, 3)[:, [1, 2, 0]].reshape(-1)
    at = faces.reshape(-1).astype(np.int64)
    # Edge k of a face runs from its corner k to the next; both ends are filed under (edge, point).
    ends = np.concatenate([edge * points + at, edge * points + at[tip]])[np.tile(joining, 2)]
    owners = np.concatenate([corner, tip])[np.tile(joining, 2)]
    order = np.argsort(ends, kind="stable")
    ends, owners = ends[order], owners[order]
    same = ends[1:] == ends[:-1]
    rows, columns = owners[:-1][same], owners[1:][same]
    links = sparse.coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(total, total))
    _, fan = sparse.csgraph.connected_components(links, directed=False)
    return np.asarray(fan, np.int32)


def face_normals(points: NDArray[np.float64], faces: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (m, 3) normals whose length is twice the face's area."""
    first, second, third = (points[faces[:, k]] for k in range(3))
    u, v = second - first, third - first
    return np.stack(
        [
            u[:, 1] * v[:, 2] - u[:, 2] * v[:, 1],
            u[:, 2] * v[:, 0] - u[:, 0] * v[:, 2],
            u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0],
        ],
        axis=1,
    )


def smooth_normals(points: NDArray[np.float64], faces: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (n, 3) unit normals: the area-weighted mean of the faces around each point."""
    weighted = face_normals(points, faces)
    total = np.zeros((len(points), 3))
    for axis in range(3):
        for k in range(3):
            total[:, axis] += np.bincount(faces[:, k], weights=weighted[:, axis], minlength=len(points))
    length = np.sqrt(total[:, 0] ** 2 + total[:, 1] ** 2 + total[:, 2] ** 2)
    upright = np.array([0.0, 0.0, 1.0])
    safe: NDArray[np.float64] = np.where(
        length[:, None] > 0, total / np.where(length > 0, length, 1.0)[:, None], upright
    )
    return safe
