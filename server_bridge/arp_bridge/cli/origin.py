"""The one question put to a person: where is this from?"""

from __future__ import annotations

import argparse
import sys

from arp_core import messages
from arp_core.home import Home
from arp_core.identify.rights import ORIGINS, Origin, last_origin, remember_origin


def add_option(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the option ``--origin``."""
    parser.add_argument("--origin", choices=ORIGINS, help="where it is from; the answer is remembered")


def answered(args: argparse.Namespace, *, home: Home) -> Origin:
    """Return the answer: as said, as last time, as asked on a terminal; else the careful one, aloud.

    Only what a person said is remembered: a statement about rights is never made
    for somebody who was not asked.

    Raises:
        InputError: ``path_unreadable``. StorageError: the answer cannot be kept.
    """
    said: Origin | None = args.origin
    if said is None:
        remembered = last_origin(home)
        if remembered is not None:
            return remembered
        said = _asked(args)
    if said is None:
        print(messages.text("origin_assumed", language=args.lang), file=sys.stderr)
        return "found"
    remember_origin(home, said)
    return said


def _asked(args: argparse.Namespace) -> Origin | None:
    """Return what a person at a terminal answers, or None where nobody can be asked."""
    while sys.stdin is not None and sys.stdin.isatty() and not args.json:
        print(messages.text("origin_question", language=args.lang), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            break
        for origin in ORIGINS:
            if line.strip() == origin:
                return origin
    return None
