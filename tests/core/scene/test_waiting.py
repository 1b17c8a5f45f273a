"""A job outlives the host that sent it off: found again, watched, cancelled, placed once, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from arp_core import typeid
from arp_core.client import BridgeClient
from arp_core.home import Home
from arp_core.scene import waiting
from arp_core.scene.session import Session
from arp_core.scene.waiting import WaitingJob

from .conftest import MemoryHost, settle, wait


@pytest.fixture
def open_scene(bridge_home: Home, tmp_path: Path) -> Callable[[str], Session]:
    """A function that starts a front-end on a scene; each is a host process of its own as far as threads go."""
    (tmp_path / "project").mkdir()
    opened: list[Session] = []

    def opening(name: str) -> Session:
        host = MemoryHost(scene=tmp_path / "project" / name if name else None)
        opened.append(Session(host, home=bridge_home))
        return opened[-1]

    yield opening
    for session in opened:
        session.close()
    for each in (bridge_home.root / "waiting").glob("job_*"):
        each.unlink()


def _sent_off(session: Session, picture: Path, *, name: str) -> str:
    session.make(picture, height=0.5, seed=0, origin="mine", name=name)
    wait(session, lambda: session.job.progress.job_id)
    return session.job.progress.job_id


def test_a_job_sent_off_before_is_found_again_and_placed(open_scene, picture: Path, bridge_home: Home):
    first = open_scene("a.any")
    job_id = _sent_off(first, picture, name="ball")
    first.close()
    other = open_scene("b.any")
    other.look_for_bridge()
    settle(other)
    assert other.job is None, "another scene does not wait for it"
    again = open_scene("a.any")
    again.look_for_bridge()
    wait(again, lambda: again.job is not None)
    assert again.job.found_again
    assert again.job.seconds is None
    wait(again, lambda: again.job.ended)
    settle(again)
    assert again.job.progress.state == "succeeded", again.job.error
    assert again.job.progress.job_id == job_id
    assert [(asset.name, asset.state) for asset in again.assets] == [("ball", "verified")]
    assert not waiting.of_scene(again.host.scene_file(), home=bridge_home), "it came in"


def test_it_can_be_cancelled_from_where_it_was_found(open_scene, picture: Path, bridge_home: Home):
    client = BridgeClient.discover(bridge_home)
    assert client is not None
    job_id = client.submit(
        {
            "recipe": "image-to-3d",
            "inputs": {"image": client.upload(picture)},
            "name": "ball",
            "parameters": {"height": 0.5, "texture_size": 4096},  # long enough to be caught at it
            "seed": "0",
            "origin": "mine",
        }
    )
    session = open_scene("a.any")
    scene = session.host.scene_file()
    waiting.remember(WaitingJob(job_id, "ball", scene.parent / "assets" / "ball", scene), home=bridge_home)
    session.look_for_bridge()
    wait(session, lambda: session.job is not None)
    session.cancel()
    wait(session, lambda: session.job.ended)
    settle(session)
    assert session.job.progress.state == "cancelled", session.job
    assert client.job(job_id)["state"] == "cancelled"
    assert session.host.items == {}
    assert not (scene.parent / "assets").exists()
    assert not waiting.of_scene(scene, home=bridge_home)


def test_a_job_that_no_bridge_knows_is_told_once_and_forgotten(open_scene, bridge_home: Home):
    session = open_scene("a.any")
    scene = session.host.scene_file()
    unknown = WaitingJob(typeid.new_id("job"), "ball", scene.parent / "assets" / "ball", scene)
    waiting.remember(unknown, home=bridge_home)
    session.look_for_bridge()
    wait(session, lambda: session.job is not None and session.job.ended)
    settle(session)
    assert session.job.error.code == "bridge_refused"
    assert not waiting.of_scene(scene, home=bridge_home)


def test_the_name_that_a_scene_is_saved_under_takes_its_job_along(open_scene, picture: Path, bridge_home: Home):
    session = open_scene("")
    job_id = _sent_off(session, picture, name="ball")
    assert job_id in [each.job_id for each in waiting.of_scene(None, home=bridge_home)]
    named = session.home.root / "scene.any"
    session.host.scene = named
    session.scene_saved()
    assert [each.job_id for each in waiting.of_scene(named, home=bridge_home)] == [job_id]
    assert session.job.scene == named
    session.host.scene = session.home.root / "another.any"
    session.scene_opened()
    assert session.job is None, "that scene waits for nothing"
    settle(session)
    assert session.host.items == {}, "and nothing is placed in it"


def test_two_hosts_never_hold_one_job(home: Home):
    with waiting.claimed("job_a", home=home) as first:
        assert first
        with waiting.claimed("job_a", home=home) as second:
            assert not second
    with waiting.claimed("job_a", home=home) as third:
        assert third


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"name": "x", "folder": 3}'])
def test_a_note_that_is_none_is_passed_over(home: Home, text: str):
    job = WaitingJob(job_id="job_b", name="椅子", folder=home.root / "x", scene=None)
    waiting.remember(job, home=home)
    (home.root / "waiting" / "job_c.json").write_text(text, encoding="utf-8")
    assert waiting.of_scene(None, home=home) == (job,)
    waiting.forget("job_b", home=home)
    assert waiting.of_scene(None, home=home) == ()
