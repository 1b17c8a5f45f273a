"""Polygons brought into their one order, the base of the geometry digest and of comparing.

Positions are compared as bits, never in floating-point arithmetic: some hosts
run with denormals flushed to zero, which must not change a digest. The IEEE 754
bits of a float32, with the sign bit flipped for positive and all bits flipped
for negative values, sort as the numbers do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arp_core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from arp_core.geometry.mesh import Float32Array, Int32Array

#: Beyond this size a polygon's smallest rotation is found in linear time, in plain Python.
_PAIRWISE_CORNERS = 64


@dataclass(frozen=True, eq=False)
class Polygons:
    """All polygons with one corner count, sorted, each in its smallest rotation.

    Attributes:
        corners: The corner count.
        ranks: (n, corners) int64, rows sorted, ranks into :attr:`Arranged.bits`.
    """

    corners: int
    ranks: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Arranged:
    """A mesh in its one order.

    Attributes:
        bits: (u, 3) uint32, the unique positions as float32 bits, sorted numerically by (x, y, z).
        groups: Polygons by ascending corner count.
        rank_of: (n,) int64, the rank of each position row that was given.
    """

    bits: NDArray[np.uint32]
    groups: tuple[Polygons, ...]
    rank_of: NDArray[np.int64]


def arrange(positions: Float32Array, corners: Int32Array, counts: Int32Array) -> Arranged:
    """Return the mesh in its one order.

    Args:
        positions: (n, 3) float32.
        corners: (m,) integers, rows of ``positions``, polygon after polygon.
        counts: (k,) integers, corners of each polygon, each at least 1.

    Raises:
        InputError: ``mesh_not_finite`` for NaN or infinity, ``mesh_malformed``
            when the arrays do not fit each other.
    """
    import numpy as np

    _check(positions, corners, counts)
    bits = np.ascontiguousarray(positions).view(np.uint32)
    if bool(np.any((bits & 0x7F800000) == 0x7F800000)):
        raise InputError("mesh_not_finite")
    bits = np.where(bits == 0x80000000, np.uint32(0), bits)  # −0 becomes +0
    unique, rank_of = _rank(bits)
    flat = rank_of.take(corners)
    groups = tuple(
        Polygons(size, _sorted_rows(rotated_rows(rows), len(unique))) for size, rows in _by_size(flat, counts)
    )
    return Arranged(bits=unique, groups=groups, rank_of=rank_of)


def _check(positions: Float32Array, corners: Int32Array, counts: Int32Array) -> None:
    import numpy as np

    if positions.dtype != np.float32 or positions.ndim != 2 or positions.shape[1] != 3:
        raise InputError("mesh_malformed", reason="positions are not rows of three 32-bit floats")
    if any(array.dtype.kind not in "iu" or array.ndim != 1 for array in (corners, counts)):
        raise InputError("mesh_malformed", reason="corners and counts are not rows of integers")
    if len(counts) and int(counts.min()) < 1:
        raise InputError("mesh_malformed", reason="a polygon has no corners")
    if int(counts.sum(dtype=np.int64)) != len(corners):
        raise InputError("mesh_malformed", reason="the corner counts do not add up")
    if len(corners) and not 0 <= int(corners.min()) <= int(corners.max()) < len(positions):
        raise InputError("mesh_malformed", reason="a polygon uses a vertex that is not there")


def _rank(bits: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the sorted unique rows and each row's rank among them."""
    import numpy as np

    negative = (bits >> 31).astype(bool)
    keys = np.where(negative, ~bits, bits | np.uint32(0x80000000)).astype(np.uint64)
    by_xy = (keys[:, 0] << np.uint64(32)) | keys[:, 1]
    first = np.argsort(by_xy)
    group = _dense(by_xy[first]).astype(np.uint64)
    by_xyz = (group << np.uint64(32)) | keys[first, 2]
    second = np.argsort(by_xyz)
    order = first[second]
    dense = _dense(by_xyz[second])
    rank_of = np.empty(len(bits), np.int64)
    rank_of[order] = dense
    starts = np.flatnonzero(np.diff(dense, prepend=-1))
    return bits.take(order[starts], axis=0), rank_of


