"""Reading USD layers with the real library."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile

import pytest

from arp_core.errors import InputError
from arp_core.geometry import file_meshes, geometry_digests

pytest.importorskip("pxr", reason="usd-core is not installed")

SQUARE = """#usda 1.0
(
    defaultPrim = "chair"
    upAxis = "Y"
)
def Xform "chair"
{
    double3 xformOp:translate = (5, 5, 5)
    uniform token[] xformOpOrder = ["xformOp:translate"]
    def Mesh "seat"
    {
        int[] faceVertexCounts = [4, 3]
        int[] faceVertexIndices = [0, 1, 2, 3, 0, 1, 4]
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.1, 0.2, 3)]
    }
}
"""


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="made.usda"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def test_every_container_gives_one_digest(write, tmp_path):
    from pxr import Sdf, UsdUtils

    text = write(SQUARE)
    layer = Sdf.Layer.OpenAsAnonymous(str(text))
    for name in ("binary.usdc", "either.usd"):
        assert layer.Export(str(tmp_path / name))
    assert UsdUtils.CreateNewUsdzPackage(str(tmp_path / "binary.usdc"), str(tmp_path / "packed.usdz"))
    found = [geometry_digests(tmp_path / name) for name in ("made.usda", "binary.usdc", "either.usd", "packed.usdz")]
    assert found[0].keys() == {"/chair/seat"}
    assert all(each == found[0] for each in found)


def test_polygons_stay_as_stored(write):
    mesh = file_meshes(write(SQUARE))[0]
    assert mesh.counts.tolist() == [4, 3]
    assert mesh.corners.tolist() == [0, 1, 2, 3, 0, 1, 4]
    assert mesh.positions[4].tolist() == pytest.approx([0.1, 0.2, 3])


SAME = {
    "left_handed": SQUARE.replace("[0, 1, 2, 3, 0, 1, 4]", "[3, 2, 1, 0, 4, 1, 0]").replace(
        "point3f", 'uniform token orientation = "leftHanded"\n        point3f'
    ),
    "z_up": SQUARE.replace('"Y"', '"Z"').replace(
        "[(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.1, 0.2, 3)]",
        "[(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1), (0.1, -3, 0.2)]",
    ),
    "no_axis_means_y": SQUARE.replace('    upAxis = "Y"\n', ""),
    "moved_object": SQUARE.replace("(5, 5, 5)", "(-1, 0, 7)"),
}


@pytest.mark.parametrize("name", SAME)
def test_same_geometry(write, name):
    assert geometry_digests(write(SAME[name])) == geometry_digests(write(SQUARE))


NOTES = {
    "subsets": ('def GeomSubset "part" {}\n    }', "    }\n}", ("subsets",)),
    "holes": ("int[] holeIndices = [0]\n        point3f", "point3f", ("holes",)),
    "animated": ("point3f[] points.timeSamples = {\n 1: [(0, 0, 0)], }\n        point3f", "point3f", ("animated",)),
    "instanced": ('def Xform "chair" (\n    instanceable = true\n)', 'def Xform "chair"', ("instanced",)),
    "referenced": ('def Xform "chair" (\n    references = @/etc/passwd@\n)', 'def Xform "chair"', ("referenced",)),
}


@pytest.mark.parametrize("name", NOTES)
def test_notes(write, name):
    new, old, notes = NOTES[name]
    text = SQUARE.replace(old, "        " + new + "\n}" if name == "subsets" else new, 1)
    assert file_meshes(write(text))[0].notes == notes


def test_meshes_of_every_variant_are_read(write):
    text = """#usda 1.0
