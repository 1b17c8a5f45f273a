"""Preview: the asset at three quarters in a plain studio, with its visible AI label."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from arp_bridge.capabilities import lettering
from arp_bridge.capabilities.meshfile import read_mesh
from arp_bridge.capabilities.studio import View, render
from arp_core.errors import InputError
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    Finding,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="labelled-thumbnail",
    version="1.0.0",
    title=("Labelled preview", "带标识预览图"),
    source_type="algorithmicMedia",
    reproducibility="bit_exact",
    inputs=(Port("mesh", ("application/ply",)), Port("texture", ("image/png",))),
    outputs=(Port("preview", ("image/png",)),),
    parameters=(
        Parameter("size", "integer", 512, minimum=256, maximum=2048, unit="px", help="side of the picture"),
        Parameter("yaw", "number", 32.0, minimum=-180.0, maximum=180.0, unit="deg", help="to the right of the front"),
        Parameter("pitch", "number", 14.0, minimum=-60.0, maximum=80.0, unit="deg", help="above the horizon"),
    ),
    code=(
        "capabilities/thumbnail.py",
        "capabilities/studio.py",
        "capabilities/lettering.py",
        "capabilities/heightfield.py",
        "capabilities/meshfile.py",
        "capabilities/raster.py",
        "capabilities/solidity.py",
    ),
    tools=("numpy", "scipy", "pillow"),
    tier="draft",
)

#: GB 45438-2025: visible text is at least this share of the shorter side high.
_LABEL_SHARE = 0.05
_OVERSAMPLE = 2


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the preview as PNG; the label's height is a hard finding.

    Raises:
        InputError: ``mesh_file_invalid``.
    """
    mesh = read_mesh(inputs["mesh"])
    if mesh.texcoords is None:
        raise InputError("mesh_file_invalid", name=inputs["mesh"].name, reason="there are no texture coordinates")
    texture = np.asarray(Image.open(inputs["texture"]).convert("RGB"))
    size = int(parameters["size"] or 0)
    view = View(yaw=float(parameters["yaw"] or 0.0), pitch=float(parameters["pitch"] or 0.0))
    picture = render(mesh, texture, size=size, view=view, oversample=_OVERSAMPLE)
    progress(0.8)
    labelled, text_height = lettering.add_label(picture)
    target = out / "preview.png"
    Image.fromarray(labelled, "RGB").save(target, "PNG", compress_level=6)
    return CapabilityResult(
        outputs={"preview": target},
        facts={"label": lettering.TEXT, "label_height_px": text_height},
        findings=(
            Finding(
                name="explicit_label_height",
                value=round(text_height / size, 4),
                bound=f">= {_LABEL_SHARE}",
                passed=text_height >= _LABEL_SHARE * size,
                hard=True,
                reason="GB 45438-2025: the visible label is at least 5 % of the shorter side high",
            ),
        ),
    )