def _dense(ordered: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return 0, 1, … for each run of equal values of a sorted array."""
    import numpy as np

    steps = np.zeros(len(ordered), np.int64)
    steps[1:] = ordered[1:] != ordered[:-1]
    np.cumsum(steps, out=steps)
    return steps


def _by_size(flat: NDArray[np.int64], counts: Int32Array) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield (corner count, rows of ranks) by ascending corner count."""
    import numpy as np

    if not len(counts):
        return
    if int(counts.min()) == int(counts.max()):
        yield int(counts[0]), flat.reshape(len(counts), -1)
        return
    starts = np.cumsum(counts, dtype=np.int64) - counts
    order = np.argsort(counts, kind="stable")
    edges = np.flatnonzero(np.diff(counts[order], prepend=0))
    for begin, end in zip(edges, [*edges[1:], len(order)], strict=True):
        chosen = order[begin:end]
        size = int(counts[chosen[0]])
        yield size, flat[starts[chosen][:, None] + np.arange(size)]


def rotated_rows(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each row rotated to its lexicographically smallest form, winding kept."""
    import numpy as np

    size = rows.shape[1]
    # Column by column: numpy is several times slower along an axis this short.
    shifts = np.zeros(len(rows), np.int64)
    least = rows[:, 0].copy()
    repeated = np.zeros(len(rows), bool)
    for column in range(1, size):
        value = rows[:, column]
        smaller = value < least
        repeated |= value == least
        repeated &= ~smaller
        shifts[smaller] = column
        np.minimum(least, value, out=least)
    # Where the smallest rank occurs once the rotation is decided; only polygons
    # that touch their smallest position twice need the whole comparison.
    unclear = np.flatnonzero(repeated)
    if len(unclear):
        shifts[unclear] = _least_shifts(rows[unclear])
    starts = np.arange(len(rows)) * size
    flat = rows.ravel()
    rotated = np.empty_like(rows)
    for column in range(size):
        rotated[:, column] = flat.take(starts + shifts)
        shifts += 1
        shifts[shifts == size] = 0
    return rotated


def _least_shifts(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    size = rows.shape[1]
    if size > _PAIRWISE_CORNERS:
        return np.array([_least_shift(row.tolist()) for row in rows], np.int64)
    best = np.zeros(len(rows), np.int64)
    index = np.arange(len(rows))
    current = rows
    for shift in range(1, size):
        candidate = np.roll(rows, -shift, axis=1)
        different = candidate != current
        column = np.argmax(different, axis=1)
        smaller = candidate[index, column] < current[index, column]
        best[smaller] = shift
        current = np.where(smaller[:, None], candidate, current)
    return best


def _least_shift(row: list[int]) -> int:
    """Return where the smallest rotation of one row starts, in linear time.

    The two-pointer form of the least-rotation algorithm (Y. Shiloach, "Fast
    canonization of circular strings", Journal of Algorithms 2, 1981).
    """
    size = len(row)
    left, right, same = 0, 1, 0
    while left < size and right < size and same < size:
        a, b = row[(left + same) % size], row[(right + same) % size]
        if a == b:
            same += 1
            continue
        if a > b:
            left += same + 1
        else:
            right += same + 1
        if left == right:
            right += 1
        same = 0
    return min(left, right)


def _sorted_rows(rows: NDArray[np.int64], unique: int) -> NDArray[np.int64]:
    """Return the rows in lexicographic order.

    Ranks are packed, as many as fit, into 64-bit keys: below 2²¹ unique
    positions a triangle is one key, and sorting keys is many times cheaper
    than sorting rows.
    """
    import numpy as np

    width = max(1, (max(unique, 2) - 1).bit_length())
    per_key = max(1, 64 // width)
    first = _pack(rows[:, :per_key], width)
    if rows.shape[1] <= per_key:
        first.sort()
        return _unpack(first, rows.shape[1], width)
    order = np.argsort(first)
    rows, dense = rows[order], _dense(first[order])
    tied = np.zeros(len(rows), bool)
    same = dense[1:] == dense[:-1]
    tied[1:] |= same
    tied[:-1] |= same
    where = np.flatnonzero(tied)
    if len(where):
        rest = [_pack(rows[where, at : at + per_key], width) for at in range(per_key, rows.shape[1], per_key)]
        rows[where] = rows[where[np.lexsort((*reversed(rest), dense[where]))]]
    return rows


def _pack(rows: NDArray[np.int64], width: int) -> NDArray[np.uint64]:
    import numpy as np

    key = rows[:, 0].astype(np.uint64)
    for column in range(1, rows.shape[1]):
        key = (key << np.uint64(width)) | rows[:, column].astype(np.uint64)
    return key


def _unpack(keys: NDArray[np.uint64], size: int, width: int) -> NDArray[np.int64]:
    import numpy as np

    rows = np.empty((len(keys), size), np.int64)
    mask = np.uint64((1 << width) - 1)
    for column in range(size):
        rows[:, column] = (keys >> np.uint64(width * (size - 1 - column))) & mask
    return rows
