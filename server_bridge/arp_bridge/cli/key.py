"""``arpctl key``: this station's key, and how it is protected."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from arp_bridge.cli import language
from arp_core import keys, messages
from arp_core.errors import UsageError
from arp_core.home import Home
from arp_core.station import Station


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("key", description=messages.text("cli_key"))
    parser.add_argument("action", choices=("show", "protect"), help="show it, or protect it with a passphrase")
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Show the key's identifier and protection, after changing the latter where asked."""
    home = Home.default()
    if args.action == "protect":
        Station.open(home)  # makes the key on first use
        key = keys.protect(home, passphrase=_new_passphrase(args.lang))
        print(messages.text("key_protected", language=args.lang), file=sys.stderr)
    else:
        key = Station.open(home).key
    protection = messages.text(f"key_protection_{key.protection}", language=args.lang)
    print(messages.text("key_line", language=args.lang, did=key.did, protection=protection))
    return 0


def _new_passphrase(chosen: str) -> str:
    given = os.environ.get("ARP_NEW_PASSPHRASE", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError("passphrase_absent")
    first = getpass.getpass(messages.text("passphrase_prompt", language=chosen))
    if not first:
        raise UsageError("passphrase_absent")
    if getpass.getpass(messages.text("passphrase_again", language=chosen)) != first:
        raise UsageError("passphrase_differs")
    return first
