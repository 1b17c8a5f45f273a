"""A running bridge from lock to last breath.

Order of starting: lock, station, ledger, socket, engine, ``bridge.json``.
Order of ending: streams, engine (its jobs go back to the queue, its workers
end), ``bridge.json``, lock. After a ``kill -9`` the lock is free by itself, the
next start overwrites the stale ``bridge.json`` and takes the jobs up again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import uvicorn
from fastapi import FastAPI

from arp_bridge import log
from arp_bridge.activity import Activity
from arp_bridge.app import create_app
from arp_bridge.engine.embedded import EmbeddedEngine
from arp_bridge.engine.job_run import Workshop
from arp_bridge.engine.time_limit import DEFAULT_SECONDS
from arp_bridge.hub import Hub
from arp_bridge.ledger import Ledger
from arp_bridge.lock import HomeLock
from arp_bridge.services import Services
from arp_core.blobs import BlobStore
from arp_core.errors import BridgeError, UsageError
from arp_core.home import Home
from arp_core.paths import write_atomic
from arp_core.station import Station

_LOG = logging.getLogger("arp.bridge")

#: How long open requests may take to end when the bridge stops.
_GRACE_SECONDS = 3
_IDLE_CHECK_SECONDS = 0.1


@dataclass(frozen=True)
class BridgeOptions:
    """Where to listen, and when to end.

    Attributes:
        host: A loopback address.
        port: 0 lets the system choose.
        parent: A pipe whose end of file means that the owner is gone; with it
            the bridge ends once nothing is left to do. None runs until told.
        owner: The owner's client name, see :class:`Activity`.
        node_seconds: How long one step of a job may take.
    """

    host: str = "127.0.0.1"
    port: int = 0
    parent: IO[bytes] | None = None
    owner: str = ""
    node_seconds: float = DEFAULT_SECONDS


def run_bridge(home: Home, *, options: BridgeOptions, on_ready: Callable[[str], None]) -> None:
    """Run the bridge of ``home`` until it is told to stop.

    Args:
        home: Made on first use.
        options: Where to listen, and when to end.
        on_ready: Called with the URL once ``bridge.json`` is written.

    Raises:
        UsageError: ``bridge_not_loopback``.
        BridgeError: ``bridge_already_running``, ``bridge_port_taken``.
        ArpError: Home, key or ledger cannot be used.
    """
    _require_loopback(options.host)
    log.configure()
    home.create()
    lock = HomeLock.acquire(home)
    try:
        with _listening(options) as listener:
            _serve(home, listener=listener, options=options, on_ready=on_ready)
    finally:
        lock.release()


def _serve(home: Home, *, listener: socket.socket, options: BridgeOptions, on_ready: Callable[[str], None]) -> None:
    station = Station.open(home)
    scratch = home.scratch / "bridge"
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed bridge left; we hold the lock
    scratch.mkdir(parents=True)
    worker_log = home.root / "worker.log"
    worker_log.write_bytes(b"")
    ledger = Ledger.open(home.ledger)
    hub = Hub()
    blobs = BlobStore(home.blobs)
    shop = Workshop(
        station=station, ledger=ledger, blobs=blobs, hub=hub, scratch=scratch, node_seconds=options.node_seconds
    )
    engine = EmbeddedEngine(shop, log=worker_log, keep_spare=options.parent is None)
    activity = Activity(owner=options.owner)
    token = secrets.token_urlsafe(32)
    app = create_app(
        Services(station=station, ledger=ledger, blobs=blobs, engine=engine, hub=hub),
        token_sha256=hashlib.sha256(token.encode("ascii")).digest(),
        activity=activity,
    )
    url = _url(listener)
    engine.start()
    try:
        server = _Server(app, hub=hub)
        _announce(home, url=url, token=token)
        del token
        if options.parent is not None:
            _end_when_idle(server, parent=options.parent, idle=lambda: activity.idle and not engine.busy)
        on_ready(url)
        server.run(sockets=[listener])
    finally:
        hub.close()
        engine.stop()
        home.bridge_json.unlink(missing_ok=True)
        ledger.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError("bridge_not_loopback", host=host)


@contextlib.contextmanager
def _listening(options: BridgeOptions) -> Iterator[socket.socket]:
    """Open the socket ourselves: its port is known, and connections queue, before anything slow."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # The protocol must be named: asyncio switches off Nagle's delay only on sockets
    # that say they are TCP, and without that every answer takes 40 ms longer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((options.host, options.port))
            listener.listen(128)
        except (OSError, OverflowError) as error:
            raise BridgeError("bridge_port_taken", host=options.host, port=options.port, reason=str(error)) from error
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(home: Home, *, url: str, token: str) -> None:
    """Write ``bridge.json``, through which the command line and the DCCs join."""
    entry = {"url": url, "token": token, "pid": os.getpid()}
    write_atomic(home.bridge_json, json.dumps(entry).encode("utf-8"), mode=0o600)


class _Server(uvicorn.Server):
    """uvicorn with our own signal handling: it would die of the signal before we cleaned up."""

    def __init__(self, app: FastAPI, *, hub: Hub) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,  # ours, which is bounded
            log_level="warning",
            access_log=False,  # request lines name files and identifiers
            timeout_graceful_shutdown=_GRACE_SECONDS,
            lifespan="off",
            server_header=False,
        )
        super().__init__(config)
        self._hub = hub

    def end(self) -> None:
        """Let the server leave its loop; open streams are told to end. Safe in a signal handler."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM while serving; restore the former handlers afterwards."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        former = {number: signal.signal(number, lambda *_: self.end()) for number in numbers}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End event streams first: otherwise each would hold the shutdown to its time-out."""
        self._hub.close()
        await asyncio.sleep(0)
        await super().shutdown(sockets)


def _end_when_idle(server: _Server, *, parent: IO[bytes], idle: Callable[[], bool]) -> None:
    def watch() -> None:
        while parent.read(1024):
            pass  # the owner says nothing on this pipe; only its end counts
        pause = threading.Event()
        while not idle():
            pause.wait(_IDLE_CHECK_SECONDS)
        server.end()

    threading.Thread(target=watch, name="arp-parent", daemon=True).start()
