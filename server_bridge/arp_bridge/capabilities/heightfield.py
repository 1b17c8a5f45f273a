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
#: Turned parts: edges are rounded over this many cells, rows agree over this
#: variance (cells²), and how a row may compare with the rows within reach.
_BEVEL = 4.0
_TURNED_PASSES = 6
_NEIGHBOURS = 25
_WIDER = (1.35, 1.8)
_TALLER = (0.6, 1.0)
#: How near its upper or lower end (share of the height there) a part is turned.
_NEAR_END = (0.08, 0.2)


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
    squared = _joined(_poisson(distance), turned(distance))
    slope = squared / np.maximum(distance + 0.5, 0.25)
    inside = distance > 0.0
    # Outside, the slope of the nearest inside node goes on.
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    outer = np.maximum(slope[tuple(nearest)], 0.5) * distance
    inner = squared * distance / np.maximum(distance + 0.5, 0.5)
    return np.where(inside, inner, outer)


def turned(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return squared heights near upper and lower ends as if turned on a lathe, 0 elsewhere (cells²).

    Poisson's equation is 0 along a flat foot too, so that the foot ends in a
    blade and its corners in spikes. A round object's row is a disc instead:
    height² = (x - left) · (right - x). On a ball both agree.

    Not turned: what lies between the ends, where both agree well enough and
    spouts and ears would widen the disc; bars (far longer than the object is tall at their middle) and
    rows much wider than those around them (arms, the roots of handles).
    """
    rows, starts, ends, left, right = _runs(distance)
    if len(rows) == 0:
        return np.zeros_like(distance)
    half = (right - left) / 2.0
    longest = np.zeros(distance.shape[0])
    np.maximum.at(longest, rows, half)
    used = np.nonzero(longest)[0]
    # Beyond the object's ends its last row goes on, or a foot would be an exception.
    core = longest[used[0] : used[-1] + 1]
    usual = ndimage.percentile_filter(core, 40, size=_NEIGHBOURS, mode="nearest")[rows - used[0]]
    middle = np.clip(np.rint((left + right) / 2.0).astype(np.int64), starts, ends)
    up, down = (depth[rows, middle] for depth in _column_depths(distance > 0.0))
    tall = np.maximum(up + down - 1.0, 1.0)
    share = _ramp(tall / half, _TALLER) * (1.0 - _ramp(half / np.maximum(usual, 1.0), _WIDER))
    share *= 1.0 - _ramp(np.minimum(up, down) / tall, _NEAR_END)
    field = np.zeros_like(distance)
    for row, start, end, low, high, weight in zip(rows, starts, ends, left, right, share, strict=True):
        if weight > 0.0:
            x = np.arange(start, end + 1)
            field[row, start : end + 1] = weight * np.maximum((x - low) * (high - x), 0.0)
    inside = (distance > 0.0).astype(np.float64)
    kernel = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    cover = inside
    for _ in range(_TURNED_PASSES):
        field = ndimage.correlate1d(field, kernel, axis=0, mode="nearest")
        cover = ndimage.correlate1d(cover, kernel, axis=0, mode="nearest")
    edge = 1.0 - np.clip(distance / _BEVEL, 0.0, 1.0)
    return inside * field / np.maximum(cover, 1e-6) * (1.0 - 0.5 * edge * edge)


def _runs(
    distance: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return each row's runs inside the outline: row, first and last node, and both ends between nodes."""
    inside = np.pad((distance > 0.0).astype(np.int8), ((0, 0), (1, 1)))
    step = np.diff(inside, axis=1)
    rows, starts = np.nonzero(step == 1)
    _, after = np.nonzero(step == -1)
    ends = after - 1
    wide = np.pad(distance, ((0, 0), (1, 1)), constant_values=-1.0)
    first, before = wide[rows, starts + 1], wide[rows, starts]
    last, behind = wide[rows, ends + 1], wide[rows, ends + 2]
    return rows, starts, ends, starts - first / (first - before), ends + last / (last - behind)


def _column_depths(inside: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each node how far its column's run reaches up and down from it, itself counted; 0 outside."""
    up, down = np.zeros(inside.shape), np.zeros(inside.shape)
    for row in range(1, len(inside)):
        up[row] = (up[row - 1] + 1.0) * inside[row]
        down[-1 - row] = (down[-row] + 1.0) * inside[-1 - row]
    return up, down


def _ramp(values: NDArray[np.float64], between: tuple[float, float]) -> NDArray[np.float64]:
    """Return 0 below the first bound, 1 above the second, smooth in between."""
    t = np.clip((values - between[0]) / (between[1] - between[0]), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _joined(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the larger of both, with the crease between them rounded."""
    total, apart = first + second, first - second
    return 0.5 * (total + np.sqrt(apart * apart + 0.01 * total * total))


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
