"""Rendering a textured mesh on a plain backdrop, on the CPU, repeatable byte for byte.

One perspective camera, a soft key light from the upper left, a sky-and-ground
fill, a weak rim light and a contact shadow. Drawn larger and averaged down.

Not done: shadows of the object on itself, reflections, transparency.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from arp_bridge.capabilities.heightfield import smooth
from arp_bridge.capabilities.raster import Coverage, rasterise, sample
from arp_bridge.capabilities.solidity import smooth_normals, weld

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from arp_bridge.capabilities.meshfile import TriangleMesh

_FOCAL = 2.6  # distance of the camera in object radii decides how much perspective shows
_BACKDROP_TOP = np.array([92.0, 97.0, 104.0])
_BACKDROP_BOTTOM = np.array([196.0, 198.0, 200.0])
_KEY = (-0.48, 0.66, 0.58)
_KEY_STRENGTH, _FILL_SKY, _FILL_GROUND = 0.62, 0.62, 0.34


@dataclass(frozen=True)
class View:
    """Where the camera stands: degrees to the right of the front, degrees above it."""

    yaw: float = 32.0
    pitch: float = 14.0


def render(
    mesh: TriangleMesh, texture: NDArray[np.uint8], *, size: int, view: View, oversample: int = 2
) -> NDArray[np.uint8]:
    """Return the picture, (size, size, 3) uint8 sRGB.

    Args:
        mesh: With texture coordinates, Y up, facing +Z.
        texture: (height, width, 3) sRGB.
        size: Side in pixels.
        view: Where the camera stands.
        oversample: Samples per pixel along each side.
    """
    side = size * oversample
    turned, forward = _turn(mesh.points.astype(np.float64), view)
    screen, depth, scale = _project(turned, side)
    canvas = _backdrop(side)
    _contact_shadow(canvas, turned, screen, scale=scale, pitch=view.pitch)
    facing = _facing(screen, mesh.faces)
    faces = mesh.faces[facing]
    cover = rasterise(screen[faces], width=side, height=side, depth=depth[faces])
    colours = _shade(mesh, texture, faces, cover, forward=forward)
    canvas.reshape(-1, 3)[cover.pixels] = colours
    blocks = canvas.reshape(size, oversample, size, oversample, 3)
    total = np.zeros((size, size, 3))
    for i in range(oversample):
        for j in range(oversample):
            total += blocks[:, i, :, j]
    return np.clip(np.rint(total / (oversample * oversample)), 0, 255).astype(np.uint8)


def _turn(points: NDArray[np.float64], view: View) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points in camera axes (right, up, towards the camera) in radii, and those axes as rows.

    Sines and cosines are rounded, so that a last-bit difference between
    mathematics libraries cannot reach a pixel.
    """
    yaw, pitch = math.radians(view.yaw), math.radians(view.pitch)
    sy, cy, sp, cp = (round(value, 12) for value in (math.sin(yaw), math.cos(yaw), math.sin(pitch), math.cos(pitch)))
    axes = np.array([[cy, 0.0, -sy], [-sy * sp, cp, -cy * sp], [sy * cp, sp, cy * cp]])
    low, high = points.min(axis=0), points.max(axis=0)
    centred = points - (low + high) / 2.0
    radius = float(np.sqrt((centred[:, 0] ** 2 + centred[:, 1] ** 2 + centred[:, 2] ** 2).max()))
    centred /= max(radius, 1e-12)
    turned = [centred[:, 0] * axis[0] + centred[:, 1] * axis[1] + centred[:, 2] * axis[2] for axis in axes]
    return np.stack(turned, axis=1), axes


