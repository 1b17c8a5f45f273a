"""Status lists of this station: claim an index, revoke, suspend, reinstate, hand out, take in.

Both lists are written when the first credential is sealed. A claimed index is
a small file made with O_EXCL, so that two processes can never share one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from arp_core import canonical, clock, proof, statuslist, typeid
from arp_core.errors import InputError, StorageError
from arp_core.home import Home
from arp_core.paths import storage_error, write_atomic
from arp_core.station import Station
from arp_core.statuslist import PURPOSES, Purpose

Change = Literal["revoked", "suspended", "reinstated"]

CHANGES: tuple[Change, ...] = ("revoked", "suspended", "reinstated")

#: How long a list that is handed out may be relied on.
EXPORT_VALIDITY = timedelta(days=7)

_USED = "used"
_ACTS = "acts.jsonl"
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
        _keep_act(station, credential_id, change=change, reason=reason)
        _write_list(station, bits, purpose=purpose)


def export_lists(station: Station) -> list[dict[str, Any]]:
    """Return both lists signed for others, valid for :data:`EXPORT_VALIDITY` from now."""
    _ensure_lists(station)
    until = clock.to_text(station.clock() + EXPORT_VALIDITY)
    return [_signed(station, _read_bits(station, purpose), purpose=purpose, valid_until=until) for purpose in PURPOSES]


def import_list(home: Home, document: dict[str, Any]) -> Path:
    """Keep another station's list and return where; an older one never replaces a newer one.

    Raises:
        InputError: ``status_list_invalid``. StorageError: it cannot be written.
    """
    identifier = str(document.get("id", ""))
    issuer = str(document.get("issuer", ""))
    check = proof.check_proof(document)
    if not check or check.did != issuer:
        raise InputError("status_list_invalid", reason="its signature does not hold")
    purposes = [purpose for purpose in PURPOSES if statuslist.list_id(issuer, purpose=purpose) == identifier]
    if not purposes or not isinstance(document.get("validUntil"), str):
        raise InputError("status_list_invalid", reason="it names no end, or is not the list of its issuer")
    statuslist.bits_of(document, identifier=identifier, purpose=purposes[0])
    path = statuslist.foreign_path(home, identifier)
    if path.is_file():
        present = canonical.read_json(path.read_bytes(), name=path.name)
        if str(present.get("validFrom", "")) > str(document["validFrom"]):
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
        document = canonical.read_json(path.read_bytes(), name=path.name)
        index = int(document["credentialStatus"][0]["statusListIndex"])
        owner = (home.status / _USED / str(index)).read_text(encoding="ascii")
    except (OSError, KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError("credential_not_ours", credential=credential_id) from error
    if owner != credential_id:
        raise InputError("credential_not_ours", credential=credential_id)
    return index


def _ensure_lists(station: Station) -> None:
    for purpose in PURPOSES:
        path = statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose=purpose))
        if path.is_file():
            continue
        document = _signed(station, statuslist.empty(), purpose=purpose, valid_until=None)
        try:
            write_atomic(path, canonical.canonicalize(document), overwrite=False)
        except StorageError as error:
            if error.code != "file_in_the_way":  # another process wrote the same empty list
                raise


def _signed(station: Station, bits: bytes, *, purpose: Purpose, valid_until: str | None) -> dict[str, Any]:
    now = station.clock()
    document = statuslist.unsigned_list(
        bits, did=station.key.did, purpose=purpose, valid_from=clock.to_text(now), valid_until=valid_until
    )
    return proof.add_proof(document, key=station.key, created=now)


def _read_bits(station: Station, purpose: Purpose) -> bytes:
    """Return the bits of an own list, whose signature must hold: it is about to be signed again."""
    identifier = statuslist.list_id(station.key.did, purpose=purpose)
    path = statuslist.own_path(station.home, identifier)
    try:
        document = canonical.read_json(path.read_bytes(), name=path.name, canonical=True)
    except OSError as error:
        raise InputError("status_list_invalid", reason=error.strerror or str(error)) from error
    check = proof.check_proof(document)
    if not check or check.did != station.key.did:
        raise InputError("status_list_invalid", reason="its signature does not hold")
    return statuslist.bits_of(document, identifier=identifier, purpose=purpose)


def _write_list(station: Station, bits: bytes, *, purpose: Purpose) -> None:
    path = statuslist.own_path(station.home, statuslist.list_id(station.key.did, purpose=purpose))
    write_atomic(path, canonical.canonicalize(_signed(station, bits, purpose=purpose, valid_until=None)))


def _keep_act(station: Station, credential_id: str, *, change: Change, reason: str) -> None:
    act = {
        "type": "StatusAct",
        "credentialId": credential_id,
        "change": change,
        "reason": reason,
        "at": clock.to_text(station.clock()),
    }
    line = canonical.canonicalize(proof.add_proof(act, key=station.key, created=station.clock())) + b"\n"
    path = station.home.status / _ACTS
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
