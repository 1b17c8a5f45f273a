"""The golden vectors of docs/spec/vectors/geometry."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from arp_core.errors import InputError
from arp_core.geometry.digest import mesh_digest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "spec" / "vectors" / "geometry"
GOOD = {case["name"]: case for case in json.loads((FOLDER / "good.json").read_text(encoding="utf-8"))}
BAD = {case["name"]: case for case in json.loads((FOLDER / "bad.json").read_text(encoding="utf-8"))}


def arrays(case):
    positions = np.frombuffer(bytes.fromhex("".join(case["positions"])), "<f4").astype(np.float32).reshape(-1, 3)
    return positions, np.array(case["corners"], np.int32), np.array(case["counts"], np.int32)


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert mesh_digest(*arrays(GOOD[name])).hex() == GOOD[name]["sha256"]


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    with pytest.raises(InputError) as caught:
        mesh_digest(*arrays(BAD[name]))
    assert caught.value.code == BAD[name]["code"]


def test_cases_that_must_agree_do_and_the_others_do_not():
    same = {"triangle": {"triangle_from_another_corner", "loose_vertex_does_not_count", "negative_zero"}}
    same["quad_as_two_triangles"] = {"two_triangles_split"}
    for first, others in same.items():
        assert {GOOD[name]["sha256"] for name in others} == {GOOD[first]["sha256"]}
    assert len({case["sha256"] for case in GOOD.values()}) == len(GOOD) - 4


def test_the_vectors_are_what_the_script_builds():
    built = runpy.run_path(str(ROOT / "tests" / "vectors" / "build_geometry.py"))["build"]()
    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in built} == built
