"""Ordinary work raises no false alarm. One test a habit of real studios."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from arp_core import canonical, trust
from arp_core.credential import status
from arp_core.credential.register import register_file
from arp_core.errors import UsageError
from arp_core.home import Home
from arp_core.station import Station
from arp_core.verify import verify_all, verify_path


def _status(path: Path, station: Station) -> str:
    return verify_path(path, home=station.home, clock=station.clock).status


def test_moving_and_renaming_the_folder(package: Path, station: Station) -> None:
    moved = package.rename(package.parent / "道具 final 🪑")
    assert _status(moved, station) == "verified"


def test_copying_the_folder(package: Path, station: Station) -> None:
    copy = shutil.copytree(package, package.parent / "copy")
    assert _status(Path(copy), station) == "verified"


def test_a_folder_reached_through_a_link(package: Path, station: Station) -> None:
    link = package.parent / "latest"
    link.symlink_to(package)
    assert _status(link, station) == "verified"


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_operating_systems_leave_behind_is_reported_not_failed(name: str, package: Path, station: Station) -> None:
    (package / "textures" / name).write_bytes(b"x")
    found = verify_path(package, home=station.home, clock=station.clock)
    assert found.status == "verified"
    assert found.notes == (f"dropping: textures/{name}",)


def test_a_second_package_beside(package: Path, station: Station, seal) -> None:
    seal(package, name="table")
    results = verify_all(package, home=station.home, clock=station.clock)
    assert [result.status for result in results] == ["verified", "verified"]


def test_a_registered_file_beside_a_package(package: Path, station: Station) -> None:
    extra = package / "chair_v002.obj"
    extra.write_bytes(b"v 1 1 1\n")
    assert _status(package, station) == "modified"
    register_file(extra, station=station)
    assert _status(package, station) == "verified"


def test_an_empty_folder_is_no_stranger(package: Path, station: Station) -> None:
    (package / "renders").mkdir()
    assert _status(package, station) == "verified"


@pytest.mark.parametrize("parts", [("rights",), ("content", "rights", "capability", "environment", "nodes")])
def test_a_withheld_record_is_reported_not_failed(parts: tuple[str, ...], package: Path, station: Station) -> None:
    path = package / "chair_mts.records.json"
    records = json.loads(path.read_bytes())
    for part in parts:
        del records["records"][part]
    path.write_bytes(canonical.canonicalize(records))
    found = verify_path(package, home=station.home, clock=station.clock)
    assert found.status == "verified"
    step = next(step for step in found.steps if step.name == "records")
    assert step.outcome == "withheld"
    assert "rights" in step.detail


def test_withholding_the_records_file(package: Path, station: Station) -> None:
    (package / "chair_mts.records.json").unlink()
    assert _status(package, station) == "verified"


def test_neighbours_of_a_registered_file_are_ignored(prop: Path, station: Station) -> None:
    prop.with_name("scene.blend").write_bytes(b"BLENDER")
    assert _status(prop.parent, station) == "verified"
    assert _status(prop.with_name("prop.obj_mts.json"), station) == "verified"
    assert _status(prop.with_name("prop.obj_mts.records.json"), station) == "verified"


def test_the_next_version_verifies_and_the_old_one_stays_valid(prop: Path, station: Station) -> None:
    old = prop.parent.parent / "archive"
    shutil.copytree(prop.parent, old)
    prop.write_bytes(b"v 0 0 1\n")
    assert _status(prop, station) == "modified"
    sealed = register_file(prop, station=station, parent=prop.with_name("prop.obj_mts.json"))
    assert sealed.version == 2
    assert _status(prop, station) == "verified"
    assert _status(old, station) == "verified"


def test_a_receiver_who_accepted_the_issuer_and_took_in_its_lists(
    package: Path, station: Station, tmp_path: Path
) -> None:
    receiver = Station.open(Home(tmp_path / "receiver").create(), clock=station.clock)
    assert _status(package, receiver) == "untrusted"
    trust.accept(receiver.home, station.key.did, roles=("station",), at=station.clock())
    assert _status(package, receiver) == "unknown"
    for document in status.export_lists(station):
        status.import_list(receiver.home, document)
    assert _status(package, receiver) == "verified"


def test_verifying_writes_nothing(package: Path, station: Station, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    _status(package, station)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_station_without_a_home_trusts_nobody(package: Path, station: Station, tmp_path: Path) -> None:
    found = verify_path(package, home=Home(tmp_path / "nowhere"), clock=station.clock)
    assert found.status == "untrusted"
    assert not (tmp_path / "nowhere").exists()


def test_an_absent_path_is_a_usage_error(tmp_path: Path, station: Station) -> None:
    with pytest.raises(UsageError) as caught:
        verify_path(tmp_path / "nothing.glb", home=station.home)
    assert caught.value.code == "path_absent"
