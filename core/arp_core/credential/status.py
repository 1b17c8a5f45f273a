"""Status lists of this station: claim an index, revoke, suspend, reinstate, hand out, take in.

Both lists are written when the first credential is sealed. A claimed index is
a small file made with O_EXCL, so that two processes can never share one. What
is signed into a list always holds what the signed acts say
(:mod:`arp_core.statusacts`): an older list that was put back, or a list that
was removed, takes nothing back.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from arp_core import canonical, clock, proof, statuslist, typeid
from arp_core.clock import Clock
from arp_core.errors import ArpError, InputError, StorageError, UsageError
from arp_core.home import Home
from arp_core.paths import storage_error, write_atomic
from arp_core.regular import read_regular
from arp_core.station import Station
from arp_core.statusacts import CHANGES, Change, acts_path, read_acts
from arp_core.statuslist import PURPOSES, Purpose

__all__ = (
    "CHANGES",
    "EXPORT_VALIDITY",
    "Change",
    "claim_index",
    "export_lists",
    "import_list",
    "set_status",
)

#: How long a list that is handed out may be relied on.
EXPORT_VALIDITY = timedelta(days=7)

_USED = "used"
_TRIES = 1000


def claim_index(
    station: Station, *, credential_id: str, choose: Callable[[int], int] = secrets.randbelow
) -> list[dict[str, Any]]:
    """Return the ``credentialStatus`` entries of a new credential, at a random index nobody has.

    Raises:
        StorageError: the home cannot be written, or ``status_list_full``.
    """
    _ensure_lists(station)
    used = station.home.status / _USED
    try:
        used.mkdir(mode=0o700, exist_ok=True)
        for _ in range(_TRIES):
            index = choose(statuslist.ENTRIES)
            try:
                handle = os.open(used / str(index), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(credential_id)
            return statuslist.entries(station.key.did, index=index)
    except OSError as error:
        raise storage_error(error, path=used) from error
    raise StorageError("status_list_full")


def set_status(station: Station, credential_id: str, *, change: Change, reason: str) -> None:
    """Revoke, suspend or reinstate a credential of this station; the signed act is kept.

    A revocation is final: reinstating ends a suspension only.

    Raises:
        InputError: ``credential_not_ours``; ``revocation_final``; ``status_list_invalid``.
        StorageError: ``status_busy`` while another process changes the list, or it cannot be written.
    """
    typeid.check_id(credential_id, prefix="cred")
    index = _index_of(station.home, credential_id)
    purpose: Purpose = "revocation" if change == "revoked" else "suspension"
    with _alone(station.home):
        if change == "reinstated" and statuslist.is_set(_read_bits(station, "revocation"), index):
            raise InputError("revocation_final", credential=credential_id)
        bits = statuslist.with_bit(_read_bits(station, purpose), index, value=change != "reinstated")
        _keep_act(station, credential_id, index=index, change=change, reason=reason)
        _write_list(station, bits, purpose=purpose)


def export_lists(station: Station) -> list[dict[str, Any]]:
    """Return both lists signed for others, valid for :data:`EXPORT_VALIDITY` from now."""
    _ensure_lists(station)
    until = clock.to_text(station.clock() + EXPORT_VALIDITY)
    return [_signed(station, _read_bits(station, purpose), purpose=purpose, valid_until=until) for purpose in PURPOSES]


def import_list(home: Home, document: dict[str, Any], *, now: Clock = clock.system_clock) -> Path:
    """Keep another station's list and return where; an older one never replaces a newer one.

    A list that begins in the future is refused: it would keep every honest one out until then.

    Raises:
        InputError: ``status_list_invalid``. StorageError: it cannot be written.
    """
    identifier = str(document.get("id", ""))
    issuer = str(document.get("issuer", ""))
    check = proof.check_proof(document)
    if not check or check.did != issuer:
        raise InputError("status_list_invalid", reason="its signature does not hold")
    purposes = [purpose for purpose in PURPOSES if statuslist.list_id(issuer, purpose=purpose) == identifier]
    if not purposes:
        raise InputError("status_list_invalid", reason="it is not the list of its issuer")
    begins = statuslist.moment(document, "validFrom")
    statuslist.moment(document, "validUntil")
    if begins > now() + clock.ALLOWED_SKEW:
        raise InputError("status_list_invalid", reason="it begins in the future")
    statuslist.bits_of(document, identifier=identifier, purpose=purposes[0])
    path = statuslist.foreign_path(home, identifier)
    if path.is_file():
        present = canonical.read_json(read_regular(path, limit=canonical.DEFAULT_LIMIT), name=path.name)
        if statuslist.moment(present, "validFrom") > begins:
            raise InputError("status_list_invalid", reason="a newer one is here already")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error, path=path) from error
    write_atomic(path, canonical.canonicalize(document))
    return path


def _index_of(home: Home, credential_id: str) -> int:
    path = home.credentials / f"{credential_id}.json"
    try:
        document = canonical.read_json(read_regular(path, limit=canonical.DEFAULT_LIMIT), name=path.name)
        index = statuslist.parse_index(document["credentialStatus"][0]["statusListIndex"])
        owner = (home.status / _USED / str(index)).read_text(encoding="ascii")
    except (OSError, KeyError, IndexError, TypeError, ValueError, ArpError) as error:
        raise InputError("credential_not_ours", credential=credential_id) from error
    if owner != credential_id:
        raise InputError("credential_not_ours", credential=credential_id)
    return index


def _ensure_lists(station: Station) -> None:
    """Write a list that is absent, and again one that lacks what an act says."""
    for purpose in PURPOSES:
        path = statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose=purpose))
        if path.is_file():
            if acts_path(station.home).exists() and _listed_bits(station, purpose) != _read_bits(station, purpose):
                with _alone(station.home):
                    _write_list(station, _read_bits(station, purpose), purpose=purpose)
            continue
        document = _signed(station, _bits_of_acts(station, purpose), purpose=purpose, valid_until=None)
        try:
            write_atomic(path, canonical.canonicalize(document), overwrite=False)
        except StorageError as error:
            if error.code != "file_in_the_way":  # another process wrote the same list
                raise


def _bits_of_acts(station: Station, purpose: Purpose) -> bytes:
    """Return the bits that the signed acts amount to.

    Raises:
        InputError: ``status_acts_damaged``; ``credential_not_ours`` for an act whose index nobody knows.
    """
    bits = bytearray(statuslist.empty())
    for act in read_acts(station.home, issuer=station.key.did):
        if act.purpose == purpose:
            index = _index_of(station.home, act.credential_id) if act.index is None else act.index
            statuslist.put_bit(bits, index, value=act.change != "reinstated")
    return bytes(bits)


def _signed(station: Station, bits: bytes, *, purpose: Purpose, valid_until: str | None) -> dict[str, Any]:
    now = station.clock()
    document = statuslist.unsigned_list(
        bits, did=station.key.did, purpose=purpose, valid_from=clock.to_text(now), valid_until=valid_until
    )
    return proof.add_proof(document, key=station.key, created=now)


def _read_bits(station: Station, purpose: Purpose) -> bytes:
    """Return the bits of an own list together with those of the acts: they are about to be signed again."""
    listed, acted = _listed_bits(station, purpose), _bits_of_acts(station, purpose)
    return bytes(one | other for one, other in zip(listed, acted, strict=True))


def _listed_bits(station: Station, purpose: Purpose) -> bytes:
    """Return the bits of an own list, whose signature must hold; none where there is no list."""
    identifier = statuslist.list_id(station.key.did, purpose=purpose)
    path = statuslist.own_path(station.home, identifier)
    try:
        data = read_regular(path, limit=canonical.DEFAULT_LIMIT)
    except UsageError:  # removed: the acts say what stood in it
        return statuslist.empty()
    except InputError as error:
        raise InputError("status_list_invalid", reason=error.code) from error
    document = canonical.read_json(data, name=path.name, canonical=True)
    check = proof.check_proof(document)
    if not check or check.did != station.key.did:
        raise InputError("status_list_invalid", reason="its signature does not hold")
    return statuslist.bits_of(document, identifier=identifier, purpose=purpose)


def _write_list(station: Station, bits: bytes, *, purpose: Purpose) -> None:
    path = statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose=purpose))
    write_atomic(path, canonical.canonicalize(_signed(station, bits, purpose=purpose, valid_until=None)))


def _keep_act(station: Station, credential_id: str, *, index: int, change: Change, reason: str) -> None:
    act = {
        "type": "StatusAct",
        "credentialId": credential_id,
        "statusListIndex": str(index),
        "change": change,
        "reason": reason,
        "at": clock.to_text(station.clock()),
    }
    line = canonical.canonicalize(proof.add_proof(act, key=station.key, created=station.clock())) + b"\n"
    path = acts_path(station.home)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise storage_error(error, path=path) from error


@contextlib.contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Hold the one lock on this station's lists; a crash leaves it, and the message says what to do."""
    path = home.status / "changing.lock"
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise StorageError("status_busy", path=path) from error
    except OSError as error:
        raise storage_error(error, path=path) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
