"""The issuers a station trusts, for which role, in which window of time.

The first use of a home pins its own station key. Any other issuer is untrusted
until a person accepts it. The file is this station's own decision and is
guarded by its permissions; a shared, threshold-signed list replaces it later
without changing what :meth:`TrustList.find` answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from arp_core import canonical, clock, multiformats
from arp_core.errors import ArpError, InputError
from arp_core.home import Home
from arp_core.paths import write_atomic
from arp_core.regular import read_regular

Role = Literal["station", "platform", "filing_authority", "log", "witness", "tsa", "person"]

ROLES: tuple[Role, ...] = ("station", "platform", "filing_authority", "log", "witness", "tsa", "person")


@dataclass(frozen=True)
class TrustEntry:
    """One key, the roles it is trusted for, and since and until when."""

    did: str
    roles: tuple[Role, ...]
    valid_from: datetime
    valid_until: datetime | None = None
    note: str = ""
    algorithm: str = "Ed25519"

    def to_json(self) -> dict[str, Any]:
        """Return the entry as it stands in ``trust.json``."""
        entry: dict[str, Any] = {
            "did": self.did,
            "algorithm": self.algorithm,
            "roles": list(self.roles),
            "validFrom": clock.to_text(self.valid_from),
        }
        if self.valid_until is not None:
            entry["validUntil"] = clock.to_text(self.valid_until)
        if self.note:
            entry["note"] = self.note
        return entry


@dataclass(frozen=True)
class TrustList:
    """All entries of one station."""

    entries: tuple[TrustEntry, ...] = ()

    @classmethod
    def load(cls, home: Home) -> TrustList:
        """Return the list of ``home``; a home without one trusts nobody.

        Raises:
            InputError: ``trust_invalid`` when the file cannot be used.
        """
        path = home.trust_json
        if not path.exists():
            return cls()
        return cls(_read(path))

    def find(self, did: str, *, role: Role, at: datetime) -> TrustEntry | None:
        """Return the entry under which ``did`` held ``role`` at that time, or None."""
        for entry in self.entries:
            if (
                entry.did == did
                and role in entry.roles
                and entry.valid_from <= at
                and (entry.valid_until is None or at < entry.valid_until)
            ):
                return entry
        return None

    def known(self, did: str) -> tuple[TrustEntry, ...]:
        """Return every entry of ``did``, whatever its roles and windows."""
        return tuple(entry for entry in self.entries if entry.did == did)

    def save(self, home: Home) -> None:
        """Write the list to ``home``.

        Raises:
            StorageError: it cannot be written.
        """
        document = {"type": "TrustList", "version": 1, "entries": [entry.to_json() for entry in self.entries]}
        write_atomic(home.trust_json, canonical.canonicalize(document), mode=0o600)


def accept(home: Home, did: str, *, roles: Sequence[Role], at: datetime, note: str = "") -> TrustList:
    """Add ``did`` to the list of ``home``, by a person's explicit act, and return the new list.

    Raises:
        InputError: ``encoding_invalid`` if ``did`` is no Ed25519 did:key.
    """
    multiformats.public_from_did(did)
    current = TrustList.load(home)
    if all(current.find(did, role=role, at=at) is not None for role in roles):
        return current
    entry = TrustEntry(did=did, roles=tuple(roles), valid_from=at, note=note)
    updated = TrustList((*current.entries, entry))
    updated.save(home)
    return updated


def remove(home: Home, did: str) -> TrustList:
    """Take every entry of ``did`` out of the list of ``home`` and return the new list."""
    updated = TrustList(tuple(entry for entry in TrustList.load(home).entries if entry.did != did))
    updated.save(home)
    return updated


def _read(path: Path) -> tuple[TrustEntry, ...]:
    try:
        document = canonical.read_json(read_regular(path, limit=canonical.DEFAULT_LIMIT), name=path.name)
        if document["type"] != "TrustList" or type(document["version"]) is not int or document["version"] != 1:
            raise InputError("trust_invalid", name=path.name, reason="unknown version")
        return tuple(_entry(item) for item in document["entries"])
    except ArpError as error:
        raise InputError("trust_invalid", name=path.name, reason=error.code) from error
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise InputError("trust_invalid", name=path.name, reason=type(error).__name__) from error


def _entry(item: dict[str, Any]) -> TrustEntry:
    roles: tuple[Role, ...] = tuple(role for role in ROLES if role in item["roles"])
    multiformats.public_from_did(item["did"])
    return TrustEntry(
        did=item["did"],
        algorithm=item["algorithm"],
        roles=roles,
        valid_from=clock.from_text(item["validFrom"]),
        valid_until=clock.from_text(item["validUntil"]) if "validUntil" in item else None,
        note=str(item.get("note", "")),
    )
