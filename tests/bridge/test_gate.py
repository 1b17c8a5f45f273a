"""Host, Origin, token and body size, before any route runs."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from arp_bridge.gate import JSON_LIMIT, is_loopback_authority

if TYPE_CHECKING:
    from conftest import RunningBridge


def test_health_needs_no_token_and_says_little(bridge: RunningBridge) -> None:
    answer = requests.get(f"{bridge.url}/v1/health", timeout=10)
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "version"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/objects",
        "/v1/objects/obj_x",
        "/v1/blobs/" + "0" * 64,
        "/v1/capabilities",
        "/v1/jobs",
        "/v1/jobs/job_x",
        "/v1/jobs/job_x/events",
        "/v1/jobs/job_x/outputs",
        "/v1/credentials/cred_x",
        "/v1/openapi.json",
        "/nowhere",
    ],
)
@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic {token}", "bearer\u00e9 {token}"])
def test_every_other_route_needs_the_token(bridge: RunningBridge, path: str, token: str) -> None:
    sent = token.format(token=bridge.token).encode("utf-8")
    answer = requests.get(bridge.url + path, headers={"Authorization": sent}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


@pytest.mark.parametrize(
    ("name", "headers", "status", "code"),
    [
        ("another host by DNS rebinding", {"Host": "evil.example"}, 403, "host_refused"),
        ("another host on our port", {"Host": "evil.example:80"}, 403, "host_refused"),
        ("a host that only begins like ours", {"Host": "127.0.0.1.evil.example"}, 403, "host_refused"),
        ("a page from elsewhere", {"Origin": "https://evil.example"}, 403, "origin_refused"),
        ("a page on another local port", {"Origin": "http://127.0.0.1:1"}, 403, "origin_refused"),
        ("a sandboxed page", {"Origin": "null"}, 403, "origin_refused"),
        ("an SSH tunnel on another port", {"Host": "localhost:9999"}, 200, None),
    ],
)
def test_host_and_origin(
    bridge: RunningBridge, name: str, headers: dict[str, str], status: int, code: str | None
) -> None:
    answer = bridge.request("GET", "/v1/jobs", headers=headers)
    assert answer.status_code == status, name
    assert answer.json().get("code") == code, name


@pytest.mark.parametrize(
    ("authority", "ours"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8600", True),
        ("127.9.9.9:1", True),
        ("LOCALHOST", True),
        ("[::1]:80", True),
        ("::1", True),
        ("", False),
        ("localhost:80:80", False),
        ("localhost:eighty", False),
        ("localhost.evil.example", False),
        ("0.0.0.0", False),
        ("192.168.0.2:8600", False),
        ("[::1", True),
        ("127.0.0.1@evil.example", False),
    ],
)
def test_loopback_authorities(authority: str, ours: bool) -> None:
    assert is_loopback_authority(authority) is ours


def test_a_body_over_the_limit_is_refused_by_its_length(bridge: RunningBridge) -> None:
    answer = bridge.request("POST", "/v1/objects", data=b" " * (JSON_LIMIT + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_chunked_body_over_the_limit_is_refused_while_it_arrives(bridge: RunningBridge) -> None:
    answer = bridge.request("POST", "/v1/objects", data=iter([b" " * (JSON_LIMIT // 2)] * 3))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_the_sentence_comes_in_the_language_asked_for(bridge: RunningBridge) -> None:
    for asked, given in (("zh-CN,en;q=0.5", "zh"), ("fr, en;q=0.2", "en"), ("", "en"), ("zh;q=0.1,en;q=x", "zh")):
        answer = requests.get(f"{bridge.url}/v1/jobs", headers={"Accept-Language": asked}, timeout=10)
        assert answer.headers["Content-Language"] == given, asked
    assert (
        "令牌" in requests.get(f"{bridge.url}/v1/jobs", headers={"Accept-Language": "zh"}, timeout=10).json()["message"]
    )


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_entry_is_readable_by_its_owner_only_and_the_token_is_nowhere_else(bridge: RunningBridge) -> None:
    assert stat.S_IMODE(bridge.home.bridge_json.stat().st_mode) == 0o600
    assert set(json.loads(bridge.home.bridge_json.read_bytes())) == {"url", "token", "pid"}
    needle = bridge.token.encode("ascii")
    holders = [path for path in _files(bridge.home.root) if needle in path.read_bytes()]
    assert holders == [bridge.home.bridge_json]


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]
