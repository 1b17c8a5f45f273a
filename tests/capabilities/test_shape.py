"""From outline to mesh: closed, round, with its holes, at the size asked for."""

from __future__ import annotations

import numpy as np
import pictures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from arp_bridge.capabilities.mending import drop_folds, part_fans, turn_slivers
from arp_bridge.capabilities.meshfile import TriangleMesh, read_mesh, write_mesh
from arp_bridge.capabilities.solidity import examine, face_normals, weld
from arp_core.errors import InputError


def _inputs(capability, tmp_path, image):
    path = pictures.written(tmp_path, "picture.png", pictures.encoded(image, "PNG"))
    clean = capability("image-intake", {"image": path}).outputs["image"]
    mask = capability("foreground-mask", {"image": clean}).outputs["mask"]
    return {"image": clean, "mask": mask}


def _euler(mesh):
    points, faces = weld(mesh.points, mesh.faces)
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0)
    return len(points) - len(edges) + len(faces)


@pytest.fixture
def shape(capability, tmp_path):
    def make(image, **parameters):
        made = capability("silhouette-inflation", _inputs(capability, tmp_path, image), **parameters)
        return made.outputs["mesh"]

    return make


def test_a_disc_becomes_a_round_solid_of_the_known_depth(shape):
    mesh = read_mesh(shape(pictures.disc(), depth=1.0, relief=0.0))
    state = examine(mesh.points, mesh.faces)
    assert state.clean
    extent = mesh.points.max(axis=0) - mesh.points.min(axis=0)
    assert extent[0] == pytest.approx(0.8, abs=0.01)
    assert extent[1] == pytest.approx(0.8, abs=0.01)
    # u = r² on the axis of a disc; heights then level off by 1 / (1 + u / limit²).
    assert 0.15 < mesh.points[:, 2].max() < 0.4
    assert -0.4 < mesh.points[:, 2].min() < -0.1
    centre = np.abs(mesh.points[:, :2]).max(axis=1) < 0.02
    assert mesh.points[centre, 2].max() == pytest.approx(mesh.points[:, 2].max(), abs=0.01)


def test_the_rim_of_a_disc_is_a_circle_not_a_staircase(shape):
    mesh = read_mesh(shape(pictures.disc(), depth=1.0, relief=0.0))
    rim = np.abs(mesh.points[:, 2]) < 0.004
    radius = np.hypot(mesh.points[rim, 0], mesh.points[rim, 1])
    assert rim.sum() > 200
    # One pixel of this picture is 1/128 of its side.
    assert np.abs(radius - 0.4).max() < 0.35 / 128


def test_a_handle_makes_a_ring(shape):
    mesh = read_mesh(shape(pictures.mug()))
    assert examine(mesh.points, mesh.faces).clean
    assert _euler(mesh) == 0


def test_a_wide_flat_foot_is_a_round_foot(shape):
    picture = np.zeros((256, 256, 4), np.uint8)
    picture[40:210, 90:166] = (120, 90, 60, 255)
    picture[210:222, 78:178] = (120, 90, 60, 255)
    mesh = read_mesh(shape(Image.fromarray(picture), depth=1.0, relief=0.0))
    assert examine(mesh.points, mesh.faces).clean
    half = 50 / 256
    foot = mesh.points[np.abs(mesh.points[:, 1] - (128 - 218) / 256) < 1.5 / 256]
    for x, share in ((0.0, 1.0), (0.6, 0.8), (-0.6, 0.8)):
        near = np.abs(foot[:, 0] - x * half) < 1.5 / 256
        # A disc of the row's width, levelled off; as a blade it had a tenth of this.
        assert foot[near, 2].max() > 0.6 * share * half


