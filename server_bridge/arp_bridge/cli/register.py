"""``arpctl register``: sign files as they stand, or an edit as the next version."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from arp_bridge.cli import language, origin
from arp_core import messages
from arp_core.credential.register import register_file
from arp_core.credential.seal import SealedCredential
from arp_core.errors import UsageError
from arp_core.home import Home
from arp_core.identify import tier as tiers
from arp_core.identify.rights import RightsProfile, RightsRecord, rights_for
from arp_core.station import Station


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("register")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what to sign as it stands")
    origin.add_option(parser)
    parser.add_argument("--tier", choices=tuple(tiers.TIERS), help="static (default), computable or interactive")
    parser.add_argument("--record", type=Path, metavar="FILE", help="TOML file with the records the tier demands")
    parser.add_argument("--rights", type=Path, metavar="FILE", help="TOML file with the rights, instead of --origin")
    parser.add_argument("--parent", type=Path, metavar="SIDECAR", help="sidecar of the version that was edited")
    parser.add_argument("--note", default="", metavar="TEXT", help="what changed, in your words")
    parser.add_argument("--restore-label", action="store_true", help="write a lost AI label back into the file")
    parser.add_argument("--json", action="store_true", help="print the result for machines")
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Register every file and return 0; the first that cannot be registered ends the command."""
    if args.parent is not None and len(args.files) != 1:
        raise UsageError("register_one_with_parent")
    if args.rights is not None and args.origin is not None:
        raise UsageError("register_rights_or_origin")
    station = Station.open(Home.default())
    rights = _rights(args, home=station.home)
    records = tiers.read_records(args.record) if args.record is not None else None
    for path in args.files:
        sealed = register_file(
            path,
            station=station,
            tier=args.tier,
            rights=rights,
            parent=args.parent,
            note=args.note,
            records=records,
            restore_label=args.restore_label,
        )
        _say(sealed, path=path, args=args)
    if station.key.protection == "file_permissions" and not args.json:
        print(messages.text("key_by_permissions", language=args.lang), file=sys.stderr)
    return 0


def _rights(args: argparse.Namespace, *, home: Home) -> RightsRecord | None:
    """Return the rights to sign; None lets a parent's be inherited."""
    if args.rights is not None:
        return RightsRecord.read(args.rights)
    if args.parent is not None and args.origin is None:
        return None
    return rights_for(origin.answered(args, home=home), profile=RightsProfile.load(home))


def _say(sealed: SealedCredential, *, path: Path, args: argparse.Namespace) -> None:
    if args.json:
        facts = {
            "path": str(path),
            "sidecar": str(sealed.sidecar),
            "records": str(sealed.records),
            "credentialId": sealed.id,
            "objectId": sealed.object_id,
            "version": sealed.version,
            "sidecarSha256": sealed.sha256,
        }
        print(json.dumps(facts, ensure_ascii=False))
        return
    version = f"v{sealed.version:03d}"
    print(messages.text("register_done", language=args.lang, path=path, version=version, credential=sealed.id))
