"""Starting, ending, being killed, and going on afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arp_bridge.cli import main
from arp_bridge.worker.process import WorkerGoneError, WorkerProcess, worker_environment
from arp_core.client import BridgeClient
from arp_core.home import Home

if TYPE_CHECKING:
    from conftest import RunningBridge

Start = Callable[..., "RunningBridge"]
JobRequest = Callable[..., dict[str, object]]

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="process trees are read from /proc")


def _children(pid: int) -> set[int]:
    """Return every live descendant of a process."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    frontier = {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


def _alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def _until_gone(pids: set[int]) -> None:
    """Wait for processes that end by themselves; the test's own time limit is the bound."""
    bell = threading.Event()
    for _ in range(200):
        if not _alive(pids):
            return
        bell.wait(0.05)
    raise AssertionError(f"still there: {_alive(pids)}")


def test_a_second_bridge_on_the_same_home_names_the_first(start: Start, tmp_path: Path) -> None:
    first = start()
    second = subprocess.run(
        [sys.executable, "-m", "arp_bridge", "bridge", "--json", "--home", str(first.home.root)],
        capture_output=True,
        check=False,
    )
    assert second.returncode == 1
    error = json.loads(second.stdout)["error"]
    assert error["code"] == "bridge_already_running"
    assert first.url in error["message"]
    assert BridgeClient.discover(first.home) is not None


@needs_proc
def test_a_stop_is_clean(start: Start) -> None:
    running = start()
    running.client.capabilities()
    workers = _children(running.process.pid)
    assert running.stop() == 0
    assert not running.home.bridge_json.exists()
    assert _alive(workers) == set()
    assert BridgeClient.discover(running.home) is None


def test_ctrl_c_ends_open_streams(start: Start, picture: Path, job_request: JobRequest) -> None:
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture)))
    stream = running.request("GET", f"/v1/jobs/{job_id}/events", stream=True)
    assert next(stream.iter_lines())
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=20) == 0
    assert not running.home.bridge_json.exists()


def test_an_entry_left_by_a_killed_bridge_stops_nobody(start: Start) -> None:
    killed = start()
    killed.kill()
    assert killed.home.bridge_json.exists()
    assert BridgeClient.discover(killed.home) is None
    again = start(killed.home.root)
    assert again.url != killed.url or again.token != killed.token
    assert again.client.capabilities()
    assert again.request("GET", "/v1/jobs", headers={"Authorization": f"Bearer {killed.token}"}).status_code == 401


@needs_proc
@pytest.mark.parametrize("ending", ["kill", "stop"])
def test_a_job_goes_on_at_the_first_node_that_is_not_recorded(
    start: Start, picture: Path, job_request: JobRequest, ending: str
) -> None:
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture)))
    workers = _children(running.process.pid)
    for event in client.events(job_id):
        if event["type"] == "node" and event["node"] == "inflate" and event["state"] == "succeeded":
            break
    before = {node["id"]: node["record"] for node in client.job(job_id)["nodes"] if node["record"]}
    workers |= _children(running.process.pid)
    getattr(running, ending)()
    _until_gone(workers)
    assert {"intake", "mask", "inflate"} <= before.keys()

    again = start(running.home.root)
    events = list(again.client.events(job_id))
    job = again.client.job(job_id)
    assert job["state"] == "succeeded"
    after = {node["id"]: node["record"] for node in job["nodes"]}
    assert {name: after[name] for name in before} == before
    ended = [event["node"] for event in events if event["type"] == "node" and event["state"] == "succeeded"]
    assert len(ended) == len(set(ended)) == len(after) + 1
    assert len(again.client.outputs(job_id)) == 6


@needs_proc
def test_cancel_ends_the_worker_and_leaves_nothing(start: Start, picture: Path, job_request: JobRequest) -> None:
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture)))
    queued = client.submit(job_request(client.upload(picture), name="second"))
    for event in client.events(job_id):
        if event["type"] == "node" and event["node"] == "mask" and event["state"] == "running":
            break
    workers = _children(running.process.pid)
    assert workers
    client.cancel(queued)
    client.cancel(job_id)
    assert _alive(workers) == set()
    last = list(client.events(job_id))[-1]
    assert (last["type"], last["state"]) == ("job", "cancelled")
    assert client.job(queued)["state"] == "cancelled"
    assert client.outputs(job_id) == []
    assert list((running.home.scratch / "bridge").glob("seal-*")) == []
    assert client.cancel(job_id)["state"] == "cancelled"
    third = client.submit(job_request(client.upload(picture), name="third", seal=False))
    assert list(client.events(third))[-1]["state"] == "succeeded"


