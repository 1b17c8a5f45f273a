"""The vectorised digest against a slow reading of the specification, and what it must (not) depend on."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arp_core.errors import InputError
from arp_core.geometry.digest import check_sealable, mesh_digest, require_sealable
from arp_core.geometry.mesh import Mesh, y_up_to_z_up, z_up_to_y_up

# Few values, so that positions repeat inside and between polygons; the smallest denormal and both zeros among them.
COORDINATES = st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-45, 3.5, -2.25, 3.0e38])


def reference(positions, polygons) -> bytes:
    """docs/spec/geometry-digest.md, step by step, in plain Python."""
    points = [tuple(float(value) + 0.0 for value in row) for row in positions]
    order = sorted(set(points))
    rank = {point: number for number, point in enumerate(order)}
    rows = []
    for polygon in polygons:
        ranks = [rank[points[corner]] for corner in polygon]
        rows.append(min(ranks[shift:] + ranks[:shift] for shift in range(len(ranks))))
    rows.sort(key=lambda row: (len(row), row))
    state = hashlib.sha256()
    for row in rows:
        state.update(struct.pack("<I", len(row)))
        for number in row:
            state.update(struct.pack("<3f", *order[number]))
    return state.digest()


def arrays(positions, polygons):
    return (
        np.array(positions, np.float32).reshape(-1, 3),
        np.array([corner for polygon in polygons for corner in polygon], np.int32),
        np.array([len(polygon) for polygon in polygons], np.int32),
    )


@st.composite
def meshes(draw):
    positions = draw(st.lists(st.tuples(COORDINATES, COORDINATES, COORDINATES), min_size=1, max_size=12))
    corner = st.integers(0, len(positions) - 1)
    sizes = draw(st.lists(st.sampled_from([1, 2, 3, 3, 3, 4, 4, 5, 7, 70]), max_size=10))
    return positions, [draw(st.lists(corner, min_size=size, max_size=size)) for size in sizes]


@settings(max_examples=300, deadline=None)
@given(meshes())
def test_agrees_with_the_specification_read_slowly(mesh):
    positions, polygons = mesh
    rounded = np.array(positions, np.float32).reshape(-1, 3)
    assert mesh_digest(*arrays(positions, polygons)) == reference(rounded.tolist(), polygons)


@settings(max_examples=100, deadline=None)
@given(meshes(), st.randoms(use_true_random=False))
def test_does_not_depend_on_order_splitting_or_first_corner(mesh, random):
    positions, polygons = mesh
    split_positions, split_polygons = [], []
    for polygon in random.sample(polygons, len(polygons)):
        shift = random.randrange(len(polygon))
        start = len(split_positions)
        split_positions += [positions[corner] for corner in polygon[shift:] + polygon[:shift]]
        split_polygons.append(list(range(start, start + len(polygon))))
    split_positions = split_positions or positions
    assert mesh_digest(*arrays(positions, polygons)) == mesh_digest(*arrays(split_positions, split_polygons))


@pytest.mark.parametrize("count", [70_000, 2_200_000])
def test_agrees_when_keys_no_longer_fit_one_word(count):
    # 17 and 22 bits a rank: three and two corners a key; the last corners decide.
    positions = np.arange(count * 3, dtype=np.float32).reshape(-1, 3)
    polygons = [[0, 1, 2, 9], [0, 1, 2, 8], [0, 1, 2, 8, 7], [0, 1, 2, 8, 6], [5, 0, 1], [4, 0, 1]]
    used = {corner: positions[corner].tolist() for polygon in polygons for corner in polygon}
    numbers = {corner: number for number, corner in enumerate(used)}
    small = [[numbers[corner] for corner in polygon] for polygon in polygons]
    corners = np.array([corner for polygon in polygons for corner in polygon], np.int32)
    counts = np.array([len(polygon) for polygon in polygons], np.int32)
    assert mesh_digest(positions, corners, counts) == reference(list(used.values()), small)


SQUARE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
CHANGES = {
    "one_ulp": ([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, np.nextafter(np.float32(1), np.float32(2)), 0)], [[0, 1, 2, 3]]),
    "winding": (SQUARE, [[3, 2, 1, 0]]),
    "triangles": (SQUARE, [[0, 1, 2], [0, 2, 3]]),
    "twice": (SQUARE, [[0, 1, 2, 3], [0, 1, 2, 3]]),
    "nothing": (SQUARE, []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_depends_on(name):
    assert mesh_digest(*arrays(*CHANGES[name])) != mesh_digest(*arrays(SQUARE, [[0, 1, 2, 3]]))


def test_negative_zero_is_zero_and_loose_vertices_do_not_count():
    plain = mesh_digest(*arrays(SQUARE, [[0, 1, 2, 3]]))
    assert mesh_digest(*arrays([(-0.0, 0, -0.0), *SQUARE[1:], (9, 9, 9)], [[0, 1, 2, 3]])) == plain


BAD = {
    "nan": (np.array([[0, 0, np.nan]] * 3, np.float32), [0, 1, 2], [3], "mesh_not_finite"),
    "infinity": (np.array([[0, 0, -np.inf]] * 3, np.float32), [0, 1, 2], [3], "mesh_not_finite"),
    "double_precision": (np.zeros((3, 3)), [0, 1, 2], [3], "mesh_malformed"),
    "flat_positions": (np.zeros(9, np.float32), [0, 1, 2], [3], "mesh_malformed"),
    "corner_beyond": (np.zeros((3, 3), np.float32), [0, 1, 3], [3], "mesh_malformed"),
    "corner_negative": (np.zeros((3, 3), np.float32), [0, 1, -1], [3], "mesh_malformed"),
    "counts_short": (np.zeros((3, 3), np.float32), [0, 1, 2], [2], "mesh_malformed"),
    "count_zero": (np.zeros((3, 3), np.float32), [0, 1, 2], [3, 0], "mesh_malformed"),
    "no_positions": (np.zeros((0, 3), np.float32), [0, 0, 0], [3], "mesh_malformed"),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses(name):
    positions, corners, counts, code = BAD[name]
    with pytest.raises(InputError) as caught:
        mesh_digest(positions, np.array(corners, np.int32), np.array(counts, np.int32))
    assert caught.value.code == code


SEALABLE = {
    "clean": ([[0, 1, 2, 3]], 0, 0),
    "triangle_on_two_places": ([[0, 1, 1]], 1, 0),
    "quad_touching_itself": ([[0, 1, 2, 0]], 1, 0),
    "edge": ([[0, 1]], 1, 0),
    "double": ([[0, 1, 2], [1, 2, 0]], 0, 1),
    "double_turned": ([[0, 1, 2], [2, 1, 0]], 0, 1),
    "thrice": ([[0, 1, 2], [1, 2, 0], [2, 0, 1]], 0, 2),
    "quad_over_triangle": ([[0, 1, 2], [0, 1, 2, 3]], 0, 0),
}


@pytest.mark.parametrize("name", SEALABLE)
def test_counts_what_importers_drop(name):
    polygons, degenerate, duplicate = SEALABLE[name]
    mesh = Mesh("m", *arrays(SQUARE, polygons))
    found = check_sealable(mesh)
    assert (found.degenerate, found.duplicate, bool(found)) == (degenerate, duplicate, not degenerate + duplicate)
    if found:
        require_sealable(mesh)
        return
    with pytest.raises(InputError) as caught:
        require_sealable(mesh)
    assert caught.value.code == "mesh_not_sealable"


@given(st.lists(st.tuples(*[st.floats(width=32, allow_nan=False)] * 3), min_size=1))
def test_frames_turn_exactly(rows):
    positions = np.array(rows, np.float32)
    there = y_up_to_z_up(positions)
    assert (there == np.stack((positions[:, 0], -positions[:, 2], positions[:, 1]), axis=1)).all()
    assert z_up_to_y_up(there).tobytes() == positions.tobytes()
