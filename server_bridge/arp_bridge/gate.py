"""The gate in front of every route: Host, Origin, bearer token, body size.

A web page that the artist has open can send requests to loopback. Host and
Origin are therefore checked against DNS rebinding and cross-site requests, and
everything but a minimal health answer needs the token, which is kept here only
as its SHA-256 and compared in constant time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arp_bridge import problems
from arp_core.errors import BridgeError, InputError

#: The one route that answers without a token.
OPEN_PATHS: Final = frozenset(("/v1/health",))

#: Largest JSON body; blobs have their own limit.
JSON_LIMIT: Final = 1 << 20

#: How long a body may pause between two pieces.
BODY_SECONDS: Final = 30.0


class Gate:
    """ASGI middleware that refuses before any route runs."""

    def __init__(self, app: ASGIApp, *, token_sha256: bytes, blob_limit: int, body_seconds: float) -> None:
        self._app = app
        self._token_sha256 = token_sha256
        self._blob_limit = blob_limit
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        limit = self._blob_limit if _is_blob_upload(scope) else JSON_LIMIT
        refusal = self._refusal(scope["path"], headers, limit=limit)
        if refusal is not None:
            language = _header(headers, b"accept-language")
            await problems.response(refusal, accept_language=language)(scope, receive, send)
            return
        await self._app(scope, _limited(receive, limit=limit, seconds=self._body_seconds), send)

    def _refusal(
        self, path: str, headers: Sequence[tuple[bytes, bytes]], *, limit: int
    ) -> BridgeError | InputError | None:
        host = _header(headers, b"host")
        if not is_loopback_authority(host):
            return BridgeError("host_refused", host=host[:100])
        origin = _header(headers, b"origin")
        if origin and origin not in (f"http://{host}", f"https://{host}"):
            return BridgeError("origin_refused", origin=origin[:100])
        if path not in OPEN_PATHS and not self._token_fits(_header(headers, b"authorization")):
            return BridgeError("token_refused")
        length = _header(headers, b"content-length")
        if length and (not length.isascii() or not length.isdigit()):
            return InputError("request_invalid", where="Content-Length", reason="a number is expected")
        if length and int(length[:20]) > limit:
            return InputError("body_too_large", limit=limit)
        return None

    def _token_fits(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        arrived = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).digest()
        return hmac.compare_digest(arrived, self._token_sha256) and scheme.lower() == "bearer"


def is_loopback_authority(authority: str) -> bool:
    """Return whether a Host header names this machine itself.

    Any port: an SSH tunnel from an artist's machine ends on another one.
    """
    name, port = authority, ""
    if authority.startswith("["):
        name, _, port = authority[1:].partition("]")
    elif authority.count(":") == 1:
        name, _, port = authority.partition(":")
    if port.lstrip(":") and not port.lstrip(":").isdigit():
        return False
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header's value; one that is sent twice has no single meaning and counts as odd text."""
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)


def _is_blob_upload(scope: Scope) -> bool:
    return bool(scope["method"] == "PUT" and scope["path"].startswith("/v1/blobs/"))


def _limited(receive: Receive, *, limit: int, seconds: float) -> Receive:
    """Count the body while it arrives, and bound its pauses.

    A chunked request announces no length, and one that stops midway would hold
    its place for ever. Once the body is whole there is no time limit: from then
    on this waits for the client to go away.
    """
    seen = 0
    whole = False

    async def counted() -> Message:
        nonlocal seen, whole
        try:
            async with asyncio.timeout(None if whole else seconds):
                message = await receive()
        except TimeoutError as error:
            raise InputError("body_too_slow", seconds=f"{seconds:g}") from error
        if message["type"] == "http.request":
            whole = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > limit:
                raise InputError("body_too_large", limit=limit)
        return message

    return counted
