"""What is sent to break the bridge: it says no, in its own form, and its log stays small."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

from arp_bridge import problems
from arp_bridge.gate import Gate
from arp_bridge.log import BoundedFormatter
from arp_core.errors import InputError
from arp_core.orchestrate.graph import JobGraph

if TYPE_CHECKING:
    from starlette.types import Message

    from conftest import RunningBridge

JobRequest = Callable[..., dict[str, object]]

_DATA = b"the blob of the hostile requests"
_SHA = hashlib.sha256(_DATA).hexdigest()


def _graph(**changes: object) -> dict[str, Any]:
    node = {
        "id": "mask",
        "capabilityId": "cap_x",
        "capability": "mask",
        "version": "1.0.0",
        "fingerprint": "f",
        "title": {"en": "Mask", "zh": "蒙版"},
        "inputs": {"image": "image"},
        "parameters": {"size": 1},
    }
    return {
        "recipe": {"id": "r", "version": "1", "digestMultibase": "u"},
        "name": "lamp",
        "seed": "0",
        "inputs": {"image": {"objectId": "obj_x", "sha256": _SHA, "mediaType": "image/png"}},
        "parameters": {},
        "nodes": [{**node, **changes}],
        "deliver": [],
    }


_DEEP: list[object] = []
for _ in range(600):
    _DEEP = [_DEEP]

_MALFORMED = [
    ("inputs as text", _graph(inputs="image")),
    ("parameters as text", _graph(parameters="ab")),
    ("inputs as pairs", _graph(inputs=[["a", "b"]])),
    ("a source that is a list", _graph(inputs={"image": ["image"]})),
    ("a parameter that is an object", _graph(parameters={"size": {}})),
    ("a parameter without end", _graph(parameters={"size": 10**400})),
    ("a parameter that is deep", _graph(parameters={"size": _DEEP})),
    ("a title as text", _graph(title="Mask")),
    ("a name that is a number", _graph(id=7)),
    ("half a letter", _graph(inputs={"image": "\ud800"})),
    ("a long text", _graph(fingerprint="f" * 5000)),
    ("too many inputs", _graph(inputs={str(number): "image" for number in range(300)})),
    ("nodes as an object", {**_graph(), "nodes": {}}),
    ("too many nodes", {**_graph(), "nodes": [_graph()["nodes"][0]] * 300}),
    ("a recipe as text", {**_graph(), "recipe": "r"}),
    ("inputs of the job as text", {**_graph(), "inputs": {"image": "x"}}),
    ("a delivery as text", {**_graph(), "deliver": ["x"]}),
]


@pytest.mark.parametrize("case", _MALFORMED, ids=[name for name, _ in _MALFORMED])
def test_a_recorded_graph_of_another_shape_is_refused(case: tuple[str, dict[str, Any]]) -> None:
    with pytest.raises(InputError) as caught:
        JobGraph.from_json(case[1])
    assert caught.value.code == "graph_malformed"


def test_a_recorded_graph_comes_back_as_it_was() -> None:
    assert JobGraph.from_json(_graph()).to_json() == _graph()


def _put(bridge: RunningBridge) -> None:
    assert bridge.request("PUT", f"/v1/blobs/{_SHA}", data=_DATA).status_code == 201


@pytest.mark.parametrize(
    "case",
    [
        ("graph of texts", "/v1/jobs", {"graph": _graph(inputs="image")}, 400, "graph_malformed"),
        ("graph that is deep", "/v1/jobs", {"graph": {"x": _DEEP}}, 400, "graph_malformed"),
        ("graph with more in it", "/v1/jobs", {"graph": {**_graph(), "x": _DEEP}}, 400, "capability_unavailable"),
        ("height without end", "/v1/jobs", {"parameters": {"height": 10**400}}, 400, None),
        ("2000 parts", "/v1/verify", {"files": {"/".join("a" * 2000): _SHA}}, 400, "path_unsafe"),
        ("33 parts", "/v1/verify", {"files": {"/".join("a" * 33): _SHA}}, 400, "path_unsafe"),
        ("1200 folders", "/v1/verify", {"files": {"a/" * 1200 + "b": _SHA}}, 400, "path_unsafe"),
        ("a long path", "/v1/verify", {"files": {"/".join(["a" * 200] * 6): _SHA}}, 400, "path_unsafe"),
        ("half a letter", "/v1/verify", {"files": {"\ud800x": _SHA}}, 400, "path_unsafe"),
        ("half a letter as a digest", "/v1/verify", {"files": {"\ud800x": "\ud800"}}, 422, "request_invalid"),
        ("half a letter as a field", "/v1/verify", {"\ud800": 1}, 422, "request_invalid"),
    ],
)
def test_hostile_bodies_are_refused(
    bridge: RunningBridge,
    job_request: JobRequest,
    case: tuple[str, str, dict[str, object], int, str | None],
) -> None:
    name, path, changes, status, code = case
    _put(bridge)
    body = {**job_request(_SHA), "seal": False, **changes} if path == "/v1/jobs" else changes
    answer = bridge.request("POST", path, data=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == status, (name, answer.text[:500])
    assert len(answer.content) < 8000, name
    assert answer.json()["message"], name
    if code is not None:
        assert answer.json()["code"] == code, name


def test_32_parts_are_a_package_path(bridge: RunningBridge) -> None:
    _put(bridge)
    answer = bridge.request("POST", "/v1/verify", json={"files": {"/".join("a" * 32): _SHA}})
    assert (answer.status_code, answer.json()["status"]) == (200, "unsigned")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("bytes=x-y", 422, "request_invalid"),
        ("lines=0-1", 422, "request_invalid"),
        ("bytes=5-2", 422, "request_invalid"),
        ("bytes=9000-", 416, "range_impossible"),
    ],
)
def test_a_malformed_range_is_refused_in_our_form(bridge: RunningBridge, asked: str, status: int, code: str) -> None:
    _put(bridge)
    answer = bridge.request("GET", f"/v1/blobs/{_SHA}", headers={"Range": asked, "Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Language"] == "zh"
    assert bridge.request("GET", f"/v1/blobs/{_SHA}", headers={"Range": "bytes=4-7"}).content == _DATA[4:8]


def test_a_refused_method_names_the_allowed_ones(bridge: RunningBridge) -> None:
    answer = bridge.request("DELETE", "/v1/verify")
    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"]) == (405, "method_refused", "POST")


def test_a_body_that_stops_midway_is_dropped() -> None:
    app = FastAPI()
    problems.install(app)

    @app.post("/v1/things")
    def make(body: dict[str, int]) -> dict[str, int]:
        return body

    gate = Gate(app, token_sha256=hashlib.sha256(b"t").digest(), blob_limit=1, body_seconds=0.05)
    sent: list[Message] = []
    pieces: list[Message] = [{"type": "http.request", "body": b'{"a"', "more_body": True}]

    async def receive() -> Message:
        if pieces:
            return pieces.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/things",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"authorization", b"Bearer t"), (b"content-type", b"application/json")],
    }
    asyncio.run(gate(scope, receive, send))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "body_too_slow"


def test_a_fault_is_logged_in_few_and_short_lines() -> None:
    def first(depth: int) -> None:
        second(depth + 1)

    def second(depth: int) -> None:
        try:
            first(depth + 1)
        except RecursionError as error:
            if depth % 100 == 0:
                raise ValueError("x" * 100_000 + "\ud800") from error
            raise

    try:
        first(0)
    except (RecursionError, ValueError) as error:
        record = logging.LogRecord("arp", logging.ERROR, "", 0, "path %s", ("p" * 50_000,), (type(error), error, None))
        record.exc_info = (type(error), error, error.__traceback__)
    text = BoundedFormatter("%(message)s").format(record)
    assert len(text) <= 17_000
    assert max(map(len, text.split("\n"))) <= 1001
    assert text.count("\n") < 300
    assert "in second" in text
    assert text.encode("utf-8")
