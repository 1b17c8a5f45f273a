"""Silhouette inflation: a picture's outline becomes a closed, rounded solid.

A draft by construction: one view holds no depth. The outline is exact, the
front is plausible, the sides are round and the back is a flatter mirror.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from arp_bridge.capabilities.heightfield import Outline, inflate, smooth, trace_outline
from arp_bridge.capabilities.meshfile import TriangleMesh, write_mesh
from arp_bridge.capabilities.solidity import enclosed_volume
from arp_core.errors import InputError
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="silhouette-inflation",
    version="1.0.0",
    title=("Silhouette inflation", "轮廓充气成型"),
    source_type="algorithmicMedia",
    reproducibility="bit_exact",
    inputs=(Port("image", ("image/png",)), Port("mask", ("image/png",))),
    outputs=(Port("mesh", ("application/ply",)),),
    parameters=(
        Parameter("depth", "number", 0.85, minimum=0.1, maximum=1.5, unit="1", help="1 makes a disc a sphere"),
        Parameter("relief", "number", 0.015, minimum=0.0, maximum=0.3, unit="1", help="share of the height"),
        Parameter("cells", "integer", 224, minimum=64, maximum=512, unit="1", help="grid along the longer side"),
    ),
    code=(
        "capabilities/inflate.py",
        "capabilities/heightfield.py",
        "capabilities/meshfile.py",
        "capabilities/solidity.py",
    ),
    tools=("numpy", "scipy", "scikit-image", "pillow"),
    tier="draft",
)

#: The back's height against the front's, and where heights begin to level off
#: (share of the longer side): a wide body is no ball.
_BACK = 0.78
_LEVEL = 0.42
#: The field's least magnitude (cells²), and how far along a grid edge points keep from its ends.
_NODE_GUARD, _EDGE_GUARD = 0.02, 0.02
#: Finer than this (variance in cells²) is paint, not shape: it would make every painted edge a groove.
_RELIEF_FINE, _RELIEF_BROAD = 9, 80
#: Islands of less than this share of the largest one's volume are dropped.
_SPECK_SHARE = 2e-5


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the inflated solid as PLY, in units of the picture's longer side, centred on the picture.

    Raises:
        InputError: ``mesh_empty`` when no solid results.
    """
    pixels = np.asarray(Image.open(inputs["image"]).convert("RGBA"))
    mask = np.asarray(Image.open(inputs["mask"]).convert("L"))
    outline = trace_outline(mask, cells=int(parameters["cells"] or 0))
    if outline is None:
        raise InputError("mesh_empty")
    squared = level_off(inflate(outline), limit=_LEVEL * max(outline.distance.shape))
    progress(0.3)
    relief = luminance_relief(pixels, outline) * float(parameters["relief"] or 0.0)
    mesh = polygonise(squared, relief=relief, depth=float(parameters["depth"] or 0.0))
    progress(0.9)
    placed = place(mesh, outline=outline, size=(mask.shape[1], mask.shape[0]))
    target = out / "mesh.ply"
    write_mesh(target, placed)
    return CapabilityResult(
        outputs={"mesh": target},
        facts={
            "points": len(placed.points),
            "faces": len(placed.faces),
            "cell_px": round(outline.cell, 6),
        },
    )


def level_off(squared: NDArray[np.float64], *, limit: float) -> NDArray[np.float64]:
    """Return squared heights that approach ``limit``² instead of growing on (cells²)."""
    return np.where(squared > 0.0, squared / (1.0 + np.maximum(squared, 0.0) / (limit * limit)), squared)


