"""Registering: versions, inheritance, tiers, and what must stop it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from arp_core import trust
from arp_core.audit.humanact import record_act
from arp_core.blobs import BlobStore
from arp_core.credential.register import register_file, station_actor
from arp_core.digest import digest_file
from arp_core.errors import ArpError, InputError, IntegrityError, UsageError
from arp_core.home import Home
from arp_core.identify.rights import RightsProfile, RightsRecord, rights_for
from arp_core.station import Station
from arp_core.verify import verify_path


@pytest.fixture
def prop(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "prop.obj"
    path.parent.mkdir()
    path.write_bytes(b"v 0 0 0\n")
    return path


def _edit(prop: Path, station: Station, **options):
    first = register_file(prop, station=station, rights=options.pop("rights", None))
    prop.write_bytes(prop.read_bytes() + b"v 0 0 1\n")
    return first, register_file(prop, station=station, parent=first.sidecar, **options)


def _records(path: Path) -> dict:
    return json.loads(path.read_bytes())["records"]


def test_an_edit_is_the_next_version_of_the_same_asset(prop: Path, station: Station) -> None:
    before = None
    first = register_file(prop, station=station)
    before = first.sidecar.read_bytes()
    prop.write_bytes(b"v 0 0 1\n")
    second = register_file(prop, station=station, parent=first.sidecar)
    assert (second.object_id, second.version) == (first.object_id, 2)
    parent = second.document["credentialSubject"]["version"]["parent"]
    assert parent["credentialId"] == first.id
    kept = station.home.credentials / f"{first.id}.json"
    assert kept.read_bytes() == before
    assert digest_file(kept).multibase == parent["digestMultibase"]


def test_nothing_of_the_old_version_is_lost(prop: Path, station: Station) -> None:
    old = digest_file(prop)
    _edit(prop, station)
    assert BlobStore(station.home.blobs).has(old.hex)


def test_rights_are_inherited_and_approvals_are_not(prop: Path, station: Station) -> None:
    rights = RightsRecord(origin="client", licence="C-1", project="moon", territories=("CN",))
    approve = record_act("approve", actor=station_actor(station.home), tool="review", clock=station.clock)
    first = register_file(prop, station=station, rights=rights, human_act=approve)
    prop.write_bytes(b"v 0 0 1\n")
    second = register_file(prop, station=station, parent=first.sidecar)
    assert _records(second.records)["rights"]["record"] == rights.to_json()
    assert list(_records(second.records)["nodes"]) == ["edit"]
    assert "approve" not in second.document["credentialSubject"]["nodes"]


def test_rights_are_inherited_from_the_signature_where_the_record_was_withheld(prop: Path, station: Station) -> None:
    first = register_file(prop, station=station, rights=rights_for("found", profile=RightsProfile.load(station.home)))
    first.records.unlink()
    prop.write_bytes(b"v 0 0 1\n")
    second = register_file(prop, station=station, parent=first.sidecar)
    assert second.document["credentialSubject"]["origin"] == "found"
    assert second.document["credentialSubject"]["publishable"] is False
    one, other = (item.document["credentialSubject"]["usage"] for item in (first, second))
    assert one == other


def test_an_edit_is_recorded_as_a_human_node(prop: Path, station: Station) -> None:
    first, second = _edit(prop, station, note="raised the seat")
    node = _records(second.records)["nodes"]["edit"]["record"]
    assert node["kind"] == "human"
    assert node["actor"] == station_actor(station.home)
    assert node["note"] == "raised the seat"
    assert node["inputs"]["parent"] == digest_file(station.home.credentials / f"{first.id}.json").multibase
    assert node["outputs"] == {"prop.obj": digest_file(prop).multibase}
    assert "raised" not in second.sidecar.read_text(encoding="utf-8")


def test_several_acts_are_kept_when_given(prop: Path, station: Station) -> None:
    acts = [
        record_act(kind, actor=station_actor(station.home), tool="blender", clock=station.clock)
        for kind in ("select", "edit", "edit", "approve")
    ]
    sealed = register_file(prop, station=station, human_act=acts)
    assert set(sealed.document["credentialSubject"]["nodes"]) == {"select", "edit", "edit-2", "approve"}
    assert verify_path(prop, home=station.home, clock=station.clock).status == "verified"


def test_siblings_of_one_parent_are_two_assets_versions(prop: Path, station: Station) -> None:
    first = register_file(prop, station=station)
    siblings = []
    for name in ("left", "right"):
        path = prop.parent / f"{name}.obj"
        path.write_bytes(name.encode())
        siblings.append(register_file(path, station=station, parent=first.sidecar))
    assert {item.version for item in siblings} == {2}
    assert len({item.sha256 for item in siblings}) == 2
    assert first.sidecar.exists()


def _changed_parent(sidecar: Path) -> None:
    sidecar.write_bytes(sidecar.read_bytes().replace(b'"scope":"files"', b'"scope":"filex"'))


def _reworded_record(sidecar: Path) -> None:
    records = sidecar.with_name("prop.obj_mts.records.json")
    records.write_bytes(records.read_bytes().replace(b'"publishable":true', b'"publishable":null'))


PARENTS = {
    "a changed sidecar": (_changed_parent, IntegrityError, "parent_not_intact"),
    "a reworded record": (_reworded_record, IntegrityError, "parent_not_intact"),
    "not a sidecar": (lambda path: path.write_bytes(b"{}"), IntegrityError, "parent_not_intact"),
    "not JSON": (lambda path: path.write_bytes(b"x"), InputError, "parent_unusable"),
    "absent": (lambda path: path.unlink(), UsageError, "path_absent"),
}


@pytest.mark.parametrize("name", PARENTS)
def test_a_parent_that_does_not_hold_stops_it(name: str, prop: Path, station: Station) -> None:
    change, kind, code = PARENTS[name]
    first = register_file(prop, station=station)
    change(first.sidecar)
    prop.write_bytes(b"v 0 0 1\n")
    with pytest.raises(kind) as caught:
        register_file(prop, station=station, parent=first.sidecar)
    assert caught.value.code == code


def test_an_authorised_edit_and_the_same_edit_by_another_key(prop: Path, station: Station, tmp_path: Path) -> None:
    first = register_file(prop, station=station)
    elsewhere = Path(shutil.copytree(prop.parent, tmp_path / "elsewhere")) / "prop.obj"
    for path in (prop, elsewhere):
        path.write_bytes(b"v 0 0 1\n")
    register_file(prop, station=station, parent=first.sidecar)
    assert verify_path(prop, home=station.home, clock=station.clock).status == "verified"

    stranger = Station.open(Home(tmp_path / "stranger").create(), clock=station.clock)
    with pytest.raises(IntegrityError) as caught:
        register_file(elsewhere, station=stranger, parent=elsewhere.with_name("prop.obj_mts.json"))
    assert caught.value.code == "parent_untrusted"
    trust.accept(stranger.home, station.key.did, roles=("station",), at=station.clock())
    sealed = register_file(elsewhere, station=stranger, parent=elsewhere.with_name("prop.obj_mts.json"))
    assert sealed.object_id == first.object_id
    assert verify_path(elsewhere, home=station.home, clock=station.clock).status == "untrusted"


def test_registering_again_without_a_parent_is_refused(prop: Path, station: Station) -> None:
    sealed = register_file(prop, station=station)
    before = sealed.sidecar.read_bytes()
    with pytest.raises(InputError) as caught:
        register_file(prop, station=station)
    assert caught.value.code == "sidecar_exists"
    assert sealed.sidecar.read_bytes() == before


def test_a_sidecar_of_another_version_in_the_way_is_left_alone(prop: Path, station: Station) -> None:
    first = register_file(prop, station=station)
    other = prop.with_name("other.obj")
    other.write_bytes(b"1")
    mine = register_file(other, station=station)
    with pytest.raises(InputError) as caught:
        register_file(other, station=station, parent=first.sidecar)
    assert caught.value.code == "sidecar_exists"
    assert mine.sidecar.exists()


def test_an_unchanged_file_is_no_new_version(prop: Path, station: Station) -> None:
    first = register_file(prop, station=station)
    with pytest.raises(InputError) as caught:
        register_file(prop, station=station, parent=first.sidecar)
    assert caught.value.code == "same_as_parent"


COMPUTABLE = {
    "environment": {"lock": "sha256:1"},
    "licence": {"reference": "Apache-2.0"},
    "version": {"number": "1.0"},
}
INTERACTIVE = {
    "behaviour_bounds": {"allowed": ["greet"], "forbidden": ["advise"]},
    "supervision_hooks": {"contact": "desk-1", "stop": "hotline"},
    "responsibility": {"holder": "studio-1", "reference": "R-1"},
}


@pytest.mark.parametrize(("tier", "records"), [("computable", COMPUTABLE), ("interactive", INTERACTIVE)])
def test_a_tier_brings_its_records(tier: str, records: dict, prop: Path, station: Station) -> None:
    for name, filled in records.items():
        short = {key: value for key, value in records.items() if key != name}
        with pytest.raises(InputError) as caught:
            register_file(prop, station=station, tier=tier, records=short)
        assert caught.value.code == "tier_record_missing"
        assert caught.value.facts["record"] == name
        hollow = {**records, name: dict.fromkeys(filled, "")}
        with pytest.raises(InputError):
            register_file(prop, station=station, tier=tier, records=hollow)
    first = register_file(prop, station=station, tier=tier, records=records)
    assert first.document["credentialSubject"]["tier"] == tier
    prop.write_bytes(b"next")
    second = register_file(prop, station=station, parent=first.sidecar)
    assert second.document["credentialSubject"]["tier"] == tier
    assert verify_path(prop, home=station.home, clock=station.clock).status == "verified"


def test_an_unknown_tier_is_refused(prop: Path, station: Station) -> None:
    with pytest.raises(UsageError) as caught:
        register_file(prop, station=station, tier="dynamic")
    assert caught.value.code == "tier_unknown"


@pytest.mark.parametrize("name", ["absent.obj", "."])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path, station: Station) -> None:
    with pytest.raises(UsageError):
        register_file(tmp_path / name, station=station)


def test_names_with_chinese_spaces_and_emoji(tmp_path: Path, station: Station) -> None:
    path = tmp_path / "红木 椅子 🪑.obj"
    path.write_bytes(b"1")
    register_file(path, station=station)
    assert verify_path(path, home=station.home, clock=station.clock).status == "verified"


def test_a_read_only_folder_leaves_nothing(prop: Path, station: Station) -> None:
    import os

    if os.geteuid() == 0:
        pytest.skip("root writes into read-only folders")
    prop.parent.chmod(0o500)
    try:
        with pytest.raises(ArpError) as caught:
            register_file(prop, station=station)
    finally:
        prop.parent.chmod(0o700)
    assert caught.value.code == "folder_read_only"
    assert not list(station.home.credentials.iterdir())
