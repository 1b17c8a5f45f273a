"""Paints the sample picture: an old brass hurricane lantern, lit.

Our own work, made by this script alone: bodies of revolution, tubes and a
flame, shaded analytically in numpy and averaged down from twice the size.

    python examples/make_sample.py [FOLDER]

writes ``lantern.png`` (cut out, with alpha) and ``lantern_studio.png`` (the
same before a backdrop, no alpha). The pictures are kept beside the script.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]

SIZE = 768
OVERSAMPLE = 2

#: Height from the top and half width, in picture heights: the turned metal parts.
CAP = (
    (0.205, 0.016),
    (0.222, 0.03),
    (0.232, 0.024),
    (0.244, 0.06),
    (0.262, 0.074),
    (0.3, 0.078),
    (0.306, 0.09),
    (0.33, 0.118),
    (0.362, 0.19),
    (0.37, 0.212),
    (0.384, 0.216),
    (0.392, 0.2),
    (0.398, 0.158),
    (0.425, 0.154),
)
TANK = (
    (0.69, 0.148),
    (0.7, 0.172),
    (0.716, 0.176),
    (0.726, 0.16),
    (0.74, 0.176),
    (0.765, 0.206),
    (0.8, 0.217),
    (0.835, 0.21),
    (0.862, 0.186),
    (0.874, 0.17),
    (0.884, 0.172),
    (0.898, 0.212),
    (0.912, 0.228),
    (0.93, 0.228),
    (0.937, 0.22),
)
GLASS = ((0.415, 0.128), (0.45, 0.15), (0.5, 0.17), (0.56, 0.177), (0.62, 0.168), (0.665, 0.15), (0.7, 0.132))

BRASS = np.array([0.80, 0.57, 0.25])
COPPER = np.array([0.66, 0.36, 0.20])
VERDIGRIS = np.array([0.28, 0.50, 0.43])


class Canvas:
    """Colour (linear, 0…1) and cover of every fine pixel, painted back to front."""

    def __init__(self, x: Plane, y: Plane, colour: Plane, cover: Plane) -> None:
        self.x, self.y, self.colour, self.cover = x, y, colour, cover

    @classmethod
    def clear(cls, side: int) -> Canvas:
        """Return an empty canvas."""
        step = (np.arange(side) + 0.5) / side
        x, y = np.meshgrid(step - 0.5, step)
        return cls(x, y, np.zeros((side, side, 3)), np.zeros((side, side)))

    def part(self, box: tuple[slice, slice]) -> Canvas:
        """Return a view of a rectangle; painting it paints this canvas."""
        return Canvas(self.x[box], self.y[box], self.colour[box], self.cover[box])

    def paint(self, colour: Plane, where: Plane) -> None:
        """Lay ``colour`` over what is there, ``where`` opaque."""
        # In place, so that a part of the canvas can be painted through a view.
        self.colour += (colour - self.colour) * where[..., None]
        self.cover += (1.0 - self.cover) * where


def smoothstep(low: float, high: float, value: Plane) -> Plane:
    """Return the cubic ramp from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def noise(x: Plane, y: Plane, *, frequency: float, seed: int) -> Plane:
    """Return value noise in 0…1 from an integer hash."""
    u, v = x * frequency, y * frequency
    i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    fu, fv = u - i, v - j
    fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)

    def corner(a: NDArray[np.int64], b: NDArray[np.int64]) -> Plane:
        h = (a * 374761393 + b * 668265263 + seed * 2147483647) & 0xFFFFFFFF
        h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
        return ((h ^ (h >> 16)) & 0xFFFF) / 65535.0

    upper = corner(i, j) * (1 - fu) + corner(i + 1, j) * fu
    lower = corner(i, j + 1) * (1 - fu) + corner(i + 1, j + 1) * fu
    return upper * (1 - fv) + lower * fv


def mottling(x: Plane, y: Plane, *, seed: int) -> Plane:
    """Return noise of five octaves in 0…1."""
    total = sum(noise(x, y, frequency=7.0 * 2**k, seed=seed + k) / 2**k for k in range(5))
    return np.asarray(total) / 1.9375


