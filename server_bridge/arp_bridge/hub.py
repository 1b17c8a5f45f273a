"""Wakes the readers of event streams when the ledger has grown.

The ledger alone holds the events; this only spares readers the polling. A
missed wake-up costs a reader one heartbeat, never an event.
"""

from __future__ import annotations

import asyncio
import threading


class Hub:
    """Any thread announces, coroutines wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the bridge is shutting down, so that streams must end."""
        return self._closed

    def announce(self) -> None:
        """Wake every waiting reader."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """Wake every reader for the last time."""
        self._closed = True
        self.announce()

    def listen(self) -> asyncio.Event:
        """Return an event that the next announcement sets.

        Ask for it before reading the ledger: what is written between the two
        then still wakes the reader.
        """
        event = asyncio.Event()
        with self._lock:
            self._waiting.add((asyncio.get_running_loop(), event))
        return event

    async def wait(self, event: asyncio.Event, *, seconds: float) -> bool:
        """Return whether an announcement came within the time."""
        try:
            await asyncio.wait_for(event.wait(), timeout=seconds)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard((asyncio.get_running_loop(), event))
        return True
