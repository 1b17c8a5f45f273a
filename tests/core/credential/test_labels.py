"""Labels and geometry of real files: inherited, demanded, restored, and read again by the deep steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from arp_core import canonical, proof, typeid
from arp_core.blobs import BlobStore
from arp_core.credential.register import register_file
from arp_core.credential.seal import SealedCredential, seal_package
from arp_core.digest import digest_file
from arp_core.errors import InputError, IntegrityError
from arp_core.identify.asset import AssetVersion
from arp_core.identify.record import Mts
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.stamp import AigcLabel, StampFacts, read_facts, read_label, stamp_file, unsealed_digest
from arp_core.stamp.glb import write_glb
from arp_core.station import Station
from arp_core.verify import verify_path

LABEL = AigcLabel(label="1", content_producer="arp-station-test", produce_id="obj-1")


def _glb(path: Path, *, height: float = 1.0) -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, height, 0]], "<f4")
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "chair"}],
        "meshes": [{"name": "chair", "primitives": [{"attributes": {"POSITION": 0}}]}],
        "buffers": [{"byteLength": 36}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
    }
    write_glb(path, document=document, binary=points.tobytes())


def _usda(path: Path) -> None:
    path.write_text(
        '#usda 1.0\n(\n    defaultPrim = "chair"\n    upAxis = "Y"\n)\n\ndef Mesh "chair"\n{\n'
        "    int[] faceVertexCounts = [4]\n    int[] faceVertexIndices = [0, 1, 2, 3]\n"
        "    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]\n}\n",
        encoding="utf-8",
    )


def _png(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8), (90, 60, 30)).save(path)


def _seal(folder: Path, station: Station, **options) -> SealedCredential:
    (folder / "textures").mkdir(parents=True)
    plain = {"chair.glb": _glb, "chair.usda": _usda, "textures/chair_basecolor.png": _png, "chair_preview.png": _png}
    asset, credential_id = AssetVersion.first(), typeid.new_id("cred")
    facts = StampFacts(
        asset_uri=asset.uri,
        version="1",
        credential_uri=f"arp:///{credential_id}",
        sidecar_name="chair_mts.json",
        producer="test",
        digital_source_type="trainedAlgorithmicMedia",
        label=LABEL,
    )
    unsealed = {}
    for name, make in plain.items():
        make(folder / name)
        unsealed[name] = unsealed_digest(folder / name).multibase
        stamp_file(folder / name, folder / name, facts=facts)
    rights = rights_for("mine", profile=RightsProfile.load(station.home))
    caps = ["intake", "mask", "inflate", "decimate", "unwrap", "project", "scale", "export", "quality", "thumbnail"]
    return seal_package(
        folder,
        name="chair",
        station=station,
        asset=asset,
        mts=Mts.of(content={}, rights=rights.to_json(), capability={}, environment={}),
        nodes=[{"node": name} for name in caps],
        capability_ids=[typeid.new_id("cap") for _ in caps],
        job_id=typeid.new_id("job"),
        label=LABEL,
        source_type="trainedAlgorithmicMedia",
        credential_id=credential_id,
        unsealed={name: digest for name, digest in unsealed.items() if "preview" not in name},
        **options,
    )


@pytest.fixture
def package(tmp_path: Path, station: Station) -> SealedCredential:
    return _seal(tmp_path / "package", station)


def _deep(sealed: SealedCredential, station: Station):
    return verify_path(sealed.sidecar.parent, home=station.home, clock=station.clock, deep=True)


def _codes(found) -> set[str]:
    return {failure.code for failure in found.failures}


def test_a_whole_package_verifies_deeply_and_is_small(package: SealedCredential, station: Station) -> None:
    found = _deep(package, station)
    assert (found.status, _codes(found)) == ("verified", set())
    outcomes = {step.name: step.outcome for step in found.steps}
    assert outcomes["geometry"] == outcomes["label"] == "passed"
    assert {key.partition("#")[0] for key in found.meshes} == {"chair.glb", "chair.usda"}
    assert package.sidecar.stat().st_size < 5000


def _resign(sealed: SealedCredential, station: Station, change) -> None:
    document = json.loads(sealed.sidecar.read_bytes())
    del document["proof"]
    change(document["credentialSubject"])
    signed = proof.add_proof(document, key=station.key, created=station.clock())
    sealed.sidecar.write_bytes(canonical.canonicalize(signed))


DEEP = {
    "another digest signed for a mesh": (
        lambda subject: subject["geometry"][0].update(digestMultibase=subject["mts"]["rights"]),
        "geometry_changed",
    ),
    "a mesh left out": (lambda subject: subject["geometry"].pop(), "geometry_changed"),
    "a mesh signed that is not there": (
        lambda subject: subject["geometry"].append({**subject["geometry"][0], "mesh": "ghost"}),
        "geometry_changed",
    ),
    "another label signed": (lambda subject: subject["aiLabel"].update(ProduceID="other"), "label_differs"),
}


@pytest.mark.parametrize("name", DEEP)
def test_only_the_deep_steps_notice_a_signed_untruth(name: str, package: SealedCredential, station: Station) -> None:
    change, code = DEEP[name]
    _resign(package, station, change)
    assert verify_path(package.sidecar, home=station.home, clock=station.clock).status == "verified"
    found = _deep(package, station)
    assert (found.status, _codes(found)) == ("modified", {code})


def test_a_package_with_an_unlabelled_file_is_not_sealed(tmp_path: Path, station: Station) -> None:
    sealed = _seal(tmp_path / "package", station)
    bare = tmp_path / "bare"
    bare.mkdir()
    _glb(bare / "chair.glb")
    rights = rights_for("mine", profile=RightsProfile.load(station.home))
    with pytest.raises(IntegrityError) as caught:
        seal_package(
            bare,
            name="chair",
            station=station,
            asset=AssetVersion.first(),
            mts=Mts.of(content={}, rights=rights.to_json(), capability={}, environment={}),
            label=LABEL,
            source_type="trainedAlgorithmicMedia",
        )
    assert caught.value.code == "label_lost"
    assert not (bare / "chair_mts.json").exists()
    assert sealed.sidecar.exists()


@pytest.mark.parametrize("name", ["chair.glb", "chair.usda"])
def test_an_edit_that_lost_the_label_is_stopped_and_can_be_restored(
    name: str, package: SealedCredential, station: Station, tmp_path: Path
) -> None:
    edited = tmp_path / "work" / name
    edited.parent.mkdir()
    if name.endswith(".glb"):
        _glb(edited, height=2.0)
    else:
        _usda(edited)
    before = digest_file(edited)
    with pytest.raises(IntegrityError) as caught:
        register_file(edited, station=station, parent=package.sidecar)
    assert caught.value.code == "label_lost"
    assert digest_file(edited) == before
    assert [path.name for path in edited.parent.iterdir()] == [name]

    sealed = register_file(edited, station=station, parent=package.sidecar, restore_label=True)
    assert read_label(edited) == LABEL
    assert BlobStore(station.home.blobs).has(before.hex)
    facts = read_facts(edited)
    assert (facts.credential_id, facts.object_id, facts.version) == (sealed.id, package.object_id, "2")
    assert sealed.document["credentialSubject"]["digitalSourceType"] == "trainedAlgorithmicMedia"
    assert verify_path(edited, home=station.home, clock=station.clock, deep=True).status == "verified"


def test_a_label_is_inherited_when_a_labelled_file_is_registered_anew(
    package: SealedCredential, station: Station, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.glb"
    copy.write_bytes((package.sidecar.parent / "chair.glb").read_bytes())
    sealed = register_file(copy, station=station)
    assert sealed.document["credentialSubject"]["aiLabel"] == LABEL.to_json()
    assert sealed.document["credentialSubject"]["digitalSourceType"] == "trainedAlgorithmicMedia"


def test_hand_made_work_is_not_labelled(station: Station, tmp_path: Path) -> None:
    path = tmp_path / "prop.glb"
    _glb(path)
    sealed = register_file(path, station=station)
    assert "aiLabel" not in sealed.document["credentialSubject"]
    assert sealed.document["credentialSubject"]["digitalSourceType"] == "digitalCreation"
    path2 = tmp_path / "prop2.glb"
    _glb(path2, height=3.0)
    second = register_file(path2, station=station, parent=sealed.sidecar)
    assert second.document["credentialSubject"]["digitalSourceType"] == "humanEdits"
    assert verify_path(path2, home=station.home, clock=station.clock, deep=True).status == "verified"


def test_a_mesh_of_an_edited_file_has_another_digest(station: Station, tmp_path: Path) -> None:
    digests = []
    for height in (1.0, float(np.nextafter(np.float32(1), np.float32(2)))):
        path = tmp_path / f"prop{height}.glb"
        _glb(path, height=height)
        digests.append(register_file(path, station=station).document["credentialSubject"]["geometry"])
    assert digests[0][0]["digestMultibase"] != digests[1][0]["digestMultibase"]


def test_a_geometry_file_that_cannot_be_read_is_not_registered(station: Station, tmp_path: Path) -> None:
    path = tmp_path / "broken.glb"
    path.write_bytes(b"glTF\x02\x00\x00\x00")
    with pytest.raises(InputError):
        register_file(path, station=station)
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith("broken")] == ["broken.glb"]
    assert not list(station.home.credentials.iterdir())
