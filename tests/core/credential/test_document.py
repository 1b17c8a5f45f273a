"""The credential as other software sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arp_core import canonical
from arp_core.credential.document import Seed
from arp_core.credential.register import register_file
from arp_core.credential.seal import seal_package
from arp_core.errors import InputError, StorageError
from arp_core.identify.asset import AssetVersion
from arp_core.identify.record import Mts
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.proof import check_proof
from arp_core.station import Station

_ROOT = Path(__file__).resolve().parents[3]


def _mts(station: Station) -> Mts:
    rights = rights_for("mine", profile=RightsProfile.load(station.home))
    return Mts.of(content={}, rights=rights.to_json(), capability={"steps": 1}, environment={})


@pytest.fixture
def sealed(tmp_path: Path, station: Station):
    folder = tmp_path / "package"
    (folder / "textures").mkdir(parents=True)
    for name in ("chair.obj", "chair.mtl", "textures/chair_basecolor.tga", "chair_preview.tga"):
        (folder / name).write_bytes(name.encode())
    return seal_package(
        folder,
        name="chair",
        station=station,
        asset=AssetVersion.first(),
        mts=_mts(station),
        nodes=[{"node": name} for name in ("intake", "foreground-mask", "inflate", "decimate", "unwrap", "bake")],
        graph={"nodes": []},
        seed=Seed(requested=2**63, effective=2**63),
    )


def test_it_is_a_verifiable_credential_by_the_w3c_schema(sealed, vectors: Path) -> None:
    import jsonschema

    schema = json.loads((vectors / "vc-data-model" / "verifiable-credential-schema.json").read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(sealed.sidecar.read_bytes()))
    for case in json.loads((_ROOT / "docs/spec/vectors/credential/cases.json").read_bytes())["cases"]:
        if case["name"].startswith("good-"):
            for path in (_ROOT / "docs/spec/vectors/credential" / case["name"]).glob("*_mts.json"):
                validator.validate(json.loads(path.read_bytes()))


def test_status_lists_are_credentials_too(sealed, station: Station, vectors: Path) -> None:
    import jsonschema

    schema = json.loads((vectors / "vc-data-model" / "verifiable-credential-schema.json").read_bytes())
    lists = list(station.home.status.glob("*.json"))
    assert len(lists) == 2
    for path in lists:
        document = json.loads(path.read_bytes())
        jsonschema.Draft202012Validator(schema).validate(document)
        assert check_proof(document)


def test_it_is_stored_as_exact_canonical_bytes(sealed) -> None:
    for path in (sealed.sidecar, sealed.records):
        data = path.read_bytes()
        assert canonical.canonicalize(json.loads(data)) == data


def test_the_context_holds_strings_only_and_the_context_document_is_shipped(sealed) -> None:
    contexts = sealed.document["@context"]
    assert all(isinstance(item, str) for item in contexts)
    shipped = json.loads((_ROOT / "docs" / "spec" / "mts-v1.context.jsonld").read_bytes())["@context"]
    fields = {"scope", "due", "critical", "schemaVersion", *sealed.document["credentialSubject"]}
    assert fields - {"id", "type"} <= set(shipped)


def test_seeds_are_text_and_the_graph_stands_in_the_capability_record(sealed) -> None:
    assert sealed.document["credentialSubject"]["seed"] == {"requested": str(2**63), "effective": str(2**63)}
    records = json.loads(sealed.records.read_bytes())["records"]
    assert records["capability"]["record"] == {"steps": 1, "graph": {"nodes": []}}


def test_it_is_small(sealed) -> None:
    assert sealed.sidecar.stat().st_size < 5000


def test_the_home_keeps_a_copy(sealed, station: Station) -> None:
    kept = station.home.credentials / f"{sealed.id}.json"
    assert kept.read_bytes() == sealed.sidecar.read_bytes()
    assert kept.with_name(f"{sealed.id}.records.json").read_bytes() == sealed.records.read_bytes()


def test_it_holds_no_record_in_clear(sealed) -> None:
    text = sealed.sidecar.read_text(encoding="utf-8")
    records = json.loads(sealed.records.read_bytes())["records"]
    assert records["rights"]["salt"] not in text
    assert "RightsRecord" not in text


def test_two_seals_of_one_record_have_different_digests(station: Station) -> None:
    assert _mts(station).digests()["content"] != _mts(station).digests()["content"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("con.obj", "path_unsafe"), ("a:b.obj", "path_unsafe"), ("prop .obj.", "path_unsafe")],
)
def test_a_name_that_not_every_system_allows_is_refused(name: str, code: str, tmp_path: Path, station: Station) -> None:
    path = tmp_path / name
    path.write_bytes(b"1")
    with pytest.raises(InputError) as caught:
        register_file(path, station=station)
    assert caught.value.code == code
    assert not list(tmp_path.glob("*_mts.json"))


def test_a_link_is_not_sealed(tmp_path: Path, station: Station) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(InputError) as caught:
        seal_package(folder, name="x", station=station, asset=AssetVersion.first(), mts=_mts(station))
    assert caught.value.code == "link_in_package"


def test_machine_made_work_needs_its_label(tmp_path: Path, station: Station) -> None:
    path = tmp_path / "prop.obj"
    path.write_bytes(b"1")
    with pytest.raises(InputError) as caught:
        register_file(path, station=station, source_type="trainedAlgorithmicMedia")
    assert caught.value.code == "label_required"


def test_a_foreign_file_in_the_sidecars_place_is_left_alone(tmp_path: Path, station: Station) -> None:
    path = tmp_path / "prop.obj"
    path.write_bytes(b"1")
    foreign = tmp_path / "prop.obj_mts.records.json"
    foreign.write_bytes(b"mine")
    with pytest.raises(StorageError) as caught:
        register_file(path, station=station)
    assert caught.value.code == "file_in_the_way"
    assert foreign.read_bytes() == b"mine"
    assert not path.with_name("prop.obj_mts.json").exists()
    assert not list(station.home.credentials.iterdir())
