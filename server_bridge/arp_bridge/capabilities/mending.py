"""Repairs to what edge collapse leaves behind: folds, touching sheets, faces without area.

Each repair is local, keeps a closed mesh closed, and moves no point by more
than a step of the grid that points lie on. What cannot be mended is left for
the caller, who examines the result and tries another reduction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from arp_bridge.capabilities.solidity import corner_fans, face_normals

_TURNS = 12
#: How many grid steps a second sheet is drawn back from the first.
_DRAW_BACK = 3.0


def part_fans(
    points: NDArray[np.float32], faces: NDArray[np.int32], *, step: float
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the mesh with each point where two sheets touch given to each sheet, a little apart.

    Args:
        points: (n, 3), welded, on multiples of ``step``.
        faces: (m, 3).
        step: The grid's step.
    """
    fan = corner_fans(faces, points=len(points))
    corners = faces.reshape(-1).astype(np.int64)
    names, inverse = np.unique(corners * faces.size + fan, return_inverse=True)
    at = names // faces.size
    if len(at) == len(np.unique(at)):
        return points, faces
    parted = inverse.reshape(-1, 3).astype(np.int32)
    spread = points[at].astype(np.float64)
    normals = np.zeros_like(spread)
    outward = face_normals(spread, parted)
    for k in range(3):
        np.add.at(normals, parted[:, k], outward)
    length = np.sqrt((normals**2).sum(axis=1))
    shared = np.isin(at, at[1:][at[1:] == at[:-1]])
    inward = normals / np.maximum(length, 1e-30)[:, None] * (_DRAW_BACK * step)
    moved = np.where(shared[:, None], np.rint((spread - inward) / step) * step, spread)
    return moved.astype(np.float32), parted


def drop_folds(faces: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the faces without those that name a corner twice and without back-to-back pairs.

    Two faces on the same three corners enclose nothing; taking both out leaves
    every other edge with the neighbours it had.
    """
    distinct = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    faces = faces[distinct]
    _, group, uses = np.unique(np.sort(faces, axis=1), axis=0, return_inverse=True, return_counts=True)
    kept: NDArray[np.int32] = faces[uses[group.reshape(-1)] == 1]
    return kept


def turn_slivers(points: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the faces with those that have no area turned into their neighbour across the longest edge.

    Three points on a line cover nothing; exchanging the line for the other
    diagonal of the two faces gives both an area and changes no surface. A turn
    that would double an existing edge is left out (the caller examines again).
    """
    faces = faces.copy()
    position = points.astype(np.float64)
    for _ in range(_TURNS):
        flat = np.nonzero((face_normals(position, faces) == 0.0).all(axis=1))[0]
        if len(flat) == 0:
            break
        owner = {(int(face[k]), int(face[(k + 1) % 3])): number for number, face in enumerate(faces) for k in range(3)}
        touched: set[int] = set()
        for number in flat:
            face = faces[number]
            spans = ((position[face] - position[np.roll(face, -1)]) ** 2).sum(axis=1)
            start = int(spans.argmax())
            u, v, w = (int(face[(start + k) % 3]) for k in range(3))
            other = owner.get((v, u))
            if other is None or touched & {int(number), other}:
                continue
            x = next(int(corner) for corner in faces[other] if corner not in (u, v))
            if (w, x) in owner or (x, w) in owner:
                continue
            faces[number], faces[other] = (u, x, w), (x, v, w)
            # Their edges changed hands: neither is turned again before the next round.
            touched |= {int(number), other}
            owner[w, x] = owner[x, w] = other
    return faces