def Xform "chair" (
    variantSets = "lod"
)
{
    variantSet "lod" = {
        "high" {
            def Mesh "seat"
            {
                int[] faceVertexCounts = [3]
                int[] faceVertexIndices = [0, 1, 2]
                point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0)]
            }
        }
        "low" {
            def Mesh "seat"
            {
            }
        }
    }
}
"""
    found = file_meshes(write(text))
    assert [(mesh.key, len(mesh.counts)) for mesh in found] == [
        ("/chair{lod=high}seat", 1),
        ("/chair{lod=low}seat", 0),
    ]


REFUSED = {
    "text": ("solid cube", "usd_malformed"),
    "empty": ("", "usd_malformed"),
    "cut_off": (SQUARE[:200], "usd_malformed"),
    "half_float_points": (SQUARE.replace("point3f", "point3h"), "usd_unsupported"),
    "unsigned_corners": (SQUARE.replace("int[] faceVertexCounts", "uint[] faceVertexCounts"), "usd_unsupported"),
    "sideways": (SQUARE.replace('"Y"', '"X"'), "usd_unsupported"),
    "counts_do_not_add_up": (SQUARE.replace("[4, 3]", "[4, 4]"), "usd_malformed"),
    "negative_count": (SQUARE.replace("[4, 3]", "[9, -2]"), "usd_malformed"),
    "corner_beyond": (SQUARE.replace("1, 4]", "1, 5]"), "mesh_malformed"),
    "not_a_number": (SQUARE.replace("0.2, 3)", "0.2, nan)"), "mesh_not_finite"),
    "not_utf8_error": (SQUARE.replace("faceVertexCounts", "\udcff\udcfe"), "usd_malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(tmp_path, name):
    text, code = REFUSED[name]
    path = tmp_path / "bad.usda"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        geometry_digests(path)
    assert caught.value.code == code


PACKAGES = {
    "not_a_zip": None,
    "empty_zip": [],
    "picture_first": [("a.png", b"\x89PNG")],
    "wrong_name": [("a.txt", SQUARE.encode())],
}


@pytest.mark.parametrize("name", PACKAGES)
def test_refuses_packages(tmp_path, name):
    path = tmp_path / "bad.usdz"
    if PACKAGES[name] is None:
        path.write_bytes(b"#usda 1.0")
    else:
        with zipfile.ZipFile(path, "w") as package:
            for entry, data in PACKAGES[name]:
                package.writestr(entry, data)
    with pytest.raises(InputError) as caught:
        geometry_digests(path)
    assert caught.value.code == "usd_malformed"


# In a process of its own: what is tested is that damage does not take the process down.
# The binary reader of USD allocates what a damaged count asks for, so memory is
# bounded from outside, and running out of it must end in an InputError too.
FUZZ = """
import random, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from pathlib import Path
from arp_core.errors import ArpError
from arp_core.geometry import geometry_digests

path = Path(sys.argv[1])
whole, source, refused = path.read_bytes(), random.Random(11), 0
for _ in range(300):
    data = bytearray(whole[: source.randrange(len(whole))] if source.random() < 0.1 else whole)
    for _ in range(source.choice([1, 2, 6])):
        if data:
            data[source.randrange(len(data))] = source.randrange(256)
    damaged = path.with_stem("damaged")
    damaged.write_bytes(bytes(data))
    try:
        geometry_digests(damaged)
    except ArpError:
        refused += 1
print("refused", refused)
"""


@pytest.mark.parametrize("suffix", [".usda", ".usdc"])
def test_damage_is_never_more_than_an_input_error(write, tmp_path, suffix):
    from pxr import Sdf

    path = tmp_path / f"whole{suffix}"
    assert Sdf.Layer.OpenAsAnonymous(str(write(SQUARE))).Export(str(path))
    done = subprocess.run([sys.executable, "-c", FUZZ, str(path)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) > 100


COUNTS = {"TOKENS": 1, "STRINGS": 0, "FIELDS": 0, "FIELDSETS": 0, "PATHS": 0, "SPECS": 0}


@pytest.mark.parametrize("section", COUNTS)
def test_refuses_a_binary_file_that_promises_more_than_it_holds(write, tmp_path, section):
    from pxr import Sdf

    path = tmp_path / "bomb.usdc"
    assert Sdf.Layer.OpenAsAnonymous(str(write(SQUARE))).Export(str(path))
    data = bytearray(path.read_bytes())
    (contents,) = struct.unpack_from("<q", data, 16)
    entry = data.index(section.encode() + b"\0", contents)
    (start,) = struct.unpack_from("<q", data, entry + 16)
    struct.pack_into("<Q", data, start + 8 * COUNTS[section], 1 << 31)
    path.write_bytes(bytes(data))
    with pytest.raises(InputError) as caught:
        geometry_digests(path)
    assert caught.value.code == "usd_malformed"
    assert "table of contents" in str(caught.value)
