"""Texture projection: the picture's colours on the mesh's UV layout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from arp_bridge.capabilities.filling import back_fill, bleed
from arp_bridge.capabilities.meshfile import read_mesh
from arp_bridge.capabilities.raster import rasterise, sample
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
    name="texture-projection",
    version="1.0.0",
    title=("Texture projection", "贴图投射"),
    source_type="algorithmicMedia",
    reproducibility="bit_exact",
    inputs=(
        Port("image", ("image/png",)),
        Port("mask", ("image/png",)),
        Port("mesh", ("application/ply",)),
    ),
    outputs=(Port("texture", ("image/png",)),),
    parameters=(Parameter("size", "integer", 1024, minimum=256, maximum=4096, unit="px", help="side of the texture"),),
    code=(
        "capabilities/project.py",
        "capabilities/filling.py",
        "capabilities/heightfield.py",
        "capabilities/meshfile.py",
        "capabilities/raster.py",
    ),
    tools=("numpy", "scipy", "pillow"),
    tier="draft",
)


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return a square sRGB base-colour texture as PNG: the picture in front, a soft fill behind.

    Raises:
        InputError: ``mesh_file_invalid`` when the mesh has no texture coordinates.
    """
    pixels = np.asarray(Image.open(inputs["image"]).convert("RGBA"))
    mask = np.asarray(Image.open(inputs["mask"]).convert("L"))
    mesh = read_mesh(inputs["mesh"])
    if mesh.texcoords is None:
        raise InputError("mesh_file_invalid", name=inputs["mesh"].name, reason="there are no texture coordinates")
    size = int(parameters["size"] or 0)
    front = bleed(pixels, mask)
    back = back_fill(front, mask)
    progress(0.5)
    flat = mesh.texcoords.astype(np.float64) * size
    flat[:, 1] = size - flat[:, 1]
    cover = rasterise(flat[mesh.faces], width=size, height=size)
    corners = mesh.points.astype(np.float64)[mesh.faces[cover.faces]]
    weights = cover.weights
    where = corners[:, 0] * weights[:, :1] + corners[:, 1] * weights[:, 1:2] + corners[:, 2] * weights[:, 2:]
    longer = float(max(mask.shape))
    x = where[:, 0] * longer + mask.shape[1] / 2.0
    y = mask.shape[0] / 2.0 - where[:, 1] * longer
    behind = mesh.points[mesh.faces, 2].astype(np.float64)[cover.faces].sum(axis=1) < 0.0
    colours = np.where(behind[:, None], sample(back, x, y), sample(front, x, y))
    texture = np.zeros((size * size, 3))
    texture[cover.pixels] = colours
    covered = np.zeros(size * size, bool)
    covered[cover.pixels] = True
    progress(0.8)
    filled = _spread(texture.reshape(size, size, 3), covered.reshape(size, size))
    target = out / "basecolor.png"
    Image.fromarray(np.clip(np.rint(filled), 0, 255).astype(np.uint8), "RGB").save(target, "PNG", compress_level=6)
    return CapabilityResult(
        outputs={"texture": target},
        facts={"size": size, "covered_share": round(float(covered.mean()), 6)},
    )


def _spread(texture: NDArray[np.float64], covered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the texture with each free texel taking its nearest covered one's colour (no seams when minified)."""
    nearest = ndimage.distance_transform_edt(~covered, return_distances=False, return_indices=True)
    spread: NDArray[np.float64] = texture[nearest[0], nearest[1]]
    return spread
