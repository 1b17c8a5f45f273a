"""Work off the main thread, results back on it: the only threads of a front-end.

A DCC's own data may be touched on its main thread only. Work runs in threads
that know nothing of the DCC; what they return waits in a queue until the main
thread drains it from a timer (or, in headless code, in a loop).
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from arp_core.errors import ArpError

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Worker:
    """One thread for short work in order, further ones for what takes long."""

    def __init__(self, *, name: str) -> None:
        self._name = name
        self._results: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._in_order: threading.Thread | None = None
        self._open = 0
        self._closed = threading.Event()

    @property
    def busy(self) -> bool:
        """Whether work is under way or results wait to be drained (main thread)."""
        return self._open > 0

    @property
    def closing(self) -> bool:
        """Whether the front-end is going away: long work should stop soon."""
        return self._closed.is_set()

    def run(
        self,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[ArpError], None],
        apart: bool = False,
    ) -> None:
        """Start ``work`` in a thread; ``done`` or ``failed`` follows from :meth:`drain`.

        Args:
            work: Runs off the main thread; raises ArpError where it cannot go on.
            done: Called on the main thread with what ``work`` returned.
            failed: Called on the main thread with why it did not.
            apart: In a thread of its own, for what waits on a network for long.
        """
        self._open += 1

        def task() -> None:
            try:
                value = work()
            except ArpError as error:
                self._finish(failed, error)
            except Exception as error:  # noqa: BLE001  # a thread's fault must reach the person, not end in a silent thread
                _LOG.exception("Work in the background failed")
                self._finish(failed, ArpError("scene_unexpected", reason=f"{type(error).__name__}: {error}"))
            else:
                self._finish(done, value)

        if apart:
            thread = threading.Thread(target=task, name=f"{self._name}-apart", daemon=True)
            self._threads = [*(old for old in self._threads if old.is_alive()), thread]
            thread.start()
            return
        if self._in_order is None:
            self._in_order = threading.Thread(target=self._loop, name=self._name, daemon=True)
            self._in_order.start()
        self._tasks.put(task)

    def post(self, step: Callable[[], None]) -> None:
        """Have the main thread call ``step`` at its next drain (from any thread)."""
        self._results.put(step)

    def drain(self) -> int:
        """Call what the threads handed back, on the calling (main) thread; return how many."""
        count = 0
        while True:
            try:
                step = self._results.get_nowait()
            except queue.Empty:
                return count
            count += 1
            step()

    def close(self, *, timeout: float) -> None:
        """Tell threads to end and wait for each at most ``timeout`` seconds."""
        self._closed.set()
        self._tasks.put(None)
        for thread in (*self._threads, *((self._in_order,) if self._in_order else ())):
            thread.join(timeout)

    def _finish(self, deliver: Callable[[T], None], value: T) -> None:
        def step() -> None:
            self._open -= 1
            deliver(value)

        self._results.put(step)

    def _loop(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
