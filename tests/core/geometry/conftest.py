"""GLB files built by hand, without the code under test."""

from __future__ import annotations

import copy
import json
import struct

import numpy as np
import pytest

POSITIONS = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "<f4")
INDICES = np.array([0, 1, 2, 0, 2, 3], "<u2")
BINARY = POSITIONS.tobytes() + INDICES.tobytes()
DOCUMENT = {
    "asset": {"version": "2.0"},
    "scene": 0,
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0, "scale": [2, 2, 2]}],
    "meshes": [{"name": "seat", "primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
    "buffers": [{"byteLength": len(BINARY)}],
    "bufferViews": [
        {"buffer": 0, "byteLength": 48},
        {"buffer": 0, "byteOffset": 48, "byteLength": 12},
    ],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
        {"bufferView": 1, "componentType": 5123, "count": 6, "type": "SCALAR"},
    ],
}


def pack(document, binary=BINARY, *, text=None) -> bytes:
    text = json.dumps(document, indent=1).encode() if text is None else text
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        body += struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<III", 0x46546C67, 2, len(body) + 12) + body


@pytest.fixture
def document():
    return copy.deepcopy(DOCUMENT)


@pytest.fixture
def write(tmp_path):
    """Write a GLB file from a document, or from whole bytes."""

    def write_file(content, binary=BINARY):
        path = tmp_path / "made.glb"
        path.write_bytes(content if isinstance(content, bytes) else pack(content, binary))
        return path

    return write_file


@pytest.fixture
def packed():
    return pack
