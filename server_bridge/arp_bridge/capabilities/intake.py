"""Intake: a foreign picture becomes clean sRGB pixels of bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from arp_bridge.capabilities.decoding import decode
from arp_bridge.capabilities.upstream import read_aigc_label, read_c2pa
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="image-intake",
    version="1.0.0",
    title=("Picture intake", "图片进件"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("image", ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp")),),
    outputs=(Port("image", ("image/png",)),),
    parameters=(
        Parameter("max_side", "integer", 1024, minimum=64, maximum=4096, unit="px", help="longer side at most"),
    ),
    code=("capabilities/intake.py", "capabilities/decoding.py", "capabilities/upstream.py"),
    tools=("pillow", "numpy", "c2pa-python"),
)


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the cleaned picture as an RGBA PNG, and the facts that were stripped with its metadata.

    Raises:
        InputError: See :func:`arp_bridge.capabilities.decoding.decode`.
    """
    source = inputs["image"]
    picture = decode(source)
    progress(0.5)
    image = Image.fromarray(picture.pixels, "RGBA")
    limit = int(parameters["max_side"] or SPEC.parameters[0].default or 0)
    longer = max(image.size)
    if longer > limit:
        width, height = (max(1, round(side * limit / longer)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    target = out / "image.png"
    image.save(target, "PNG", compress_level=6)
    return CapabilityResult(
        outputs={"image": target},
        facts={
            "media_type": picture.media_type,
            "original_size": list(picture.size),
            "size": list(image.size),
            "had_alpha": picture.had_alpha,
            "icc": picture.icc,
            "orientation": picture.orientation,
            "location_removed": picture.location_removed,
            "frames": picture.frames,
            "notes": list(picture.notes),
            "upstream_aigc": read_aigc_label(source, media_type=picture.media_type, scratch=out),
            "upstream_c2pa": read_c2pa(source.read_bytes(), media_type=picture.media_type),
        },
    )
