"""What a stranger puts beside a package costs little, silences nothing and proves nothing. One test an attack."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from arp_core import canonical, trust
from arp_core.credential.seal import SealedCredential
from arp_core.errors import InputError, UsageError
from arp_core.station import Station
from arp_core.verify import Use, Verification, verify_all, verify_path


def _codes(result: Verification) -> set[str]:
    return {failure.code for failure in result.failures}


def _verify(path: Path, station: Station) -> Verification:
    return verify_path(path, home=station.home, clock=station.clock)


def test_a_pipe_that_a_neighbour_names_does_not_stop_verification(package: Path, station: Station, seal) -> None:
    seal(package, name="table")
    (package / "table.obj").unlink()
    os.mkfifo(package / "table.obj")
    results = verify_all(package, home=station.home, clock=station.clock)
    assert [result.status for result in results] == ["modified", "modified"]
    assert _codes(results[0]) == {"file_unlisted"}


@pytest.mark.parametrize("ending", [".records.json", ".json"])
def test_a_pipe_under_a_sealing_name_is_named(ending: str, package: Path, station: Station) -> None:
    path = package / f"chair_mts{ending}"
    path.unlink()
    os.mkfifo(path)
    assert _codes(_verify(package, station)) == {"file_not_regular"}


def test_an_unreadable_sidecar_silences_no_other(package: Path, station: Station) -> None:
    os.mkfifo(package / "zz_mts.json")
    results = verify_all(package, home=station.home, clock=station.clock)
    assert [(result.sidecar is None, result.status) for result in results] == [(False, "modified"), (True, "modified")]


def test_folders_nested_without_end_are_a_failure(package: Path, station: Station) -> None:
    inner = package
    for _ in range(200):
        inner = inner / "d"
        inner.mkdir()
    results = verify_all(package, home=station.home, clock=station.clock)
    assert [_codes(result) for result in results] == [{"folder_too_deep"}, {"folder_too_deep"}]


def _resign(package: Path, station: Station, **changes: object) -> None:
    from arp_core import proof

    path = package / "chair_mts.json"
    document = {**json.loads(path.read_bytes()), **changes}
    del document["proof"]
    path.write_bytes(canonical.canonicalize(proof.add_proof(document, key=station.key, created=station.clock())))


@pytest.mark.parametrize("index", ["9" * 5000, "\u0661", "-1", "01", "1e3", ""])
def test_an_index_that_is_no_small_number_is_malformed(index: str, package: Path, station: Station) -> None:
    entry = {**json.loads((package / "chair_mts.json").read_bytes())["credentialStatus"][0], "statusListIndex": index}
    _resign(package, station, credentialStatus=[entry])
    assert _codes(_verify(package, station)) == {"credential_malformed"}


def test_more_status_entries_than_anybody_needs_are_malformed(package: Path, station: Station) -> None:
    entry = json.loads((package / "chair_mts.json").read_bytes())["credentialStatus"][0]
    _resign(package, station, credentialStatus=[entry] * 9)
    assert _codes(_verify(package, station)) == {"credential_malformed"}


def test_true_is_not_the_version_one(package: Path, station: Station) -> None:
    path = package / "chair_mts.records.json"
    path.write_bytes(canonical.canonicalize({**json.loads(path.read_bytes()), "schemaVersion": True}))
    assert _codes(_verify(package, station)) == {"records_malformed"}
    listed = json.loads(station.home.trust_json.read_bytes())
    station.home.trust_json.write_text(json.dumps({**listed, "version": True}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        trust.TrustList.load(station.home)
    assert caught.value.code == "trust_invalid"


DENSE = {"numbers": b"1.5", "lists": b"[]", "objects": b"{}"}


@pytest.mark.parametrize("name", DENSE)
def test_dense_records_are_refused_before_they_are_parsed(name: str, package: Path, station: Station) -> None:
    (package / "chair_mts.records.json").write_bytes(b'{"a":[' + b",".join([DENSE[name]] * 250_000) + b"]}")
    assert _codes(_verify(package, station)) == {"json_too_many_values"}


@pytest.mark.parametrize("ending", [".tsr", ".tlog-proof"])
def test_what_stands_in_an_attachment_is_not_vouched_for(ending: str, package: Path, station: Station, seal) -> None:
    (package / f"chair_mts.json{ending}").write_bytes(b"anything")
    seal(package.parent / "other", name="table")
    found = _verify(package, station)
    assert (found.status, found.notes) == ("verified", (f"unchecked: chair_mts.json{ending}",))
    (package / f"chair_mts.json{ending}").write_bytes(bytes(70_000))
    assert _codes(_verify(package, station)) == {"attachment_invalid"}


def test_a_neighbours_records_must_be_those_it_sealed(package: Path, station: Station, seal) -> None:
    table: SealedCredential = seal(package, name="table")
    (package / "table_mts.json.tsr").write_bytes(b"anything")
    notes = verify_all(package, home=station.home, clock=station.clock)[0].notes
    assert "unchecked: table_mts.json.tsr" in notes
    assert "attested: table_mts.records.json" in notes
    table.records.write_bytes(b"{}")
    found = verify_all(package, home=station.home, clock=station.clock)[0]
    assert _codes(found) == {"file_unlisted"}


@pytest.mark.parametrize("text", ["", ",", " ", "date=9999-12-31T23:59:59-23:59", "date=1", "project="])
def test_a_use_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Use.parse(text)
    assert caught.value.code == "use_invalid"
