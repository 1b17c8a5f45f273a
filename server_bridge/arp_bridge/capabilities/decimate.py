"""Decimation: as many triangles as asked for, and still a clean solid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arp_bridge.capabilities.mending import drop_folds, part_fans, turn_slivers
from arp_bridge.capabilities.meshfile import TriangleMesh, read_mesh, write_mesh
from arp_bridge.capabilities.solidity import Solidity, examine, weld
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
    name="mesh-decimation",
    version="1.0.0",
    title=("Mesh decimation", "网格减面"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("mesh", ("application/ply",)),),
    outputs=(Port("mesh", ("application/ply",)),),
    parameters=(
        Parameter("faces", "integer", 8000, minimum=500, maximum=20000, unit="triangles", help="at most this many"),
    ),
    code=(
        "capabilities/decimate.py",
        "capabilities/meshfile.py",
        "capabilities/mending.py",
        "capabilities/solidity.py",
    ),
    tools=("numpy", "scipy", "fast-simplification"),
)

#: How many tries a pinched point is worth (the picture itself may hold one).
#: Then: (share of the faces asked for, aggressiveness) tried in turn: a gentler run
#: collapses other edges and so avoids the fold that a harsher one made.
_PINCH_TRIES = 2
_TRIES = ((1.0, 5.0), (1.0, 7.0), (0.97, 5.0), (0.94, 6.0), (0.9, 7.0), (0.8, 5.0))
#: Collapse stops early where every edge left looks dear; it then goes on from there.
_PASSES = 4

#: Points lie on multiples of this share of the picture's side (a sixteenth of a
#: pixel and less), far coarser than float32, so that scaling to metres can
#: neither merge two points nor flatten a sliver.
_GRID = 32768.0


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the mesh with at most ``faces`` triangles, closed, without degenerate or duplicate ones.

    Raises:
        InputError: ``mesh_not_closed`` when no try stays a clean solid.
    """
    mesh = read_mesh(inputs["mesh"])
    points, faces = weld(mesh.points, mesh.faces)
    asked = int(parameters["faces"] or 0)
    best: tuple[TriangleMesh, Solidity] | None = None
    for number, (share, aggressiveness) in enumerate(_TRIES, start=1):
        reduced = _simplify(points, faces, target=int(asked * share), aggressiveness=aggressiveness)
        state = examine(reduced.points, reduced.faces)
        progress(number / len(_TRIES))
        if not state.clean or len(reduced.faces) > asked:
            continue
        # A pinched point (two fans touching) is legal but a nuisance: worth another try.
        if best is None or state.pinched_points < best[1].pinched_points:
            best = reduced, state
        if state.pinched_points == 0 or number >= _PINCH_TRIES:
            break
    if best is None:
        raise InputError("mesh_not_closed", faces=asked)
    reduced, state = best
    target = out / "mesh.ply"
    write_mesh(target, reduced)
    return CapabilityResult(
        outputs={"mesh": target},
        facts={
            "faces": len(reduced.faces),
            "points": len(reduced.points),
            "tries": number,
            "pinched_points": state.pinched_points,
        },
    )


def _simplify(
    points: NDArray[np.float32], faces: NDArray[np.int32], *, target: int, aggressiveness: float
) -> TriangleMesh:
    """Return quadric edge collapse down to ``target`` faces, vertices in order of position.

    Garland and Heckbert: "Surface simplification using quadric error metrics"
    (1997), fast-simplification's version; then folds and
    touching sheets are mended (:mod:`~arp_bridge.capabilities.mending`).
    """
    import fast_simplification

    for extra in range(_PASSES):
        if len(faces) <= target:
            break
        harder = aggressiveness + 2.0 * extra
        points, faces = fast_simplification.simplify(points, faces, target_count=target, agg=harder)
    snapped = np.rint(np.asarray(points, np.float64) * _GRID) / _GRID
    points, faces = weld(snapped.astype(np.float32), np.asarray(faces, np.int32))
    points, faces = part_fans(points, drop_folds(faces), step=1.0 / _GRID)
    faces = turn_slivers(points, faces)
    used, compact = np.unique(faces, return_inverse=True)
    return TriangleMesh(points=points[used], faces=compact.reshape(-1, 3).astype(np.int32))
