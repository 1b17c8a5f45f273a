"""What a credential signs, read into plain values (docs/spec/credential.md §3).

Reading is strict about every field that a later step relies on and silent about
fields it does not know, unless ``critical`` names one of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from arp_core import clock, multiformats, paths, statuslist, typeid
from arp_core.errors import InputError

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "urn:asset-routing-pipeline:mts:v1"]
TYPES = ["VerifiableCredential", "MinimumTraceableSetCredential"]
SCHEMA_VERSION = 1
SCOPES = ("files", "package")
MTS_PARTS = ("content", "rights", "capability", "environment")
SIDECAR_ENDING = "_mts.json"
RECORDS_ENDING = "_mts.records.json"

#: Every field that this verifier understands, at the top and in the subject:
#: an entry of ``critical`` outside them fails.
KNOWN_FIELDS = frozenset(
    (
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "validUntil",
        "schemaVersion",
        "critical",
        "scope",
        "name",
        "due",
        "credentialSubject",
        "credentialStatus",
        "relatedResource",
        "proof",
        "objectId",
        "tier",
        "version",
        "representation",
        "capabilityIds",
        "jobId",
        "mts",
        "geometry",
        "seed",
        "usage",
        "origin",
        "publishable",
        "aiLabel",
        "digitalSourceType",
        "nodes",
        "evidence",
    )
)

_URI = "arp:///"
#: Entries of ``relatedResource`` and of ``credentialStatus``.
MOST_FILES = 10_000
MOST_STATUS_ENTRIES = 8


@dataclass(frozen=True)
class ListedFile:
    """One delivered file: its package path and the 32-byte SHA-256 it must have."""

    path: str
    sha256: bytes
    media_type: str
    unsealed: str | None


@dataclass(frozen=True)
class StatusEntry:
    """Where one status bit of the credential stands."""

    purpose: str
    index: int
    list_id: str


@dataclass(frozen=True)
class SignedCredential:
    """The values that verification relies on."""

    id: str
    issuer: str
    name: str
    scope: str
    valid_from: datetime
    valid_until: datetime | None
    object_id: str
    version: int
    tier: str
    files: tuple[ListedFile, ...]
    mts: Mapping[str, str]
    nodes: Mapping[str, str]
    geometry: Mapping[tuple[str, str], str]
    evidence: str
    status: tuple[StatusEntry, ...]
    label: Mapping[str, str] | None
    source_type: str
    usage: Mapping[str, Any]
    origin: str
    publishable: bool
    log_due: bool
    timestamp_due: bool

    def file(self, path: str) -> ListedFile | None:
        """Return the entry of this package path, or None."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> Mapping[str, ListedFile]:
        return {item.path: item for item in self.files}

    def bearing(self, sha256: bytes) -> ListedFile | None:
        """Return the first listed file that must have this digest, or None."""
        return self._by_digest.get(sha256)

    @cached_property
    def _by_digest(self) -> Mapping[bytes, ListedFile]:
        return {item.sha256: item for item in reversed(self.files)}


def read_signed(document: Mapping[str, Any]) -> SignedCredential:
    """Return the values of a credential document.

    Raises:
        InputError: ``credential_malformed`` with the field, or
            ``credential_critical_unknown``, ``credential_version_unknown``,
            ``path_unsafe``, ``paths_collide``.
    """
    try:
        return _read(document)
    except InputError as error:
        if error.code in _PASSED_ON:
            raise
        raise InputError("credential_malformed", field=error.facts.get("field", error.code)) from error


_PASSED_ON = (
    "credential_malformed",
    "credential_critical_unknown",
    "credential_version_unknown",
    "path_unsafe",
    "paths_collide",
)


def _read(document: Mapping[str, Any]) -> SignedCredential:
    _refuse_unknown(document)
    subject = _object(document, "credentialSubject")
    object_id = typeid.check_id(_text(subject, "objectId"), prefix="obj")
    version = _object(subject, "version")
    number = _integer(version, "number", least=1)
    due = _object(document, "due")
    nodes = {node: _multihash(digest, "nodes") for node, digest in _object(subject, "nodes").items()}
    mts = _object(subject, "mts")
    _require(set(mts) == set(MTS_PARTS), "mts")
    signed = SignedCredential(
        id=_credential_id(document),
        issuer=_did(document),
        name=paths.check_package_path(_text(document, "name")),
        scope=_one_of(document, "scope", SCOPES),
        valid_from=clock.from_text(_text(document, "validFrom")),
        valid_until=clock.from_text(_text(document, "validUntil")) if "validUntil" in document else None,
        object_id=object_id,
        version=number,
        tier=_text(subject, "tier"),
        files=_files(document, object_id=object_id, number=number),
        mts={part: _multihash(mts[part], part) for part in MTS_PARTS},
        nodes=nodes,
        geometry=_geometry(subject),
        evidence=_digest(_object(subject, "evidence")),
        status=_status(document),
        label=_label(subject),
        source_type=_text(subject, "digitalSourceType"),
        usage=_object(subject, "usage"),
        origin=_text(subject, "origin"),
        publishable=_boolean(subject, "publishable"),
        log_due=_boolean(due, "logProof"),
        timestamp_due=_boolean(due, "timestamp"),
    )
    _require("/" not in signed.name, "name")
    _require(subject.get("id") == _URI + object_id, "credentialSubject.id")
    _parent(version)
    _require({file for file, _ in signed.geometry} <= {item.path for item in signed.files}, "geometry")
    return signed


