"""Who is using the bridge: an embedded one ends when nobody is left."""

from __future__ import annotations

import threading
import time
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

#: Sent by our client with every request, so that the owner of an embedded
#: bridge is told apart from others who joined it.
CLIENT_HEADER: Final = b"arp-client"

#: Another client's silence after which it counts as gone. It covers the pause
#: between two requests of one command, not a person's.
QUIET_SECONDS: Final = 3.0


class Activity:
    """Counts open requests and remembers when another client than the owner last asked."""

    def __init__(self, *, owner: str = "") -> None:
        self._owner = owner.encode("latin-1", "replace")
        self._lock = threading.Lock()
        self._open = 0
        self._last_guest: float | None = None

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """Return ``app`` with its requests counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            guest = dict(scope["headers"]).get(CLIENT_HEADER, b"") != self._owner
            self._note(1, guest=guest)
            try:
                await app(scope, receive, send)
            finally:
                self._note(-1, guest=guest)

        return counted

    @property
    def idle(self) -> bool:
        """Whether no request is open and no guest asked a moment ago."""
        with self._lock:
            recent = self._last_guest is not None and time.monotonic() - self._last_guest < QUIET_SECONDS
            return self._open == 0 and not recent

    def _note(self, change: int, *, guest: bool) -> None:
        with self._lock:
            self._open += change
            if guest:
                self._last_guest = time.monotonic()
