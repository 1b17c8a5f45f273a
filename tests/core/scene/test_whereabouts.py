"""What is not at its place: looked for in the home, then at the bridge, and never passed over in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from arp_core.blobs import BlobStore
from arp_core.digest import digest_file
from arp_core.home import Home
from arp_core.scene import presenter
from arp_core.scene.bridge_process import BridgeChoice
from arp_core.scene.session import Session
from arp_core.trust import accept

from .conftest import MemoryHost, settle, wait


def _file(host: MemoryHost) -> Path:
    return host.scene.parent / "prism.usdc"


def _sidecar(host: MemoryHost) -> Path:
    return host.scene.parent / "prism.usdc_mts.json"


def _blob(host: MemoryHost, home: Home) -> Path:
    return BlobStore(home.blobs).path(digest_file(_file(host)).hex)


def _no_sidecar(host: MemoryHost, _home: Home) -> None:
    _sidecar(host).unlink()


def _no_sidecar_and_other_bytes(host: MemoryHost, _home: Home) -> None:
    _sidecar(host).unlink()
    _file(host).write_bytes(_file(host).read_bytes() + b" ")


def _no_sidecar_anywhere(host: MemoryHost, home: Home) -> None:
    _sidecar(host).unlink()
    shutil.rmtree(home.credentials)


def _no_file(host: MemoryHost, _home: Home) -> None:
    _file(host).unlink()


def _no_file_and_moved(host: MemoryHost, _home: Home) -> None:
    _file(host).unlink()
    host.move("1")


def _nothing_but_the_home(host: MemoryHost, _home: Home) -> None:
    for path in list(host.scene.parent.iterdir()):
        path.unlink()


def _no_file_and_no_copy(host: MemoryHost, home: Home) -> None:
    _blob(host, home).unlink()
    _file(host).unlink()


def _no_file_and_no_copy_and_moved(host: MemoryHost, home: Home) -> None:
    _no_file_and_no_copy(host, home)
    host.move("1")


def _no_file_and_a_damaged_copy(host: MemoryHost, home: Home) -> None:
    blob = _blob(host, home)
    blob.chmod(0o644)
    blob.write_bytes(b"rotten")
    _file(host).unlink()


def _nothing_anywhere(host: MemoryHost, home: Home) -> None:
    _nothing_but_the_home(host, home)
    shutil.rmtree(home.credentials)


@pytest.mark.parametrize(
    ("change", "expected", "codes"),
    [
        (_no_sidecar, "verified", ["scene_sidecar_gone"]),
        (_no_sidecar_and_other_bytes, "modified", ["file_changed", "scene_sidecar_gone"]),
        (_no_sidecar_anywhere, "unsigned", ["sidecar_missing"]),
        (_no_file, "unknown", ["scene_copy_kept", "scene_mesh_as_sealed"]),
        (_no_file_and_moved, "unknown", ["scene_copy_kept", "scene_difference_moved_one"]),
        (_nothing_but_the_home, "unknown", ["scene_copy_kept", "scene_mesh_as_sealed"]),
        (_no_file_and_no_copy, "unknown", ["scene_copy_gone", "scene_mesh_as_sealed"]),
        (_no_file_and_no_copy_and_moved, "unknown", ["scene_copy_gone", "scene_changed"]),
        (_no_file_and_a_damaged_copy, "unknown", ["scene_copy_gone", "scene_mesh_as_sealed"]),
        (_nothing_anywhere, "unknown", ["scene_file_gone"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_missing_has_its_state_and_is_told(registered, home: Home, change, expected, codes):
    change(registered.host, home)
    registered.check()
    settle(registered)
    (asset,) = registered.assets
    assert asset.state == expected, asset.reasons
    assert [each.code for each in asset.reasons] == codes, asset.reasons
    for language in ("en", "zh"):
        texts = presenter.reason_texts(asset.reasons, language=language)
        assert all(text and "{" not in text for text in texts), texts


def test_the_first_sentence_of_a_file_that_is_gone_says_so(registered, host: MemoryHost, home: Home):
    _no_file(host, home)
    registered.check()
    settle(registered)
    (asset,) = registered.assets
    assert "not at its place" in presenter.sentence(asset, language="en")
    assert "原处" in presenter.sentence(asset, language="zh")
    assert asset.verification.document is not None, "the credential is known all the same"
    assert asset.verification.sidecar == _sidecar(host), "paths are those of its place, not of a temporary folder"
    (action,) = presenter.actions(asset, language="en")
    assert (action.name, action.enabled) == ("put_back", True)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (_no_sidecar, "verified"),
        (_no_file, "verified"),
        (_no_file_and_moved, "edited"),
        (_nothing_but_the_home, "verified"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_kept_is_put_back_byte_for_byte(registered, host: MemoryHost, home: Home, change, after: str):
    before = {path.name: path.read_bytes() for path in host.scene.parent.iterdir()}
    change(host, home)
    registered.check()
    settle(registered)
    registered.put_back(registered.assets[0].key)
    settle(registered)
    assert registered.error is None, registered.error
    assert {path.name: path.read_bytes() for path in host.scene.parent.iterdir()} == before
    (asset,) = registered.assets
    assert (asset.state, asset.kept) == (after, "beside")


def test_nothing_that_stands_there_is_touched_by_putting_back(registered, host: MemoryHost, home: Home):
    _no_sidecar_and_other_bytes(host, home)
    changed = _file(host).read_bytes()
    registered.check()
    settle(registered)
    registered.put_back(registered.assets[0].key)
    settle(registered)
    assert _file(host).read_bytes() == changed
    assert registered.assets[0].state == "modified"


def test_an_edit_whose_credential_is_only_kept_becomes_the_next_version(registered, host: MemoryHost, home: Home):
    _no_sidecar(host, home)
    host.move("1")
    registered.check()
    settle(registered)
    (asset,) = registered.assets
    assert (asset.state, asset.kept) == ("edited", "sidecar_gone")
    registered.register_version(asset.key)
    settle(registered)
    assert registered.error is None, registered.error
    assert (registered.assets[0].state, registered.assets[0].version) == ("verified", 2)
    assert _sidecar(host).is_file(), "the parent's credential is back beside it"


@pytest.fixture
def made(bridge_home: Home, picture: Path, tmp_path: Path) -> Session:
    """An asset made through the bridge by another station, and a session that has only the scene of it."""
    maker_host = MemoryHost(scene=tmp_path / "project" / "scene.any")
    maker_host.scene.parent.mkdir()
    maker = Session(maker_host, home=bridge_home)
    maker.make(picture, height=0.5, seed=0, origin="mine", name="ball")
    wait(maker, lambda: maker.job.ended)
    assert maker.job.progress.state == "succeeded", maker.job.error
    settle(maker)
    maker.close()

    own = Home(tmp_path / "other").create()
    issuer = maker.assets[0].verification.issuer
    accept(own, issuer, roles=["station"], at=maker.clock(), note="the other station")
    shutil.copytree(bridge_home.status, own.status, dirs_exist_ok=True)
    session = Session(maker_host, home=own)
    session._next_look = float("inf")  # the bridge is looked for when a test says so
    entry = json.loads(bridge_home.bridge_json.read_bytes())
    session.choice = BridgeChoice(url=entry["url"], token=entry["token"])
    return session


def test_only_the_sealed_preview_is_shown(made: Session):
    made.check()
    settle(made)
    picture = made.assets[0].preview
    assert picture is not None
    assert picture.name == "ball_preview.png"
    picture.write_bytes(picture.read_bytes() + b" ")
    made.check()
    settle(made)
    assert made.assets[0].preview is None
    assert made.assets[0].state == "verified", "its own file is as it was sealed"
    made.close()


def test_the_bridge_hands_over_what_neither_folder_nor_home_has(made: Session, tmp_path: Path):
    shutil.rmtree(tmp_path / "project" / "assets")
    made.check()
    settle(made)
    assert [each.code for each in made.assets[0].reasons] == ["scene_file_gone"], "no bridge was asked"
    made.look_for_bridge()
    settle(made)
    (asset,) = made.assets
    assert asset.state == "unknown", asset.reasons
    assert [each.code for each in asset.reasons] == ["scene_copy_kept", "scene_mesh_as_sealed"], asset.reasons
    assert asset.issuer == "the other station"

    made.choice = BridgeChoice(url="http://127.0.0.1:9")
    made.check()
    settle(made)
    assert made.assets[0].kept == "file_gone", "what it handed over is kept in the home"

    made.choice = BridgeChoice()
    made.put_back(asset.key)
    settle(made)
    assert (made.assets[0].state, made.assets[0].kept) == ("verified", "beside"), made.assets[0].reasons
    made.close()
