"""Quality: the delivered files are measured, not the data they were made from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from arp_bridge.capabilities.meshfile import TriangleMesh, read_mesh
from arp_bridge.capabilities.raster import rasterise
from arp_bridge.capabilities.solidity import Solidity, examine
from arp_bridge.capabilities.usd_check import UsdReading, read_usd, texture_paths
from arp_core.canonical import canonicalize
from arp_core.geometry import file_meshes, geometry_digests
from arp_core.geometry.glb_container import GlbContainer, parse_glb
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    Finding,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEC = CapabilitySpec(
    name="asset-quality",
    version="1.0.0",
    title=("Asset quality checks", "资产质量检查"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(
        Port("glb", ("model/gltf-binary",)),
        Port("usd", ("model/vnd.usda",)),
        Port("texture", ("image/png",)),
        Port("mask", ("image/png",)),
        Port("shape", ("application/ply",)),
    ),
    outputs=(Port("report", ("application/json",)),),
    parameters=(
        Parameter("height", "number", 1.0, minimum=0.001, maximum=1000.0, unit="m", help="height asked for"),
        Parameter("faces", "integer", 8000, minimum=500, maximum=20000, unit="triangles", help="budget"),
    ),
    code=(
        "capabilities/quality.py",
        "capabilities/meshfile.py",
        "capabilities/raster.py",
        "capabilities/solidity.py",
        "capabilities/usd_check.py",
    ),
    tools=("numpy", "scipy", "pillow", "usd-core"),
)

_HEIGHT_TOLERANCE = 1e-6
_LEAST_OVERLAP = 0.95
_LARGEST_TEXTURE = 4096
_MOST_FOLDED = 0.005


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the findings, also as a canonical JSON report.

    Raises:
        InputError: A delivered file cannot be read at all.
    """
    folder = _lay_out(inputs, out / "package")
    glb, usd = folder / "asset.glb", folder / "asset.usda"
    mesh = file_meshes(glb)[0]
    corners = mesh.corners.reshape(-1, 3)
    state = examine(mesh.positions, corners)
    progress(0.3)
    reading = read_usd(usd)
    progress(0.7)
    container = parse_glb(glb.read_bytes(), name=glb.name)
    findings = [
        *_solid(state),
        _hard(
            "face_budget",
            len(corners),
            f"<= {parameters['faces']}",
            len(corners) <= float(parameters["faces"] or 0),
            "the mesh keeps to the polygon budget that was asked for",
        ),
        _height(mesh.positions, asked=float(parameters["height"] or 0.0)),
        _hard(
            "same_geometry",
            sorted(geometry_digests(glb).values()) == sorted(geometry_digests(usd).values()),
            "true",
            sorted(geometry_digests(glb).values()) == sorted(geometry_digests(usd).values()),
            "GLB and USD hold the same polygons",
        ),
        *_texcoords(_glb_texcoords(container), reading.texcoords, corners),
        *_texture(inputs["texture"], container),
        *_stage(reading),
        _silhouette(read_mesh(inputs["shape"]), np.asarray(Image.open(inputs["mask"]).convert("L"))),
    ]
    shutil.rmtree(folder)
    report = out / "report.json"
    rows = [{"name": f.name, "value": f.value, "bound": f.bound, "passed": f.passed, "hard": f.hard} for f in findings]
    report.write_bytes(canonicalize({"findings": rows}))
    return CapabilityResult(
        outputs={"report": report},
        facts={"passed": sum(f.passed for f in findings), "checks": len(findings)},
        findings=tuple(findings),
    )


def _hard(name: str, value: JsonScalar, bound: str, passed: bool, reason: str, *, hard: bool = True) -> Finding:
    return Finding(name=name, value=value, bound=bound, passed=bool(passed), hard=hard, reason=reason)


def _lay_out(inputs: Mapping[str, Path], folder: Path) -> Path:
    """Return a folder that holds the files as they will be delivered (inputs may be nameless blobs)."""
    folder.mkdir(parents=True)
    shutil.copyfile(inputs["glb"], folder / "asset.glb")
    shutil.copyfile(inputs["usd"], folder / "asset.usda")
    for relative in texture_paths(folder / "asset.usda"):
        target = folder / relative
        # Only a path below the layer can be delivered with it; any other is found unresolved later.
        if not Path(relative).is_absolute() and ".." not in Path(relative).parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(inputs["texture"], target)
    return folder


def _solid(state: Solidity) -> list[Finding]:
    loose = state.open_edges + state.crowded_edges + state.flipped_edges
    return [
        _hard("edges_not_closed", loose, "0", loose == 0, "every edge joins exactly two faces"),
        _hard("degenerate_faces", state.degenerate_faces, "0", state.degenerate_faces == 0, "importers drop them"),
        _hard("duplicate_faces", state.duplicate_faces, "0", state.duplicate_faces == 0, "importers drop them"),
        _hard("volume_positive", state.volume > 0, "true", state.volume > 0, "faces look outwards"),
        _hard(
            "pinched_points",
            state.pinched_points,
            "0",
            state.pinched_points == 0,
            "two surfaces touching in one point trouble sculpting and subdivision",
            hard=False,
        ),
    ]


