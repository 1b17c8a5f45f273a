"""Filing: the signed act that lets a capability be routed.

Platform filing (平台备案) is this act. Algorithm filing (算法备案) and the filing
or registration of a generative service are other acts by other bodies: they
are fields of their own, recorded and never required here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from arp_core import canonical, proof, typeid
from arp_core.clock import Clock, to_text
from arp_core.errors import ArpError, InputError
from arp_core.home import Home
from arp_core.orchestrate.capability import CapabilitySpec
from arp_core.orchestrate.fingerprint import Fingerprint, interface
from arp_core.paths import write_atomic
from arp_core.station import Station
from arp_core.trust import TrustList

FilingState = Literal["submitted", "filed", "suspended", "revoked"]

_STATES: tuple[FilingState, ...] = ("submitted", "filed", "suspended", "revoked")


@dataclass(frozen=True)
class Filing:
    """A capability as filed: its identifier, state and fingerprint, with the signed document."""

    capability_id: str
    name: str
    version: str
    state: FilingState
    fingerprint: str
    source_type: str
    issuer: str
    document: dict[str, Any]


def capability_id(fingerprint: Fingerprint) -> str:
    """Return the identifier that follows from a fingerprint: the same in every home."""
    return typeid.derived_id("cap", fingerprint.sha256)


def file_capability(station: Station, spec: CapabilitySpec, *, fingerprint: Fingerprint) -> Filing:
    """Return the filing of ``spec``, signed by this station and stored in its home.

    A filing that already stands for the same fingerprint is returned unchanged,
    so that a suspension is never undone by a restart.

    Raises:
        StorageError: it cannot be written.
    """
    identifier = capability_id(fingerprint)
    standing = find(station.home, identifier)
    if standing is not None:
        return standing
    document = {
        "type": "CapabilityFiling",
        "schemaVersion": 1,
        "capabilityId": identifier,
        "state": "filed",
        "interface": interface(spec),
        "title": {"en": spec.title[0], "zh": spec.title[1]},
        "fingerprint": fingerprint.to_json(),
        "algorithmFiling": None,
        "serviceFiling": None,
        "filedAt": to_text(station.clock()),
        "issuer": station.key.did,
    }
    signed = proof.add_proof(document, key=station.key, created=station.clock())
    write_atomic(_path(station.home, identifier), canonical.canonicalize(signed), mode=0o600)
    return _parse(signed)


def find(home: Home, identifier: str) -> Filing | None:
    """Return the filing of this capability ID in ``home``, or None.

    Raises:
        InputError: ``filing_malformed`` when the stored record cannot be read.
    """
    path = _path(home, identifier)
    if not path.is_file():
        return None
    return _read(path)


def all_filings(home: Home) -> tuple[Filing, ...]:
    """Return every filing in ``home``, sorted by name and version."""
    found = [_read(path) for path in sorted(home.capabilities.glob("cap_*.json"))]
    return tuple(sorted(found, key=lambda filing: (filing.name, filing.version, filing.capability_id)))


def unqualified_reason(filing: Filing | None, *, measured: Fingerprint, trust: TrustList, clock: Clock) -> str:
    """Return why a capability may not run, as a code, or "" when it may.

    ``capability_not_filed``, ``capability_suspended``, ``capability_revoked``,
    ``filing_signature_invalid``, ``filing_untrusted``, ``capability_changed``.
    """
    if filing is None or filing.state == "submitted":
        return "capability_not_filed"
    check = proof.check_proof(filing.document)
    if not check or check.did != filing.issuer:
        return "filing_signature_invalid"
    if trust.find(filing.issuer, role="filing_authority", at=clock()) is None:
        return "filing_untrusted"
    if filing.state != "filed":
        return f"capability_{filing.state}"
    if filing.fingerprint != measured.digest:
        return "capability_changed"
    return ""


def _path(home: Home, identifier: str) -> Path:
    return home.capabilities / f"{typeid.check_id(identifier, prefix='cap')}.json"


def _read(path: Path) -> Filing:
    try:
        return _parse(canonical.read_json(path.read_bytes(), name=path.name, canonical=True))
    except (ArpError, OSError, KeyError, TypeError) as error:
        raise InputError("filing_malformed", name=path.name) from error


def _parse(document: dict[str, Any]) -> Filing:
    version = document["schemaVersion"]
    if document["state"] not in _STATES or type(version) is not int or version != 1:
        raise InputError("filing_malformed", name=str(document.get("capabilityId")))
    return Filing(
        capability_id=document["capabilityId"],
        name=document["interface"]["name"],
        version=document["interface"]["version"],
        state=cast(FilingState, document["state"]),
        fingerprint=document["fingerprint"]["digest"],
        source_type=document["interface"]["sourceType"],
        issuer=document["issuer"],
        document=document,
    )
