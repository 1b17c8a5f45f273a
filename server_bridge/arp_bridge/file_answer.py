"""A file as an answer, whose refusals (a malformed or impossible Range) have the bridge's own form."""

from __future__ import annotations

from typing import Final

from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from arp_bridge import problems
from arp_core.errors import InputError

_REFUSALS: Final = frozenset((400, 416))


class FileAnswer(FileResponse):
    """Starlette's answer; where it refuses in plain text, :class:`arp_bridge.problems.Problem` is sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the asked part of it, or why not."""
        refused: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] in _REFUSALS:
                refused = message
            if refused is None:
                await send(message)

        await super().__call__(scope, receive, sending)
        if refused is None:
            return
        asked = Headers(scope=scope)
        code = "range_impossible" if refused["status"] == 416 else "request_invalid"
        error = InputError(code, where="Range", reason="bytes=FIRST-LAST is expected")
        answer = problems.response(error, accept_language=asked.get("accept-language", ""))
        size = Headers(raw=refused["headers"]).get("content-range")
        if size is not None:
            answer.headers["Content-Range"] = size
        await answer(scope, receive, send)
