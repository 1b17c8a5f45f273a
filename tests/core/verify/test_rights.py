"""The rights verdict: decided from the signed policy, never mixed with integrity."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arp_core.credential.register import register_file
from arp_core.errors import UsageError
from arp_core.identify.rights import RightsProfile, RightsRecord, rights_for
from arp_core.station import Station
from arp_core.verify import Use, verify_path

_LIMITED = RightsRecord(
    origin="licensed",
    licence="LIC-7",
    project="moon",
    purposes=("film", "previs"),
    territories=("CN", "FR"),
    not_before="2026-01-01T00:00:00Z",
    not_after="2026-12-31T00:00:00Z",
)

CASES = {
    "nothing asked": (_LIMITED, None, "in_order"),
    "everything fits": (_LIMITED, "project=moon,purpose=film,territory=CN", "in_order"),
    "another project": (_LIMITED, "project=sun", "not_for_this_use"),
    "another purpose": (_LIMITED, "purpose=game", "not_for_this_use"),
    "another territory": (_LIMITED, "territory=US", "not_for_this_use"),
    "before the embargo ends": (_LIMITED, "date=2025-12-31", "embargoed"),
    "after the end": (_LIMITED, "date=2027-01-01", "ended"),
    "shortly before the end": (_LIMITED, "date=2026-12-15", "ending_soon"),
    "no reference": (replace(_LIMITED, licence="", publishable=False), None, "undeclared"),
    "unlimited": (RightsRecord(origin="mine"), "project=any,purpose=any,territory=US,date=2090-01-01", "in_order"),
}


@pytest.mark.parametrize("name", CASES)
def test_verdict(name: str, tmp_path: Path, station: Station) -> None:
    rights, asked, expected = CASES[name]
    path = tmp_path / "prop.obj"
    path.write_bytes(b"v 0 0 0\n")
    register_file(path, station=station, rights=rights)
    use = Use.parse(asked) if asked else None
    found = verify_path(path, home=station.home, clock=station.clock, use=use)
    assert found.status == "verified"
    assert found.rights == expected


@pytest.mark.parametrize(("asked", "expected"), [(None, "undeclared"), ("purpose=film", "not_for_this_use")])
def test_what_was_found_may_be_tried_and_never_published(
    asked: str | None, expected: str, tmp_path: Path, station: Station
) -> None:
    path = tmp_path / "ref.obj"
    path.write_bytes(b"v 0 0 0\n")
    rights = rights_for("found", profile=RightsProfile.load(station.home))
    sealed = register_file(path, station=station, rights=rights)
    assert sealed.document["credentialSubject"]["publishable"] is False
    use = Use.parse(asked) if asked else None
    assert verify_path(path, home=station.home, clock=station.clock, use=use).rights == expected


def test_a_changed_usage_boundary_breaks_integrity_not_rights(tmp_path: Path, station: Station) -> None:
    path = tmp_path / "prop.obj"
    path.write_bytes(b"v 0 0 0\n")
    sealed = register_file(path, station=station, rights=_LIMITED)
    sealed.sidecar.write_bytes(sealed.sidecar.read_bytes().replace(b'"moon"', b'"moan"'))
    found = verify_path(path, home=station.home, clock=station.clock, use=Use(project="moan"))
    assert found.status == "modified"
    assert found.rights == "undeclared"


@pytest.mark.parametrize("text", ["", "film", "project=", "colour=red", "date=tomorrow", "purpose=a,purpose=b"])
def test_a_use_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Use.parse(text)
    assert caught.value.code == "use_invalid"


def test_a_use_may_carry_a_time_with_its_zone() -> None:
    assert Use.parse("date=2026-01-01T08:00:00+08:00").date == datetime(2026, 1, 1, tzinfo=UTC)
