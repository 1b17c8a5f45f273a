"""Blobs, objects, capabilities, jobs: what goes in and what comes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arp_core.proof import check_proof
from arp_core.typeid import check_id, derived_id

if TYPE_CHECKING:
    from conftest import RunningBridge

JobRequest = Callable[..., dict[str, object]]


def _put(bridge: RunningBridge, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    assert bridge.request("PUT", f"/v1/blobs/{sha256}", data=data).status_code == 201
    return sha256


def test_a_blob_comes_back_as_it_went_in(bridge: RunningBridge) -> None:
    data = bytes(range(256)) * 9000
    sha256 = _put(bridge, data)
    assert bridge.request("PUT", f"/v1/blobs/{sha256}", data=iter([data[:7], data[7:]])).json()["size"] == len(data)
    head = bridge.request("HEAD", f"/v1/blobs/{sha256}")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(data)))
    assert bridge.request("GET", f"/v1/blobs/{sha256}").content == data


def test_a_blob_under_another_digest_is_refused_and_not_kept(bridge: RunningBridge) -> None:
    wrong = hashlib.sha256(b"other").hexdigest()
    answer = bridge.request("PUT", f"/v1/blobs/{wrong}", data=b"these bytes")
    assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
    assert bridge.request("HEAD", f"/v1/blobs/{wrong}").status_code == 404
    assert list((bridge.home.blobs / "incoming").iterdir()) == []


def test_an_object_is_registered_once_with_its_four_records(bridge: RunningBridge) -> None:
    sha256 = _put(bridge, b"a prompt of ours")
    body = {"sha256": sha256, "name": "提示 词.txt", "kind": "prompt", "origin": "production"}
    first = bridge.request("POST", "/v1/objects", json=body)
    again = bridge.request("POST", "/v1/objects", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["object_id"] == derived_id("obj", bytes.fromhex(sha256))
    assert set(first.json()["mts"]) == {"content", "rights", "capability", "environment"}
    assert first.json()["mts"]["rights"]["record"]["origin"] == "production"
    found = bridge.request("GET", f"/v1/objects/{first.json()['object_id']}")
    assert found.json() == first.json()


def test_the_same_bytes_from_elsewhere_are_another_registration_of_one_object(bridge: RunningBridge) -> None:
    body = {"sha256": _put(bridge, b"two origins"), "name": "a.png"}
    mine = bridge.request("POST", "/v1/objects", json={**body, "origin": "mine"}).json()
    found = bridge.request("POST", "/v1/objects", json={**body, "origin": "found"}).json()
    assert mine["object_id"] == found["object_id"]
    assert (mine["mts"]["rights"]["record"]["publishable"], found["mts"]["rights"]["record"]["publishable"]) == (
        True,
        False,
    )


def test_nothing_that_was_not_uploaded_is_registered(bridge: RunningBridge) -> None:
    body = {"sha256": "0" * 64, "name": "a.png", "origin": "mine"}
    answer = bridge.request("POST", "/v1/objects", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "blob_unknown")


def test_object_pages_go_through_everything_once(bridge: RunningBridge) -> None:
    for number in range(5):
        sha256 = _put(bridge, b"page %d" % number)
        bridge.request("POST", "/v1/objects", json={"sha256": sha256, "name": f"{number}", "origin": "mine"})
    found: list[str] = []
    path = "/v1/objects?limit=2"
    while True:
        page = bridge.request("GET", path).json()
        assert len(page["items"]) <= 2
        found += [item["object_id"] + item["origin"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/v1/objects?limit=2&cursor={page['next_cursor']}"
    assert len(found) == len(set(found)) >= 5


def test_built_in_capabilities_are_filed_by_a_signed_record(bridge: RunningBridge) -> None:
    answer = bridge.request("GET", "/v1/capabilities").json()
    assert "image-to-3d" in answer["recipes"]
    names = {item["name"] for item in answer["items"] if item["state"] == "filed"}
    assert {"image-intake", "silhouette-inflation", "asset-quality"} <= names
    for item in answer["items"]:
        document = json.loads((bridge.home.capabilities / f"{item['capability_id']}.json").read_bytes())
        assert check_proof(document), item["name"]


def test_a_job_leaves_four_checkpoints_a_node_and_evidence_of_each(bridge: RunningBridge, finished: str) -> None:
    job = bridge.request("GET", f"/v1/jobs/{finished}").json()
    assert (job["state"], job["credential_state"]) == ("succeeded", "sealed")
    assert [node["state"] for node in job["nodes"]] == ["succeeded"] * len(job["nodes"])
    for node in job["nodes"]:
        kinds = [(item["kind"], item["outcome"]) for item in node["record"]["checkpoints"]]
        assert kinds == [(kind, "passed") for kind in ("qualification", "parameters", "trace", "quality")], node["id"]
    subjects = _evidence(bridge)
    assert {f"{finished}/{node['id']}" for node in job["nodes"]} <= subjects
    assert job["credential_id"] in subjects


def _evidence(bridge: RunningBridge) -> set[str]:
    from arp_bridge.ledger import Ledger, evidence

    ledger = Ledger.open(bridge.home.ledger)
    try:
        with ledger.read() as connection:
            return {row.subject for row in evidence.waiting(connection)}
    finally:
        ledger.close()


def test_outputs_have_the_bytes_that_the_credential_lists(bridge: RunningBridge, finished: str) -> None:
    page = bridge.request("GET", f"/v1/jobs/{finished}/outputs").json()
    names = [item["name"] for item in page["items"]]
    assert names == [
        "lamp.glb",
        "lamp.usda",
        "textures/lamp_basecolor.png",
        "lamp_preview.png",
        "lamp_mts.records.json",
        "lamp_mts.json",
    ]
    for item in page["items"]:
        content = bridge.request("GET", f"/v1/jobs/{finished}/outputs/{item['name']}").content
        assert hashlib.sha256(content).hexdigest() == item["sha256"], item["name"]
    sidecar = bridge.request("GET", f"/v1/credentials/{page['credential_id']}")
    assert sidecar.headers["Arp-Credential-State"] == "sealed"
    document = sidecar.json()
    assert check_proof(document)
    assert document["credentialSubject"]["jobId"] == finished
    listed = {item["id"].rsplit("/v1/", 1)[1] for item in document["relatedResource"]}
    assert listed == set(names[:4])
    records = bridge.request("GET", f"/v1/credentials/{page['credential_id']}/records").json()
    assert records["credentialId"] == check_id(page["credential_id"], prefix="cred")


def test_the_bridge_verifies_the_package_it_made(bridge: RunningBridge, finished: str) -> None:
    page = bridge.request("GET", f"/v1/jobs/{finished}/outputs").json()
    files = {item["name"]: item["sha256"] for item in page["items"]}
    assert bridge.request("POST", "/v1/verify", json={"files": files}).json()["status"] == "verified"
    files["lamp.glb"] = files["lamp_preview.png"]
    assert bridge.request("POST", "/v1/verify", json={"files": files}).json()["status"] == "modified"


def test_the_same_key_and_body_make_one_job(
    bridge: RunningBridge, finished: str, picture: Path, job_request: JobRequest
) -> None:
    client = bridge.client
    body = job_request(client.upload(picture), seal=False, name="once")
    headers = {"Idempotency-Key": "the same key"}
    first = bridge.request("POST", "/v1/jobs", json=body, headers=headers)
    again = bridge.request("POST", "/v1/jobs", json=body, headers=headers)
    other = bridge.request("POST", "/v1/jobs", json={**body, "seed": "1"}, headers=headers)
    client.cancel(first.json()["job_id"])
    assert first.status_code == again.status_code == 201
    assert first.json()["job_id"] == again.json()["job_id"]
    assert first.headers["Location"] == f"/v1/jobs/{first.json()['job_id']}"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


def test_events_stream_resumes_after_the_last_number_seen(bridge: RunningBridge, finished: str) -> None:
    whole = _stream(bridge, finished, after=None)
    numbers = [int(event["id"]) for event in whole]
    assert numbers == sorted(set(numbers))
    assert json.loads(whole[-1]["data"])["state"] == "succeeded"
    assert all(json.loads(event["data"])["seq"] == int(event["id"]) for event in whole)
    for position in (0, len(whole) // 2, len(whole) - 1):
        assert _stream(bridge, finished, after=numbers[position]) == whole[position + 1 :]
    polled = bridge.request("GET", f"/v1/jobs/{finished}/events?after={numbers[2]}").json()
    assert [item["seq"] for item in polled["items"]] == numbers[3:]
    assert (polled["last"], polled["ended"]) == (numbers[-1], True)


def test_every_stage_is_announced_in_order_with_its_place(bridge: RunningBridge, finished: str) -> None:
    events = [json.loads(event["data"]) for event in _stream(bridge, finished, after=None)]
    done = [
        (event["index"], event["count"]) for event in events if event["type"] == "node" and event["state"] != "running"
    ]
    count = len(bridge.request("GET", f"/v1/jobs/{finished}").json()["nodes"]) + 1
    assert done == [(number, count) for number in range(1, count + 1)]
    assert all(0 <= event["fraction"] <= 1 for event in events if event["type"] == "node")


def _stream(bridge: RunningBridge, job_id: str, *, after: int | None) -> list[dict[str, str]]:
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    text = bridge.request("GET", f"/v1/jobs/{job_id}/events", headers=headers).text
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


def test_openapi_states_every_route_its_answers_and_its_refusals(bridge: RunningBridge) -> None:
    document = bridge.request("GET", "/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/health",
        "/v1/objects",
        "/v1/objects/{object_id}",
        "/v1/blobs/{sha256}",
        "/v1/capabilities",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events",
        "/v1/jobs/{job_id}/cancel",
        "/v1/jobs/{job_id}/outputs",
        "/v1/jobs/{job_id}/outputs/{name}",
        "/v1/credentials/{credential_id}",
        "/v1/credentials/{credential_id}/records",
        "/v1/status-lists",
        "/v1/verify",
    }
    assert document["security"] == [{"token": []}]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            where = f"{method} {path}"
            assert operation["description"], where
            assert answers["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), where
            good = [code for code in answers if code.startswith("2")]
            assert good, where
            assert all("content" in answers[code] for code in good if code != "200" or method != "post"), where
            if "requestBody" in operation and method == "post":
                name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
                assert "{" in json.dumps(document["components"]["schemas"][name]), where


_GOOD_SHA = hashlib.sha256(b"the shared blob of the table").hexdigest()


@pytest.mark.parametrize(
    "case",
    [
        ("no JSON", "POST", "/v1/jobs", b"{", 422, "request_invalid"),
        ("a list", "POST", "/v1/jobs", [], 422, "request_invalid"),
        ("NaN", "POST", "/v1/jobs", b'{"seed": NaN}', 422, "request_invalid"),
        ("bytes that are no text", "POST", "/v1/objects", b"\xff\xfe\x00", 422, "request_invalid"),
        ("deep nesting", "POST", "/v1/jobs", b"[" * 100_000, 422, "request_invalid"),
        ("empty", "POST", "/v1/jobs", b"", 422, "request_invalid"),
        ("unknown field", "POST", "/v1/jobs", {"surprise": 1}, 422, "request_invalid"),
        ("unknown recipe", "POST", "/v1/jobs", {"recipe": "cake"}, 400, "recipe_unknown"),
        ("missing input", "POST", "/v1/jobs", {"inputs": {}}, 400, "input_missing"),
        ("unknown input", "POST", "/v1/jobs", {"inputs": {"image": _GOOD_SHA, "x": _GOOD_SHA}}, 400, "input_unknown"),
        ("input not here", "POST", "/v1/jobs", {"inputs": {"image": "1" * 64}}, 404, "blob_unknown"),
        ("no digest", "POST", "/v1/jobs", {"inputs": {"image": "ABC"}}, 422, "request_invalid"),
        ("no origin", "POST", "/v1/jobs", {"origin": None}, 422, "request_invalid"),
        ("origin of our own making", "POST", "/v1/jobs", {"origin": "grandmother"}, 422, "request_invalid"),
        ("height of nothing", "POST", "/v1/jobs", {"parameters": {"height": 0}}, 400, "parameter_bounds"),
        ("height as text", "POST", "/v1/jobs", {"parameters": {"height": "tall"}}, 400, "parameter_type"),
        ("height as truth", "POST", "/v1/jobs", {"parameters": {"height": True}}, 400, "parameter_type"),
        ("height of infinity", "POST", "/v1/jobs", {"parameters": {"height": 1e999}}, 400, "json_unrepresentable"),
        ("parameter nobody has", "POST", "/v1/jobs", {"parameters": {"x": 1}}, 400, "parameter_unknown"),
        ("seed as number", "POST", "/v1/jobs", {"seed": 7}, 422, "request_invalid"),
        ("seed below zero", "POST", "/v1/jobs", {"seed": "-1"}, 422, "request_invalid"),
        ("seed too large", "POST", "/v1/jobs", {"seed": "9007199254740992"}, 400, "seed_invalid"),
        ("name upwards", "POST", "/v1/jobs", {"name": "../x"}, 400, "name_unsafe"),
        ("name with folder", "POST", "/v1/jobs", {"name": "a/b"}, 400, "name_unsafe"),
        ("name with control", "POST", "/v1/jobs", {"name": "a\nb"}, 400, "name_unsafe"),
        ("name not normal", "POST", "/v1/jobs", {"name": "e\u0301"}, 400, "name_unsafe"),
        ("name too long", "POST", "/v1/jobs", {"name": "字" * 100}, 400, "name_unsafe"),
        ("name that is hidden", "POST", "/v1/jobs", {"name": ".lamp"}, 400, "name_unsafe"),
        ("name that turns around", "POST", "/v1/jobs", {"name": "a\u202egpj"}, 400, "name_unsafe"),
        ("name of half a letter", "POST", "/v1/jobs", {"name": "\ud83d"}, 422, "request_invalid"),
        ("parameter of half a letter", "POST", "/v1/jobs", {"parameters": {"\ud83d": 1}}, 400, "json_unrepresentable"),
        ("recipe of half a letter", "POST", "/v1/jobs", {"recipe": "\udc00"}, 422, "request_invalid"),
        ("empty name", "POST", "/v1/jobs", {"name": ""}, 422, "request_invalid"),
        ("a graph to be sealed", "POST", "/v1/jobs", {"graph": {}}, 400, "graph_malformed"),
        ("a key of nothing", "POST", "/v1/jobs", {"key": ""}, 422, "request_invalid"),
        ("job of no form", "GET", "/v1/jobs/%00", None, 404, "job_unknown"),
        ("job that is not there", "GET", "/v1/jobs/job_x", None, 404, "job_unknown"),
        ("events of nothing", "GET", "/v1/jobs/job_x/events", None, 404, "job_unknown"),
        ("cancel nothing", "POST", "/v1/jobs/job_x/cancel", None, 404, "job_unknown"),
        ("outputs of nothing", "GET", "/v1/jobs/job_x/outputs", None, 404, "job_unknown"),
        ("credential upwards", "GET", "/v1/credentials/..%2F..%2Ftrust", None, 404, "route_unknown"),
        ("credential not there", "GET", "/v1/credentials/cred_x", None, 404, "credential_unknown"),
        ("blob upwards", "GET", "/v1/blobs/..%2F..%2Fledger.sqlite", None, 404, "route_unknown"),
        ("blob of no digest", "GET", "/v1/blobs/xyz", None, 400, "digest_invalid"),
        ("blob in capitals", "PUT", "/v1/blobs/" + "A" * 64, b"x", 400, "digest_invalid"),
        ("cursor of no number", "GET", "/v1/jobs?cursor=x", None, 422, "request_invalid"),
        ("cursor beyond numbers", "GET", "/v1/jobs?cursor=99999999999999999999", None, 422, "request_invalid"),
        ("limit of none", "GET", "/v1/objects?limit=0", None, 422, "request_invalid"),
        ("verify nothing", "POST", "/v1/verify", {"files": {}}, 422, "request_invalid"),
        ("verify upwards", "POST", "/v1/verify", {"files": {"../a": _GOOD_SHA}}, 400, "path_unsafe"),
        ("verify what is not here", "POST", "/v1/verify", {"files": {"a.glb": "1" * 64}}, 404, "blob_unknown"),
        (
            "verify a file in a file",
            "POST",
            "/v1/verify",
            {"files": {"a": _GOOD_SHA, "a/b": _GOOD_SHA}},
            422,
            "request_invalid",
        ),
        (
            "verify names that collide",
            "POST",
            "/v1/verify",
            {"files": {"A.glb": _GOOD_SHA, "a.glb": _GOOD_SHA}},
            422,
            "request_invalid",
        ),
        ("delete", "DELETE", "/v1/jobs", None, 405, "method_refused"),
        ("nowhere", "GET", "/v2/jobs", None, 404, "route_unknown"),
    ],
)
def test_bad_requests_are_refused_with_a_code_and_a_sentence(
    bridge: RunningBridge,
    job_request: JobRequest,
    case: tuple[str, str, str, object, int, str],
) -> None:
    name, method, path, body, status, code = case
    sha256 = _put(bridge, b"the shared blob of the table")
    if isinstance(body, dict) and path == "/v1/jobs":
        body = {**job_request(sha256), **body}
    if isinstance(body, bytes) or body is None:
        answer = bridge.request(method, path, data=body, headers={"Content-Type": "application/json"})
    else:
        data = json.dumps(body).encode("utf-8")
        answer = bridge.request(method, path, data=data, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), (name, answer.text)
    assert answer.json()["message"] not in ("", code), name
    assert answer.json()["hint"], name


def test_a_malformed_event_number_is_refused(bridge: RunningBridge, finished: str) -> None:
    for header in ("x", "-1", "9" * 19, "1.5"):
        answer = bridge.request("GET", f"/v1/jobs/{finished}/events", headers={"Last-Event-ID": header})
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid"), header
