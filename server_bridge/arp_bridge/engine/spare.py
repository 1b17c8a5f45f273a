"""One warm worker in reserve, so that a job does not wait for imports."""

from __future__ import annotations

import threading
from pathlib import Path

from arp_bridge.worker.process import WorkerProcess


class Spare:
    """Starts workers ahead of need. Every worker handed out runs one job and is ended."""

    def __init__(self, *, home: Path, log: Path) -> None:
        self._home = home
        self._log = log
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._closed = False

    def prepare(self) -> None:
        """Start the spare worker if there is none."""
        with self._lock:
            if self._worker is None and not self._closed:
                self._worker = WorkerProcess.start(home=self._home, log=self._log)

    def take(self) -> WorkerProcess:
        """Return the spare worker, or a fresh one where the spare died."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None and worker.alive:
            return worker
        if worker is not None:
            worker.close()
        return WorkerProcess.start(home=self._home, log=self._log)

    def close(self) -> None:
        """End the spare worker; none is started any more."""
        with self._lock:
            self._closed = True
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
