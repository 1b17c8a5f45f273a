"""One unsealed file of every kind, as the exporters write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from arp_core.stamp import AigcLabel, StampFacts
from arp_core.stamp.glb import write_glb

POSITIONS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0.1]], "<f4")
UVS = np.array([[0, 0], [1, 0], [0, 0.5]], "<f4")
BINARY = POSITIONS.tobytes() + UVS.tobytes() + np.array([0, 1, 2], "<u2").tobytes()
DOCUMENT = {
    "scene": 0,
    "asset": {"version": "2.0", "generator": "test"},
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0, "name": "椅子"}],
    "meshes": [
        {"name": "m", "primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}
    ],
    "materials": [{"name": "paint"}],
    "buffers": [{"byteLength": len(BINARY)}],
    "bufferViews": [
        {"buffer": 0, "byteLength": 36},
        {"buffer": 0, "byteOffset": 36, "byteLength": 24},
        {"buffer": 0, "byteOffset": 60, "byteLength": 6},
    ],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0.1]},
        {"bufferView": 1, "componentType": 5126, "count": 3, "type": "VEC2"},
        {"bufferView": 2, "componentType": 5123, "count": 3, "type": "SCALAR"},
    ],
}


def _usd(path: Path) -> None:
    from pxr import Sdf, Usd, UsdGeom, UsdShade

    from arp_core.stamp.usd import export_canonical

    layer = Sdf.Layer.CreateAnonymous()
    stage = Usd.Stage.Open(layer)
    UsdGeom.SetStageUpAxis(stage, "Y")
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    root = UsdGeom.Xform.Define(stage, "/chair")
    stage.SetDefaultPrim(root.GetPrim())
    mesh = UsdGeom.Mesh.Define(stage, "/chair/seat")
    mesh.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0.1, 1, 0.3)])
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, "varying").Set(
        [(0, 0), (1, 0), (1, 1), (0, 0.25)]
    )
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim())
    shader = UsdShade.Shader.Define(stage, "/chair/material/texture")
    shader.CreateIdAttr("UsdUVTexture")
    shader.CreateInput("file", Sdf.ValueTypeNames.Asset).Set("./textures/椅子_basecolor.png")
    export_canonical(layer, path)


def _picture(path: Path) -> None:
    from PIL import Image

    pixels = np.random.default_rng(5).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def unsealed(tmp_path):
    """Write the unsealed file with this suffix and return its path."""

    def write(suffix: str, name: str = "chair") -> Path:
        path = tmp_path / f"{name}{suffix}"
        if suffix == ".glb":
            write_glb(path, document=DOCUMENT, binary=BINARY)
        elif suffix in (".png", ".jpg"):
            _picture(path)
        else:
            pytest.importorskip("pxr", reason="usd-core is not installed")
            _usd(path)
        return path

    return write


@pytest.fixture
def label():
    return AigcLabel(label="1", content_producer="did:key:z6Mkt", produce_id="cred_01h455vb4pex5vsknk084sn02q")


@pytest.fixture
def facts(label):
    return StampFacts(
        asset_uri="arp:///obj_01h455vb4pex5vsknk084sn02q",
        version="3",
        credential_uri="arp:///cred_01h455vb4pex5vsknk084sn02q",
        sidecar_name="椅子_mts.json",
        producer="io.asset-routing.image-to-3d",
        producer_version="0.1.0",
        digital_source_type="algorithmicMedia",
        label=label,
    )
