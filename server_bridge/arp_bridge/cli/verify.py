"""``arpctl verify``: files, sidecars or folders against their credentials."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arp_bridge import memory
from arp_bridge.cli import language
from arp_core import messages
from arp_core.errors import UsageError
from arp_core.home import Home
from arp_core.printable import printable_json
from arp_core.verify import ALLOWING, Use, Verification, verify_all


def add_parser(subparsers: Any) -> None:
    """Add the command's arguments."""
    parser: argparse.ArgumentParser = subparsers.add_parser("verify")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, a sidecar or a folder")
    parser.add_argument("--deep", action="store_true", help="read geometry and labels again from the files")
    parser.add_argument(
        "--for",
        dest="use",
        metavar="USE",
        help="what it is wanted for: project=…,purpose=…,territory=…,date=2026-01-31",
    )
    parser.add_argument("--steps", action="store_true", help="show every step, not only those that do not hold")
    parser.add_argument("--json", action="store_true", help="print the whole result for machines")
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Verify every path and return 0 only if each one holds (and its rights do, where asked).

    Paths that are absent or cannot be opened are named after the results of the others; then it returns 2.
    """
    use = Use.parse(args.use) if args.use is not None else None
    home = Home.default()
    if args.deep:
        memory.limit_to_half()
    found: list[tuple[Path, Verification]] = []
    refused: list[UsageError] = []
    for path in args.paths:
        try:
            found += [(path, item) for item in verify_all(path, home=home, deep=args.deep, use=use)]
        except UsageError as error:  # one name that is wrong takes nothing from the others
            refused.append(error)
    if refused and not found:
        raise refused[0]
    results = [result for _, result in found]
    if args.json:
        document: dict[str, Any] = {"results": [result.to_json() for result in results]}
        if refused:
            document["errors"] = [{"code": each.code, "message": each.sentence(language=args.lang)} for each in refused]
        print(printable_json(json.dumps(document, ensure_ascii=False, indent=1)))
    else:
        for given, result in found:
            shown = _as_given(result.path, given=given)
            print("\n".join(_lines(result, shown=shown, chosen=args.lang, every_step=args.steps)))
    for each in refused:
        print(f"arpctl: {each.sentence(language=args.lang)} [{each.code}]", file=sys.stderr)
    if refused:
        return 2
    return 0 if all(_holds(result, use=use) for result in results) else 1


def _holds(result: Verification, *, use: Use | None) -> bool:
    return bool(result) and (use is None or result.rights in ALLOWING)


def _as_given(path: Path, *, given: Path) -> Path:
    """Return ``path`` as seen from where the person said it: relative where they did."""
    for start in (given, given.parent):
        if path.is_relative_to(start.absolute()):
            return start / path.relative_to(start.absolute())
    return path


def _lines(result: Verification, *, shown: Path, chosen: str, every_step: bool) -> Sequence[str]:
    """Return one line for the asset and one for each thing worth knowing about it."""

    def say(key: str, **facts: object) -> str:
        return messages.text(key, facts, language=chosen)

    lines = [
        say(
            "verify_line",
            path=shown,
            status=say(f"status_{result.status}"),
            version=f" · v{result.version:03d}" if result.version else "",
            rights=say(f"rights_verdict_{result.rights}"),
        )
    ]
    if every_step:
        lines += [
            f"  {step.number:>2}. {say('step_' + step.name)}: {say('outcome_' + step.outcome)}" for step in result.steps
        ]
    for failure in result.failures:
        lines.append(f"  - {messages.text(failure.code, failure.facts(), language=chosen)} [{failure.code}]")
    lines += [f"  - {say(step.code, detail=step.detail)}" for step in result.steps if step.outcome == "withheld"]
    for note in result.notes:
        kind, _, path = note.partition(": ")
        lines.append(f"  - {say('verify_note_' + kind, detail=path)}")
    if result.rights != "in_order":
        lines.append(f"  - {say(result.rights_reason)}")
    return lines
