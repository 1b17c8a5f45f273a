"""Colours where the picture has none: beyond the outline, and on the back.

Beyond the outline the object's own colours go on, so that no backdrop shows at
the rim. The back is a guess and looks like one: the rim's colours, passing
inwards into the colours that prevail around, with every feature (a face, a
lettering) voted away by a wide median.
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
_VOTE_REACH = 9
_BLUR_SIDE = 128
_RIM_SHARE = 0.05


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
    # A blur as wide as the rim, done where it is cheap: on a small copy.
    tiny = np.asarray(_resized(colours, _fitting((width, height), _BLUR_SIDE))).astype(np.float64)
    tiny = np.stack([smooth(tiny[..., channel], passes=3) for channel in range(3)], axis=2)
    rim = np.asarray(_resized(tiny, (width, height))).astype(np.float64)
    sharp = np.clip(1.0 - inside / 3.0, 0.0, 1.0)[..., None]
    rim = colours * sharp + rim * (1.0 - sharp)
    return rim * (1.0 - inward) + broad * inward


def _vote(small: NDArray[np.float64], cover: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the median colour of the object within reach of each pixel, everywhere defined."""
    if not cover.any():
        return small
    reach = _VOTE_REACH
    padded = np.pad(
        np.where(cover[..., None], small, np.nan),
        ((reach, reach), (reach, reach), (0, 0)),
        "constant",
        constant_values=np.nan,
    )
    rows, columns = np.nonzero(cover)
    window = 2 * reach + 1
    offsets = [(i, j) for i in range(window) for j in range(window) if (i - reach) ** 2 + (j - reach) ** 2 <= reach**2]
    down, right = np.array(offsets).T
    votes = np.sort(padded[rows[:, None] + down, columns[:, None] + right], axis=1)  # NaN sorts last
    counts = (~np.isnan(votes[..., 0])).sum(axis=1)
    result = small.copy()
    result[rows, columns] = votes[np.arange(len(rows)), (counts - 1) // 2]
    nearest = ndimage.distance_transform_edt(~cover, return_distances=False, return_indices=True)
    spread = result[nearest[0], nearest[1]]
    return np.stack([smooth(spread[..., channel], passes=4) for channel in range(3)], axis=2)


def _fitting(size: tuple[int, int], longer: int) -> tuple[int, int]:
    """Return ``size`` scaled down so that its longer side is at most ``longer``."""
    ratio = min(1.0, longer / max(size))
    return max(2, round(size[0] * ratio)), max(2, round(size[1] * ratio))


def _resized(colours: NDArray[np.float64], size: tuple[int, int]) -> Image.Image:
    image = Image.fromarray(np.clip(np.rint(colours), 0, 255).astype(np.uint8), "RGB")
    shrinking = size[0] < image.width
    return image.resize(size, Image.Resampling.BOX if shrinking else Image.Resampling.BICUBIC)
