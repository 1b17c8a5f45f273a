"""Which of the sealed positions each position of a scene stands on.

Two passes: the same bits, then the nearest within a tolerance, found through a
grid of cells four tolerances wide, so that a point's neighbours lie in at most
eight cells.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Share of the largest extent within which a moved position counts as rounded
#: (a 1 m chair: 0.03 mm), and of the largest coordinate (float32 keeps 2⁻²⁴).
EXTENT_SHARE = 2.0**-15
COORDINATE_SHARE = 2.0**-21
#: Sealed positions looked at per cell; denser ones are not told apart.
_PER_CELL = 8


def tolerance(sealed: NDArray[np.float32]) -> float:
    """Return the largest move that still reads as rounding, in the mesh's unit.

    Args:
        sealed: (n, 3) float32, at least one row.
    """
    extent = float((sealed.max(axis=0).astype(float) - sealed.min(axis=0)).max())
    return max(extent * EXTENT_SHARE, float(abs(sealed).max()) * COORDINATE_SHARE)


def nearest(
    scene: NDArray[np.float32], sealed: NDArray[np.float32], *, within: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, for each scene position, its sealed position's row and the distance to it.

    Args:
        scene: (n, 3) float32.
        sealed: (m, 3) float32, at least one row.
        within: Largest distance per axis.

    Returns:
        (n,) int64 rows, −1 where none is near enough, and (n,) float64
        distances, 0 there.
    """
    import numpy as np

    rows = np.full(len(scene), -1, np.int64)
    distances = np.full(len(scene), np.inf)
    origin = sealed.min(axis=0).astype(float) - within
    width = 4 * within if within > 0 else 1.0
    keys = _cell_keys(np.floor((sealed - origin) / width))
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    top = sealed.max(axis=0).astype(float) + within
    inside = np.flatnonzero(((scene >= origin) & (scene <= top)).all(axis=1))
    points = scene[inside].astype(float)
    for signs in product((-within, within), repeat=3):
        key = _cell_keys(np.floor((points + np.array(signs) - origin) / width))
        begin = np.searchsorted(ordered, key, "left")
        end = np.searchsorted(ordered, key, "right")
        for step in range(_PER_CELL):
            live = np.flatnonzero(begin + step < end)
            if not len(live):
                break
            candidate = order[begin[live] + step]
            offset = points[live] - sealed[candidate]
            distance = np.sqrt((offset**2).sum(axis=1))
            better = (abs(offset).max(axis=1) <= within) & (distance < distances[inside[live]])
            rows[inside[live[better]]] = candidate[better]
            distances[inside[live[better]]] = distance[better]
    distances[rows < 0] = 0.0
    return rows, distances


def _cell_keys(cells: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return one integer per cell; a cell index stays far below 2²⁰ (see the shares above)."""
    import numpy as np

    whole = cells.astype(np.int64) + 2
    return (whole[:, 0] << 42) | (whole[:, 1] << 21) | whole[:, 2]
