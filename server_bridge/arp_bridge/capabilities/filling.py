"""Colours where the picture has none: beyond the outline, and on the back.

Beyond the outline the object's own colours go on, so that no backdrop shows at
the rim. The back is a guess and looks like one: the rim's colours, ending soon in
the colour that prevails around, with every feature (a face, a stripe, a
lettering) outvoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from arp_bridge.capabilities.heightfield import smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EDGE = 2.5
_VOTE_SIDE = 56
_VOTE_PASSES = 60
_HUES, _HUE_ROUNDS = 6, 8
_RIM_SHARE = 0.02


def bleed(pixels: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the colours (height, width, 3), 0…255, with the object's own going on beyond its outline.

    The outermost pixels, where object and backdrop mix, are replaced too,
    except in parts that are hardly wider than that.
    """
    inside = ndimage.distance_transform_edt(mask >= 128)
    thickness = ndimage.grey_dilation(inside, size=(9, 9))
    trusted = (inside >= np.minimum(_EDGE, 0.6 * thickness)) & (mask >= 128)
    nearest = ndimage.distance_transform_edt(~trusted, return_distances=False, return_indices=True)
    colours = pixels[..., :3].astype(np.float64)
    spread = colours[nearest[0], nearest[1]]
    # Copied pixels make streaks; smoothing the copies alone removes them.
    soft = np.stack([smooth(spread[..., channel], passes=2) for channel in range(3)], axis=2)
    return np.where(trusted[..., None], colours, soft)


def back_fill(colours: NDArray[np.float64], mask: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return plausible colours (height, width, 3) for the side that the picture does not show.

    Args:
        colours: What :func:`bleed` returned.
        mask: (height, width), soft.
    """
    height, width = mask.shape
    inside = ndimage.distance_transform_edt(mask >= 128)
    size = _fitting((width, height), _VOTE_SIDE)
    small = np.asarray(_resized(colours, size)).astype(np.float64)
    cover = np.asarray(Image.fromarray(mask, "L").resize(size, Image.Resampling.BOX)) >= 128
    voted = _vote(small, cover)
    broad = np.asarray(_resized(voted, (width, height))).astype(np.float64)
    rim_width = max(3.0, _RIM_SHARE * max(height, width))
    inward = np.clip(inside / rim_width, 0.0, 1.0)
    inward = smooth(inward * inward * (3.0 - 2.0 * inward), passes=4)[..., None]
    return colours * (1.0 - inward) + broad * inward


def _vote(small: NDArray[np.float64], cover: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the prevailing colour of the object around each pixel, smooth and everywhere defined.

    Colours are sorted into a few kinds; a kind counts by the cube of its share
    around a pixel. An average would mix colours that the object does not have,
    and a median, channel by channel, even more so.
    """
    if not cover.any():
        return small
    kind = _kinds(small[cover])
    total, votes = np.zeros(small.shape), np.zeros(cover.shape)
    around = smooth(cover.astype(np.float64), passes=_VOTE_PASSES)
    for number in range(int(kind.max()) + 1):
        member = np.zeros(cover.shape)
        member[cover] = kind == number
        near = smooth(member, passes=_VOTE_PASSES)
        share = near / np.maximum(around, 1e-9)
        vote = share * share * share
        mean = [smooth(small[..., c] * member, passes=_VOTE_PASSES) / np.maximum(near, 1e-9) for c in range(3)]
        total += np.stack(mean, axis=2) * vote[..., None]
        votes += vote
    nearest = ndimage.distance_transform_edt(~cover, return_distances=False, return_indices=True)
    result: NDArray[np.float64] = (total / np.maximum(votes, 1e-9)[..., None])[nearest[0], nearest[1]]
    return result


def _kinds(colours: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the kind of each of (n, 3) colours: k-means from colours far from one another."""

    def squares(centre: NDArray[np.float64]) -> NDArray[np.float64]:
        apart = colours - centre
        total: NDArray[np.float64] = apart[:, 0] ** 2 + apart[:, 1] ** 2 + apart[:, 2] ** 2
        return total

    centres = [colours[0]]
    while len(centres) < _HUES:
        centres.append(colours[np.min([squares(centre) for centre in centres], axis=0).argmax()])
    kind = np.zeros(len(colours), np.int64)
    for _ in range(_HUE_ROUNDS):
        kind = np.argmin([squares(centre) for centre in centres], axis=0)
        count = np.bincount(kind, minlength=_HUES)
        sums = [np.bincount(kind, weights=colours[:, channel], minlength=_HUES) for channel in range(3)]
        fresh = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]
        centres = [fresh[k] if count[k] else centres[k] for k in range(_HUES)]
    return kind


def _fitting(size: tuple[int, int], longer: int) -> tuple[int, int]:
    """Return ``size`` scaled down so that its longer side is at most ``longer``."""
    ratio = min(1.0, longer / max(size))
    return max(2, round(size[0] * ratio)), max(2, round(size[1] * ratio))


def _resized(colours: NDArray[np.float64], size: tuple[int, int]) -> Image.Image:
    image = Image.fromarray(np.clip(np.rint(colours), 0, 255).astype(np.uint8), "RGB")
    shrinking = size[0] < image.width
    return image.resize(size, Image.Resampling.BOX if shrinking else Image.Resampling.BICUBIC)
