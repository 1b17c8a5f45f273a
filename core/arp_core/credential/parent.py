"""The parent of a new version: read, checked, and what is inherited from it.

An edit in place changes the very file that the parent lists, so the parent's
files are not looked at; its signature, issuer and status are. Revocation and a
missing trust entry cannot be overridden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arp_core import canonical, proof, statuslist, typeid
from arp_core.credential.document import RECORDS_ENDING, RECORDS_LIMIT, SIDECAR_ENDING
from arp_core.digest import digest_bytes
from arp_core.errors import ArpError, InputError, IntegrityError, StorageError, UsageError
from arp_core.home import Home
from arp_core.identify.asset import AssetVersion, ParentLink
from arp_core.identify.rights import RightsRecord
from arp_core.paths import write_atomic
from arp_core.regular import read_regular
from arp_core.station import Station
from arp_core.statusacts import standing

_ATTACHMENTS = (".tlog-proof", ".tsr")


@dataclass(frozen=True)
class Parent:
    """A sealed version that another one is made from."""

    sidecar: Path
    data: bytes
    document: Mapping[str, Any]
    link: ParentLink
    object_id: str
    tier: str
    rights: RightsRecord
    label: Mapping[str, str] | None
    source_type: str
    tier_records: Mapping[str, Any]

    def next_version(self) -> AssetVersion:
        """Return the version that follows; siblings sealed elsewhere have the same number."""
        return AssetVersion(object_id=self.object_id, number=self.link.number + 1, parent=self.link, tier=self.tier)

    @property
    def records_path(self) -> Path:
        """Where the parent's records file stands, if it was delivered."""
        return self.sidecar.with_name(self.sidecar.name.removesuffix(SIDECAR_ENDING) + RECORDS_ENDING)

    def digest_of(self, name: str) -> str | None:
        """Return the multibase digest that the parent signs for the file ``name``, or None."""
        for item in self.document["relatedResource"]:
            if str(item["id"]).rpartition("/")[2] == name:
                return str(item["digestMultibase"])
        return None


def read_parent(sidecar: Path, *, station: Station) -> Parent:
    """Return the parent, if it may have a next version.

    Raises:
        UsageError: ``path_absent``.
        InputError: ``parent_unusable`` with the reason's code.
        IntegrityError: ``parent_not_intact``, ``parent_untrusted``, ``parent_revoked``.
    """
    try:
        data = read_regular(sidecar, limit=canonical.DEFAULT_LIMIT)
    except InputError as error:
        raise UsageError(error.code, **error.facts) from error
    try:
        document = canonical.read_json(data, name=sidecar.name, canonical=True)
    except InputError as error:
        raise InputError("parent_unusable", name=sidecar.name, reason=error.code) from error
    check = proof.check_proof(document)
    if not check or check.did != document.get("issuer"):
        raise IntegrityError("parent_not_intact", name=sidecar.name, reason=check.code or "issuer_not_signer")
    now = station.clock()
    trusted = station.trust()
    if not any(trusted.find(check.did, role=role, at=now) for role in ("station", "platform")):
        raise IntegrityError("parent_untrusted", name=sidecar.name, issuer=check.did)
    try:
        parent = _read(document, sidecar=sidecar, data=data)
    except IntegrityError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, ArpError) as error:
        reason = error.code if isinstance(error, ArpError) else type(error).__name__
        raise InputError("parent_unusable", name=sidecar.name, reason=reason) from error
    _refuse_revoked(document, station=station, issuer=check.did, name=sidecar.name)
    return parent


def keep_parent(parent: Parent, *, home: Home) -> None:
    """Keep the parent's sidecar, records and attachments in the home before they are replaced.

    Raises:
        StorageError: they cannot be written.
    """
    kept = home.credentials / f"{parent.link.credential_id}.json"
    _keep(kept, parent.data)
    if parent.records_path.is_file():
        _keep(kept.with_name(f"{parent.link.credential_id}.records.json"), parent.records_path.read_bytes())
    for ending in _ATTACHMENTS:
        attachment = parent.sidecar.with_name(parent.sidecar.name + ending)
        if attachment.is_file():
            _keep(kept.with_name(kept.name + ending), attachment.read_bytes())


def drop_attachments(parent: Parent) -> None:
    """Remove the parent's log proof and timestamp, which are kept, from beside its successor."""
    for ending in _ATTACHMENTS:
        parent.sidecar.with_name(parent.sidecar.name + ending).unlink(missing_ok=True)


def _keep(path: Path, data: bytes) -> None:
    try:
        write_atomic(path, data, overwrite=False)
    except StorageError as error:
        if error.code != "file_in_the_way" or path.read_bytes() != data:
            raise


def _read(document: Mapping[str, Any], *, sidecar: Path, data: bytes) -> Parent:
    subject = document["credentialSubject"]
    credential_id = typeid.check_id(document["id"].removeprefix("arp:///"), prefix="cred")
    records = _records(sidecar, subject=subject)
    rights = records.get("rights")
    content = records.get("content", {})
    return Parent(
        sidecar=sidecar,
        data=data,
        document=document,
        link=ParentLink(credential_id, digest_bytes(data).multibase, int(subject["version"]["number"])),
        object_id=typeid.check_id(subject["objectId"], prefix="obj"),
        tier=str(subject["tier"]),
        rights=RightsRecord.from_json(rights)
        if rights is not None
        else RightsRecord.from_usage(
            subject["usage"], origin=subject["origin"], publishable=bool(subject["publishable"])
        ),
        label=subject.get("aiLabel"),
        source_type=str(subject["digitalSourceType"]),
        tier_records=content.get("tierRecords", {}),
    )


def _records(sidecar: Path, *, subject: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return those disclosed records whose salted digests match; a changed one is refused.

    Raises:
        IntegrityError: ``parent_not_intact``.
    """
    path = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_ENDING) + RECORDS_ENDING)
    if not path.is_file():
        return {}
    disclosed = canonical.read_json(
        read_regular(path, limit=RECORDS_LIMIT), name=path.name, limit=RECORDS_LIMIT, depth=64
    )["records"]
    found: dict[str, Mapping[str, Any]] = {}
    for part, digest in subject["mts"].items():
        entry = disclosed.get(part)
        if entry is None:
            continue
        if digest_bytes(canonical.canonicalize(entry)).multibase != digest:
            raise IntegrityError("parent_not_intact", name=path.name, reason="record_changed")
        found[part] = entry["record"]
    return found


def _refuse_revoked(document: Mapping[str, Any], *, station: Station, issuer: str, name: str) -> None:
    """Refuse a parent whose list, where it is at hand, or an own act says revoked or suspended."""
    if standing(station.home, issuer=station.key.did, credential_id=document["id"].removeprefix("arp:///")):
        raise IntegrityError("parent_revoked", name=name)
    for entry in document.get("credentialStatus", ()):
        identifier = entry["statusListCredential"]
        for path in (
            statuslist.own_path(station.home, identifier),
            statuslist.foreign_path(station.home, identifier),
        ):
            if not path.is_file():
                continue
            listed = canonical.read_json(read_regular(path, limit=canonical.DEFAULT_LIMIT), name=path.name)
            check = proof.check_proof(listed)
            if not check or check.did != issuer:
                raise IntegrityError("parent_not_intact", name=path.name, reason="status_list_not_issuers")
            bits = statuslist.bits_of(listed, identifier=identifier, purpose=entry["statusPurpose"])
            if statuslist.is_set(bits, statuslist.parse_index(entry["statusListIndex"])):
                raise IntegrityError("parent_revoked", name=name)
