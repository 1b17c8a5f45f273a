"""``arpctl bridge``: serve jobs over HTTP on this computer, until told to stop."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from pathlib import Path

from arp_bridge.cli import language
from arp_core import messages
from arp_core.errors import ArpError, UsageError
from arp_core.home import Home


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``subparsers``."""
    parser = subparsers.add_parser("bridge")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes any free port")
    parser.add_argument("--home", type=Path, default=None, help="instead of ARP_HOME")
    parser.add_argument(
        "--node-timeout", metavar="SECONDS", default="", help="how long one step may take; 1800 by default"
    )
    parser.add_argument("--json", action="store_true", help="say where it runs as JSON")
    # For a bridge that another process starts for itself: standard input is the
    # pipe that tells whether that process is still there.
    parser.add_argument("--until-idle", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--owner", default="", help=argparse.SUPPRESS)
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the bridge and return its exit code."""
    from arp_bridge.engine.time_limit import DEFAULT_SECONDS
    from arp_bridge.running import BridgeOptions, run_bridge

    home = Home.default() if args.home is None else Home(args.home.absolute())
    options = BridgeOptions(
        host=args.host,
        port=args.port,
        parent=sys.stdin.buffer if args.until_idle else None,
        owner=args.owner,
        node_seconds=_seconds(args.node_timeout) if args.node_timeout else DEFAULT_SECONDS,
    )

    def on_ready(url: str) -> None:
        if args.json:
            print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)
        else:
            print(messages.text("bridge_running", language=args.lang, url=url, pid=os.getpid()), flush=True)

    # What it writes is its owner's alone, also where the home's folder is opened to others.
    former = os.umask(0o077)
    try:
        run_bridge(home, options=options, on_ready=on_ready)
    except ArpError as error:
        if not args.until_idle:
            raise
        # The process that started us reads this line and says it in its own words.
        facts = {name: str(value) for name, value in error.facts.items()}
        print(json.dumps({"error": {"kind": type(error).__name__, "code": error.code, "facts": facts}}), flush=True)
        return 1
    finally:
        os.umask(former)
    return 0


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise UsageError("node_timeout_invalid", value=text[:40]) from error
    if not 0 < value <= threading.TIMEOUT_MAX:  # not a number fails this, too
        raise UsageError("node_timeout_invalid", value=text[:40])
    return value
