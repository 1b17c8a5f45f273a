"""Versions as three numbers, and ranges such as ``>=1.2,<2``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from arp_core.errors import InputError

Version = tuple[int, int, int]

_COMPARATORS: dict[str, Callable[[Version, Version], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_VERSION = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?")
_CLAUSE = re.compile(r"\s*(>=|<=|==|>|<)\s*(\S+)\s*")


def parse(text: str) -> Version:
    """Return ``"1.2"`` as ``(1, 2, 0)``.

    Raises:
        InputError: ``version_invalid``.
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        raise InputError("version_invalid", value=text)
    major, minor, patch = (int(part or 0) for part in match.groups())
    return major, minor, patch


def matches(text: str, *, versions: str) -> bool:
    """Return whether the version lies in the comma-separated range.

    Raises:
        InputError: ``version_invalid`` when either cannot be read.
    """
    version = parse(text)
    for clause in versions.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise InputError("version_invalid", value=versions)
        if not _COMPARATORS[match.group(1)](version, parse(match.group(2))):
            return False
    return True
