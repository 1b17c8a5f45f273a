"""What differs between a sealed mesh and the one in a scene.

The digest says only *that* two meshes differ. With the sealed mesh at hand the
cause is named, in this order:

1. ``same``: the same arrays; ``reordered``: the same polygons in other arrays.
2. ``rounded``: the same polygons once every position is taken to the sealed
   position nearest to it, none further than the tolerance of
   :mod:`arp_core.geometry.match`.
3. ``retriangulated``: the same positions; the polygons that differ have, in
   both meshes, the same number of triangles, the same boundary (directed edges
   less their opposites) and, within five per cent, the same area.
4. ``edited``: anything else, with the vertices that moved, came and went.

These are explanations for a person, not verdicts: nothing that is not ``same``
or ``reordered`` ever reads as verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from arp_core.geometry.match import nearest, tolerance
from arp_core.geometry.polygons import Arranged, arrange, rotated_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from arp_core.geometry.mesh import Mesh

    #: Rows of ranks by corner count.
    Rows = dict[int, NDArray[np.int64]]

Kind = Literal["same", "reordered", "rounded", "retriangulated", "edited"]

_AREA_TOLERANCE = 0.05
_MAX_PAIRS = 1 << 20


@dataclass(frozen=True)
class Difference:
    """The cause of a difference.

    Attributes:
        kind: The cause.
        largest_deviation: Largest distance between a position and the sealed one
            it belongs to, in the mesh's unit; 0 where no pairs could be made.
        moved: Distinct positions that stand elsewhere (``edited`` only).
        added: Distinct positions that the sealed mesh does not have.
        removed: Distinct sealed positions that are gone.
    """

    kind: Kind
    largest_deviation: float = 0.0
    moved: int = 0
    added: int = 0
    removed: int = 0


def explain(sealed: Mesh, scene: Mesh) -> Difference:
    """Return what differs between the sealed mesh and the scene's, both in one frame.

    Raises:
        InputError: ``mesh_not_finite`` or ``mesh_malformed``.
    """
    import numpy as np

    first = arrange(sealed.positions, sealed.corners, sealed.counts)
    second = arrange(scene.positions, scene.corners, scene.counts)
    if _same_polygons(first, second):
        return Difference("same" if _same_arrays(sealed, scene) else "reordered")
    before, after = _used(first), _used(second)
    if not len(before) or not len(after):
        return Difference("edited", added=len(after), removed=len(before))
    places = first.bits.view(np.float32)
    others = second.bits.view(np.float32)
    rows, distances = nearest(others[after], places[before], within=tolerance(places[before]))
    # Scene positions without a sealed one get ranks of their own beyond the sealed ranks.
    rename = np.full(len(others), -1, np.int64)
    fresh = rows < 0
    rename[after[~fresh]] = before[rows[~fresh]]
    rename[after[fresh]] = len(places) + np.arange(int(fresh.sum()))
    gone = np.setdiff1d(before, rename[after], assume_unique=False)
    deviation = float(distances.max())
    lost, come = _changed(_renamed(first, None), _renamed(second, rename))
    if not lost and not come:
        return Difference("rounded", largest_deviation=deviation)
    where = np.concatenate((places, others[after[fresh]]))
    if not fresh.any() and not len(gone) and _same_surface(lost, come, where=where):
        return Difference("retriangulated", largest_deviation=deviation)
    return _edited(lost, come, gone=places[gone], fresh=others[after[fresh]], deviation=deviation)


def _same_polygons(first: Arranged, second: Arranged) -> bool:
    import numpy as np

    if [group.ranks.shape for group in first.groups] != [group.ranks.shape for group in second.groups]:
        return False
    pairs = zip(first.groups, second.groups, strict=True)
    return all(np.array_equal(first.bits[one.ranks], second.bits[two.ranks]) for one, two in pairs)


def _same_arrays(sealed: Mesh, scene: Mesh) -> bool:
    import numpy as np

    return (
        np.array_equal(sealed.positions, scene.positions)
        and np.array_equal(sealed.corners, scene.corners)
        and np.array_equal(sealed.counts, scene.counts)
    )


def _used(arranged: Arranged) -> NDArray[np.int64]:
    """Return the ranks that polygons use, ascending."""
    import numpy as np

    used = np.zeros(len(arranged.bits), bool)
    for group in arranged.groups:
        used[group.ranks] = True
    return np.flatnonzero(used)


def _renamed(arranged: Arranged, rename: NDArray[np.int64] | None) -> Rows:
    groups = {group.corners: group.ranks for group in arranged.groups}
    if rename is None:
        return groups
    return {size: rotated_rows(rename[ranks]) for size, ranks in groups.items()}


def _changed(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Return the polygons that only one side has, as multisets."""
    import numpy as np

    lost: Rows = {}
    come: Rows = {}
    for size in sorted(before.keys() | after.keys()):
        none = np.empty((0, size), np.int64)
        one, two = before.get(size, none), after.get(size, none)
        rows = np.concatenate((one, two))
        sign = np.concatenate((np.ones(len(one), np.int64), np.full(len(two), -1, np.int64)))
        order = np.lexsort(rows.T[::-1])
        rows, sign = rows[order], sign[order]
        starts = np.flatnonzero(np.concatenate(([True], (rows[1:] != rows[:-1]).any(axis=1))))
        net = np.add.reduceat(sign, starts)
        for side, count in ((lost, np.maximum(net, 0)), (come, np.maximum(-net, 0))):
            if count.any():
                side[size] = np.repeat(rows[starts], count, axis=0)
    return lost, come


