"""Foreground mask: which pixels are the object."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from arp_bridge.capabilities import segment
from arp_bridge.capabilities.matte import clean, refine
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
    name="foreground-mask",
    version="1.0.0",
    title=("Foreground mask", "主体抠图"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("image", ("image/png",)),),
    outputs=(Port("mask", ("image/png",)),),
    parameters=(
        Parameter(
            "mode",
            "string",
            "auto",
            choices=("auto", "alpha", "u2netp", "grabcut"),
            help="auto: alpha where it means something, else the network, else GrabCut",
        ),
    ),
    uses_seed=True,
    code=("capabilities/mask.py", "capabilities/segment.py", "capabilities/matte.py"),
    weights=("weights/u2netp.onnx",),
    tools=("numpy", "scipy", "pillow", "onnxruntime", "opencv-python-headless"),
)

#: Above this share of covered pixels, or of covered frame pixels, no outline is left to find.
_FULL_COVER = 0.97
_FULL_FRAME = 0.80
_FEWEST_PIXELS = 64


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the object's soft mask as an 8-bit grey PNG, same size as the picture.

    Raises:
        InputError: ``image_empty`` when nothing stands out,
            ``image_no_background`` when everything does, ``weights_mismatch``.
    """
    pixels = np.asarray(Image.open(inputs["image"]).convert("RGBA"))
    alpha = np.ascontiguousarray(pixels[..., 3])
    mode = str(parameters["mode"])
    if mode == "auto":
        mode = choose_mode(alpha, weights_present=segment.WEIGHTS.is_file())
    if mode == "alpha":
        matte = alpha
    else:
        rgb = over_grey(pixels)
        likelihood = segment.by_network(rgb) if mode == "u2netp" else segment.by_grabcut(rgb, seed=seed)
        progress(0.7)
        matte = refine(rgb, likelihood)
    matte, parts = clean(matte)
    check_outline(matte)
    target = out / "mask.png"
    Image.fromarray(matte, "L").save(target, "PNG", compress_level=6)
    return CapabilityResult(
        outputs={"mask": target},
        facts={"mode": mode, "parts": parts, "coverage": round(float((matte >= 128).mean()), 6)},
        effective_seed=seed if mode == "grabcut" else None,
    )


def choose_mode(alpha: NDArray[np.uint8], *, weights_present: bool) -> str:
    """Return how to find the object: its alpha channel if that cuts anything out."""
    opaque = int((alpha >= 128).sum())
    if opaque <= _FULL_COVER * alpha.size:
        return "alpha"
    return "u2netp" if weights_present else "grabcut"


def over_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return RGBA ``pixels`` composed over middle grey, (height, width, 3)."""
    alpha = pixels[..., 3:].astype(np.uint32)
    mixed = pixels[..., :3].astype(np.uint32) * alpha + 128 * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def check_outline(matte: NDArray[np.uint8]) -> None:
    """Refuse a matte that has no object, or no background, in it.

    Raises:
        InputError: ``image_empty`` or ``image_no_background``.
    """
    solid = matte >= 128
    if int(solid.sum()) < _FEWEST_PIXELS:
        raise InputError("image_empty")
    frame = np.concatenate([solid[0], solid[-1], solid[:, 0], solid[:, -1]])
    if solid.mean() > _FULL_COVER or frame.mean() > _FULL_FRAME:
        raise InputError("image_no_background")