def radius_at(profile: tuple[tuple[float, float], ...], y: Plane) -> tuple[Plane, Plane]:
    """Return the half width and its slope at height ``y``; rounded between the given points."""
    heights = np.array([point[0] for point in profile])
    widths = np.array([point[1] for point in profile])
    fine = np.linspace(heights[0], heights[-1], 800)
    curve = np.interp(fine, heights, widths)
    kernel = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    for _ in range(24):
        curve = np.convolve(np.pad(curve, 2, mode="edge"), kernel, mode="valid")
    slope = np.gradient(curve, fine)
    inside = (y >= heights[0]) & (y <= heights[-1])
    return np.where(inside, np.interp(y, fine, curve), -1.0), np.interp(y, fine, slope)


def metal(normal: tuple[Plane, Plane, Plane], x: Plane, y: Plane, *, base: NDArray[np.float64], seed: int) -> Plane:
    """Return lit, worn metal for a surface with this unit normal (right, up, towards the eye)."""
    nx, ny, nz = normal
    # The mirror direction of the eye's ray meets a room: window left, dark wall, warm floor, thin rim light right.
    rx, ry = 2 * nz * nx, 2 * nz * ny
    window = smoothstep(0.16, 0.30, -rx) * (1 - smoothstep(0.62, 0.80, -rx)) * smoothstep(-0.75, 0.3, ry)
    rim = smoothstep(0.70, 0.90, rx) * (1 - smoothstep(0.97, 1.04, rx))
    ceiling = smoothstep(0.25, 0.95, ry)
    floor = smoothstep(0.15, 0.9, -ry)
    diffuse = np.clip(0.30 - 0.42 * nx + 0.46 * ny + 0.46 * nz, 0.0, 1.0)
    wear = mottling(x, y, seed=seed)
    scratch = noise(x, y * 0.12, frequency=420.0, seed=seed + 9)
    room = 0.05 + 0.30 * diffuse + 0.72 * window * (0.72 + 0.28 * scratch) + 0.36 * rim + 0.20 * ceiling + 0.07 * floor
    lit = base * room[..., None] * (0.72 + 0.5 * wear)[..., None]
    lit += np.array([1.0, 0.9, 0.72]) * (0.40 * window * window * nz)[..., None]
    age = smoothstep(0.55, 0.74, wear) * 0.55
    aged = VERDIGRIS * (0.16 + 0.6 * diffuse)[..., None]
    return lit + (aged - lit) * age[..., None]


def turned(canvas: Canvas, profile: tuple[tuple[float, float], ...], *, base: NDArray[np.float64], seed: int) -> None:
    """Paint a turned metal part."""
    radius, slope = radius_at(profile, canvas.y)
    across = canvas.x / np.maximum(radius, 1e-6)
    where = (np.abs(across) < 1.0).astype(np.float64) * (radius > 0)
    depth = np.sqrt(np.clip(1.0 - across * across, 0.0, 1.0))
    length = np.sqrt(1.0 + slope * slope)
    normal = (across / length, slope / length, depth / length)
    colour = metal(normal, canvas.x, canvas.y, base=base, seed=seed)
    # Dirt gathers where the outline turns inwards.
    crease = np.clip(np.gradient(slope, axis=0) * canvas.y.shape[0] * 0.012, 0.0, 0.6)
    canvas.paint(colour * (1.0 - crease)[..., None], where)


