"""Sealing: digest the final bytes, sign, and write the sidecar last.

The folder already holds the files as they will be delivered, stamps and
labels included. A file never contains its own digest, and nothing is changed
here but the two sidecars being added.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from arp_core import canonical, proof, typeid
from arp_core.credential.document import (
    RECORDS_ENDING,
    SIDECAR_ENDING,
    Claims,
    DeliveredFile,
    Scope,
    Seed,
    build_credential,
)
from arp_core.credential.labels import check_label
from arp_core.credential.status import claim_index
from arp_core.digest import FileDigest, digest_bytes, digest_file
from arp_core.errors import ArpError, InputError, IntegrityError
from arp_core.identify.asset import AssetVersion, has_geometry
from arp_core.identify.record import Mts, SaltedRecord, SaltSource, new_salt
from arp_core.identify.rights import RightsRecord
from arp_core.paths import write_atomic
from arp_core.station import Station

if TYPE_CHECKING:
    from arp_core.stamp.aigc import AigcLabel


@dataclass(frozen=True)
class SealedCredential:
    """A sealed version: its identifiers, where its sidecars stand, and the sidecar's hex SHA-256."""

    id: str
    object_id: str
    version: int
    sidecar: Path
    records: Path
    sha256: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class Randomness:
    """Where a seal's random values come from; fixed only where golden vectors are built."""

    salts: SaltSource = new_salt
    choose_index: Callable[[int], int] = secrets.randbelow


def seal_package(
    folder: Path,
    *,
    name: str,
    station: Station,
    asset: AssetVersion,
    mts: Mts,
    nodes: Sequence[Mapping[str, Any]] = (),
    graph: Mapping[str, Any] | None = None,
    job_id: str | None = None,
    capability_ids: Sequence[str] = (),
    seed: Seed | None = None,
    label: AigcLabel | None = None,
    credential_id: str | None = None,
    scope: Scope = "package",
    meshes: Mapping[str, Mapping[str, str]] | None = None,
    source_type: str = "digitalCreation",
    unsealed: Mapping[str, str] | None = None,
    files: Sequence[str] | None = None,
    expected: Mapping[str, FileDigest] | None = None,
    replacing: bool = False,
    valid_until: datetime | None = None,
    randomness: Randomness | None = None,
) -> SealedCredential:
    """Seal what stands in ``folder`` and return the credential.

    Args:
        folder: Holds the final bytes.
        name: File stem of the sidecar.
        station: Who signs, and whose home keeps a copy.
        asset: Which version of which asset.
        mts: The four records; the signed usage follows from ``rights``.
        nodes: Node records in the order in which they ran, human acts included.
        graph: The job graph; it stands inside the capability record.
        job_id: The job that made it, if one did.
        capability_ids: Every capability that took part.
        seed: Requested and effective seed.
        label: The AI label that the files carry.
        credential_id: As already stamped into the files; fresh if None.
        scope: ``package`` makes unlisted files fail later.
        meshes: Geometry digests by file, where they were computed already.
        source_type: IPTC digital source type of the whole.
        unsealed: Package path -> digest of the payload before stamping.
        files: Package paths to list; None: everything in ``folder``.
        expected: Digests that listed files must still have.
        replacing: The sidecars in ``folder`` are the parent's, kept elsewhere, and may be replaced.
        valid_until: When the credential ends, if it does.
        randomness: Source of salts and of the status index.

    Raises:
        InputError: a name is unsafe, a file cannot be read, ``label_required``.
        IntegrityError: ``label_lost``: a file does not carry the label.
        StorageError: a sidecar cannot be written; nothing of it is left.
    """
    chance = randomness or Randomness()
    credential_id = typeid.check_id(credential_id or typeid.new_id("cred"), prefix="cred")
    listed = _listed(folder, files=files, name=name)
    shown_label = None if label is None else label.to_json()
    check_label(folder, listed, source_type=source_type, label=shown_label)
    sealed_mts = mts.with_graph(graph or {})
    records = {node: SaltedRecord.of(record, salts=chance.salts) for node, record in _named(nodes).items()}
    rights = RightsRecord.from_json(mts.rights.record)
    now = station.clock()
    claims = Claims(
        mts=sealed_mts.digests(),
        nodes={node: record.digest for node, record in records.items()},
        geometry=_geometry(folder, listed) if meshes is None else meshes,
        usage=rights.usage(uid=asset.uri),
        origin=rights.origin,
        publishable=rights.publishable,
        source_type=source_type,
        label=shown_label,
        seed=seed or Seed(),
        capability_ids=tuple(capability_ids),
        job_id=job_id,
    )
    document = build_credential(
        credential_id=credential_id,
        issuer=station.key.did,
        name=name,
        scope=scope,
        asset=asset,
        files=_delivered(folder, listed, unsealed=unsealed or {}, expected=expected or {}),
        claims=claims,
        status=claim_index(station, credential_id=credential_id, choose=chance.choose_index),
        valid_from=now,
        valid_until=valid_until,
    )
    sidecar_bytes = canonical.canonicalize(proof.add_proof(document, key=station.key, created=now))
    records_bytes = canonical.canonicalize(records_document(credential_id, mts=sealed_mts, nodes=records))
    sidecar, records_path = folder / f"{name}{SIDECAR_ENDING}", folder / f"{name}{RECORDS_ENDING}"
    kept = station.home.credentials
    _write_all(
        (
            (kept / f"{credential_id}.records.json", records_bytes),
            (kept / f"{credential_id}.json", sidecar_bytes),
            (records_path, records_bytes),
            (sidecar, sidecar_bytes),
        ),
        replaceable=(records_path, sidecar) if replacing else (),
    )
    return SealedCredential(
        id=credential_id,
        object_id=asset.object_id,
        version=asset.number,
        sidecar=sidecar,
        records=records_path,
        sha256=digest_bytes(sidecar_bytes).hex,
        document=canonical.read_json(sidecar_bytes, name=sidecar.name),
    )