def _project(turned: NDArray[np.float64], side: int) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return pixel positions (n, 2), depths (n,) and pixels per radius, filling most of the frame."""
    distance = _FOCAL * 1.6
    depth = distance - turned[:, 2]
    flat = turned[:, :2] / depth[:, None] * distance
    low, high = flat.min(axis=0), flat.max(axis=0)
    # Room below for the lettering.
    scale = min(0.80 * side / (high[0] - low[0]), 0.74 * side / (high[1] - low[1]))
    middle = (low + high) / 2.0
    x = (flat[:, 0] - middle[0]) * scale + side / 2.0
    y = side * 0.45 - (flat[:, 1] - middle[1]) * scale
    return np.stack([x, y], axis=1), depth, float(scale)


def _facing(screen: NDArray[np.float64], faces: NDArray[np.int32]) -> NDArray[np.bool_]:
    a, b, c = (screen[faces[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    seen: NDArray[np.bool_] = area < 0.0  # rows grow downwards, so outward faces turn the other way
    return seen


def _backdrop(side: int) -> NDArray[np.float64]:
    """Return a studio cove: darker above, lighter floor, (side, side, 3)."""
    height = (np.arange(side) + 0.5) / side
    blend = np.clip((height - 0.15) / 0.75, 0.0, 1.0)
    blend = blend * blend * (3.0 - 2.0 * blend)
    across = np.abs((np.arange(side) + 0.5) / side - 0.5) * 2.0
    vignette = 1.0 - 0.16 * across * across
    rows = _BACKDROP_TOP * (1.0 - blend)[:, None] + _BACKDROP_BOTTOM * blend[:, None]
    cove: NDArray[np.float64] = rows[:, None, :] * vignette[None, :, None]
    return cove


def _contact_shadow(
    canvas: NDArray[np.float64],
    turned: NDArray[np.float64],
    screen: NDArray[np.float64],
    *,
    scale: float,
    pitch: float,
) -> None:
    """Darken the floor where the object stands: its lowest points, widened and blurred."""
    side = canvas.shape[0]
    coarse = 128
    floor = float(turned[:, 1].min())
    reach = 0.35
    near = turned[:, 1] < floor + reach
    strength = np.clip(1.0 - (turned[near, 1] - floor) / reach, 0.0, 1.0)
    drop = (turned[near, 1] - floor) * scale * 0.85
    columns = np.clip(screen[near, 0] * coarse / side, 0, coarse - 1).astype(np.int64)
    rows = np.clip((screen[near, 1] + drop) * coarse / side, 0, coarse - 1).astype(np.int64)
    shadow = np.zeros(coarse * coarse)
    np.maximum.at(shadow, rows * coarse + columns, strength * strength)
    wide = ndimage.grey_dilation(shadow.reshape(coarse, coarse), size=(3 if pitch < 30 else 7, 7))
    soft = smooth(wide, passes=10)
    position = (np.arange(side) + 0.5) * coarse / side
    x, y = np.meshgrid(position, position)
    full = sample(soft[..., None], x.reshape(-1), y.reshape(-1)).reshape(side, side)
    canvas *= (1.0 - 0.55 * np.clip(full, 0.0, 1.0))[..., None]


def _shade(
    mesh: TriangleMesh,
    texture: NDArray[np.uint8],
    faces: NDArray[np.int32],
    cover: Coverage,
    *,
    forward: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the lit colour of every covered pixel, (k, 3), 0…255."""
    if mesh.texcoords is None:
        raise AssertionError("a mesh to be rendered carries texture coordinates")
    welded, joined = weld(mesh.points, mesh.faces)
    by_point = np.empty((len(mesh.points), 3))
    by_point[mesh.faces.reshape(-1)] = smooth_normals(welded.astype(np.float64), joined)[joined.reshape(-1)]
    shown = faces[cover.faces]
    normal = _blend(by_point, shown, cover)
    length = np.sqrt(normal[:, 0] ** 2 + normal[:, 1] ** 2 + normal[:, 2] ** 2)
    normal /= np.maximum(length, 1e-9)[:, None]
    right, up, towards = (normal[:, 0] * a[0] + normal[:, 1] * a[1] + normal[:, 2] * a[2] for a in forward)
    # Wrapped diffuse light: soft, as from a large window.
    key = np.clip((right * _KEY[0] + up * _KEY[1] + towards * _KEY[2] + 0.35) / 1.35, 0.0, 1.0)
    sky = 0.5 + 0.5 * up
    edge = 1.0 - np.clip(towards, 0.0, 1.0)
    light = _KEY_STRENGTH * key * key + _FILL_SKY * sky + _FILL_GROUND * (1.0 - sky) + 0.10 * edge * edge * edge
    uv = _blend(mesh.texcoords.astype(np.float64), shown, cover)
    height, width = texture.shape[:2]
    base = sample(texture.astype(np.float64), uv[:, 0] * width, (1.0 - uv[:, 1]) * height)
    lit: NDArray[np.float64] = np.clip(base * light[:, None], 0.0, 255.0)
    return lit


def _blend(values: NDArray[np.float64], faces: NDArray[np.int32], cover: Coverage) -> NDArray[np.float64]:
    """Return per-corner ``values`` mixed by each pixel's weights."""
    weights = cover.weights
    mixed: NDArray[np.float64] = (
        values[faces[:, 0]] * weights[:, :1]
        + values[faces[:, 1]] * weights[:, 1:2]
        + values[faces[:, 2]] * weights[:, 2:]
    )
    return mixed
