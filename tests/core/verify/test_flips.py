"""No bit of a sidecar or of a records file is harmless."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arp_core.station import Station
from arp_core.verify import verify_path


@pytest.mark.parametrize("name", ["chair_mts.json", "chair_mts.records.json"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_is_never_verified(name: str, package: Path, station: Station, data: st.DataObject) -> None:
    original = (package / name).read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    mask = data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(package, Path(temporary) / "copy"))
        changed = original[:position] + bytes([original[position] ^ mask]) + original[position + 1 :]
        (copy / name).write_bytes(changed)
        assert verify_path(copy, home=station.home, clock=station.clock).status != "verified"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=400), cut=st.integers(0, 3000))
def test_junk_and_truncation_are_data(package: Path, station: Station, junk: bytes, cut: int) -> None:
    original = (package / "chair_mts.json").read_bytes()
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(package, Path(temporary) / "copy"))
        (copy / "chair_mts.json").write_bytes(original[: min(cut, len(original) - 1)] + junk)
        found = verify_path(copy, home=station.home, clock=station.clock)
        assert found.status == "modified"
        assert found.failures