def tube(
    canvas: Canvas, points: list[tuple[float, float]], *, thickness: float, base: NDArray[np.float64], seed: int
) -> None:
    """Paint a bent metal rod along ``points``."""
    side = canvas.x.shape[0]
    reach = thickness + 2.0 / side
    left, right = min(p[0] for p in points) - reach + 0.5, max(p[0] for p in points) + reach + 0.5
    top, bottom = min(p[1] for p in points) - reach, max(p[1] for p in points) + reach
    box = (
        slice(max(0, int(top * side)), int(bottom * side) + 1),
        slice(max(0, int(left * side)), int(right * side) + 1),
    )
    px, py = canvas.x[box], canvas.y[box]
    nearest = np.full(px.shape, 9.0)
    side_x, side_y = np.zeros_like(nearest), np.zeros_like(nearest)
    for (x0, y0), (x1, y1) in pairwise(points):
        dx, dy = x1 - x0, y1 - y0
        t = np.clip(((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
        ox, oy = px - x0 - t * dx, py - y0 - t * dy
        distance = np.sqrt(ox * ox + oy * oy)
        closer = distance < nearest
        nearest = np.where(closer, distance, nearest)
        side_x, side_y = np.where(closer, ox, side_x), np.where(closer, oy, side_y)
    nx, ny = side_x / thickness, -side_y / thickness
    nz = np.sqrt(np.clip(1.0 - nx * nx - ny * ny, 0.0, 1.0))
    colour = metal((nx, ny, nz), px, py, base=base, seed=seed)
    canvas.part(box).paint(colour * (0.55 + 0.45 * nz)[..., None], (nearest < thickness).astype(np.float64))


def glass(canvas: Canvas) -> None:
    """Paint the globe, the flame behind it, and what the glass mirrors."""
    radius, _ = radius_at(GLASS, canvas.y)
    across = canvas.x / np.maximum(radius, 1e-6)
    where = (np.abs(across) < 1.0).astype(np.float64) * (radius > 0)
    dx, dy = canvas.x, canvas.y - 0.575
    glow = np.exp(-(dx * dx / 0.010 + dy * dy / 0.014))
    halo = np.exp(-(dx * dx / 0.035 + dy * dy / 0.030))
    colour = np.array([0.16, 0.085, 0.04]) + np.array([0.95, 0.46, 0.13]) * halo[..., None] * 0.85
    colour = colour + np.array([1.0, 0.72, 0.32]) * glow[..., None] * 0.55
    # Burner and wick stand dark before the glow.
    burner = smoothstep(0.655, 0.662, canvas.y) * (np.abs(canvas.x) < 0.05 + (canvas.y - 0.655) * 0.5)
    colour = colour + (np.array([0.16, 0.09, 0.04]) - colour) * burner[..., None]
    wick = (np.abs(canvas.x) < 0.016) & (canvas.y > 0.635) & (canvas.y < 0.66)
    colour = np.where(wick[..., None], np.array([0.09, 0.05, 0.03]), colour)
    t = np.clip((0.638 - canvas.y) / 0.135, 0.0, 1.0)
    width = 0.040 * np.sqrt(np.clip(t * 5.0, 0.0, 1.0)) * np.clip(1.0 - t, 0.0, 1.0) ** 0.75
    sway = 0.006 * np.sin(t * 5.0)
    inside = np.clip(1.0 - np.abs(canvas.x - sway) / np.maximum(width, 1e-4), 0.0, 1.0) * (t > 0) * (t < 1)
    flame = smoothstep(0.0, 0.45, inside)[..., None]
    body = np.array([1.0, 0.66, 0.18]) + np.array([0.0, 0.30, 0.62]) * smoothstep(0.35, 0.95, inside)[..., None]
    colour = colour + (body - colour) * flame
    edge = 1.0 - np.sqrt(np.clip(1.0 - across * across, 0.0, 1.0))
    colour = colour * (1.0 - 0.62 * edge)[..., None] + np.array([0.55, 0.42, 0.28]) * (0.35 * edge**3)[..., None]
    mirror = smoothstep(-0.80, -0.72, across) * (1 - smoothstep(-0.56, -0.46, across))
    mirror = mirror * smoothstep(0.455, 0.475, canvas.y) * (1 - smoothstep(0.60, 0.65, canvas.y))
    thin = smoothstep(0.70, 0.75, across) * (1 - smoothstep(0.78, 0.84, across)) * smoothstep(0.47, 0.52, canvas.y)
    colour = colour + np.array([0.80, 0.86, 0.92]) * (0.42 * mirror + 0.20 * thin * (canvas.y < 0.64))[..., None]
    soot = smoothstep(0.0, 1.0, (0.49 - canvas.y) / 0.07) * 0.45
    canvas.paint(np.clip(colour * (1.0 - soot)[..., None], 0.0, 1.4), where)


def lantern(side: int) -> Canvas:
    """Return the whole lantern painted on a clear canvas."""
    canvas = Canvas.clear(side)
    turn = np.linspace(0.0, 2.0 * np.pi, 97)
    ring = [(0.072 * float(np.sin(a)), 0.128 - 0.072 * float(np.cos(a))) for a in turn]
    tube(canvas, ring, thickness=0.0125, base=COPPER, seed=31)
    glass(canvas)
    for height in (0.482, 0.645):
        bend = np.linspace(-1.0, 1.0, 41)
        reach = float(radius_at(GLASS, np.array([height]))[0][0]) + 0.004
        wire = [(reach * float(np.sin(b * 1.5708)), height + 0.020 * float(np.cos(b * 1.5708))) for b in bend]
        tube(canvas, wire, thickness=0.0058, base=BRASS, seed=41)
    turned(canvas, TANK, base=BRASS, seed=11)
    turned(canvas, CAP, base=BRASS, seed=21)
    for sign in (-1.0, 1.0):
        t = np.linspace(0.0, 1.0, 61)
        arm = [(sign * (0.196 + 0.066 * float(np.sin(np.pi * u)) ** 0.8), 0.378 + 0.372 * float(u)) for u in t]
        tube(canvas, arm, thickness=0.0145, base=COPPER, seed=51)
    knob_x, knob_y = canvas.x - 0.09, canvas.y - 0.80
    reach = np.sqrt(knob_x * knob_x + knob_y * knob_y) / 0.030
    rise = np.sqrt(np.clip(1.0 - reach * reach, 0.0, 1.0))
    shade = np.clip((reach * 1.25) ** 6, 0.0, 1.0) * 0.55
    shadow = np.clip(1.35 - np.sqrt((knob_x + 0.006) ** 2 + (knob_y - 0.010) ** 2) / 0.030, 0.0, 1.0)
    canvas.colour *= (1.0 - 0.5 * shadow * canvas.cover)[..., None]
    knob = metal((knob_x / 0.030, -knob_y / 0.030, rise), canvas.x, canvas.y, base=COPPER * 1.1, seed=61)
    canvas.paint(knob * (1.0 - shade)[..., None], (reach < 1.0).astype(np.float64))
    # The flame lights the cap from below and the tank from above.
    under = np.exp(-((canvas.y - 0.40) ** 2) / 0.0004) + np.exp(-((canvas.y - 0.715) ** 2) / 0.0005)
    near = np.exp(-(canvas.x**2) / 0.012)
    canvas.colour += np.array([0.85, 0.40, 0.10]) * (0.28 * under * near * canvas.cover)[..., None]
    return canvas


def encode(linear: Plane) -> Plane:
    """Return sRGB values 0…1 of linear colour, with a soft shoulder at the top."""
    rolled = np.where(linear > 0.8, 0.8 + 0.2 * (1.0 - np.exp(-(linear - 0.8) / 0.2)), linear)
    rolled = np.clip(rolled, 0.0, 1.0)
    return np.where(rolled <= 0.0031308, 12.92 * rolled, 1.055 * rolled ** (1 / 2.4) - 0.055)


def average(values: Plane) -> Plane:
    """Return ``values`` averaged over blocks of OVERSAMPLE × OVERSAMPLE."""
    side = values.shape[0] // OVERSAMPLE
    blocks = values.reshape(side, OVERSAMPLE, side, OVERSAMPLE, -1)
    return blocks.mean(axis=(1, 3))


def studio(canvas: Canvas) -> Plane:
    """Return the lantern before a slate backdrop, on a floor it shades and warms."""
    x, y = canvas.x, canvas.y
    wall = np.array([0.20, 0.235, 0.26]) * (1.15 - 0.9 * ((x + 0.12) ** 2 + (y - 0.42) ** 2))[..., None]
    floor = smoothstep(0.80, 0.93, y)[..., None]
    scene = wall + (np.array([0.30, 0.31, 0.32]) - wall) * floor
    shadow = np.exp(-((x - 0.03) ** 2 / 0.05 + (y - 0.94) ** 2 / 0.0009))
    warmth = np.exp(-(x**2 / 0.09 + (y - 0.58) ** 2 / 0.07))
    scene = scene * (1.0 - 0.72 * shadow)[..., None] + np.array([0.30, 0.13, 0.03]) * (0.5 * warmth)[..., None]
    return scene + (canvas.colour - scene) * canvas.cover[..., None]


def main() -> None:
    """Write both pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"{folder} cannot be used as a folder ({error.strerror}).")
    canvas = lantern(SIZE * OVERSAMPLE)
    cover = average(canvas.cover)
    colour = average(canvas.colour * canvas.cover[..., None]) / np.maximum(cover, 1e-6)
    pixels = np.concatenate([encode(colour), cover], axis=2)
    save(pixels, "RGBA", folder / "lantern.png")
    save(encode(average(studio(canvas))), "RGB", folder / "lantern_studio.png")


def save(values: Plane, mode: str, path: Path) -> None:
    """Write values 0…1 as PNG."""
    Image.fromarray(np.clip(np.rint(values * 255.0), 0, 255).astype(np.uint8), mode).save(path, compress_level=9)
    sys.stdout.write(f"wrote {path.name}\n")


if __name__ == "__main__":
    main()
