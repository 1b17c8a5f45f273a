"""Which language the command line speaks."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from arp_core import messages


def preferred() -> str:
    """Return ``zh`` or ``en`` from ``ARP_LANG``, else from the locale's environment."""
    for name in ("ARP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def add_option(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the option ``--lang``."""
    parser.add_argument("--lang", choices=messages.LANGUAGES, default=preferred(), help="en or zh")


def of_arguments(arguments: Sequence[str]) -> str:
    """Return the language that raw arguments ask for, before or without parsing them."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
    return preferred()
