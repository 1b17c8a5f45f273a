"""A small triangle rasteriser in numpy, the same on every machine.

Used twice: to bake a texture (triangles laid out flat) and to render the
preview (triangles seen by a camera). Depth and face number share one integer,
and the smallest wins, so the result does not depend on drawing order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOTHING = np.iinfo(np.int64).max
#: Pixels tried at once; bounds the memory taken.
_BATCH = 1 << 21
_DEPTH_STEPS = (1 << 31) - 1


@dataclass(frozen=True)
class Coverage:
    """Which face each covered pixel shows.

    Attributes:
        pixels: (k,) flat pixel indices (row · width + column), ascending.
        faces: (k,) face numbers.
        weights: (k, 3) barycentric weights of the face's corners.
    """

    pixels: NDArray[np.int64]
    faces: NDArray[np.int64]
    weights: NDArray[np.float64]


def rasterise(
    corners: NDArray[np.float64], *, width: int, height: int, depth: NDArray[np.float64] | None = None
) -> Coverage:
    """Return the nearest face at every pixel centre.

    Args:
        corners: (m, 3, 2) triangle corners in pixels, row 0 at the top; either winding.
        width: Columns.
        height: Rows.
        depth: (m, 3) distance of each corner, smaller in front; None draws flat,
            the lowest face number winning.

    Degenerate triangles cover nothing. Triangles that reach outside are clipped.
    """
    buffer = np.full(width * height, _NOTHING, np.int64)
    area = _area(corners)
    low = np.clip(np.ceil(corners.min(axis=1) - 0.5), 0, [width, height]).astype(np.int64)
    high = np.clip(np.floor(corners.max(axis=1) - 0.5), -1, [width - 1, height - 1]).astype(np.int64)
    extent = (high - low + 1).max(axis=1)
    seen = (area != 0.0) & ((high >= low).all(axis=1))
    scaled = None if depth is None else _scale_depth(depth)
    side = 1
    while seen.any():
        chosen = np.nonzero(seen & (extent <= side))[0]
        seen[chosen] = False
        step = max(1, _BATCH // (side * side))
        for start in range(0, len(chosen), step):
            _draw(buffer, chosen[start : start + step], corners, low, high, side=side, width=width, depth=scaled)
        side *= 2
    pixels = np.nonzero(buffer != _NOTHING)[0]
    faces = buffer[pixels] & 0xFFFFFFFF
    x, y = (pixels % width).astype(np.float64) + 0.5, (pixels // width).astype(np.float64) + 0.5
    return Coverage(pixels=pixels, faces=faces, weights=np.stack(_weights(corners[faces], x, y), axis=1))


def _draw(
    buffer: NDArray[np.int64],
    chosen: NDArray[np.int64],
    corners: NDArray[np.float64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    *,
    side: int,
    width: int,
    depth: NDArray[np.float64] | None,
) -> None:
    """Enter the chosen triangles, none wider or higher than ``side`` pixels."""
    steps = np.arange(side * side)
    columns = low[chosen, 0, None] + steps % side
    rows = low[chosen, 1, None] + steps // side
    within = (columns <= high[chosen, 0, None]) & (rows <= high[chosen, 1, None])
    owner, place = np.nonzero(within)
    x, y = columns[owner, place], rows[owner, place]
    face = chosen[owner]
    first, second, third = _weights(corners[face], x.astype(np.float64) + 0.5, y.astype(np.float64) + 0.5)
    hit = (first >= 0.0) & (second >= 0.0) & (third >= 0.0)
    face, pixel = face[hit], y[hit] * width + x[hit]
    key = face
    if depth is not None:
        near = depth[face]
        distance = near[:, 0] * first[hit] + near[:, 1] * second[hit] + near[:, 2] * third[hit]
        key = (np.clip(np.rint(distance), 0, _DEPTH_STEPS).astype(np.int64) << 32) | face
    np.minimum.at(buffer, pixel, key)


def _scale_depth(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return depths spread over the integer steps of the buffer."""
    nearest, farthest = float(depth.min()), float(depth.max())
    return (depth - nearest) * (_DEPTH_STEPS / max(farthest - nearest, 1e-12))


def _area(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return twice the signed area of (m, 3, 2) triangles."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area: NDArray[np.float64] = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return area


def _weights(
    corners: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the barycentric weights of point (x, y) in each of (k, 3, 2) triangles."""
    area = _area(corners)
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    first = ((b[:, 0] - x) * (c[:, 1] - y) - (b[:, 1] - y) * (c[:, 0] - x)) / area
    second = ((c[:, 0] - x) * (a[:, 1] - y) - (c[:, 1] - y) * (a[:, 0] - x)) / area
    third = ((a[:, 0] - x) * (b[:, 1] - y) - (a[:, 1] - y) * (b[:, 0] - x)) / area
    return first, second, third


def sample(image: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``image`` (height, width, channels) at positions in pixels, linear between pixel centres, edges held."""
    height, width = image.shape[:2]
    x = np.clip(x - 0.5, 0.0, width - 1.0)
    y = np.clip(y - 0.5, 0.0, height - 1.0)
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    upper = image[top, left] * (1.0 - fx) + image[top, right] * fx
    lower = image[bottom, left] * (1.0 - fx) + image[bottom, right] * fx
    mixed: NDArray[np.float64] = upper * (1.0 - fy) + lower * fy
    return mixed
