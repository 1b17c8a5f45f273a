"""A limit on how long one step may take: a worker that hangs must not hold the queue for ever."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Final

from arp_bridge.worker.process import WorkerProcess
from arp_core.errors import BridgeError

#: Far above any step of the built-in recipes, which take seconds.
DEFAULT_SECONDS: Final = 1800.0


class TimeLimit:
    """Ends a worker that takes longer than this over one step. Use as a context manager."""

    def __init__(self, worker: WorkerProcess, *, node: str, seconds: float) -> None:
        self._worker = worker
        self._node = node
        self._seconds = seconds
        self._passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the clock.

        Raises:
            BridgeError: ``node_timeout`` where the limit ended the worker.
        """
        self._timer.cancel()
        if self._passed:
            raise BridgeError("node_timeout", node=self._node, seconds=f"{self._seconds:g}") from error

    def _end(self) -> None:
        self._passed = True
        self._worker.kill()
