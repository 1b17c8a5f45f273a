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
    unique, inverse = np.unique(points + np.float32(0.0), axis=0, return_inverse=True)
    return unique, inverse.reshape(-1)[faces].astype(np.int32)


def examine(points: NDArray[np.float32], faces: NDArray[np.int32]) -> Solidity:
    """Return what is wrong with the mesh.

    Args:
        points: (n, 3).
        faces: (m, 3), counter-clockwise seen from outside.
    """
    points, faces = weld(points, faces)
    repeated = (faces[:, 0] == faces[:, 1]) | (faces[:, 1] == faces[:, 2]) | (faces[:, 2] == faces[:, 0])
    normals = face_normals(points.astype(np.float64), faces)
    flat = (normals == 0.0).all(axis=1)
    keys = np.sort(faces, axis=1)
    duplicates = len(keys) - len(np.unique(keys, axis=0))
    tails = faces.reshape(-1).astype(np.int64)
    heads = np.roll(faces, -1, axis=1).reshape(-1).astype(np.int64)
    low, high = np.minimum(tails, heads), np.maximum(tails, heads)
    _, edge, uses = np.unique(low * len(points) + high, return_inverse=True, return_counts=True)
    balance = np.bincount(edge.reshape(-1), weights=np.where(tails < heads, 1.0, -1.0), minlength=len(uses))
    a, b, c = (points[faces[:, k]].astype(np.float64) for k in range(3))
    six_volumes = (
        a[:, 0] * (b[:, 1] * c[:, 2] - b[:, 2] * c[:, 1])
        + a[:, 1] * (b[:, 2] * c[:, 0] - b[:, 0] * c[:, 2])
        + a[:, 2] * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    )
    return Solidity(
        open_edges=int((uses == 1).sum()),
        crowded_edges=int((uses > 2).sum()),
        flipped_edges=int(((uses == 2) & (balance != 0)).sum()),
        degenerate_faces=int((repeated | flat).sum()),
        duplicate_faces=duplicates,
        pinched_points=_pinched(faces, edge.reshape(-1), points=len(points)),
        volume=float(six_volumes.sum() / 6.0),
    )


def _pinched(faces: NDArray[np.int32], edge: NDArray[np.intp], *, points: int) -> int:
    """Return how many points hold more than one fan of faces.

    Two corners at one point belong to one fan when their faces share an edge
    that ends there.
    """
    from scipy import sparse

    count = len(faces)
    corner = np.arange(3 * count).reshape(count, 3)
    face_edges = edge.reshape(count, 3)  # edge k runs from corner k to corner k + 1
    # Each end of an edge: (edge, point) -> the corner of this face at that point.
    ends = np.concatenate([np.stack([face_edges[:, k], faces[:, k], corner[:, k]], 1) for k in range(3)])
    tips = [np.stack([face_edges[:, k], faces[:, (k + 1) % 3], corner[:, (k + 1) % 3]], 1) for k in range(3)]
    ends = np.concatenate([ends, *tips])
    ends = ends[np.lexsort((ends[:, 2], ends[:, 1], ends[:, 0]))]
    same = (ends[1:, 0] == ends[:-1, 0]) & (ends[1:, 1] == ends[:-1, 1])
    rows, columns = ends[:-1, 2][same], ends[1:, 2][same]
    links = sparse.coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(3 * count, 3 * count))
    _, fan = sparse.csgraph.connected_components(links, directed=False)
    pairs = np.unique(np.stack([faces.reshape(-1), fan], 1), axis=0)
    return int((np.bincount(pairs[:, 0], minlength=points) > 1).sum())


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
