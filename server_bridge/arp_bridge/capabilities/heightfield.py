"""From an outline to a rounded height field, with elementwise arithmetic only.

The height's square solves Poisson's equation over the silhouette (zero on the
outline), which makes a disc a sphere and a strip a cylinder: Prasad, "Inflating
silhouettes" style inflation as in Igarashi's *Teddy* family, by the equation
used in Joshi and Carr, "Repoussé" (2008). Every operation is IEEE-exact
addition, multiplication, division or square root, so that the same bytes come
out whatever vector unit the processor has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Outlines are measured this many times finer than the grid.
_FINE = 2
#: Parts thinner than this (half width, in cells) are thickened to it.
_THINNEST = 1.25
_MARGIN = 3
_COARSEST = 24
_SWEEPS_COARSE = 240
_SWEEPS = 56


@dataclass(frozen=True)
class Outline:
    """A grid over the object: ``distance`` (rows, columns) in cells, positive inside.

    Node (row, column) lies at picture position ``origin + cell · (column, row)``
    in pixels, pixel edges counted from 0.
    """

    distance: NDArray[np.float64]
    origin: tuple[float, float]
    cell: float


def smooth(values: NDArray[np.float64], *, passes: int) -> NDArray[np.float64]:
    """Return ``values`` after ``passes`` of the binomial filter [1 4 6 4 1] / 16 along both axes (σ² = passes)."""
    kernel = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    for _ in range(passes):
        for axis in (0, 1):
            values = ndimage.correlate1d(values, kernel, axis=axis, mode="nearest")
    return values


def trace_outline(mask: NDArray[np.uint8], *, cells: int) -> Outline | None:
    """Return the signed distance to the mask's outline on a grid, or None for an empty mask.

    Args:
        mask: (height, width), soft; the outline runs at half cover.
        cells: Grid cells along the longer side of the object.
    """
    rows, columns = np.nonzero(mask >= 128)
    if len(rows) == 0:
        return None
    top, bottom, left, right = int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1
    cell = max(bottom - top, right - left) / cells
    x0, y0 = left - _MARGIN * cell, top - _MARGIN * cell
    nodes_x = int(np.ceil((right - left) / cell)) + 2 * _MARGIN + 1
    nodes_y = int(np.ceil((bottom - top) / cell)) + 2 * _MARGIN + 1
    # Fine samples lie at node + (i + ½ − _FINE / 2) · fine, so that each node is the centre of its block.
    box = (x0 - cell / 2, y0 - cell / 2, x0 + (nodes_x - 0.5) * cell, y0 + (nodes_y - 0.5) * cell)
    pad = int(np.ceil((_MARGIN + 2) * cell)) + 2
    padded = Image.fromarray(np.pad(mask, pad), "L")
    size = (nodes_x * _FINE, nodes_y * _FINE)
    soft = padded.resize(size, Image.Resampling.BICUBIC, box=(box[0] + pad, box[1] + pad, box[2] + pad, box[3] + pad))
    distance = _signed_distance(smooth(np.asarray(soft).astype(np.float64), passes=1) >= 127.5)
    distance = smooth(distance, passes=2)
    blocks = distance.reshape(nodes_y, _FINE, nodes_x, _FINE)
    total = blocks[:, 0, :, 0] + blocks[:, 1, :, 0] + blocks[:, 0, :, 1] + blocks[:, 1, :, 1]
    return Outline(distance=total / (4.0 * _FINE), origin=(x0, y0), cell=cell)


def _signed_distance(solid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the distance to the outline in samples, thin parts thickened."""
    from skimage.morphology import skeletonize

    inside = ndimage.distance_transform_edt(solid)
    outside = ndimage.distance_transform_edt(~solid)
    distance: NDArray[np.float64] = np.where(solid, inside - 0.5, 0.5 - outside)
    least = _THINNEST * _FINE
    thin = solid & ~ndimage.binary_dilation(inside > least, iterations=int(least) + 1)
    labels, _ = ndimage.label(thin, structure=np.ones((3, 3)))
    # Corners also vanish under an opening; they are specks, real parts are longer.
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    thin = (sizes >= 6 * _FINE)[labels]
    spine = skeletonize(solid) & thin
    if spine.any():
        distance = np.maximum(distance, least - ndimage.distance_transform_edt(~spine))
    return distance


def inflate(outline: Outline) -> NDArray[np.float64]:
    """Return the squared height over the outline's grid, in cells², negative outside.

    Near the outline the field is made linear in the signed distance on both
    sides, so that a linear interpolation finds the outline between nodes.
    """
    distance = outline.distance
    squared = _poisson(distance)
    slope = squared / np.maximum(distance + 0.5, 0.25)
    inside = distance > 0.0
    # Outside, the slope of the nearest inside node goes on.
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    outer = np.maximum(slope[tuple(nearest)], 0.5) * distance
    inner = squared * distance / np.maximum(distance + 0.5, 0.5)
    return np.where(inside, inner, outer)


def _poisson(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return u with ∇²u = −4 where ``distance`` > −½ and u = 0 elsewhere (unit cells).

    Cascadic: solved on coarse grids first, each answer starting the next. Red
    and black nodes relax in turn (successive over-relaxation).
    """
    levels = [distance]
    while min(levels[-1].shape) > _COARSEST:
        levels.append(levels[-1][::2, ::2] / 2.0)
    solution = np.zeros(levels[-1].shape)
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if solution.shape != level.shape:
            solution = _refine(solution, level.shape) * 4.0
        domain = level > -0.5
        domain[[0, -1]] = False
        domain[:, [0, -1]] = False
        solution = np.where(domain, solution, 0.0)
        coarsest = depth == len(levels) - 1
        _relax(solution, domain, sweeps=_SWEEPS_COARSE if coarsest else _SWEEPS, weight=1.6 if coarsest else 1.5)
    return solution


def _relax(values: NDArray[np.float64], domain: NDArray[np.bool_], *, sweeps: int, weight: float) -> None:
    """Relax ``values`` in place, one colour of the chessboard after the other."""
    rows, columns = np.indices((values.shape[0] - 2, values.shape[1] - 2))
    core = domain[1:-1, 1:-1]
    gains = [np.where(core & ((rows + columns) % 2 == parity), weight, 0.0) for parity in (0, 1)]
    middle = values[1:-1, 1:-1]
    for _ in range(sweeps):
        for gain in gains:
            around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
            middle += gain * ((around + 4.0) * 0.25 - middle)


def _refine(values: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return ``values`` on a grid of twice the density, linearly between nodes."""
    padded = np.pad(values, ((0, 1), (0, 1)), mode="edge")
    rows = np.empty((2 * values.shape[0], padded.shape[1]))
    rows[0::2], rows[1::2] = padded[:-1], (padded[:-1] + padded[1:]) * 0.5
    full = np.empty((rows.shape[0], 2 * values.shape[1]))
    full[:, 0::2], full[:, 1::2] = rows[:, :-1], (rows[:, :-1] + rows[:, 1:]) * 0.5
    return full[: shape[0], : shape[1]]