@needs_proc
def test_a_worker_that_dies_by_itself_is_replaced_once(start: Start, picture: Path, job_request: JobRequest) -> None:
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture), seal=False))
    killed: set[int] = set()
    states: list[str] = []
    for event in client.events(job_id):
        if event["type"] == "job":
            states.append(event["state"])
        if not killed and event["type"] == "node" and event["node"] == "mask":
            killed = _children(running.process.pid)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
    assert killed
    assert states[-1] == "succeeded"


@needs_proc
def test_a_job_whose_workers_keep_dying_is_lost(start: Start, picture: Path, job_request: JobRequest) -> None:
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture)))
    seen: set[int] = set()
    for event in client.events(job_id):
        if event["type"] == "node" and event["state"] == "running":
            fresh = _children(running.process.pid) - seen
            seen |= fresh
            for pid in fresh:
                os.kill(pid, signal.SIGKILL)
    job = client.job(job_id)
    assert (job["state"], job["code"]) == ("lost", "worker_gone")
    assert job["message"]


def test_a_worker_that_never_gets_ready_is_said_to_be_incomplete(
    start: Start, picture: Path, job_request: JobRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "fast_simplification.py").write_text("raise ImportError('half an installation')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(broken), os.environ.get("PYTHONPATH", "")]))
    running = start()
    client = running.client
    job_id = client.submit(job_request(client.upload(picture)))
    assert [event["state"] for event in client.events(job_id) if event["type"] == "job"][-1] == "lost"
    job = client.job(job_id)
    assert job["code"] == "worker_not_ready"
    assert "half an installation" in Path(job["facts"]["log"]).read_text()


def test_a_bridge_until_idle_ends_with_its_owner(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "bridge", "--json", "--until-idle", "--home", str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["pid"] == process.pid
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    process.stdout.close()
    assert not home.bridge_json.exists()


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
def test_killing_a_worker_ends_what_it_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, json\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(json.dumps({'is': 'ready', 'child': child.pid}), flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    worker = WorkerProcess(process, log=tmp_path / "log")
    child = next(worker.answers())["child"]
    worker.kill()
    _until_gone({worker.pid, child})
    with pytest.raises(WorkerGoneError) as caught:
        next(worker.answers())
    assert caught.value.code == "worker_gone"
    worker.close()


def test_a_worker_sees_no_secret_and_no_proxy() -> None:
    inherited = {
        "PATH": "/bin",
        "ARP_TOKEN": "t",
        "ARP_PASSPHRASE": "p",
        "HTTPS_PROXY": "http://proxy",
        "https_proxy": "http://proxy",
        "No_Proxy": "x",
    }
    given = worker_environment(inherited)
    assert given["PATH"] == "/bin"
    assert given["OPENCV_IPP"] == "disabled"
    assert not {name.lower() for name in given} & {"arp_token", "arp_passphrase", "https_proxy", "no_proxy"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.org", ""])
def test_only_loopback_is_listened_on(host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from arp_bridge.cli import main

    assert main(["bridge", "--host", host, "--home", str(tmp_path / "home"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bridge_not_loopback"


def test_a_port_that_is_taken_is_named(start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from arp_bridge.cli import main

    port = start().url.rpartition(":")[2]
    assert main(["bridge", "--port", port, "--home", str(tmp_path / "other"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bridge_port_taken"


def test_a_step_that_takes_too_long_is_ended_and_the_next_job_gets_a_new_worker(
    start: Callable[..., RunningBridge], picture: Path, job_request: Callable[..., dict[str, object]]
) -> None:
    bridge = start(None, "--node-timeout", "0.001")
    client = bridge.client
    sha256 = client.upload(picture)
    for seed in ("1", "2"):
        job_id = client.submit(job_request(sha256, seed=seed))
        *_, ended = client.events(job_id)
        assert (ended["state"], ended["code"]) == ("failed", "node_timeout")
        assert ended["facts"]["seconds"] == "0.001"
    assert bridge.stop() == 0


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf"])
def test_a_time_limit_that_is_none_is_a_bad_argument(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bridge", f"--node-timeout={text}"]) == 2
    assert "[node_timeout_invalid]" in capsys.readouterr().err