def _height(positions: NDArray[np.float32], *, asked: float) -> Finding:
    height = float(positions[:, 1].max()) - float(positions[:, 1].min())
    passed = abs(height - asked) <= _HEIGHT_TOLERANCE * asked
    return _hard(
        "height_m",
        round(height, 9),
        f"{asked} ± {_HEIGHT_TOLERANCE:g} relative",
        passed,
        "the prop stands in the scene at its real size",
    )


def _texcoords(glb: NDArray[np.float32], usd: NDArray[np.float32], corners: NDArray[np.int32]) -> list[Finding]:
    both = np.concatenate([glb, usd])
    inside = bool(len(glb)) and float(both.min()) >= 0.0 and float(both.max()) <= 1.0
    on_grid = bool((both * np.float32(65536.0) == np.rint(both * np.float32(65536.0))).all())
    a, b, c = (glb[corners[:, k]].astype(np.float64) for k in range(3))
    # glTF's v runs down, so a triangle that lies the right way round turns negative.
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    folded = float((area >= 0.0).mean())
    return [
        _hard("uv_in_unit_square", inside, "true", inside, "one texture covers the asset"),
        _hard("uv_on_grid", on_grid, "multiples of 2^-16", on_grid, "UVs survive a flip of v exactly"),
        _hard(
            "uv_folded_share",
            round(folded, 6),
            f"<= {_MOST_FOLDED}",
            folded <= _MOST_FOLDED,
            "folded triangles share texels with their neighbours",
            hard=False,
        ),
    ]


def _glb_texcoords(container: GlbContainer) -> NDArray[np.float32]:
    """Return the first mesh's TEXCOORD_0, (n, 2), as our exporter lays it out: packed float32."""
    document = json.loads(json.dumps(container.document))
    attributes = document["meshes"][0]["primitives"][0]["attributes"]
    accessor = document["accessors"][attributes["TEXCOORD_0"]]
    view = document["bufferViews"][accessor["bufferView"]]
    start = int(view["byteOffset"])
    values = np.frombuffer(container.binary, "<f4", count=2 * int(accessor["count"]), offset=start)
    return values.reshape(-1, 2).astype(np.float32)


def _texture(path: Path, container: GlbContainer) -> list[Finding]:
    with Image.open(path) as image:
        width, height = image.size
        mode = image.mode
    square = width == height and width & (width - 1) == 0 and width <= _LARGEST_TEXTURE
    inside = path.read_bytes() in container.binary
    return [
        _hard(
            "texture_px",
            f"{width}x{height}",
            f"square, power of two, <= {_LARGEST_TEXTURE}",
            square,
            "game engines and mip chains want powers of two",
        ),
        _hard("texture_mode", mode, "RGB", mode == "RGB", "a base colour has three channels"),
        _hard("texture_shared", inside, "true", inside, "GLB and USD carry the same texture bytes"),
    ]


def _stage(reading: UsdReading) -> list[Finding]:
    settings = (
        f"{reading.meters_per_unit:g} m, {reading.up_axis} up, kind {reading.kind}, default {reading.default_prim}"
    )
    right = (reading.meters_per_unit, reading.up_axis, reading.kind) == (1.0, "Y", "component")
    relative = all(each.startswith("./") for each in reading.asset_paths) and bool(reading.asset_paths)
    errors = reading.errors
    return [
        _hard(
            "usd_stage",
            settings,
            "1 m, Y up, kind component, a default prim",
            right and bool(reading.default_prim),
            "the asset can be referenced at its real size",
        ),
        _hard(
            "usd_textures_found",
            len(reading.unresolved),
            "0",
            not reading.unresolved and relative,
            "textures stand beside the layer, by relative paths",
        ),
        _hard(
            "usd_validation",
            "not available" if errors is None else "; ".join(errors) or "no errors",
            "no errors",
            not errors,
            "USD's own validators",
            hard=errors is not None,
        ),
    ]


def _silhouette(shape: TriangleMesh, mask: NDArray[np.uint8]) -> Finding:
    """Return how far the mesh's front view and the mask cover the same pixels."""
    height, width = mask.shape
    longer = float(max(mask.shape))
    points = shape.points.astype(np.float64)
    flat = np.stack([points[:, 0] * longer + width / 2.0, height / 2.0 - points[:, 1] * longer], axis=1)
    cover = rasterise(flat[shape.faces], width=width, height=height)
    drawn = np.zeros(height * width, bool)
    drawn[cover.pixels] = True
    wanted = mask.reshape(-1) >= 128
    overlap = float((drawn & wanted).sum()) / max(float((drawn | wanted).sum()), 1.0)
    return _hard(
        "silhouette_overlap",
        round(overlap, 4),
        f">= {_LEAST_OVERLAP}",
        overlap >= _LEAST_OVERLAP,
        "the front view keeps the outline of the picture",
        hard=False,
    )