def _refuse_unknown(document: Mapping[str, Any]) -> None:
    _require(document.get("@context") == CONTEXT, "@context")
    _require(document.get("type") == TYPES, "type")
    if type(document.get("schemaVersion")) is not int or document["schemaVersion"] != SCHEMA_VERSION:
        raise InputError("credential_version_unknown", version=document.get("schemaVersion"))
    critical = document.get("critical")
    _require(isinstance(critical, list) and all(isinstance(item, str) for item in critical), "critical")
    for item in document["critical"]:
        if item not in KNOWN_FIELDS:
            raise InputError("credential_critical_unknown", field=item)


def _credential_id(document: Mapping[str, Any]) -> str:
    uri = _text(document, "id")
    _require(uri.startswith(_URI), "id")
    return typeid.check_id(uri.removeprefix(_URI), prefix="cred")


def _did(document: Mapping[str, Any]) -> str:
    did = _text(document, "issuer")
    multiformats.public_from_did(did)
    return did


def _parent(version: Mapping[str, Any]) -> None:
    if "parent" not in version:
        _require(version["number"] == 1, "version.parent")
        return
    parent = _object(version, "parent")
    _require(version["number"] > 1, "version.number")
    typeid.check_id(_text(parent, "credentialId"), prefix="cred")
    _digest(parent)


def _files(document: Mapping[str, Any], *, object_id: str, number: int) -> tuple[ListedFile, ...]:
    prefix = f"{_URI}{object_id}/v{number}/"
    found: list[ListedFile] = []
    entries = _objects(document, "relatedResource")
    _require(0 < len(entries) <= MOST_FILES, "relatedResource")
    for item in entries:
        uri = _text(item, "id")
        _require(uri.startswith(prefix), "relatedResource.id")
        encoded = uri.removeprefix(prefix)
        # A spelling that is not the one we would write decodes to something else than it came from.
        path = paths.check_package_path(unquote(encoded, errors="replace"))
        _require(encode_path(path) == encoded, "relatedResource.id")
        sha256 = multiformats.sha256_from_multihash(_text(item, "digestMultibase"))
        _require(item.get("digestSRI") == multiformats.sri(sha256), "relatedResource.digestSRI")
        unsealed = item.get("unsealedDigest")
        found.append(
            ListedFile(
                path=path,
                sha256=sha256,
                media_type=_text(item, "mediaType"),
                unsealed=None if unsealed is None else _multihash(unsealed, "unsealedDigest"),
            )
        )
    seen: set[str] = set()
    for listed in found:
        key = paths.collision_key(listed.path)
        if key in seen:
            raise InputError("paths_collide", name=listed.path)
        seen.add(key)
    return tuple(found)


def encode_path(path: str) -> str:
    """Return a package path as it stands in an ``arp:`` URL (RFC 3986 unreserved characters and ``/``)."""
    return quote(path, safe="/")


def _geometry(subject: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    found = {(_text(item, "file"), _text(item, "mesh")): _digest(item) for item in _objects(subject, "geometry")}
    _require(len(found) == len(subject["geometry"]), "geometry")
    return found


def _status(document: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    found = []
    listed = _objects(document, "credentialStatus")
    _require(len(listed) <= MOST_STATUS_ENTRIES, "credentialStatus")
    for item in listed:
        _require(item.get("type") == "BitstringStatusListEntry", "credentialStatus.type")
        found.append(
            StatusEntry(
                purpose=_one_of(item, "statusPurpose", ("revocation", "suspension")),
                index=statuslist.parse_index(_text(item, "statusListIndex")),
                list_id=_text(item, "statusListCredential"),
            )
        )
    return tuple(found)


def _label(subject: Mapping[str, Any]) -> Mapping[str, str] | None:
    if "aiLabel" not in subject:
        return None
    label = _object(subject, "aiLabel")
    _require(all(isinstance(value, str) for value in label.values()), "aiLabel")
    return label


def _require(condition: bool, field: str) -> None:
    if not condition:
        raise InputError("credential_malformed", field=field)


def _text(holder: Mapping[str, Any], field: str) -> str:
    value = holder.get(field)
    if not isinstance(value, str) or not value:
        raise InputError("credential_malformed", field=field)
    return value


def _object(holder: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = holder.get(field)
    if not isinstance(value, dict):
        raise InputError("credential_malformed", field=field)
    return value


def _objects(holder: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    value = holder.get(field)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputError("credential_malformed", field=field)
    return value


def _boolean(holder: Mapping[str, Any], field: str) -> bool:
    value = holder.get(field)
    if not isinstance(value, bool):
        raise InputError("credential_malformed", field=field)
    return value


def _integer(holder: Mapping[str, Any], field: str, *, least: int) -> int:
    value = holder.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError("credential_malformed", field=field)
    return value


def _one_of(holder: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = _text(holder, field)
    _require(value in allowed, field)
    return value


def _digest(holder: Mapping[str, Any]) -> str:
    return _multihash(holder.get("digestMultibase"), "digestMultibase")


def _multihash(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise InputError("credential_malformed", field=field)
    multiformats.sha256_from_multihash(value)
    return value
