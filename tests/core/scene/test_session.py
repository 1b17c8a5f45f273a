"""The session with real files, real credentials and real geometry; only the DCC is in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from arp_core.errors import ArpError, UsageError
from arp_core.scene import presenter
from arp_core.scene.host import SceneItem, SceneMesh
from arp_core.scene.worker import Worker

from .conftest import MemoryHost, prism, settle


def _states(session) -> dict[str, str]:
    return {asset.name: asset.state for asset in session.assets}


def test_a_registered_object_is_verified_by_a_fresh_check(registered, host: MemoryHost):
    (asset,) = registered.assets
    assert (asset.state, asset.version) == ("verified", 1)
    assert asset.file == host.scene.parent / "prism.usdc"
    assert host.items["1"].mark.path == "prism.usdc"
    assert asset.issuer == "this station"


def test_the_other_frame_verifies_too(registered, host: MemoryHost):
    mesh = host.items["1"].mesh
    turned = np.stack((mesh.positions[:, 0], mesh.positions[:, 2], -mesh.positions[:, 1]), axis=1)
    host.items["1"] = replace(host.items["1"], mesh=replace(mesh, positions=turned))
    registered.check()
    settle(registered)
    assert _states(registered) == {"prism": "verified"}


def _one_ulp(host: MemoryHost) -> None:
    mesh = host.items["1"].mesh
    positions = mesh.positions.copy()
    positions[4, 0] = np.nextafter(positions[4, 0], np.float32(9))
    host.items["1"] = replace(host.items["1"], mesh=replace(mesh, positions=positions))


def _split_into_triangles(host: MemoryHost) -> None:
    quads = host.items["1"].mesh.corners.reshape(-1, 4)
    corners = quads[:, [0, 1, 2, 0, 2, 3]].ravel().astype(np.int32)
    mesh = SceneMesh(host.items["1"].mesh.positions, corners, np.full(12, 3, np.int32))
    host.items["1"] = replace(host.items["1"], mesh=mesh)


def _no_mesh(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], mesh=None)


def _modifier(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], modifiers=("Bevel",))


def _mirrored(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], scale=(-1.0, 1.0, 1.0))


def _doubled(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], scale=(2.0, 2.0, 2.0))


def _other_mesh_key(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], mark=replace(host.items["1"].mark, mesh="/root/elsewhere"))


def _tampered(host: MemoryHost) -> None:
    file = host.scene.parent / "prism.usdc"
    file.write_bytes(file.read_bytes() + b" ")


def _other_credential(host: MemoryHost) -> None:
    host.items["1"] = replace(host.items["1"], mark=replace(host.items["1"].mark, sidecar_sha256="0" * 64))


@pytest.mark.parametrize(
    ("change", "state", "code"),
    [
        (lambda host: host.move("1"), "edited", "scene_difference_moved_one"),
        (_one_ulp, "reexported", "scene_difference_rounded"),
        (_split_into_triangles, "reexported", "scene_difference_retriangulated"),
        (_no_mesh, "not_compared", "scene_not_readable"),
        (_modifier, "edited", "scene_modifiers"),
        (_mirrored, "edited", "scene_scaled_unevenly"),
        (_doubled, "verified", "scene_scaled"),
        (_other_mesh_key, "modified", "scene_mesh_not_listed"),
        (_tampered, "modified", None),
        (_other_credential, "modified", "scene_other_credential"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_each_change_has_its_state_and_reason(registered, host: MemoryHost, change, state: str, code: str | None):
    change(host)
    registered.check()
    settle(registered)
    (asset,) = registered.assets
    assert asset.state == state, asset.reasons
    assert asset.reasons
    if code is not None:
        assert asset.reasons[0].code == code, asset.reasons


def test_an_edit_is_noticed_by_touch_and_becomes_the_next_version(registered, host: MemoryHost):
    first = host.items["1"].mark.credential
    host.move("1")
    registered.touched({"1"})
    assert _states(registered) == {"prism": "pending"}
    settle(registered)
    (asset,) = registered.assets
    assert asset.state == "edited"
    assert asset.may_register
    registered.register_version(asset.key, note="wider")
    settle(registered)
    assert registered.error is None, registered.error
    (asset,) = registered.assets
    assert (asset.state, asset.version, asset.file.name) == ("verified", 2, "prism_v002.usdc")
    assert host.items["1"].mark.credential != first
    (act,) = asset.verification.document["credentialSubject"]["nodes"]
    assert act, "the edit is a recorded human act"
    assert (host.scene.parent / "prism.usdc").is_file(), "the version before stays"


def test_details_tell_the_version_it_was_made_from_and_every_step(registered, host: MemoryHost):
    first = registered.assets[0]
    assert "Made from" not in [line.label for line in presenter.details(first, language="en")]
    host.move("1")
    registered.check()
    settle(registered)
    registered.register_version(registered.assets[0].key)
    settle(registered)
    (asset,) = registered.assets
    lines = {line.label: line.value for line in presenter.details(asset, language="en")}
    assert lines["Made from"] == f"v001 · {presenter.short_id(first.mark.credential)}"
    for language, word, outcome in (("en", "signature holds", "passed"), ("zh", "签名有效", "通过")):
        steps = presenter.steps(asset, language=language)
        assert [step.number for step in steps] == list(range(1, 13))
        assert (steps[1].words, steps[1].outcome, steps[1].holds) == (word, outcome, True)
        assert not any(step.words.startswith("step_") or step.outcome.startswith("outcome_") for step in steps)


def test_only_what_was_touched_is_checked_again(registered, host: MemoryHost):
    host.items["2"] = SceneItem(key="2", name="crate", mark=None, mesh=prism())
    registered.touched({"2"})
    settle(registered)
    assert _states(registered) == {"crate": "unsigned", "prism": "verified"}
    _tampered(host)
    registered.touched({"2"})
    settle(registered)
    assert _states(registered)["prism"] == "verified", "its file was not looked at"
    del host.items["2"]
    registered.touched({"2"})
    settle(registered)
    assert "crate" not in _states(registered)
    registered.check()
    settle(registered)
    assert _states(registered) == {"prism": "modified"}


def test_a_copy_of_an_object_belongs_to_the_same_asset(registered, host: MemoryHost):
    host.items["2"] = replace(host.items["1"], key="2", name="prism.001")
    registered.touched({"2"})
    settle(registered)
    (asset,) = registered.assets
    assert set(asset.members) == {"1", "2"}


def test_an_edit_that_this_station_may_not_register_reads_modified(registered, host: MemoryHost, home):
    document = home.trust_json.read_text()
    assert '"station"' in document
    home.trust_json.write_text(
        document.replace('"filing_authority","station"', '"platform"').replace('"station"', '"platform"')
    )
    host.move("1")
    registered.check()
    settle(registered)
    (asset,) = registered.assets
    assert asset.state in ("modified", "untrusted")
    assert not asset.may_register


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda host: setattr(host, "scene", None), "scene_unsaved"),
        (lambda host: host.items.clear(), "scene_nothing_selected"),
        (lambda host: setattr(host, "usd", False), "scene_usd_missing"),
        (_modifier, "scene_modifiers"),
    ],
    ids=["unsaved", "nothing selected", "a host without USD", "live modifier"],
)
def test_what_cannot_be_registered_is_refused_with_a_sentence(session, host: MemoryHost, tmp_path: Path, prepare, code):
    prepare(host)
    with pytest.raises(UsageError) as caught:
        session.register(("1",), origin="mine")
    assert caught.value.code == code
    assert not list((tmp_path / "project").iterdir())


def test_a_mesh_that_importers_would_change_is_refused_and_leaves_nothing_beside_the_scene(session, host: MemoryHost):
    mesh = host.items["1"].mesh
    doubled = SceneMesh(mesh.positions, np.concatenate((mesh.corners, mesh.corners[:4])), np.full(7, 4, np.int32))
    host.items["1"] = replace(host.items["1"], mesh=doubled)
    session.register(("1",), origin="mine")
    settle(session)
    assert session.error is not None
    assert session.error.code == "mesh_not_sealable"
    assert not session.sealing
    assert not list(host.scene.parent.iterdir()), session.error
    assert host.items["1"].mark is None


def test_someone_elses_file_is_never_overwritten(session, host: MemoryHost):
    stranger = host.scene.parent / "prism.usdc"
    stranger.write_bytes(b"not ours")
    session.register(("1",), origin="mine")
    settle(session)
    assert stranger.read_bytes() == b"not ours"
    assert session.assets[0].file.name == "prism-2.usdc"


def test_what_was_found_is_not_in_order_for_publishing(session, host: MemoryHost):
    session.register(("1",), origin="found")
    settle(session)
    assert session.error is None, session.error
    subject = session.assets[0].verification.document["credentialSubject"]
    assert subject["publishable"] is False


def test_a_fault_in_a_thread_reaches_the_person():
    worker = Worker(name="test")
    seen: list[ArpError] = []
    worker.run(lambda: 1 // 0, done=lambda _value: None, failed=seen.append)
    while worker.busy:
        worker.drain()
        threading.Event().wait(0.005)
    worker.close(timeout=5)
    assert [error.code for error in seen] == ["scene_unexpected"]
    assert "ZeroDivisionError" in seen[0].sentence(language="en")


def test_nothing_is_delivered_off_the_main_thread():
    worker = Worker(name="test")
    here: list[int] = []
    worker.run(threading.get_ident, done=lambda _there: here.append(threading.get_ident()), failed=pytest.fail)
    while worker.busy:
        worker.drain()
        threading.Event().wait(0.005)
    worker.close(timeout=5)
    assert here == [threading.get_ident()]
