"""The mesh that travels between nodes: a binary PLY file, byte for byte repeatable.

Triangles only. ``texcoords``, where present, are per vertex (a vertex on a
seam stands twice), as PLY viewers expect them under the names ``s`` and ``t``.

Reads only what it writes: this is an intermediate form, not an importer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arp_core.errors import InputError

_HEADER_LIMIT = 1024
_FACE = np.dtype([("count", "u1"), ("corners", "<i4", (3,))])


@dataclass(frozen=True)
class TriangleMesh:
    """Triangles: ``points`` (n, 3) float32, ``faces`` (m, 3) int32, ``texcoords`` (n, 2) float32 or None.

    Frame: +X right, +Y up, +Z towards the viewer of the picture; unit as the
    node says (picture sides before calibration, metres after).
    """

    points: NDArray[np.float32]
    faces: NDArray[np.int32]
    texcoords: NDArray[np.float32] | None = None


def write_mesh(path: Path, mesh: TriangleMesh) -> None:
    """Write ``mesh`` as binary little-endian PLY."""
    names = ["x", "y", "z"] + (["s", "t"] if mesh.texcoords is not None else [])
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(mesh.points)}"]
    header += [f"property float {name}" for name in names]
    header += [f"element face {len(mesh.faces)}", "property list uchar int vertex_indices", "end_header", ""]
    columns = mesh.points if mesh.texcoords is None else np.hstack([mesh.points, mesh.texcoords])
    faces = np.empty(len(mesh.faces), _FACE)
    faces["count"] = 3
    faces["corners"] = mesh.faces
    body = np.ascontiguousarray(columns, "<f4").tobytes() + faces.tobytes()
    path.write_bytes("\n".join(header).encode("ascii") + body)


def read_mesh(path: Path) -> TriangleMesh:
    """Return the mesh that :func:`write_mesh` wrote.

    Raises:
        InputError: ``mesh_file_invalid``.
    """
    data = path.read_bytes()
    end = data.find(b"end_header\n", 0, _HEADER_LIMIT)
    if not data.startswith(b"ply\nformat binary_little_endian 1.0\n") or end < 0:
        raise InputError("mesh_file_invalid", name=path.name, reason="the header is not ours")
    lines = data[:end].decode("ascii", "replace").split("\n")
    counts = {line.split()[1]: int(line.split()[2]) for line in lines if line.startswith("element ")}
    width = sum(line.startswith("property float ") for line in lines)
    vertices, triangles = counts.get("vertex", 0), counts.get("face", 0)
    start = end + len(b"end_header\n")
    middle = start + vertices * width * 4
    if width not in (3, 5) or len(data) != middle + triangles * _FACE.itemsize:
        raise InputError("mesh_file_invalid", name=path.name, reason="the lengths disagree")
    columns = np.frombuffer(data, "<f4", count=vertices * width, offset=start).reshape(vertices, width)
    corners = np.frombuffer(data, _FACE, count=triangles, offset=middle)["corners"]
    if triangles and not (int(corners.min()) >= 0 and int(corners.max()) < vertices):
        raise InputError("mesh_file_invalid", name=path.name, reason="a face names a vertex that is not there")
    return TriangleMesh(
        points=np.ascontiguousarray(columns[:, :3], np.float32),
        faces=np.ascontiguousarray(corners, np.int32),
        texcoords=np.ascontiguousarray(columns[:, 3:], np.float32) if width == 5 else None,
    )
