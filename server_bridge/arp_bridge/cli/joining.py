"""How a command reaches a bridge: the one it names, the one of its home, or one it starts for itself."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Any

from arp_core import client as clients
from arp_core.client import BridgeClient
from arp_core.errors import ArpError, BridgeError
from arp_core.home import Home
from arp_core.paths import storage_error

#: How long an embedded bridge may take to end after its pipe closed.
_END_SECONDS = 15.0
#: The same after Ctrl-C, before it is told to, and then made to.
_GRACE_SECONDS = 2.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the options that name a bridge."""
    parser.add_argument("--bridge", metavar="URL", default=os.environ.get("ARP_BRIDGE", ""), help="a running bridge")
    parser.add_argument("--token", default="", help="its token; better in ARP_TOKEN, which other users cannot see")


def named(args: argparse.Namespace, *, home: Home) -> BridgeClient | None:
    """Return a client of the bridge that the arguments name, or of the one of ``home``, or None."""
    if args.bridge:
        token = args.token or os.environ.get("ARP_TOKEN", "")
        client = BridgeClient(args.bridge, token=token, language=args.lang)
        client.health()
        return client
    return BridgeClient.discover(home, language=args.lang)


@contextlib.contextmanager
def joined(args: argparse.Namespace, *, home: Home) -> Iterator[BridgeClient]:
    """Yield a client of the named bridge, of the home's, or of one that lives as long as this block.

    Raises:
        BridgeError: ``bridge_absent`` for a named one; ``bridge_did_not_start``,
            ``bridge_ended`` for an own one.
        ArpError: What kept an own bridge from starting.
    """
    found = named(args, home=home)
    if found is not None:
        yield found
        return
    with embedded(home, language=args.lang) as client:
        yield client


@contextlib.contextmanager
def embedded(home: Home, *, language: str) -> Iterator[BridgeClient]:
    """Yield a client of a bridge that is started here and ends with this block.

    It is a process of its own, in its own session: Ctrl-C is for us, and we
    tell it what to do. If we die, it sees its pipe close, finishes what others
    asked of it, and ends.
    """
    name = secrets.token_hex(8)
    home.create()
    log = home.root / "bridge.log"
    try:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise storage_error(error, path=log) from error
    with os.fdopen(handle, "wb") as stderr:
        process = _spawn(home, owner=name, stderr=stderr)
    client: BridgeClient | None = None
    try:
        client = _ready(process, home=home, language=language, name=name, log=str(log))
        yield client
    except KeyboardInterrupt:
        _end_at_once(process, client=client)
        raise
    except BridgeError as error:
        if client is not None and error.code == "bridge_absent" and process.poll() is not None:
            raise BridgeError("bridge_ended", log=str(log)) from error
        raise
    finally:
        _end(process)


def _spawn(home: Home, *, owner: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "arp_bridge", "bridge", "--json", "--until-idle"]
    return subprocess.Popen(
        [*command, "--home", str(home.root), "--owner", owner],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _ready(process: subprocess.Popen[bytes], *, home: Home, language: str, name: str, log: str) -> BridgeClient:
    """Wait for the bridge's first line and return a client of it."""
    line = process.stdout.readline() if process.stdout is not None else b""
    try:
        said = json.loads(line)
    except ValueError as error:
        raise BridgeError("bridge_did_not_start", reason=f"exit code {process.wait()}", log=log) from error
    if "error" in said and said["error"]["code"] != "bridge_already_running":
        raise _as_raised(said["error"])
    # Another command may have started one in the same moment: then that one is joined.
    client = BridgeClient.discover(home, language=language, name=name)
    if client is None:
        raise BridgeError("bridge_did_not_start", reason="it does not answer", log=log)
    return client


def _as_raised(error: dict[str, Any]) -> ArpError:
    return clients.failure_of({"code": error["code"], "facts": {**error["facts"], "kind": error["kind"]}})


def _end_at_once(process: subprocess.Popen[bytes], *, client: BridgeClient | None) -> None:
    """End the bridge for somebody who waits at the prompt, unless others have work in it."""
    if process.stdin is not None:
        process.stdin.close()
    if client is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE_SECONDS)
            return
        if _has_work(client):
            return
    process.terminate()
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        # Its workers see their pipes close, the ledger and the lock stand a power failure.
        process.kill()


def _has_work(client: BridgeClient) -> bool:
    try:
        return any(job["state"] not in clients.FINAL_STATES for job in client.jobs())
    except ArpError:
        return False  # it does not answer any more


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe and wait until the bridge has cleaned up."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        # Others still use it; it ends when they are done.
        return
    finally:
        if process.stdout is not None:
            process.stdout.close()
