"""``arpctl show``: a sidecar in a form people can read. Nothing is verified here."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from arp_bridge.cli import language
from arp_bridge.cli.named_file import read_named
from arp_core import canonical
from arp_core.printable import printable_json

#: Records files are the largest that are shown.
_LIMIT = 4 << 20


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("show")
    parser.add_argument("sidecar", type=Path, metavar="SIDECAR", help="a credential or its records file")
    parser.add_argument("--json", action="store_true", help="print it as it is stored, on one line")
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print the document and return 0."""
    path: Path = args.sidecar
    document = canonical.read_json(read_named(path, limit=_LIMIT), name=path.name, limit=_LIMIT, depth=64)
    text = json.dumps(document, ensure_ascii=False, indent=None if args.json else 2, sort_keys=True)
    print(printable_json(text))
    return 0
