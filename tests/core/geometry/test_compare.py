"""Naming the cause of a difference."""

from __future__ import annotations

import numpy as np
import pytest

from arp_core.errors import InputError
from arp_core.geometry.compare import explain
from arp_core.geometry.mesh import Mesh

SIDE = 12


def _grid():
    u, v = np.meshgrid(np.arange(SIDE + 1), np.arange(SIDE + 1))
    wave = 0.3 * np.sin(u.ravel() * 0.7) * np.cos(v.ravel())
    positions = np.stack((u.ravel() / 7, v.ravel() / 7, wave), axis=1).astype(np.float32)
    first = (np.arange(SIDE)[:, None] * (SIDE + 1) + np.arange(SIDE)).ravel()
    return positions, np.stack((first, first + 1, first + SIDE + 2, first + SIDE + 1), axis=1)


POSITIONS, QUADS = _grid()
FORWARD = np.concatenate((QUADS[:, [0, 1, 2]], QUADS[:, [0, 2, 3]]))
BACKWARD = np.concatenate((QUADS[:, [0, 1, 3]], QUADS[:, [1, 2, 3]]))
ORDER = np.random.default_rng(3).permutation(len(POSITIONS))
PLACE = np.argsort(ORDER)


def mesh(positions, faces):
    return Mesh(
        "m", positions.astype(np.float32), faces.ravel().astype(np.int32), np.full(len(faces), faces.shape[1], np.int32)
    )


def moved(positions, *, rows, by):
    positions = positions.copy()
    positions[rows] += np.float32(by)
    return positions


HUNDREDFOLD = (POSITIONS * np.float32(100)) / np.float32(100)
SIX_DIGITS = np.array([[float(f"{value:.6g}") for value in row] for row in POSITIONS], np.float32)
FAR = POSITIONS + np.float32(1000)
SPLIT = POSITIONS[QUADS].reshape(-1, 3)
SPLIT_QUADS = np.arange(len(SPLIT)).reshape(-1, 4)
EXTRUDED = np.concatenate((POSITIONS, POSITIONS[:2] + np.float32(5)))

CASES = {
    "same": (mesh(POSITIONS, QUADS), mesh(POSITIONS, QUADS), ("same", 0, 0, 0)),
    "other_face_order": (mesh(POSITIONS, QUADS), mesh(POSITIONS, QUADS[::-1]), ("reordered", 0, 0, 0)),
    "other_first_corner": (mesh(POSITIONS, QUADS), mesh(POSITIONS, np.roll(QUADS, 1, axis=1)), ("reordered", 0, 0, 0)),
    "split_at_every_seam": (mesh(POSITIONS, QUADS), mesh(SPLIT, SPLIT_QUADS), ("reordered", 0, 0, 0)),
    "hundredfold_and_back": (mesh(POSITIONS, QUADS), mesh(HUNDREDFOLD, QUADS), ("rounded", 0, 0, 0)),
    "six_digits_other_order": (mesh(POSITIONS, QUADS), mesh(SIX_DIGITS[ORDER], PLACE[QUADS]), ("rounded", 0, 0, 0)),
    "far_from_the_origin": (
        mesh(FAR, QUADS),
        mesh((FAR * np.float32(100)) / np.float32(100), QUADS),
        ("rounded", 0, 0, 0),
    ),
    "quads_to_triangles": (mesh(POSITIONS, QUADS), mesh(POSITIONS, FORWARD), ("retriangulated", 0, 0, 0)),
    "other_diagonals": (mesh(POSITIONS, FORWARD), mesh(POSITIONS, BACKWARD), ("retriangulated", 0, 0, 0)),
    "one_diagonal_and_rounded": (
        mesh(POSITIONS, FORWARD),
        mesh(HUNDREDFOLD, np.concatenate((FORWARD[1:144], FORWARD[145:], BACKWARD[[0, 144]]))),
        ("retriangulated", 0, 0, 0),
    ),
    "one_vertex_moved": (
        mesh(POSITIONS, QUADS),
        mesh(moved(POSITIONS, rows=[60], by=0.1), QUADS),
        ("edited", 1, 0, 0),
    ),
    "one_vertex_moved_and_all_rounded": (
        mesh(POSITIONS, QUADS),
        mesh(moved(HUNDREDFOLD, rows=[60], by=0.1), QUADS),
        ("edited", 1, 0, 0),
    ),
    "one_twin_of_a_seam_moved": (
        mesh(POSITIONS, QUADS),
        mesh(moved(SPLIT, rows=[17], by=0.1), SPLIT_QUADS),
        ("edited", 1, 0, 0),
    ),
    "many_moved_and_reordered": (
        mesh(POSITIONS, QUADS),
        mesh(moved(POSITIONS, rows=[3, 50, 90], by=0.2)[ORDER], PLACE[QUADS]),
        ("edited", 3, 0, 0),
    ),
    "face_deleted": (mesh(POSITIONS, QUADS), mesh(POSITIONS, QUADS[1:]), ("edited", 0, 0, 1)),
    "face_added": (
        mesh(POSITIONS, QUADS),
        mesh(EXTRUDED, np.concatenate((QUADS, [[0, 1, len(POSITIONS), len(POSITIONS) + 1]]))),
        ("edited", 0, 2, 0),
    ),
    "turned_inside_out": (mesh(POSITIONS, QUADS), mesh(POSITIONS, QUADS[:, ::-1]), ("edited", 0, 0, 0)),
    "one_face_turned": (
        mesh(POSITIONS, QUADS),
        mesh(POSITIONS, np.concatenate((QUADS[:1, ::-1], QUADS[1:]))),
        ("edited", 0, 0, 0),
    ),
    "emptied": (mesh(POSITIONS, QUADS), mesh(POSITIONS, QUADS[:0]), ("edited", 0, 0, len(POSITIONS))),
    "doubled_in_size": (
        mesh(POSITIONS, QUADS),
        mesh(POSITIONS * 2 + 50, QUADS),
        ("edited", len(POSITIONS), 0, 0),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_explains(name):
    sealed, scene, expected = CASES[name]
    found = explain(sealed, scene)
    assert (found.kind, found.moved, found.added, found.removed) == expected


def test_largest_deviation_is_measured():
    far = explain(mesh(POSITIONS, QUADS), mesh(moved(POSITIONS, rows=[60], by=0.25), QUADS))
    assert far.largest_deviation == pytest.approx(0.25 * 3**0.5, rel=1e-5)
    near = explain(mesh(POSITIONS, QUADS), mesh(SIX_DIGITS, QUADS))
    assert near.largest_deviation == pytest.approx(
        float(np.linalg.norm(SIX_DIGITS.astype(float) - POSITIONS, axis=1).max())
    )


def test_a_hostile_scene_mesh_is_an_input_error():
    with pytest.raises(InputError) as caught:
        explain(mesh(POSITIONS, QUADS), mesh(np.full_like(POSITIONS, np.nan), QUADS))
    assert caught.value.code == "mesh_not_finite"
