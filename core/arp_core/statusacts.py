"""The signed acts by which this station revoked, suspended and reinstated its credentials.

A status list is what the acts amount to, so a list that lacks the bit of an act
was rolled back or lost, whatever its own signature says. Acts can only add to a
list: where a list says more than they do, the list counts too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from arp_core import canonical, proof, statuslist, typeid
from arp_core.errors import ArpError, InputError, UsageError
from arp_core.home import Home
from arp_core.regular import read_regular
from arp_core.statuslist import Purpose

Change = Literal["revoked", "suspended", "reinstated"]

CHANGES: tuple[Change, ...] = ("revoked", "suspended", "reinstated")

#: Far more acts than a list has entries.
_LIMIT = 256 << 20


@dataclass(frozen=True)
class StatusAct:
    """One act: which credential, what became of it, and its index where the act names one."""

    credential_id: str
    change: Change
    index: int | None

    @property
    def purpose(self) -> Purpose:
        """The list whose bit it changes."""
        return "revocation" if self.change == "revoked" else "suspension"


def acts_path(home: Home) -> Path:
    """Return where the acts stand, one a line."""
    return home.status / "acts.jsonl"


def read_acts(home: Home, *, issuer: str, credential_id: str = "") -> tuple[StatusAct, ...]:
    """Return the acts in the order in which they were done.

    Args:
        home: Whose acts.
        issuer: Who must have signed them.
        credential_id: The one credential they are about; empty: all of them.

    Raises:
        InputError: ``status_acts_damaged`` if a line is not an act that ``issuer`` signed.
    """
    return tuple(_read(acts_path(home), issuer=issuer, credential_id=credential_id))


def _read(path: Path, *, issuer: str, credential_id: str) -> Iterator[StatusAct]:
    try:
        data = read_regular(path, limit=_LIMIT)
    except UsageError:  # nothing was ever revoked here
        return
    except InputError as error:
        raise InputError("status_acts_damaged", path=path, reason=error.code) from error
    if len(data) > _LIMIT:
        raise InputError("status_acts_damaged", path=path, reason="json_too_large")
    sought = credential_id.encode("ascii")
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line and sought in line:
            act = _act(line, place=f"line {number}", path=path, issuer=issuer)
            if credential_id in ("", act.credential_id):
                yield act


def _act(line: bytes, *, place: str, path: Path, issuer: str) -> StatusAct:
    try:
        document = canonical.read_json(line, name=path.name, canonical=True)
        check = proof.check_proof(document)
        if not check or check.did != issuer:
            raise InputError("status_acts_damaged", path=path, reason=place)
        index = document.get("statusListIndex")
        return StatusAct(
            credential_id=typeid.check_id(document["credentialId"], prefix="cred"),
            change=CHANGES[CHANGES.index(document["change"])],
            index=None if index is None else statuslist.parse_index(index),
        )
    except (ArpError, KeyError, TypeError, ValueError) as error:
        raise InputError("status_acts_damaged", path=path, reason=place) from error


def standing(home: Home, *, issuer: str, credential_id: str) -> Literal["revoked", "suspended"] | None:
    """Return what the acts say of a credential now: a revocation for good, a suspension until it is lifted.

    Raises:
        InputError: ``status_acts_damaged``.
    """
    now: Change | None = None
    for act in read_acts(home, issuer=issuer, credential_id=credential_id):
        if act.change == "revoked":
            return "revoked"
        now = act.change
    return "suspended" if now == "suspended" else None