def luminance_relief(pixels: NDArray[np.uint8], outline: Outline) -> NDArray[np.float64]:
    """Return the picture's local brightness contrast on the grid, −1…1, fading out at the outline.

    Bright stands out, dark recedes: a convention, not a measurement.
    """
    grid = outline.distance.shape
    luminance = pixels[..., 0] * 0.2126 + pixels[..., 1] * 0.7152 + pixels[..., 2] * 0.0722
    grey = Image.fromarray(np.clip(np.rint(luminance), 0, 255).astype(np.uint8), "L")
    x0, y0 = outline.origin[0] - outline.cell / 2, outline.origin[1] - outline.cell / 2
    x1, y1 = x0 + grid[1] * outline.cell, y0 + grid[0] * outline.cell
    pad = int(max(0.0, -x0, -y0, x1 - grey.width, y1 - grey.height)) + 2
    wide = Image.fromarray(np.pad(np.asarray(grey), pad, mode="edge"), "L")
    box = (x0 + pad, y0 + pad, x1 + pad, y1 + pad)
    sampled = wide.resize((grid[1], grid[0]), Image.Resampling.BICUBIC, box=box)
    values = np.asarray(sampled).astype(np.float64) / 255.0
    # Blurs count inside the object only, so that the backdrop leaves no rim.
    weight = (outline.distance > 0.0).astype(np.float64)
    fine = smooth(values * weight, passes=_RELIEF_FINE) / np.maximum(smooth(weight, passes=_RELIEF_FINE), 1e-6)
    broad = smooth(values * weight, passes=_RELIEF_BROAD) / np.maximum(smooth(weight, passes=_RELIEF_BROAD), 1e-6)
    contrast = np.clip((fine - broad) * 4.0, -1.0, 1.0)
    fade = np.clip(outline.distance / 8.0, 0.0, 1.0)
    return smooth(contrast * fade * fade * weight, passes=1)


def polygonise(squared: NDArray[np.float64], *, relief: NDArray[np.float64], depth: float) -> TriangleMesh:
    """Return the surface where squared height meets (z / side)², in cells, rows downwards.

    Lewiner, Lopes, Vieira, Tavares: "Efficient implementation of Marching
    Cubes' cases with topological guarantees" (2003), scikit-image's version.
    """
    from skimage.measure import marching_cubes

    front = depth * (1.0 + relief)
    back = depth * _BACK
    highest = float(np.sqrt(max(float(squared.max()), 0.0)))
    above = int(np.ceil(highest * depth * (1.0 + float(relief.max())))) + 2
    below = int(np.ceil(highest * back)) + 2
    levels = np.arange(-below, above + 1, dtype=np.float64)
    field = np.empty((len(levels), *squared.shape), np.float32)
    for index, z in enumerate(levels):
        side = front if z > 0 else back
        field[index] = squared - (z / side) ** 2
    # A node on the surface would gather several points in one place.
    field[np.abs(field) < _NODE_GUARD] = -_NODE_GUARD
    if float(field.max()) <= 0.0:
        raise InputError("mesh_empty")
    vertices, faces, _, _ = marching_cubes(field, 0.0, allow_degenerate=False)
    # Each point lies on one grid edge; kept off the edge's ends, no two points
    # come so close that float32 could merge them.
    whole = np.floor(vertices)
    share = vertices - whole
    vertices = np.where(share > 0.0, whole + np.clip(share, _EDGE_GUARD, 1.0 - _EDGE_GUARD), vertices)
    points = np.stack([vertices[:, 2], vertices[:, 1], vertices[:, 0] - np.float32(below)], axis=1)
    return TriangleMesh(points=points.astype(np.float32), faces=faces.astype(np.int32))


def place(mesh: TriangleMesh, *, outline: Outline, size: tuple[int, int]) -> TriangleMesh:
    """Return the mesh in units of the picture's longer side, Y up, without specks, facing outwards."""
    width, height = size
    longer = float(max(size))
    cells = mesh.points.astype(np.float64)
    points = np.stack(
        [
            (outline.origin[0] + cells[:, 0] * outline.cell - width / 2.0) / longer,
            (height / 2.0 - outline.origin[1] - cells[:, 1] * outline.cell) / longer,
            cells[:, 2] * outline.cell / longer,
        ],
        axis=1,
    ).astype(np.float32)
    faces = _without_specks(points, mesh.faces)
    if float(enclosed_volume(points, faces).sum()) < 0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    used, compact = np.unique(faces, return_inverse=True)
    return TriangleMesh(points=points[used], faces=compact.reshape(-1, 3).astype(np.int32))


def _without_specks(points: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the faces of those islands that are big enough to be meant."""
    from scipy import sparse

    count = len(points)
    tails, heads = faces.reshape(-1), np.roll(faces, -1, axis=1).reshape(-1)
    links = sparse.coo_matrix((np.ones(len(tails), np.int8), (tails, heads)), shape=(count, count))
    _, island = sparse.csgraph.connected_components(links, directed=False)
    volumes = np.abs(np.bincount(island[faces[:, 0]], weights=enclosed_volume(points, faces)))
    kept: NDArray[np.int32] = faces[(volumes >= volumes.max() * _SPECK_SHARE)[island[faces[:, 0]]]]
    return kept
