"""Rebuild docs/spec/vectors/geometry: golden vectors of the geometry digest, good and bad.

The digests are computed here in plain Python from the specification, not with
the product. Run: ``python tests/vectors/build_geometry.py``.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors" / "geometry"

SQUARE = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)]
TENTH = struct.unpack("<f", struct.pack("<f", 0.1))[0]
TENTH_NEXT = struct.unpack("<f", struct.pack("<I", 0x3DCCCCCE))[0]
DENORMAL = struct.unpack("<f", struct.pack("<I", 1))[0]

GOOD = {
    "no_polygons": ([], []),
    "triangle": (SQUARE, [[0, 1, 2]]),
    "triangle_from_another_corner": (SQUARE, [[2, 0, 1]]),
    "triangle_turned": (SQUARE, [[2, 1, 0]]),
    "quad": (SQUARE, [[0, 1, 2, 3]]),
    "quad_as_two_triangles": (SQUARE, [[0, 1, 2], [0, 2, 3]]),
    "two_triangles_split": ([SQUARE[0], SQUARE[2], SQUARE[3], *SQUARE[:3]], [[3, 4, 5], [0, 1, 2]]),
    "mixed_sizes_out_of_order": (SQUARE, [[0, 1, 2, 3], [2, 1, 0]]),
    "loose_vertex_does_not_count": ([*SQUARE, (9.0, 9.0, 9.0)], [[0, 1, 2]]),
    "negative_zero": ([(-0.0, 0.0, -0.0), *SQUARE[1:]], [[0, 1, 2]]),
    "negative_before_positive": ([(-1.0, -2.0, 3.0), (-1.0, 2.0, 3.0), (1.0, -2.0, -3.0)], [[2, 1, 0]]),
    "denormal_is_not_zero": ([(DENORMAL, 0.0, 0.0), *SQUARE[1:]], [[0, 1, 2]]),
    "tenth": ([(TENTH, 0.0, 0.0), *SQUARE[1:]], [[0, 1, 2]]),
    "tenth_and_one_ulp": ([(TENTH_NEXT, 0.0, 0.0), *SQUARE[1:]], [[0, 1, 2]]),
    "position_twice_in_a_polygon": (SQUARE, [[1, 0, 2, 0, 1]]),
    "all_corners_on_one_position": (SQUARE, [[3, 3, 3]]),
    "same_polygon_twice": (SQUARE, [[0, 1, 2], [1, 2, 0]]),
}

BAD = {
    "not_a_number": ([*SQUARE[:2], (0.0, float("nan"), 0.0)], [0, 1, 2], [3], "mesh_not_finite"),
    "infinity": ([*SQUARE[:2], (0.0, float("-inf"), 0.0)], [0, 1, 2], [3], "mesh_not_finite"),
    "corner_beyond_the_positions": (SQUARE, [0, 1, 4], [3], "mesh_malformed"),
    "negative_corner": (SQUARE, [0, 1, -1], [3], "mesh_malformed"),
    "polygon_without_corners": (SQUARE, [0, 1, 2], [3, 0], "mesh_malformed"),
    "counts_do_not_add_up": (SQUARE, [0, 1, 2, 3], [3], "mesh_malformed"),
}


def digest(positions: list[tuple[float, ...]], polygons: list[list[int]]) -> str:
    points = [tuple(value + 0.0 for value in point) for point in positions]
    order = sorted(set(points))
    rank = {point: number for number, point in enumerate(order)}
    rows = []
    for polygon in polygons:
        ranks = [rank[points[corner]] for corner in polygon]
        rows.append(min(ranks[shift:] + ranks[:shift] for shift in range(len(ranks))))
    rows.sort(key=lambda row: (len(row), row))
    state = hashlib.sha256()
    for row in rows:
        state.update(struct.pack("<I", len(row)) + b"".join(struct.pack("<3f", *order[number]) for number in row))
    return state.hexdigest()


def bits(positions: list[tuple[float, ...]]) -> list[str]:
    """Each position as the 12 bytes of its three little-endian float32, in hexadecimal."""
    return [struct.pack("<3f", *point).hex() for point in positions]


def build() -> dict[str, str]:
    """Return file name -> text."""
    good = [
        {
            "name": name,
            "positions": bits(positions),
            "corners": [corner for polygon in polygons for corner in polygon],
            "counts": [len(polygon) for polygon in polygons],
            "sha256": digest(positions, polygons),
        }
        for name, (positions, polygons) in GOOD.items()
    ]
    bad = [
        {"name": name, "positions": bits(positions), "corners": corners, "counts": counts, "code": code}
        for name, (positions, corners, counts, code) in BAD.items()
    ]
    return {
        "good.json": json.dumps(good, indent=1) + "\n",
        "bad.json": json.dumps(bad, indent=1) + "\n",
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in build().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
