"""Status lists: claimed at sealing, changed by signed acts, handed to others."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arp_core import canonical, proof, statuslist, trust
from arp_core.credential import status
from arp_core.credential.register import register_file
from arp_core.errors import InputError, IntegrityError, StorageError
from arp_core.home import Home
from arp_core.station import Station
from arp_core.verify import verify_path


@pytest.fixture
def prop(tmp_path: Path, station: Station) -> tuple[Path, str]:
    path = tmp_path / "prop.obj"
    path.write_bytes(b"v 0 0 0\n")
    return path, register_file(path, station=station).id


def _word(path: Path, station: Station) -> str:
    return verify_path(path, home=station.home, clock=station.clock).status


def test_suspend_reinstate_revoke(prop: tuple[Path, str], station: Station) -> None:
    path, identifier = prop
    words = []
    for change in ("suspended", "reinstated", "suspended", "revoked"):
        status.set_status(station, identifier, change=change, reason="because")
        words.append(_word(path, station))
    assert words == ["suspended", "verified", "suspended", "revoked"]
    acts = [json.loads(line) for line in (station.home.status / "acts.jsonl").read_text().splitlines()]
    assert [act["change"] for act in acts] == ["suspended", "reinstated", "suspended", "revoked"]
    assert all("proof" in act for act in acts)


def test_a_revocation_is_final(prop: tuple[Path, str], station: Station) -> None:
    status.set_status(station, prop[1], change="revoked", reason="")
    with pytest.raises(InputError) as caught:
        status.set_status(station, prop[1], change="reinstated", reason="")
    assert caught.value.code == "revocation_final"


def test_nothing_may_follow_a_revoked_version(prop: tuple[Path, str], station: Station) -> None:
    path, identifier = prop
    status.set_status(station, identifier, change="revoked", reason="")
    path.write_bytes(b"v 0 0 1\n")
    with pytest.raises(IntegrityError) as caught:
        register_file(path, station=station, parent=path.with_name("prop.obj_mts.json"))
    assert caught.value.code == "parent_revoked"


def test_a_foreign_credential_cannot_be_revoked_here(prop: tuple[Path, str], tmp_path: Path) -> None:
    other = Station.open(Home(tmp_path / "other").create())
    with pytest.raises(InputError) as caught:
        status.set_status(other, prop[1], change="revoked", reason="")
    assert caught.value.code == "credential_not_ours"


def test_no_index_is_given_twice(station: Station) -> None:
    answers = iter((7, 7, 7, 8))
    first = status.claim_index(station, credential_id="cred_a", choose=lambda size: next(answers))
    second = status.claim_index(station, credential_id="cred_b", choose=lambda size: next(answers))
    assert [first[0]["statusListIndex"], second[0]["statusListIndex"]] == ["7", "8"]


def test_two_changes_at_once_are_refused_not_lost(prop: tuple[Path, str], station: Station) -> None:
    (station.home.status / "changing.lock").touch()
    with pytest.raises(StorageError) as caught:
        status.set_status(station, prop[1], change="revoked", reason="")
    assert caught.value.code == "status_busy"


def test_a_list_that_was_handed_out_goes_stale(prop: tuple[Path, str], station: Station, tmp_path: Path) -> None:
    receiver = Station.open(Home(tmp_path / "receiver").create(), clock=station.clock)
    trust.accept(receiver.home, station.key.did, roles=("station",), at=station.clock())
    for document in status.export_lists(station):
        status.import_list(receiver.home, document, now=station.clock)
    later = station.clock() + status.EXPORT_VALIDITY + timedelta(seconds=1)
    assert verify_path(prop[0], home=receiver.home, clock=station.clock).status == "verified"
    found = verify_path(prop[0], home=receiver.home, clock=lambda: later)
    assert (found.status, found.failures[0].code) == ("unknown", "status_list_stale")
    assert verify_path(prop[0], home=station.home, clock=lambda: later).status == "verified"


def test_a_list_signed_by_somebody_else_is_refused(station: Station, tmp_path: Path) -> None:
    other = Station.open(Home(tmp_path / "other").create())
    forged = status.export_lists(other)[0]
    forged["id"] = statuslist.list_id(station.key.did, purpose="revocation")
    with pytest.raises(InputError) as caught:
        status.import_list(station.home, forged)
    assert caught.value.code == "status_list_invalid"


def test_an_own_list_that_was_tampered_with_is_noticed(prop: tuple[Path, str], station: Station) -> None:
    path = statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose="revocation"))
    document = json.loads(path.read_bytes())
    document["credentialSubject"]["encodedList"] = statuslist.encode(
        statuslist.with_bit(statuslist.empty(), 1, value=True)
    )
    path.write_text(json.dumps(document, separators=(",", ":"), sort_keys=True), encoding="utf-8")
    found = verify_path(prop[0], home=station.home, clock=station.clock)
    assert (found.status, found.failures[0].code) == ("unknown", "status_list_not_issuers")


def _own_lists(station: Station) -> list[Path]:
    return [
        statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose=purpose))
        for purpose in statuslist.PURPOSES
    ]


def _exported_word(path: Path, station: Station, receiver: Home) -> str:
    trust.accept(receiver, station.key.did, roles=("station",), at=station.clock())
    for document in status.export_lists(station):
        status.import_list(receiver, document, now=station.clock)
    return verify_path(path, home=receiver, clock=station.clock).status


@pytest.mark.parametrize("change", ["revoked", "suspended"])
def test_an_older_list_put_back_takes_no_act_back(
    change: status.Change, prop: tuple[Path, str], station: Station, tmp_path: Path
) -> None:
    older = {path: path.read_bytes() for path in _own_lists(station)}
    status.set_status(station, prop[1], change=change, reason="")
    for path, data in older.items():
        path.write_bytes(data)
    assert _word(prop[0], station) == change
    assert _exported_word(prop[0], station, Home(tmp_path / "receiver").create()) == change
    status.claim_index(station, credential_id="cred_a")
    assert {path: path.read_bytes() for path in older} != older


@pytest.mark.parametrize("change", ["revoked", "suspended"])
def test_lists_that_were_removed_are_made_again_from_the_acts(
    change: status.Change, prop: tuple[Path, str], station: Station, tmp_path: Path
) -> None:
    status.set_status(station, prop[1], change=change, reason="")
    for path in _own_lists(station):
        path.unlink()
    assert _word(prop[0], station) == change
    other = tmp_path / "other.obj"
    other.write_bytes(b"other")
    register_file(other, station=station)
    assert all(path.is_file() for path in _own_lists(station))
    assert (_word(prop[0], station), _word(other, station)) == (change, "verified")
    assert _exported_word(prop[0], station, Home(tmp_path / "receiver").create()) == change


def test_acts_without_an_index_still_count(prop: tuple[Path, str], station: Station) -> None:
    act = {
        "type": "StatusAct",
        "credentialId": prop[1],
        "change": "revoked",
        "reason": "",
        "at": "2026-01-31T12:00:00Z",
    }
    signed = proof.add_proof(act, key=station.key, created=station.clock())
    (station.home.status / "acts.jsonl").write_bytes(canonical.canonicalize(signed) + b"\n")
    for path in _own_lists(station):
        path.unlink()
    status.export_lists(station)
    (bits,) = [
        statuslist.bits_of(document, identifier=document["id"], purpose="revocation")
        for document in status.export_lists(station)
        if document["id"].endswith("/revocation")
    ]
    assert bits != statuslist.empty()


def test_a_damaged_act_is_neither_overlooked_nor_believed(prop: tuple[Path, str], station: Station) -> None:
    status.set_status(station, prop[1], change="suspended", reason="")
    acts = station.home.status / "acts.jsonl"
    acts.write_bytes(acts.read_bytes().replace(b'"suspended"', b'"reinstated"'))
    for path in _own_lists(station):
        path.unlink()
    assert _word(prop[0], station) == "unknown"
    with pytest.raises(InputError) as caught:
        status.export_lists(station)
    assert caught.value.code == "status_acts_damaged"


BAD_LISTS = {
    "no beginning": {"validFrom": None},
    "a beginning that is no time": {"validFrom": "zzzz"},
    "a beginning in the future": {"validFrom": "2026-02-01T12:00:00Z"},
    "an end that is no time": {"validUntil": "never"},
}


@pytest.mark.parametrize("name", BAD_LISTS)
def test_a_list_with_bad_times_is_refused(name: str, station: Station, tmp_path: Path) -> None:
    document = status.export_lists(station)[0]
    changed = {key: value for key, value in {**document, **BAD_LISTS[name]}.items() if value is not None}
    del changed["proof"]
    forged = proof.add_proof(changed, key=station.key, created=station.clock())
    with pytest.raises(InputError) as caught:
        status.import_list(Home(tmp_path / "receiver").create(), forged, now=station.clock)
    assert caught.value.code == "status_list_invalid"


@given(st.sets(st.integers(0, statuslist.ENTRIES - 1), max_size=20))
def test_bits_survive_their_encoding(indices: set[int]) -> None:
    bits = statuslist.empty()
    for index in indices:
        bits = statuslist.with_bit(bits, index, value=True)
    decoded = statuslist.decode(statuslist.encode(bits))
    assert decoded == bits
    assert {index for index in indices if statuslist.is_set(decoded, index)} == indices
    for index in indices:
        bits = statuslist.with_bit(bits, index, value=False)
    assert bits == statuslist.empty()


def test_a_list_that_unpacks_to_more_than_it_may_is_refused() -> None:
    import gzip

    from arp_core import multiformats

    bomb = multiformats.multibase_u_encode(gzip.compress(bytes(50_000_000)))
    with pytest.raises(InputError) as caught:
        statuslist.decode(bomb)
    assert caught.value.code == "status_list_invalid"
