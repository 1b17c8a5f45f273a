"""TypeID identifiers: a readable prefix and a UUID in Crockford base32.

``obj_01jd…`` names an asset, ``cap_`` a capability, ``job_``, ``cred_``, and
``act_`` a pseudonymous person. New identifiers are UUIDv7 (time-ordered);
derived ones are UUIDv8 of a digest, so that the same capability has the same
identifier in every home. Source: TypeID specification 0.3, RFC 9562.
"""

from __future__ import annotations

import secrets
import time

from arp_core.errors import InputError

PREFIXES = ("obj", "cap", "job", "cred", "act")

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SUFFIX_LENGTH = 26


def new_id(prefix: str) -> str:
    """Return a fresh identifier, ordered by the millisecond it was made in."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    return _spell(prefix, _with_version(number, version=7))


def derived_id(prefix: str, digest: bytes) -> str:
    """Return the identifier that follows from a digest of at least 16 bytes."""
    return _spell(prefix, _with_version(int.from_bytes(digest[:16], "big"), version=8))


def check_id(value: str, *, prefix: str) -> str:
    """Return ``value`` if it is a well-formed identifier with this prefix.

    Raises:
        InputError: ``id_invalid`` otherwise.
    """
    head, _, suffix = value.partition("_")
    if (
        head != prefix
        or len(suffix) != _SUFFIX_LENGTH
        or suffix[0] > "7"  # 26 × 5 = 130 bits; the first two must be zero
        or any(letter not in _ALPHABET for letter in suffix)
    ):
        raise InputError("id_invalid", value=value, kind=prefix)
    return value


def _with_version(number: int, *, version: int) -> int:
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return number | version << 76 | 0x2 << 62


def _spell(prefix: str, number: int) -> str:
    if prefix not in PREFIXES:
        raise InputError("id_invalid", value=prefix, kind="prefix")
    letters = [_ALPHABET[number >> shift & 0x1F] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(letters)}"
