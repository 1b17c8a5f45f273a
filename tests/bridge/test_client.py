"""The client against real servers: ours, none, and strangers."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arp_core.client import BridgeClient, failure_of
from arp_core.errors import AuditError, BridgeError, InputError, StorageError, UsageError
from arp_core.home import Home

if TYPE_CHECKING:
    from conftest import RunningBridge


@contextmanager
def _stranger(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve ``answer`` to every request, and yield the URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _any(self) -> None:
            answer(self)

        do_GET = do_PUT = do_POST = do_HEAD = _any

        def log_message(self, *_args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _say(status: int, body: bytes, **headers: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_there_is_absent() -> None:
    with pytest.raises(BridgeError) as caught:
        BridgeClient(f"http://127.0.0.1:{_free_port()}").health()
    assert caught.value.code == "bridge_absent"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("a web page", _say(200, b"<html>")),
        ("a JSON list", _say(200, b"[]")),
        ("a refusal of another kind", _say(404, b'{"detail": "Not Found"}')),
        ("a refusal in HTML", _say(502, b"<html>Bad Gateway")),
        ("a redirect", _say(302, b"", Location="http://127.0.0.1:1/")),
        ("nothing", _say(204, b"")),
    ],
)
def test_a_stranger_is_not_a_bridge(name: str, answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> None:
    with _stranger(answer) as url, pytest.raises(BridgeError) as caught:
        BridgeClient(url).capabilities()
    assert caught.value.code == "bridge_answer_invalid", name


@pytest.mark.parametrize("url", ["", "bridge", "ftp://host", "http://", "http://h/?q", "127.0.0.1:8600"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        BridgeClient(url)
    assert caught.value.code == "bridge_url_invalid"


def test_a_refusal_keeps_the_bridges_code_and_sentence(bridge: RunningBridge) -> None:
    client = BridgeClient(bridge.url, token="wrong", language="zh")
    with pytest.raises(BridgeError) as caught:
        client.capabilities()
    assert (caught.value.code, caught.value.facts["reason_code"]) == ("bridge_refused", "token_refused")
    assert "令牌" in caught.value.sentence(language="zh")


@pytest.mark.parametrize(
    "entry",
    [b"", b"{", b"[]", b"{}", b'{"url": 3, "token": "x"}', b'{"url": "http://127.0.0.1:1", "token": "x", "pid": 1}'],
)
def test_an_entry_that_leads_nowhere_is_no_bridge(home: Home, entry: bytes) -> None:
    home.bridge_json.write_bytes(entry)
    assert BridgeClient.discover(home) is None


def test_a_running_bridge_is_found_by_its_home(bridge: RunningBridge) -> None:
    found = BridgeClient.discover(bridge.home)
    assert found is not None
    assert found.url == bridge.url
    assert found.capabilities()


def test_a_picture_is_sent_once(bridge: RunningBridge, picture: Path) -> None:
    first, second = bridge.client.upload(picture), bridge.client.upload(picture)
    assert first == second
    assert bridge.request("GET", f"/v1/blobs/{first}").content == picture.read_bytes()


def test_the_package_arrives_whole_with_the_sidecar_last(bridge: RunningBridge, finished: str, tmp_path: Path) -> None:
    paths = bridge.client.download_all(finished, tmp_path / "新 📦")
    assert [path.name for path in paths][-2:] == ["lamp_mts.records.json", "lamp_mts.json"]
    assert sorted(path for path in (tmp_path / "新 📦").rglob("*") if path.is_file()) == sorted(paths)
    assert bridge.client.verify(tmp_path / "新 📦")["status"] == "verified"


def test_a_file_of_someone_else_stops_the_whole_package(bridge: RunningBridge, finished: str, tmp_path: Path) -> None:
    theirs = tmp_path / "lamp_preview.png"
    theirs.write_bytes(b"theirs")
    with pytest.raises(StorageError) as caught:
        bridge.client.download_all(finished, tmp_path)
    assert caught.value.code == "file_in_the_way"
    assert list(tmp_path.iterdir()) == [theirs]
    assert theirs.read_bytes() == b"theirs"


@pytest.mark.parametrize(
    ("name", "sha256", "listed", "code"),
    [
        ("other bytes than listed", "0" * 64, "a.glb", "bridge_answer_invalid"),
        ("a name that leads out", "0" * 64, "../a.glb", "path_unsafe"),
        ("an absolute name", "0" * 64, "/tmp/a.glb", "path_unsafe"),
    ],
)
def test_a_lying_bridge_leaves_nothing(tmp_path: Path, name: str, sha256: str, listed: str, code: str) -> None:
    page = json.dumps({"items": [{"name": listed, "sha256": sha256}]}).encode()
    out = tmp_path / "out"
    with _stranger(_say(200, page)) as url, pytest.raises((BridgeError, InputError)) as caught:
        BridgeClient(url).download_all("job_x", out)
    assert caught.value.code == code, name
    assert list(tmp_path.iterdir()) == []


def test_a_stream_that_breaks_is_taken_up_where_it_broke() -> None:
    asked: list[str] = []

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Last-Event-ID"])
        number = int(handler.headers["Last-Event-ID"]) + 1
        state = "succeeded" if number == 3 else "running"
        event = json.dumps({"seq": number, "type": "job", "state": state})
        handler.send_response(200)
        handler.end_headers()
        # Half of the next event, then the connection ends.
        handler.wfile.write(f"id: {number}\ndata: {event}\n\nid: {number + 1}\nda".encode())

    with _stranger(answer) as url:
        events = list(BridgeClient(url).events("job_x"))
    assert [event["seq"] for event in events] == [1, 2, 3]
    assert asked == ["0", "1", "2"]


def test_a_stream_that_never_says_anything_is_given_up() -> None:
    with _stranger(_say(200, b"")) as url, pytest.raises(BridgeError) as caught:
        list(BridgeClient(url).events("job_x"))
    assert caught.value.code == "bridge_absent"


@pytest.mark.parametrize(
    ("job", "kind", "code"),
    [
        ({"code": "quality_failed", "facts": {"kind": "AuditError", "node": "q"}}, AuditError, "quality_failed"),
        ({"code": "path_absent", "facts": {"kind": "UsageError", "path": "x"}}, InputError, "path_absent"),
        ({"code": None, "state": "lost", "facts": {}}, BridgeError, "job_failed"),
        ({"code": "disk_full", "facts": {"kind": "StorageError", "path": "x"}}, StorageError, "disk_full"),
        ({"code": "x", "facts": {"kind": "SystemExit"}}, BridgeError, "x"),
    ],
)
def test_a_jobs_failure_is_raised_as_it_was_there(job: dict[str, object], kind: type[Exception], code: str) -> None:
    error = failure_of(job)
    assert (type(error), error.code) == (kind, code)
