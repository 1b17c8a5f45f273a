"""Bitstring Status Lists v1.0: one bit a credential, signed as a whole.

A list holds 131 072 entries (the standard's minimum, so that an index says
little), compressed with gzip and spelled in base64url multibase. This module is
the form only: setting bits is :mod:`arp_core.credential.status`, judging them
is :mod:`arp_core.verify`.

In a home, ``status/<list>.json`` is a list of this station, which is never
stale because it changes only here; ``status/foreign/<list>.json`` came from
another station and ends with its ``validUntil``.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from arp_core import clock, multiformats
from arp_core.digest import digest_bytes
from arp_core.errors import InputError
from arp_core.home import Home

Purpose = Literal["revocation", "suspension"]

PURPOSES: tuple[Purpose, ...] = ("revocation", "suspension")

ENTRIES = 131_072
_BYTES = ENTRIES // 8

CONTEXT = "https://www.w3.org/ns/credentials/v2"

_INDEX = re.compile(r"0|[1-9][0-9]{0,14}")
_LIST_ID = re.compile(r"arp:///status/([0-9a-f]{16})/(revocation|suspension)")


def list_id(did: str, *, purpose: Purpose) -> str:
    """Return the identifier of a station's list: stable, and no host to depend on."""
    return f"arp:///status/{digest_bytes(did.encode('ascii')).hex[:16]}/{purpose}"


def own_path(home: Home, identifier: str) -> Path:
    """Return where this station's own list of that identifier stands.

    Raises:
        InputError: ``status_list_invalid`` if the identifier has another form.
    """
    return home.status / _file_name(identifier)


def foreign_path(home: Home, identifier: str) -> Path:
    """Return where another station's list of that identifier stands.

    Raises:
        InputError: ``status_list_invalid`` if the identifier has another form.
    """
    return home.status / "foreign" / _file_name(identifier)


def _file_name(identifier: str) -> str:
    match = _LIST_ID.fullmatch(identifier)
    if match is None:
        raise InputError("status_list_invalid", reason="its identifier has another form")
    return f"{match[1]}-{match[2]}.json"


def encode(bits: bytes) -> str:
    """Return ``encodedList``: gzip with its time set to zero, so the same bits give the same text."""
    return multiformats.multibase_u_encode(gzip.compress(bits, mtime=0))


def decode(text: str) -> bytes:
    """Return the bits of an ``encodedList``, unpacking no more than a list may hold.

    Raises:
        InputError: ``status_list_invalid``.
    """
    try:
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(multiformats.multibase_u_decode(text), _BYTES + 1)
    except (zlib.error, InputError) as error:
        raise InputError("status_list_invalid", reason="it cannot be unpacked") from error
    if len(bits) != _BYTES:
        raise InputError("status_list_invalid", reason=f"{_BYTES} bytes are expected")
    return bits


def empty() -> bytes:
    """Return the bits of a list in which nothing is set."""
    return bytes(_BYTES)


def parse_index(text: object) -> int:
    """Return the number that a ``statusListIndex`` spells: decimal, without leading zeros, at most 15 digits.

    Whether a list has that many entries is for whoever looks into one.

    Raises:
        InputError: ``status_list_invalid``.
    """
    if not isinstance(text, str) or _INDEX.fullmatch(text) is None:
        raise InputError("status_list_invalid", field="statusListIndex", reason="an index is a decimal number")
    return int(text)


def is_set(bits: bytes, index: int) -> bool:
    """Return the bit of ``index``; the first bit is the left-most one (§3.2 of the standard)."""
    if not 0 <= index < ENTRIES:
        raise InputError("status_list_invalid", reason=f"it has no entry {index}")
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def with_bit(bits: bytes, index: int, *, value: bool) -> bytes:
    """Return ``bits`` with that of ``index`` set or cleared."""
    changed = bytearray(bits)
    put_bit(changed, index, value=value)
    return bytes(changed)


def put_bit(bits: bytearray, index: int, *, value: bool) -> None:
    """Set or clear the bit of ``index`` in place.

    Raises:
        InputError: ``status_list_invalid`` if the list has no such entry.
    """
    if not 0 <= index < ENTRIES:
        raise InputError("status_list_invalid", reason=f"it has no entry {index}")
    mask = 1 << (7 - index % 8)
    bits[index // 8] = bits[index // 8] | mask if value else bits[index // 8] & ~mask


def moment(document: Mapping[str, Any], field: str) -> datetime:
    """Return the time that ``field`` of a list states.

    Raises:
        InputError: ``status_list_invalid``.
    """
    value = document.get(field)
    try:
        return clock.from_text(value if isinstance(value, str) else "")
    except InputError as error:
        raise InputError("status_list_invalid", reason=f"its {field} is no time") from error


def entries(did: str, *, index: int) -> list[dict[str, Any]]:
    """Return the two ``credentialStatus`` entries of a credential with this index."""
    return [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": list_id(did, purpose=purpose),
        }
        for purpose in PURPOSES
    ]


def unsigned_list(
    bits: bytes, *, did: str, purpose: Purpose, valid_from: str, valid_until: str | None
) -> dict[str, Any]:
    """Return a BitstringStatusListCredential without its proof."""
    identifier = list_id(did, purpose=purpose)
    document: dict[str, Any] = {
        "@context": [CONTEXT],
        "id": identifier,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{identifier}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(bits),
        },
    }
    if valid_until is not None:
        document["validUntil"] = valid_until
    return document


def bits_of(document: Mapping[str, Any], *, identifier: str, purpose: str) -> bytes:
    """Return the bits of a list, if it is the one that an entry names.

    The proof is not checked here.

    Raises:
        InputError: ``status_list_invalid``.
    """
    subject = document.get("credentialSubject")
    kinds = document.get("type")
    if (
        document.get("id") != identifier
        or not isinstance(kinds, list)
        or "BitstringStatusListCredential" not in kinds
        or not isinstance(subject, Mapping)
        or subject.get("type") != "BitstringStatusList"
        or subject.get("statusPurpose") != purpose
        or not isinstance(subject.get("encodedList"), str)
    ):
        raise InputError("status_list_invalid", reason="it is another list than the credential names")
    return decode(subject["encodedList"])
