"""Reading GLB: against trimesh, every refusal by its code, and damage never more than an InputError."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
import trimesh

from arp_core.errors import InputError
from arp_core.geometry import file_meshes, geometry_digests
from arp_core.geometry.digest import mesh_digest
from arp_core.multiformats import multihash_u


def trimesh_digest(path) -> str:
    """The file as trimesh reads it, primitives joined, transforms left out."""
    scene = trimesh.load(path, process=False, force="scene")
    parts = list(scene.geometry.values())
    offsets = np.cumsum([0, *[len(part.vertices) for part in parts]])
    positions = np.concatenate([part.vertices for part in parts]).astype(np.float32)
    corners = np.concatenate([part.faces + offset for part, offset in zip(parts, offsets, strict=False)])
    return multihash_u(mesh_digest(positions, corners.ravel().astype(np.int32), np.full(len(corners), 3, np.int32)))


def test_reads_what_trimesh_reads(write, document):
    path = write(document)
    assert geometry_digests(path) == {"seat": trimesh_digest(path)}


def test_reads_what_trimesh_writes(tmp_path):
    ball = trimesh.creation.icosphere(subdivisions=3)
    path = tmp_path / "ball.glb"
    trimesh.Scene({"ball": ball}).export(path)
    expected = mesh_digest(
        ball.vertices.astype(np.float32), ball.faces.ravel().astype(np.int32), np.full(len(ball.faces), 3, np.int32)
    )
    assert list(geometry_digests(path).values()) == [multihash_u(expected)]


def test_joins_primitives_and_shared_accessors(write, document):
    whole = geometry_digests(write(document))["seat"]
    document["accessors"][1]["count"] = 3
    document["accessors"].append({**document["accessors"][1], "byteOffset": 6})
    first = document["meshes"][0]["primitives"][0]
    document["meshes"][0]["primitives"] = [first, {**first, "indices": 2}]
    path = write(document)
    assert geometry_digests(path) == {"seat": whole}
    assert len(file_meshes(path)[0].positions) == 4
    assert trimesh_digest(path) == whole


def test_reads_interleaved_positions(write, document):
    mixed = np.zeros((4, 8), "<f4")
    mixed[:, 3:6] = np.frombuffer(bytes(write(document).read_bytes()[-60:-12]), "<f4").reshape(4, 3)
    document["buffers"][0]["byteLength"] = 128
    document["bufferViews"] = [{"buffer": 0, "byteLength": 128, "byteStride": 32}]
    document["accessors"][0]["byteOffset"] = 12
    del document["meshes"][0]["primitives"][0]["indices"]
    document["meshes"][0]["primitives"][0]["mode"] = 6
    mesh = file_meshes(write(document, mixed.tobytes()))[0]
    assert mesh.positions.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    assert mesh.corners.tolist() == [0, 1, 2, 0, 2, 3]


def test_turns_every_second_triangle_of_a_strip(write, document):
    document["meshes"][0]["primitives"][0]["mode"] = 5
    document["accessors"][1]["count"] = 5
    strip = np.array([0, 1, 3, 2, 2, 0], "<u2")  # the last one stitches
    path = write(document, write(document).read_bytes()[-60:-12] + strip.tobytes())
    assert file_meshes(path)[0].corners.tolist() == [0, 1, 3, 1, 2, 3]


KEYS = {
    "names": (["a", "b"], ["a", "b"]),
    "same_name_twice": (["a", "a"], ["#0", "#1"]),
    "unnamed": (["", None], ["#0", "#1"]),
    "name_like_an_index": (["#1", "b"], ["#0", "b"]),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys(write, document, name):
    names, keys = KEYS[name]
    primitives = document["meshes"][0]["primitives"]
    document["meshes"] = [{"primitives": primitives, **({} if each is None else {"name": each})} for each in names]
    assert [mesh.key for mesh in file_meshes(write(document))] == keys


def test_notes_what_the_digest_does_not_cover(write, document):
    primitive = document["meshes"][0]["primitives"][0]
    document["meshes"][0]["primitives"] = [{**primitive, "targets": [{"POSITION": 0}]}, {**primitive, "mode": 1}]
    document["nodes"] = [{"mesh": 0}, {"mesh": 0, "skin": 0}]
    assert set(file_meshes(write(document))[0].notes) == {"instanced", "skinned", "morphed", "lines"}


def _set(path, value):
    def change(document):
        *parents, last = path
        owner = document
        for key in parents:
            owner = owner[key]
        owner[last] = value

    return change


REFUSED = {
    "sparse": (_set(("accessors", 0, "sparse"), {"count": 1}), "glb_unsupported", "sparse accessors"),
    "draco": (
        _set(("meshes", 0, "primitives", 0, "extensions"), {"KHR_draco_mesh_compression": {}}),
        "glb_unsupported",
        "KHR_draco_mesh_compression",
    ),
    "meshopt": (
        _set(("bufferViews", 0, "extensions"), {"EXT_meshopt_compression": {}}),
        "glb_unsupported",
        "EXT_meshopt_compression",
    ),
    "quantised": (_set(("accessors", 0, "componentType"), 5122), "glb_unsupported", "KHR_mesh_quantization"),
    "required_extension": (_set(("extensionsRequired",), ["EXT_new"]), "glb_unsupported", "EXT_new"),
    "external_buffer": (_set(("buffers", 0, "uri"), "a.bin"), "glb_unsupported", "buffers outside the file"),
    "no_buffer_view": (
        _set(("accessors", 0), {"type": "VEC3", "componentType": 5126, "count": 1 << 40}),
        "mesh_too_large",
        None,
    ),
    "buffer_longer_than_chunk": (_set(("buffers", 0, "byteLength"), 64), "glb_malformed", None),
    "view_beyond_buffer": (_set(("bufferViews", 0, "byteLength"), 61), "glb_malformed", None),
    "accessor_beyond_view": (_set(("accessors", 0, "count"), 5), "glb_malformed", None),
    "accessor_misaligned": (_set(("accessors", 0, "byteOffset"), 2), "glb_malformed", None),
    "stride_too_small": (_set(("bufferViews", 0, "byteStride"), 4), "glb_malformed", None),
    "index_beyond": (_set(("accessors", 0, "count"), 2), "glb_malformed", None),
    "half_a_triangle": (_set(("accessors", 1, "count"), 5), "glb_malformed", None),
    "absent_accessor": (_set(("meshes", 0, "primitives", 0, "indices"), 9), "glb_malformed", None),
    "negative_reference": (_set(("accessors", 0, "bufferView"), -1), "glb_malformed", None),
    "true_for_a_number": (_set(("accessors", 0, "count"), True), "glb_malformed", None),
    "float_indices": (_set(("accessors", 1, "componentType"), 5126), "glb_malformed", None),
    "no_positions": (_set(("meshes", 0, "primitives", 0, "attributes"), {}), "glb_malformed", None),
    "meshes_not_a_list": (_set(("meshes",), {"a": 1}), "glb_malformed", None),
    "shared_beyond_all_bounds": (
        lambda document: document["meshes"][0]["primitives"].extend(
            [{"attributes": {"POSITION": 0}, "indices": 1}] * 20_000
        ),
        "mesh_too_large",
        None,
    ),
    "more_meshes_than_anybody_has": (
        lambda document: document["meshes"].extend([{"primitives": []}] * 8_192),
        "glb_too_many_meshes",
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(write, document, name):
    change, code, feature = REFUSED[name]
    change(document)
    with pytest.raises(InputError) as caught:
        geometry_digests(write(document))
    assert (caught.value.code, caught.value.facts.get("feature")) == (code, feature)


CONTAINERS = {
    "empty": (lambda data: b"", "glb_malformed"),
    "text": (lambda data: b"solid cube" * 9, "glb_malformed"),
    "version_1": (lambda data: data[:4] + b"\1" + data[5:], "glb_malformed"),
    "cut_off": (lambda data: data[:-4], "glb_malformed"),
    "longer_than_promised": (lambda data: data + b"\0\0\0\0", "glb_malformed"),
    "chunk_longer_than_file": (lambda data: data[:12] + b"\xfc\xff\xff\xff" + data[16:], "glb_malformed"),
    "third_chunk": (
        lambda data: data[:8] + struct.pack("<I", len(data) + 8) + data[12:] + struct.pack("<II", 0, 7),
        "glb_malformed",
    ),
    "duplicate_key": (lambda data: data.replace(b'"scene": 0', b'"asset": 0'), "json_duplicate_key"),
    "not_a_number": (lambda data: data.replace(b'"scene": 0', b'"scene":NaN'), None),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_refuses_containers(write, packed, document, name):
    damage, code = CONTAINERS[name]
    with pytest.raises(InputError) as caught:
        geometry_digests(write(damage(packed(document))))
    assert caught.value.code == code or (code is None and caught.value.code.startswith(("json_", "glb_")))


def test_damage_is_never_more_than_an_input_error(write, packed, document):
    whole = packed(document)
    source = random.Random(7)
    refused = 0
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(source.choice([1, 1, 2, 6])):
            data[source.randrange(len(data))] = source.randrange(256)
        try:
            geometry_digests(write(bytes(data)))
        except InputError:
            refused += 1
    assert refused > 300
