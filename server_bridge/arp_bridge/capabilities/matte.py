"""From a rough likelihood to a clean soft outline.

The network's answer is 320 pixels wide and blurred, so its edge is found
again in the picture: where the answer is unsure, a pixel's share of the object
is read from how its colour stands between the object's and the background's
colours nearby (the compositing equation, solved per pixel).

Then scraps are dropped and pinholes closed; real holes stay open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A colour difference (of 255) below which the two sides cannot be told apart.
_TELLING = 24.0
#: Scraps under this share of the largest part are dropped; pinholes under this
#: share of the object are closed.
_SCRAP_SHARE = 0.004
_PINHOLE_SHARE = 0.0004


def refine(rgb: NDArray[np.uint8], likelihood: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a soft matte (height, width) uint8 that follows the picture's own edges.

    Args:
        rgb: (height, width, 3), sRGB.
        likelihood: (height, width), 0 background … 255 object.
    """
    longer = max(rgb.shape[:2])
    band = max(2, longer // 96)
    certain = ndimage.binary_erosion(likelihood >= 216, iterations=band // 2 + 1)
    absent = ndimage.binary_erosion(likelihood <= 32, iterations=band // 2 + 1, border_value=1)
    unsure = ~(certain | absent)
    if not certain.any() or not absent.any():
        return likelihood
    radius = 4 * band
    inner, inner_known = _local_colour(rgb, certain, radius=radius)
    outer, outer_known = _local_colour(rgb, absent, radius=radius)
    difference = inner - outer
    strength = difference[..., 0] ** 2 + difference[..., 1] ** 2 + difference[..., 2] ** 2
    offset = (rgb.astype(np.float64) - outer) * difference
    share = (offset[..., 0] + offset[..., 1] + offset[..., 2]) / np.maximum(strength, 1.0)
    share = np.clip((share - 0.25) / 0.5, 0.0, 1.0)
    told = np.clip(np.sqrt(strength) / _TELLING - 0.5, 0.0, 1.0) * (inner_known & outer_known)
    rough = np.clip((likelihood.astype(np.float64) - 96.0) / 64.0, 0.0, 1.0)
    # The network keeps a say, so that shadows and reflections stay out.
    mixed = np.clip(share * told + rough * (1.0 - told), 0.0, 1.0) * np.clip(likelihood / 64.0, 0.0, 1.0)
    matte = np.where(unsure, mixed, certain.astype(np.float64))
    return np.clip(np.rint(matte * 255.0), 0, 255).astype(np.uint8)


def _local_colour(
    rgb: NDArray[np.uint8], where: NDArray[np.bool_], *, radius: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the mean colour of ``where`` around each pixel, and where there is any."""
    weight = where.astype(np.float64)
    size = 2 * radius + 1
    total = ndimage.uniform_filter(weight, size=size, mode="constant")
    known = total * size * size >= 0.5
    colour = np.empty(rgb.shape, np.float64)
    for channel in range(3):
        summed = ndimage.uniform_filter(rgb[..., channel] * weight, size=size, mode="constant")
        colour[..., channel] = summed / np.maximum(total, 0.5 / (size * size))
    return colour, known


def clean(matte: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Return the matte without scraps, haze and pinholes, and how many parts are left.

    Args:
        matte: (height, width) uint8.
    """
    matte = np.where(matte < 16, 0, np.where(matte > 239, 255, matte)).astype(np.uint8)
    solid = matte >= 128
    labels, count = ndimage.label(solid, structure=np.ones((3, 3)))
    if count == 0:
        return np.zeros_like(matte), 0
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = sizes >= max(12, int(sizes.max() * _SCRAP_SHARE))
    # Soft pixels belong to the part they touch; those next to nothing kept go.
    near = ndimage.binary_dilation(kept[labels], structure=np.ones((3, 3), bool), iterations=3)
    matte = np.where(near & ((labels == 0) | kept[labels]), matte, 0).astype(np.uint8)
    holes, _ = ndimage.label(matte < 128)
    hole_sizes = np.bincount(holes.ravel())
    outside = np.unique(np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]]))
    limit = max(6, int((matte >= 128).sum() * _PINHOLE_SHARE))
    pinholes = hole_sizes <= limit
    pinholes[outside] = False
    pinholes[0] = False
    matte[pinholes[holes]] = 255
    return matte, int(kept.sum())
