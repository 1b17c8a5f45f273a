"""The credential as a document: W3C Verifiable Credentials 2.0, not yet signed.

docs/spec/credential.md is the normative page. Keys that nothing fills are left
out, except where absence would be ambiguous (the seed's two values are null).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from arp_core import canonical, clock, multiformats, paths
from arp_core.digest import FileDigest, digest_bytes
from arp_core.errors import InputError
from arp_core.identify.asset import ASSET_URI, AssetVersion, media_type, role_of

CONTEXT = ("https://www.w3.org/ns/credentials/v2", "urn:asset-routing-pipeline:mts:v1")
SCHEMA_VERSION = 1
SIDECAR_ENDING = "_mts.json"
#: Largest records file that anyone reads, in bytes.
RECORDS_LIMIT = 4 << 20
RECORDS_ENDING = "_mts.records.json"

Scope = Literal["files", "package"]


@dataclass(frozen=True)
class Seed:
    """The seed that was asked for and the one that was used; None: no randomness involved."""

    requested: int | None = None
    effective: int | None = None

    def to_json(self) -> dict[str, str | None]:
        """Return both as text: JSON numbers are not exact beyond 2**53."""
        return {
            "requested": None if self.requested is None else str(self.requested),
            "effective": None if self.effective is None else str(self.effective),
        }


@dataclass(frozen=True)
class DeliveredFile:
    """One file of the version: its package path, its final digest, and that of its unsealed payload."""

    path: str
    digest: FileDigest
    unsealed: str | None = None


@dataclass(frozen=True)
class Claims:
    """What the credential says about the asset beside its files.

    ``usage`` is an ODRL policy, ``nodes`` maps node identifiers to the salted
    digests of their records, ``geometry`` maps file -> mesh -> digest.
    """

    mts: Mapping[str, str]
    nodes: Mapping[str, str]
    geometry: Mapping[str, Mapping[str, str]]
    usage: Mapping[str, Any]
    origin: str
    publishable: bool
    source_type: str
    label: Mapping[str, str] | None = None
    seed: Seed = Seed()
    capability_ids: tuple[str, ...] = ()
    job_id: str | None = None
    log_due: bool = False
    timestamp_due: bool = False


def build_credential(
    *,
    credential_id: str,
    issuer: str,
    name: str,
    scope: Scope,
    asset: AssetVersion,
    files: Sequence[DeliveredFile],
    claims: Claims,
    status: Sequence[Mapping[str, Any]],
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """Return the unsigned credential.

    Args:
        credential_id: ``cred_…``.
        issuer: The station's ``did:key``.
        name: File stem of the sidecar: ``chair`` for ``chair_mts.json``.
        scope: ``package`` if unlisted files in the folder are to fail.
        asset: Which version of which asset.
        files: Everything delivered, with final digests.
        claims: What is said about it.
        status: ``credentialStatus`` entries.
        valid_from: When it begins to be valid.
        valid_until: When the credential (never a licence) ends.

    Raises:
        InputError: ``path_unsafe``, ``paths_collide``, ``nothing_to_seal``.
    """
    _check_files(files, name=name)
    document: dict[str, Any] = {
        "@context": list(CONTEXT),
        "id": ASSET_URI + credential_id,
        "type": ["VerifiableCredential", "MinimumTraceableSetCredential"],
        "issuer": issuer,
        "validFrom": clock.to_text(valid_from),
        "schemaVersion": SCHEMA_VERSION,
        "critical": [],
        "scope": scope,
        "name": name,
        "due": {"logProof": claims.log_due, "timestamp": claims.timestamp_due},
        "credentialSubject": _subject(asset, files=files, claims=claims, issuer=issuer),
        "credentialStatus": [dict(entry) for entry in status],
        "relatedResource": [_resource(file, asset=asset) for file in files],
    }
    if valid_until is not None:
        document["validUntil"] = clock.to_text(valid_until)
    return document


def evidence_origin(issuer: str) -> str:
    """Return the name of the log in which a station's jobs are evidenced."""
    return f"arp:///log/{digest_bytes(issuer.encode('ascii')).hex[:16]}"


def evidence_digest(nodes: Mapping[str, str]) -> str:
    """Return the digest of a job's log: of the JCS object of its node records' digests."""
    return digest_bytes(canonical.canonicalize(dict(nodes))).multibase


def _subject(asset: AssetVersion, *, files: Sequence[DeliveredFile], claims: Claims, issuer: str) -> dict[str, Any]:
    version: dict[str, Any] = {"number": asset.number}
    if asset.parent is not None:
        version["parent"] = {"credentialId": asset.parent.credential_id, "digestMultibase": asset.parent.digest}
    subject: dict[str, Any] = {
        "id": asset.uri,
        "type": "Asset",
        "objectId": asset.object_id,
        "tier": asset.tier,
        "version": version,
        "representation": [role_of(file.path) for file in files],
        "capabilityIds": list(claims.capability_ids),
        "mts": dict(claims.mts),
        "geometry": [
            {"file": path, "mesh": mesh, "digestMultibase": digest}
            for path, meshes in sorted(claims.geometry.items())
            for mesh, digest in sorted(meshes.items())
        ],
        "seed": claims.seed.to_json(),
        "usage": dict(claims.usage),
        "origin": claims.origin,
        "publishable": claims.publishable,
        "digitalSourceType": claims.source_type,
        "nodes": dict(claims.nodes),
        "evidence": {
            "origin": evidence_origin(issuer),
            "digestMultibase": evidence_digest(claims.nodes),
        },
    }
    if claims.job_id is not None:
        subject["jobId"] = claims.job_id
    if claims.label is not None:
        subject["aiLabel"] = dict(claims.label)
    return subject


def _resource(file: DeliveredFile, *, asset: AssetVersion) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "id": f"{asset.uri}/v{asset.number}/{quote(file.path, safe='/')}",
        "mediaType": media_type(file.path),
        "digestSRI": file.digest.sri,
        "digestMultibase": file.digest.multibase,
    }
    if file.unsealed is not None:
        multiformats.sha256_from_multihash(file.unsealed)
        resource["unsealedDigest"] = file.unsealed
    return resource


def _check_files(files: Sequence[DeliveredFile], *, name: str) -> None:
    if not files:
        raise InputError("nothing_to_seal", name=name)
    paths.check_package_path(name)
    seen: dict[str, str] = {}
    for file in files:
        paths.check_package_path(file.path)
        key = paths.collision_key(file.path)
        if key in seen:
            raise InputError("paths_collide", name=file.path)
        seen[key] = file.path
