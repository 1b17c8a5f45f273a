"""A sealed package and a sealed file, made by the real sealing code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from arp_core.credential.register import register_file
from arp_core.credential.seal import SealedCredential, seal_package
from arp_core.identify.asset import AssetVersion
from arp_core.identify.record import Mts
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.station import Station

Seal = Callable[..., SealedCredential]


@pytest.fixture
def seal(station: Station) -> Seal:
    """Return a function that fills a folder with a small package and seals it."""

    def sealing(folder: Path, *, name: str = "chair", by: Station = station) -> SealedCredential:
        (folder / "textures").mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.obj").write_bytes(b"v 0 0 0\n" + name.encode())
        (folder / "textures" / f"{name}_notes.txt").write_bytes(b"oak " + name.encode())
        rights = rights_for("mine", profile=RightsProfile.load(by.home))
        return seal_package(
            folder,
            name=name,
            station=by,
            asset=AssetVersion.first(),
            mts=Mts.of(content={"a": 1}, rights=rights.to_json(), capability={}, environment={}),
            nodes=[{"node": "inflate"}, {"node": "approve"}],
            files=[f"{name}.obj", f"textures/{name}_notes.txt"],
        )

    return sealing


@pytest.fixture
def package(tmp_path: Path, seal: Seal) -> Path:
    """The folder of a sealed package."""
    folder = tmp_path / "package"
    seal(folder)
    return folder


@pytest.fixture
def prop(tmp_path: Path, station: Station) -> Path:
    """A registered file in a work folder."""
    path = tmp_path / "work" / "prop.obj"
    path.parent.mkdir()
    path.write_bytes(b"v 0 0 0\n")
    register_file(path, station=station)
    return path
