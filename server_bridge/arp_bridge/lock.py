"""One bridge for each home: a lock that the operating system lets go of with the process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from arp_core.errors import BridgeError
from arp_core.filelock import try_lock
from arp_core.home import Home
from arp_core.paths import storage_error


class HomeLock:
    """Held while a bridge runs. A killed bridge holds nothing, so no stale lock exists."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @classmethod
    def acquire(cls, home: Home) -> HomeLock:
        """Return the lock of ``home``.

        Raises:
            BridgeError: ``bridge_already_running``, naming its URL.
            StorageError: the lock file cannot be opened.
        """
        try:
            stream = home.lock.open("a+b")
        except OSError as error:
            raise storage_error(error, path=home.lock) from error
        if not try_lock(stream):
            stream.close()
            entry = read_entry(home.bridge_json) or {}
            raise BridgeError("bridge_already_running", url=entry.get("url", "?"), pid=entry.get("pid", "?"))
        return cls(stream)

    def release(self) -> None:
        """Let the next bridge in."""
        self._stream.close()


def read_entry(path: Path) -> dict[str, Any] | None:
    """Return what ``bridge.json`` says, or None where there is none to be read."""
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None  # absent, or half a file of a crashed machine: as good as none
    return entry if isinstance(entry, dict) else None
