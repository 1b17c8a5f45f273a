"""Fixtures that every area uses: a fresh home, a fixed clock, the official vectors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from arp_core.home import Home
from arp_core.station import Station

_VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors"
_IMAGES = Path(__file__).resolve().parents[2] / "shared" / "images"


@pytest.fixture(autouse=True)
def _no_station_of_the_person_running_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ARP_PASSPHRASE", raising=False)
    monkeypatch.delenv("ARP_TOKEN", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def fixed_clock():
    return lambda: datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def station(home: Home, fixed_clock) -> Station:
    return Station.open(home, clock=fixed_clock)


@pytest.fixture(scope="session")
def vectors() -> Path:
    if not _VECTORS.is_dir():
        pytest.skip("the official test vectors are not beside this checkout")
    return _VECTORS


@pytest.fixture(scope="session")
def sample_images() -> Path:
    if not _IMAGES.is_dir():
        pytest.skip("the sample pictures are not beside this checkout")
    return _IMAGES
