"""Finding a bridge, and starting one on this computer as a process of its own."""

from __future__ import annotations

import ipaddress
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arp_core.errors import BridgeError, StorageError, UsageError
from arp_core.home import Home

if TYPE_CHECKING:
    from arp_core.client import BridgeClient

_PATIENCE = 30.0  # seconds; a bridge answers within three, a cold disk may take longer
_STEP = 0.1


@dataclass(frozen=True)
class BridgeChoice:
    """Which bridge to use: an address someone typed, or whichever runs for this home."""

    url: str = ""
    token: str = ""


def is_loopback(url: str) -> bool:
    """Return whether ``url`` names this computer, so that no network is touched."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connect(choice: BridgeChoice, *, home: Home, online: bool) -> BridgeClient:
    """Return a client of the chosen bridge, or of the one running for ``home``.

    Raises:
        BridgeError: ``scene_offline`` when another machine is named and the
            host forbids the network; ``scene_bridge_absent`` when none runs.
    """
    from arp_core.client import BridgeClient

    if choice.url:
        if not online and not is_loopback(choice.url):
            raise BridgeError("scene_offline", url=choice.url)
        return BridgeClient(choice.url, token=choice.token)
    found = BridgeClient.discover(home)
    if found is None:
        raise BridgeError("scene_bridge_absent")
    return found


def start(command: str, *, home: Home, stop: Callable[[], bool]) -> int:
    """Start ``arpctl bridge`` for ``home`` and return its process ID once it answers.

    It outlives the host on purpose: a job may be left and found again.

    Args:
        command: Path of ``arpctl``; empty finds it on PATH.
        home: Whose bridge it is.
        stop: Asked while waiting; True gives up.

    Raises:
        UsageError: ``scene_arpctl_absent``.
        BridgeError: ``scene_bridge_did_not_start`` with the end of what it printed.
        StorageError: its log cannot be written.
    """
    program = command or shutil.which("arpctl") or ""
    if not program or not Path(program).is_file():
        raise UsageError("scene_arpctl_absent", path=command or "arpctl")
    home.create()
    log = home.root / "bridge.log"
    try:
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [program, "bridge"],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=_environment(home),
                start_new_session=True,
            )
    except OSError as error:
        raise StorageError("write_failed", path=log, reason=error.strerror or str(error)) from error
    return _wait(process, home=home, log=log, stop=stop)


def _environment(home: Home) -> dict[str, str]:
    """Return the environment of the new process: the host's own Python paths stay out of it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {**kept, "ARP_HOME": str(home.root)}


def _wait(process: subprocess.Popen[bytes], *, home: Home, log: Path, stop: Callable[[], bool]) -> int:
    from arp_core.client import BridgeClient

    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and not stop():
        if BridgeClient.discover(home) is not None:
            return process.pid
        if process.poll() is not None:
            break
        time.sleep(_STEP)
    tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise BridgeError("scene_bridge_did_not_start", reason=" ".join(tail) or "no answer", log=log)


def answers(choice: BridgeChoice, *, home: Home, online: bool) -> bool:
    """Return whether the chosen bridge, or the one of ``home``, answers now."""
    try:
        connect(choice, home=home, online=online).health()
    except BridgeError:
        return False
    return True
