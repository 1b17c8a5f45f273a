"""Scale calibration: the real height in metres, standing on the origin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from arp_bridge.capabilities.meshfile import TriangleMesh, read_mesh, write_mesh
from arp_bridge.capabilities.solidity import examine
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="scale-calibration",
    version="1.0.0",
    title=("Scale calibration", "尺寸校准"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("mesh", ("application/ply",)),),
    outputs=(Port("mesh", ("application/ply",)),),
    parameters=(Parameter("height", "number", 1.0, minimum=0.001, maximum=1000.0, unit="m", help="real height"),),
    code=("capabilities/scale.py", "capabilities/meshfile.py", "capabilities/solidity.py"),
    tools=("numpy", "scipy"),
)


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,  # noqa: ARG001 - over before there is anything to report
) -> CapabilityResult:
    """Return the mesh in metres: base on y = 0, centred on x and z, Y up, facing +Z.

    The scale is in the points themselves, rounded once to float32, so that
    every later file holds the same numbers and no transform is needed.
    """
    mesh = read_mesh(inputs["mesh"])
    points = mesh.points.astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    factor = float(parameters["height"] or 0.0) / float(high[1] - low[1])
    base = np.array([(low[0] + high[0]) / 2.0, low[1], (low[2] + high[2]) / 2.0])
    placed = ((points - base) * factor).astype(np.float32) + np.float32(0.0)
    target = out / "mesh.ply"
    write_mesh(target, TriangleMesh(placed, mesh.faces, mesh.texcoords))
    extent = (placed.max(axis=0) - placed.min(axis=0)).astype(np.float64)
    return CapabilityResult(
        outputs={"mesh": target},
        facts={
            "factor": factor,
            "extent_m": [round(float(value), 6) for value in extent],
            "clean_solid": examine(placed, mesh.faces).clean,
        },
    )
