"""``arpctl trust``: whom this station trusts, changed by a person's explicit act only."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from arp_bridge.cli import language
from arp_core import messages, multiformats, statuslist, trust
from arp_core.errors import InputError, UsageError
from arp_core.home import Home
from arp_core.printable import printable, printable_json
from arp_core.station import Station


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("trust")
    language.add_option(parser)
    parser.add_argument("--json", action="store_true", help="print the list for machines")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("show", help="list whom this station trusts")
    accepting = acts.add_parser("accept", help="trust another issuer from now on")
    accepting.add_argument("did", metavar="DID", help="did:key:z6Mk…")
    accepting.add_argument("--role", action="append", choices=trust.ROLES, help="default: station")
    accepting.add_argument("--note", default="", help="who that is, for your own memory")
    removing = acts.add_parser("remove", help="trust an issuer no longer")
    removing.add_argument("did", metavar="DID", help="as trust show prints it")


def run(args: argparse.Namespace) -> int:
    """Show or change the list and return 0."""
    # Opening the station first pins its own key, so that accepting another never leaves it out.
    station = Station.open(Home.default())
    if args.act == "accept":
        _check_did(args.did)
        roles = tuple(args.role or ("station",))
        trust.accept(station.home, args.did, roles=roles, at=station.clock(), note=args.note)
        _say(args, "trust_accepted", did=args.did, roles=", ".join(roles))
        lists = statuslist.list_id(args.did, purpose="revocation")
        if "station" in roles and not statuslist.foreign_path(station.home, lists).is_file():
            print(messages.text("trust_status_list", language=args.lang), file=sys.stderr)
    elif args.act == "remove":
        if args.did == station.key.did:
            raise UsageError("trust_own_key")
        if not trust.TrustList.load(station.home).known(args.did):
            raise InputError("trust_unknown", did=args.did)
        trust.remove(station.home, args.did)
        _say(args, "trust_removed", did=args.did)
    else:
        _show(args, station=station)
    return 0


def _check_did(did: str) -> None:
    try:
        multiformats.public_from_did(did)
    except InputError as error:
        raise UsageError("did_invalid", value=did[:80]) from error


def _show(args: argparse.Namespace, *, station: Station) -> None:
    entries = station.trust().entries
    if args.json:
        print(printable_json(json.dumps({"entries": [entry.to_json() for entry in entries]}, ensure_ascii=False)))
        return
    if not entries:
        print(messages.text("trust_nobody", language=args.lang))
    for entry in entries:
        print(f"{entry.did}  {', '.join(entry.roles)}  {printable(entry.note)}".rstrip())


def _say(args: argparse.Namespace, key: str, **facts: object) -> None:
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print(messages.text(key, facts, language=args.lang))