def test_what_faces_the_front_lies_in_the_layout_as_it_was_drawn(capability, shape):
    small = capability("mesh-decimation", {"mesh": shape(pictures.mug())}).outputs["mesh"]
    mesh = read_mesh(capability("uv-unwrap", {"mesh": small}).outputs["mesh"])
    points, uv = mesh.points.astype(float), mesh.texcoords.astype(float)
    flat = face_normals(points, mesh.faces)
    frontal = flat[:, 2] > 0.9 * np.sqrt((flat**2).sum(axis=1))
    steep = np.unique(mesh.faces[~frontal])
    inner = np.setdiff1d(np.unique(mesh.faces[frontal]), steep)
    assert len(inner) > 100
    across, place = np.column_stack([points[inner, :2], np.ones(len(inner))]), uv[inner]
    fitted, *_ = np.linalg.lstsq(across, place, rcond=None)
    assert np.abs(across @ fitted - place).max() < 2 / 65536


def test_a_part_one_pixel_wide_stays(shape):
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[60:110, 40:90] = (120, 90, 60, 255)
    picture[15:60, 64] = (120, 90, 60, 255)
    mesh = read_mesh(shape(Image.fromarray(picture)))
    top = (64 - 15) / 128
    assert mesh.points[:, 1].max() == pytest.approx(top, abs=2.5 / 128)


@pytest.mark.parametrize("faces", [500, 2000, 8000])
def test_decimation_keeps_a_clean_solid_within_the_budget(capability, shape, faces):
    made = capability("mesh-decimation", {"mesh": shape(pictures.mug())}, faces=faces)
    mesh = read_mesh(made.outputs["mesh"])
    assert examine(mesh.points, mesh.faces).clean
    assert 0.55 * faces < len(mesh.faces) <= faces
    assert _euler(mesh) == 0


def test_decimation_refuses_an_open_mesh(capability, tmp_path):
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0)), axis=-1).reshape(-1, 2) / 40
    points = np.column_stack([grid, np.zeros(len(grid))]).astype(np.float32)
    quads = [(r * 40 + c, r * 40 + c + 1, r * 40 + c + 41, r * 40 + c + 40) for r in range(39) for c in range(39)]
    faces = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))], np.int32)
    path = tmp_path / "open.ply"
    write_mesh(path, TriangleMesh(points, faces))
    with pytest.raises(InputError) as caught:
        capability("mesh-decimation", {"mesh": path}, faces=500)
    assert caught.value.code == "mesh_not_closed"


@pytest.mark.parametrize("height", [0.001, 0.333, 1.8, 1000.0])
def test_the_height_is_real_and_the_base_stands_on_the_origin(capability, shape, height):
    small = capability("mesh-decimation", {"mesh": shape(pictures.mug())}, faces=2000).outputs["mesh"]
    flat = capability("uv-unwrap", {"mesh": small}).outputs["mesh"]
    made = capability("scale-calibration", {"mesh": flat}, height=height)
    mesh = read_mesh(made.outputs["mesh"])
    low, high = mesh.points.min(axis=0).astype(float), mesh.points.max(axis=0).astype(float)
    assert high[1] - low[1] == pytest.approx(height, rel=1e-6)
    assert low[1] == 0.0
    assert np.abs(low[[0, 2]] + high[[0, 2]]).max() <= 1e-6 * height
    assert examine(mesh.points, mesh.faces).clean


def test_uvs_stay_inside_on_the_grid_and_do_not_fold(capability, shape):
    small = capability("mesh-decimation", {"mesh": shape(pictures.mug())}).outputs["mesh"]
    made = capability("uv-unwrap", {"mesh": small})
    mesh = read_mesh(made.outputs["mesh"])
    uv = mesh.texcoords.astype(float)
    assert uv.min() >= 0
    assert uv.max() <= 1
    assert (uv * 65536 == np.rint(uv * 65536)).all()
    assert (np.float32(1) - (np.float32(1) - mesh.texcoords) == mesh.texcoords).all()
    assert made.facts["folded_triangles"] <= 0.005 * len(mesh.faces)


