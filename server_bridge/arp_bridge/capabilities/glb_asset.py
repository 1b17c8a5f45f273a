"""The GLB form of a finished asset: one mesh, one material, its texture inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arp_bridge.capabilities.meshfile import TriangleMesh
from arp_bridge.capabilities.solidity import smooth_normals, weld
from arp_core.stamp.glb import write_glb

#: A matte, non-metallic start: a picture does not say how its object reflects.
ROUGHNESS = 0.9

_FLOAT, _UINT16, _UINT32 = 5126, 5123, 5125
_ARRAY, _ELEMENTS = 34962, 34963
_LINEAR, _MIPMAPS, _CLAMP = 9729, 9987, 33071


def vertex_normals(mesh: TriangleMesh) -> NDArray[np.float32]:
    """Return (n, 3) unit normals, equal on both sides of a seam."""
    points, faces = weld(mesh.points, mesh.faces)
    by_point = smooth_normals(points.astype(np.float64), faces)
    normals = np.zeros((len(mesh.points), 3))
    normals[mesh.faces.reshape(-1)] = by_point[faces.reshape(-1)]
    return normals.astype(np.float32)


def write_glb_asset(path: Path, mesh: TriangleMesh, *, texture: bytes, name: str) -> None:
    """Write the unsealed GLB file.

    Args:
        path: The file to write.
        mesh: With texture coordinates (v up; glTF's v runs down, so 1 − v is
            stored, exact because UVs are multiples of 2⁻¹⁶).
        texture: A PNG file.
        name: The asset's name; mesh, node, material and image are named after it.
    """
    if mesh.texcoords is None:
        raise AssertionError("an asset is exported with texture coordinates")
    texcoords = mesh.texcoords.copy()
    texcoords[:, 1] = np.float32(1.0) - texcoords[:, 1]
    wide = len(mesh.points) > 0xFFFF
    indices = mesh.faces.reshape(-1).astype("<u4" if wide else "<u2")
    parts = (
        np.ascontiguousarray(mesh.points, "<f4").tobytes(),
        np.ascontiguousarray(vertex_normals(mesh), "<f4").tobytes(),
        np.ascontiguousarray(texcoords, "<f4").tobytes(),
        indices.tobytes(),
        texture,
    )
    binary, views = bytearray(), []
    for number, part in enumerate(parts):
        binary.extend(b"\0" * (-len(binary) % 4))
        view: dict[str, object] = {"buffer": 0, "byteOffset": len(binary), "byteLength": len(part)}
        if number < 4:
            view["target"] = _ELEMENTS if number == 3 else _ARRAY
        views.append(view)
        binary.extend(part)
    count = len(mesh.points)
    document: dict[str, object] = {
        "asset": {"version": "2.0", "generator": "Asset Routing Pipeline"},
        "scene": 0,
        "scenes": [{"name": name, "nodes": [0]}],
        "nodes": [{"name": name, "mesh": 0}],
        "meshes": [
            {
                "name": name,
                "primitives": [
                    {
                        "attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2},
                        "indices": 3,
                        "material": 0,
                        "mode": 4,
                    }
                ],
            }
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": _FLOAT,
                "count": count,
                "type": "VEC3",
                "min": [float(value) for value in mesh.points.min(axis=0)],
                "max": [float(value) for value in mesh.points.max(axis=0)],
            },
            {"bufferView": 1, "componentType": _FLOAT, "count": count, "type": "VEC3"},
            {"bufferView": 2, "componentType": _FLOAT, "count": count, "type": "VEC2"},
            {
                "bufferView": 3,
                "componentType": _UINT32 if wide else _UINT16,
                "count": len(indices),
                "type": "SCALAR",
            },
        ],
        "materials": [
            {
                "name": f"{name}_material",
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": 0},
                    "metallicFactor": 0,
                    "roughnessFactor": ROUGHNESS,
                },
            }
        ],
        "textures": [{"source": 0, "sampler": 0, "name": f"{name}_basecolor"}],
        "images": [{"bufferView": 4, "mimeType": "image/png", "name": f"{name}_basecolor"}],
        "samplers": [{"magFilter": _LINEAR, "minFilter": _MIPMAPS, "wrapS": _CLAMP, "wrapT": _CLAMP}],
        "bufferViews": views,
        "buffers": [{"byteLength": len(binary)}],
    }
    write_glb(path, document=document, binary=bytes(binary))
