"""``arpctl digest``: a file's digest in every spelling, sealed or unsealed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from arp_bridge.cli import language
from arp_core.digest import digest_file


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("digest")
    parser.add_argument("file", type=Path, metavar="FILE", help="what to digest")
    parser.add_argument("--unsealed", action="store_true", help="of the payload, without stamps and labels")
    parser.add_argument("--json", action="store_true", help="print every spelling for machines")
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print the digest and return 0."""
    if args.unsealed:
        from arp_core.stamp import unsealed_digest

        digest = unsealed_digest(args.file)
    else:
        digest = digest_file(args.file)
    facts = {
        "sha256": digest.hex,
        "digestMultibase": digest.multibase,
        "digestSRI": digest.sri,
        "size": digest.size,
    }
    if args.json:
        print(json.dumps(facts))
    else:
        print("\n".join(f"{name:<16} {value}" for name, value in facts.items()))
    return 0
