"""What holds for every format: stamped facts come back, unsealing is exact, content is untouched."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pytest

from arp_core.errors import InputError
from arp_core.stamp import STAMPED_SUFFIXES, read_facts, read_label, stamp_file, unseal_file, unsealed_digest

SUFFIXES = (".glb", ".usda", ".usdc", ".png", ".jpg")


def content(path):
    """What a person would call the content, through readers that are not ours."""
    if path.suffix == ".glb":
        import trimesh

        parts = trimesh.load(path, process=False, force="scene").geometry
        return {
            name: (part.vertices.tobytes(), part.faces.tobytes(), part.visual.uv.tobytes())
            for name, part in parts.items()
        }
    if path.suffix in (".png", ".jpg"):
        from PIL import Image

        with Image.open(path) as picture:
            return picture.mode, np.asarray(picture).tobytes()
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(path))
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/chair/seat"))
    found = [np.array(mesh.GetPointsAttr().Get()).tobytes(), list(mesh.GetFaceVertexIndicesAttr().Get())]
    found.append(np.array(UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Get()).tobytes())
    found.append(stage.GetPrimAtPath("/chair/material/texture").GetAttribute("inputs:file").Get().path)
    return found


def sha256(path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("labelled", [True, False])
def test_stamp_and_back(unsealed, tmp_path, facts, suffix, labelled):
    facts = facts if labelled else dataclasses.replace(facts, label=None)
    source = unsealed(suffix)
    target = tmp_path / f"sealed{suffix}"
    stamp_file(source, target, facts=facts)
    assert sha256(target) != sha256(source)
    assert read_facts(target) == facts
    assert read_label(target) == facts.label
    assert unsealed_digest(target).sha256 == sha256(source)
    assert unsealed_digest(source).sha256 == sha256(source)
    assert content(target) == content(source)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_stamping_again_replaces(unsealed, tmp_path, facts, suffix):
    source = unsealed(suffix)
    before = sha256(source)
    target = tmp_path / f"sealed{suffix}"
    stamp_file(source, target, facts=facts)
    once = sha256(target)
    stamp_file(target, target, facts=dataclasses.replace(facts, version="4", label=None))
    assert read_facts(target).version == "4"
    assert read_label(target) is None
    stamp_file(target, target, facts=facts)
    assert sha256(target) == once
    unseal_file(target, target)
    assert sha256(target) == before
    assert read_facts(target) is None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_stamp_holds_no_place_for_names_or_prompts(unsealed, tmp_path, facts, suffix):
    target = tmp_path / f"sealed{suffix}"
    stamp_file(unsealed(suffix), target, facts=facts)
    data = target.read_bytes().lower()
    for word in (b"prompt", b"creator", b"author:", b"copyright"):
        assert word not in data


@pytest.mark.parametrize("suffix", [".glb", ".png", ".jpg"])
def test_damage_is_never_more_than_an_input_error(unsealed, tmp_path, facts, suffix):
    import random

    target = tmp_path / f"sealed{suffix}"
    stamp_file(unsealed(suffix), target, facts=facts)
    whole = target.read_bytes()
    source = random.Random(3)
    refused = 0
    for _ in range(400):
        data = bytearray(whole[: source.randrange(len(whole))] if source.random() < 0.2 else whole)
        for _ in range(source.choice([1, 2, 5])):
            if data:
                data[source.randrange(len(data))] = source.randrange(256)
        target.write_bytes(bytes(data))
        for act in (read_label, read_facts, unsealed_digest):
            try:
                act(target)
            except InputError:
                refused += 1
    assert refused > 100


def test_suffixes():
    assert set(SUFFIXES) <= set(STAMPED_SUFFIXES)


@pytest.mark.parametrize("name", ["model.obj", "model", "model.usdz"])
def test_refuses_other_formats(tmp_path, facts, name):
    path = tmp_path / name
    path.write_bytes(b"v 0 0 0")
    acts = [lambda: stamp_file(path, path, facts=facts), lambda: unsealed_digest(path)]
    for act in acts:
        with pytest.raises(InputError) as caught:
            act()
        assert caught.value.code == "stamp_suffix"


def test_refuses_a_target_of_another_kind(unsealed, tmp_path, facts):
    with pytest.raises(InputError) as caught:
        stamp_file(unsealed(".png"), tmp_path / "a.jpg", facts=facts)
    assert caught.value.code == "stamp_suffix"


FACTS = {
    "asset_not_a_uri": ("asset_uri", "obj_1", "stamp_fact_invalid"),
    "credential_elsewhere": ("credential_uri", "https://example.org/cred_1", "stamp_fact_invalid"),
    "empty_version": ("version", "", "stamp_fact_invalid"),
    "producer_with_space": ("producer", "Zhang San", "stamp_fact_invalid"),
    "producer_in_chinese": ("producer", "某公司", "stamp_fact_invalid"),
    "sidecar_in_a_folder": ("sidecar_name", "a/b_mts.json", "stamp_fact_invalid"),
    "sidecar_upward": ("sidecar_name", "../b_mts.json", "path_unsafe"),
    "unknown_source_type": ("digital_source_type", "magic", "source_type_unknown"),
    "too_long": ("producer", "a" * 600, "stamp_fact_invalid"),
}


@pytest.mark.parametrize("name", FACTS)
def test_refuses_facts(facts, name):
    field, value, code = FACTS[name]
    with pytest.raises(InputError) as caught:
        dataclasses.replace(facts, **{field: value})
    assert caught.value.code == code
