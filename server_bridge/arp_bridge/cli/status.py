"""``arpctl status``: revoke, suspend or reinstate; hand out and take in status lists."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from arp_bridge.cli import language
from arp_bridge.cli.named_file import read_named
from arp_core import canonical, messages
from arp_core.client import BridgeClient
from arp_core.credential import status
from arp_core.errors import InputError
from arp_core.home import Home
from arp_core.paths import write_atomic
from arp_core.station import Station

_CHANGES: dict[str, status.Change] = {"revoke": "revoked", "suspend": "suspended", "reinstate": "reinstated"}
_HELP = {
    "revoke": "withdraw a credential of this station for good",
    "suspend": "put a credential of this station on hold",
    "reinstate": "end a suspension",
}
_LIMIT = 4 << 20


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("status")
    language.add_option(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    for name, what in _HELP.items():
        changing = acts.add_parser(name, help=what)
        changing.add_argument("sidecar", type=Path, metavar="SIDECAR", help="the credential in question")
        changing.add_argument("--reason", required=True, help="kept with the signed act")
    exporting = acts.add_parser("export", help="write this station's lists for others, valid for a week")
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write them")
    importing = acts.add_parser("import", help="take in another station's lists")
    importing.add_argument("source", metavar="SOURCE", help="the file they gave you, or the URL of their bridge")
    importing.add_argument("--token", default="", help="of that bridge; better in ARP_TOKEN")


def run(args: argparse.Namespace) -> int:
    """Do what is asked and return 0."""
    station = Station.open(Home.default())
    if args.act == "export":
        lists = status.export_lists(station)
        write_atomic(args.out.absolute(), canonical.canonicalize({"type": "StatusLists", "lists": lists}))
        print(messages.text("status_exported", language=args.lang, path=args.out))
    elif args.act == "import":
        for item in _lists(args):
            status.import_list(station.home, item)
        print(messages.text("status_imported", language=args.lang, path=args.source))
    else:
        identifier = str(_read(args.sidecar).get("id", "")).removeprefix("arp:///")
        status.set_status(station, identifier, change=_CHANGES[args.act], reason=args.reason)
        print(_changed(args, credential=identifier))
    return 0


def _changed(args: argparse.Namespace, *, credential: str) -> str:
    if args.act == "reinstate":  # whether it verifies is another question, which nobody asked here
        return messages.text("status_lifted", language=args.lang, credential=credential)
    word = messages.text(f"status_{_CHANGES[args.act]}", language=args.lang)
    return messages.text("status_changed", language=args.lang, credential=credential, change=word)


def _lists(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the lists that a file or a bridge gives; nothing about them is checked yet."""
    if args.source.startswith(("http://", "https://")):
        token = args.token or os.environ.get("ARP_TOKEN", "")
        taken: Any = BridgeClient(args.source, token=token, language=args.lang).status_lists()
    else:
        taken = _read(Path(args.source)).get("lists")
    if not isinstance(taken, list) or not taken or not all(isinstance(item, dict) for item in taken):
        raise InputError("status_list_invalid", reason="lists are expected")
    return taken


def _read(path: Path) -> dict[str, Any]:
    return canonical.read_json(read_named(path, limit=_LIMIT), name=path.name, limit=_LIMIT)
