"""The one clock, injected wherever time matters, and its one textual form.

Times are aware UTC in whole seconds and end in ``Z``: every verifiable-credential
verifier accepts that form. ``created`` and ``validFrom`` are what the signer
says; they are never evidence of when something happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from arp_core.errors import InputError

Clock = Callable[[], datetime]

#: How far two honest machines' clocks may differ before a time counts as "in the future".
ALLOWED_SKEW = timedelta(minutes=5)

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


def system_clock() -> datetime:
    """Return the present as aware UTC in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(moment: datetime) -> str:
    """Return ``moment`` as ``2026-01-31T12:00:00Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the moment that ``2026-01-31T12:00:00Z`` names.

    Raises:
        InputError: ``time_invalid`` for any other form or an impossible date.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise InputError("time_invalid", value=text)
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise InputError("time_invalid", value=text) from error
