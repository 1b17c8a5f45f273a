"""The bridge's side of a worker: start it, talk in JSON lines, end its whole group."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from arp_core.errors import BridgeError

#: Variables a worker must not see: secrets, and ways to the network.
_WITHHELD = ("ARP_TOKEN", "ARP_PASSPHRASE", "ARP_BRIDGE")
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")

#: How long the operating system may take to bury a killed group.
_BURIAL_SECONDS = 5.0


class WorkerGoneError(BridgeError):
    """The worker ended without an answer (killed, or it crashed)."""


class WorkerProcess:
    """One running worker.

    The reading side belongs to one thread at a time; :meth:`kill` may be called
    from any, and makes the reader see the end of the stream.
    """

    def __init__(self, process: subprocess.Popen[bytes], *, log: Path) -> None:
        self._process = process
        self._log = log
        self._lock = threading.Lock()
        self.killed = False

    @classmethod
    def start(cls, *, home: Path, log: Path) -> WorkerProcess:
        """Return a worker that is loading its libraries.

        Args:
            home: The home whose blob store and filings it reads.
            log: File that receives what libraries print.

        Raises:
            WorkerGoneError: ``worker_not_started``.
        """
        command = [sys.executable, "-m", "arp_bridge.worker", "--home", str(home)]
        try:
            with log.open("ab") as stderr:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    env=worker_environment(os.environ),
                    start_new_session=os.name == "posix",
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
        except OSError as error:
            raise WorkerGoneError("worker_not_started", reason=error.strerror or str(error)) from error
        return cls(process, log=log)

    @property
    def pid(self) -> int:
        """The worker's process, which leads its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one command.

        Raises:
            WorkerGoneError: ``worker_gone`` when nobody reads any more.
        """
        stdin = self._process.stdin
        if stdin is None:
            raise self._gone()
        try:
            stdin.write(json.dumps(message, ensure_ascii=False).encode("utf-8") + b"\n")
            stdin.flush()
        except (OSError, ValueError) as error:
            raise self._gone() from error

    def answers(self) -> Iterator[dict[str, Any]]:
        """Yield the worker's messages until the caller stops or the worker ends.

        Raises:
            WorkerGoneError: ``worker_gone`` at the end of the stream or for a
                line that is no message.
        """
        stdout = self._process.stdout
        if stdout is None:
            raise self._gone()
        while True:
            try:
                line = stdout.readline()
                message = json.loads(line) if line.endswith(b"\n") else None
            except (OSError, ValueError) as error:
                raise self._gone() from error
            if not isinstance(message, dict):
                raise self._gone()
            yield message

    def kill(self) -> None:
        """End the worker and everything it started; return when it is gone."""
        with self._lock:
            self.killed = True
            _kill_group(self._process)
            self._process.wait(timeout=_BURIAL_SECONDS)

    def close(self) -> None:
        """End the worker and let go of its pipes. The reading thread calls this last."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # Unsent bytes for a process that is gone: there is nobody left to tell.
                    continue

    def _gone(self) -> WorkerGoneError:
        return WorkerGoneError("worker_gone", status=self._process.poll(), log=str(self._log))


def worker_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment a worker is started with.

    Secrets and proxies are dropped; what makes results repeatable is set here
    because interpreters and libraries read it before any of our code runs.
    """
    from arp_bridge.capabilities import determinism

    kept = {
        name: value
        for name, value in inherited.items()
        if name.upper() not in _WITHHELD and name.lower() not in _PROXIES
    }
    determinism.apply(kept)
    return {**kept, "PYTHONUTF8": "1"}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # the whole group has ended already
        except PermissionError:
            # macOS answers so for a group of zombies only: the same as gone.
            process.kill()
    elif process.poll() is None:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