def _same_surface(lost: Rows, come: Rows, *, where: NDArray[np.float32]) -> bool:
    import numpy as np

    triangles = [sum(len(rows) * (size - 2) for size, rows in side.items()) for side in (lost, come)]
    if triangles[0] != triangles[1]:
        return False
    if not np.array_equal(_boundary(lost, total=len(where)), _boundary(come, total=len(where))):
        return False
    areas = [_area(side, where=where) for side in (lost, come)]
    return abs(areas[0] - areas[1]) <= _AREA_TOLERANCE * max(areas)


def _boundary(side: Rows, *, total: int) -> NDArray[np.int64]:
    """Return the directed edges without their opposites: sorted rows (edge key, multiplicity)."""
    import numpy as np

    starts = np.concatenate([rows.ravel() for rows in side.values()])
    ends = np.concatenate([np.roll(rows, -1, axis=1).ravel() for rows in side.values()])
    keys = np.minimum(starts, ends) * total + np.maximum(starts, ends)
    sign = np.sign(ends - starts)
    unique, inverse = np.unique(keys, return_inverse=True)
    net = np.zeros(len(unique), np.int64)
    np.add.at(net, inverse, sign)
    kept = net != 0
    return np.stack((unique[kept], net[kept]), axis=1)


def _area(side: Rows, *, where: NDArray[np.float32]) -> float:
    """Return the area of the polygons, each cut into triangles from its first corner."""
    import numpy as np

    total = 0.0
    for size, rows in side.items():
        points = where[rows].astype(float)
        for corner in range(1, size - 1):
            edges = points[:, corner] - points[:, 0], points[:, corner + 1] - points[:, 0]
            total += float(np.linalg.norm(np.cross(*edges), axis=1).sum()) / 2
    return total


def _edited(
    lost: Rows, come: Rows, *, gone: NDArray[np.float32], fresh: NDArray[np.float32], deviation: float
) -> Difference:
    """Return the counts of an edit.

    Where as many polygons of each size came as went, vertices were moved: one
    that was split before (a seam) leaves its place to its twin, so the larger
    count is the number of moves. Elsewhere moves are paired first, and what is
    left over came or went.
    """
    import numpy as np

    same_shape = {size: len(rows) for size, rows in lost.items()} == {size: len(rows) for size, rows in come.items()}
    moved = max(len(gone), len(fresh)) if same_shape else min(len(gone), len(fresh))
    if len(gone) and len(fresh) and len(gone) * len(fresh) <= _MAX_PAIRS:
        offsets = fresh[:, None, :].astype(float) - gone[None, :, :]
        deviation = max(deviation, float(np.sqrt((offsets**2).sum(axis=2)).min(axis=1).max()))
    return Difference(
        "edited",
        largest_deviation=deviation,
        moved=moved,
        added=0 if same_shape else len(fresh) - moved,
        removed=0 if same_shape else len(gone) - moved,
    )