BROKEN = [
    ("clean", lambda p, f: (p, f), {}),
    ("one_face_missing", lambda p, f: (p, f[1:]), {"open_edges": 3}),
    ("one_face_twice", lambda p, f: (p, np.concatenate([f, f[:1]])), {"duplicate_faces": 1, "crowded_edges": 3}),
    ("one_face_turned", lambda p, f: (p, np.concatenate([f[:1, ::-1], f[1:]])), {"flipped_edges": 3}),
    ("one_face_flat", lambda p, f: (p, np.concatenate([f, [[0, 0, 1]]])), {"degenerate_faces": 1}),
    ("two_solids_touching", lambda p, f: (np.concatenate([p, 2 * p[0] - p]), np.concatenate([f, (f + 4)[:, ::-1]])),
     {"pinched_points": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "wrong"), BROKEN, ids=[row[0] for row in BROKEN])
def test_examination_counts_each_defect(name, spoil, wrong):
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32)
    state = examine(*(np.asarray(part, kind) for part, kind in zip(spoil(points, faces), ("f4", "i4"), strict=True)))
    for defect, count in wrong.items():
        assert getattr(state, defect) == count
    assert state.clean == (name in ("clean", "two_solids_touching"))


def test_back_to_back_faces_are_taken_out_in_pairs():
    faces = np.array([[0, 1, 2], [2, 1, 0], [3, 3, 4], [4, 5, 6]], np.int32)
    assert drop_folds(faces).tolist() == [[4, 5, 6]]


def test_two_solids_touching_in_a_point_or_an_edge_are_drawn_apart():
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 0], [0, 0, -1], [-1, -1, -1]], np.float32)
    one = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]
    along_an_edge = [[0, 5, 1], [0, 1, 4], [1, 5, 4], [0, 4, 5]]
    at_a_point = [[0, 5, 4], [0, 4, 6], [0, 6, 5], [4, 5, 6]]
    for other in (along_an_edge, at_a_point):
        faces = np.array(one + other, np.int32)
        before = examine(points, faces)
        assert before.crowded_edges + before.pinched_points > 0
        after = examine(*part_fans(points, faces, step=1 / 1024))
        assert after.closed
        assert after.pinched_points == 0


def test_a_face_without_area_is_turned_into_its_neighbour():
    points = np.array([[0, 0, 0], [2, 0, 0], [1, 0, 0], [1, 2, 0], [1, 1, 3]], np.float32)
    faces = np.array([[0, 1, 2], [1, 0, 3], [0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4]], np.int32)
    assert examine(points, faces).degenerate_faces == 1
    state = examine(points, turn_slivers(points, faces))
    assert state.closed
    assert state.degenerate_faces == 0
    assert state.volume == examine(points, faces).volume


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-4, 4, width=32)] * 3), min_size=3, max_size=12))
def test_a_mesh_file_gives_back_what_was_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("ply") / "mesh.ply"
    points = np.array(rows, np.float32)
    mesh = TriangleMesh(points, np.array([[0, 1, 2]], np.int32), points[:, :2].copy())
    write_mesh(path, mesh)
    again = read_mesh(path)
    assert again.points.tobytes() == points.tobytes()
    assert again.faces.tolist() == [[0, 1, 2]]
    assert again.texcoords.tobytes() == mesh.texcoords.tobytes()


DAMAGED = [
    ("cut", lambda data: data[:-3]),
    ("longer", lambda data: data + b"\0"),
    ("foreign", lambda data: b"solid " + data),
    ("index_out_of_range", lambda data: data[:-4] + b"\xff\xff\xff\x7f"),
]


@pytest.mark.parametrize(("name", "spoil"), DAMAGED, ids=[row[0] for row in DAMAGED])
def test_refuses_a_damaged_mesh_file(tmp_path, name, spoil):
    path = tmp_path / "mesh.ply"
    write_mesh(path, TriangleMesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32)))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        read_mesh(path)
    assert caught.value.code == "mesh_file_invalid"
