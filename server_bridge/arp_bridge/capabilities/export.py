"""Export: the finished asset as GLB and as USD with its texture beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from arp_bridge.capabilities.glb_asset import write_glb_asset
from arp_bridge.capabilities.meshfile import read_mesh
from arp_bridge.capabilities.usd_asset import write_usd_asset
from arp_core.errors import InputError
from arp_core.geometry import geometry_digests
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Parameter,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="asset-export",
    version="1.0.0",
    title=("Asset export", "资产导出"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("mesh", ("application/ply",)), Port("texture", ("image/png",))),
    outputs=(
        Port("glb", ("model/gltf-binary",)),
        Port("usd", ("model/vnd.usda",)),
        Port("texture", ("image/png",)),
    ),
    parameters=(Parameter("name", "string", "asset", help="names the files, mesh and material"),),
    code=(
        "capabilities/export.py",
        "capabilities/glb_asset.py",
        "capabilities/usd_asset.py",
        "capabilities/meshfile.py",
        "capabilities/solidity.py",
    ),
    tools=("numpy", "usd-core"),
)

_FORBIDDEN = frozenset('/\\:*?"<>|@')
_LONGEST = 120


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return ``NAME.glb``, ``NAME.usda`` and ``textures/NAME_basecolor.png``, laid out as they are delivered.

    Raises:
        InputError: ``asset_name_invalid``, ``mesh_file_invalid``.
        StorageError: A file cannot be written.
    """
    name = checked_name(str(parameters["name"]))
    mesh = read_mesh(inputs["mesh"])
    if mesh.texcoords is None:
        raise InputError("mesh_file_invalid", name=inputs["mesh"].name, reason="there are no texture coordinates")
    picture = inputs["texture"].read_bytes()
    texture = out / "textures" / f"{name}_basecolor.png"
    texture.parent.mkdir(exist_ok=True)
    texture.write_bytes(picture)
    glb = out / f"{name}.glb"
    write_glb_asset(glb, mesh, texture=picture, name=name)
    progress(0.5)
    usd = out / f"{name}.usda"
    write_usd_asset(usd, mesh, texture=f"./textures/{texture.name}", name=name)
    return CapabilityResult(
        outputs={"glb": glb, "usd": usd, "texture": texture},
        facts={
            "faces": len(mesh.faces),
            "glb_geometry": geometry_digests(glb),
            "usd_geometry": geometry_digests(usd),
        },
    )


def checked_name(name: str) -> str:
    """Return ``name`` if files and USD asset paths can carry it.

    Raises:
        InputError: ``asset_name_invalid``.
    """
    awkward = any(letter in _FORBIDDEN or not letter.isprintable() for letter in name)
    if not name.strip(" .") or awkward or len(name.encode("utf-8")) > _LONGEST or name != name.strip():
        raise InputError("asset_name_invalid", name=name)
    return name