def records_document(credential_id: str, *, mts: Mts, nodes: Mapping[str, SaltedRecord]) -> dict[str, Any]:
    """Return the records file of a credential (docs/spec/records.md)."""
    return {
        "type": "MtsRecords",
        "schemaVersion": 1,
        "credentialId": credential_id,
        "records": {**mts.to_json(), "nodes": {node: record.to_json() for node, record in nodes.items()}},
    }


def _listed(folder: Path, *, files: Sequence[str] | None, name: str) -> tuple[str, ...]:
    if files is not None:
        return tuple(files)
    own = {f"{name}{SIDECAR_ENDING}", f"{name}{RECORDS_ENDING}"}
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise InputError("link_in_package", name=relative)
        if path.is_file() and relative not in own:
            found.append(relative)
    return tuple(found)


def _delivered(
    folder: Path, listed: Sequence[str], *, unsealed: Mapping[str, str], expected: Mapping[str, FileDigest]
) -> list[DeliveredFile]:
    found: list[DeliveredFile] = []
    for path in listed:
        digest = digest_file(_inside(folder, path))
        if expected.get(path, digest) != digest:
            raise IntegrityError("file_changing", name=path)
        found.append(DeliveredFile(path, digest, unsealed.get(path)))
    return found


def _inside(folder: Path, path: str) -> Path:
    return folder.joinpath(*PurePosixPath(path).parts)


def _named(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return node records by identifier; a person may edit twice, so repeats are numbered."""
    found: dict[str, Mapping[str, Any]] = {}
    for record in nodes:
        name = str(record["node"])
        count = 1
        node = name
        while node in found:
            count += 1
            node = f"{name}-{count}"
        found[node] = record
    return found


def _geometry(folder: Path, listed: Sequence[str]) -> dict[str, Mapping[str, str]]:
    geometric = [path for path in listed if has_geometry(path)]
    if not geometric:
        return {}
    from arp_core.geometry import geometry_digests

    return {path: geometry_digests(_inside(folder, path)) for path in geometric}


def _write_all(files: Sequence[tuple[Path, bytes]], *, replaceable: Sequence[Path]) -> None:
    """Write all files in order, or none: what was written is taken back, what was replaced comes back."""
    undo: list[tuple[Path, bytes | None]] = []
    try:
        for path, data in files:
            before = path.read_bytes() if path in replaceable and path.is_file() else None
            write_atomic(path, data, overwrite=before is not None)
            undo.append((path, before))
    except ArpError:
        for path, before in reversed(undo):
            with contextlib.suppress(ArpError, OSError):  # the first error is the one to report
                if before is None:
                    path.unlink()
                else:
                    write_atomic(path, before)
        raise
