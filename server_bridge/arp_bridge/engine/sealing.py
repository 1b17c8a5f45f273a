"""From recorded nodes to a sealed package: stamp, sign, store, end the job.

Stamping opens the files and happens in the worker; the key never leaves this
process. Identifiers follow from the job's, so that sealing which was cut off
by a crash is done again under the same names and nothing is sealed twice.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from arp_bridge.engine.job_run import SEAL_STAGE, JobRun, error_of
from arp_bridge.ledger import events, jobs, objects, results
from arp_bridge.ledger.results import CredentialRow, NodeRow, OutputRow
from arp_core import typeid
from arp_core.canonical import read_json
from arp_core.credential import provenance
from arp_core.credential.document import SIDECAR_ENDING
from arp_core.credential.seal import SealedCredential, seal_package
from arp_core.digest import FileDigest
from arp_core.errors import IntegrityError
from arp_core.identify.asset import AssetVersion, media_type
from arp_core.multiformats import sha256_from_multihash
from arp_core.orchestrate import filing
from arp_core.orchestrate.filing import Filing
from arp_core.stamp.aigc import AigcLabel, derive_label

_TITLE = ("Sealing", "封存")


def seal_job(run: JobRun, *, nodes: tuple[NodeRow, ...]) -> None:
    """Make the package of a job whose nodes are all recorded, and end the job.

    Raises:
        ArpError: The package cannot be stamped, sealed or stored; nothing of it is kept.
    """
    if not run.job.request["seal"]:
        _end(run, outputs=(), credential=None)
        return
    folder = run.shop.scratch / f"seal-{run.job.job_id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        sealed = _seal(run, nodes=nodes, folder=folder)
        outputs = _store(run, folder=folder, sealed=sealed)
        credential = CredentialRow(
            credential_id=sealed.id,
            job_id=run.job.job_id,
            object_id=sealed.object_id,
            sha256=sealed.sha256,
            records_sha256=next(row.sha256 for row in outputs if row.name == sealed.records.name),
            state="sealed",
            created_at=run.shop.now(),
        )
        _end(run, outputs=outputs, credential=credential)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seal(run: JobRun, *, nodes: tuple[NodeRow, ...], folder: Path) -> SealedCredential:
    graph, station = run.graph, run.shop.station
    records = [row.record for row in nodes]
    filings = _filings(run)
    types = provenance.source_types(records, filings=filings)
    source_type = provenance.strongest(types)
    asset = AssetVersion.first(object_id=_derived(run, "obj"))
    credential_id = _derived(run, "cred")
    label = derive_label(
        types, provenance.inherited_labels(records), producer=station.producer, produce_id=asset.object_id
    )
    unsealed = _deliveries(run, nodes)
    stage = run.stage(SEAL_STAGE, position=len(graph.nodes), title=_TITLE)
    meshes = _stamp(
        run,
        folder=folder,
        files=unsealed,
        stage=stage,
        facts={
            "asset_uri": asset.uri,
            "version": str(asset.number),
            "credential_uri": f"arp:///{credential_id}",
            "sidecar_name": f"{graph.name}{SIDECAR_ENDING}",
            "producer": station.producer,
            "digital_source_type": source_type,
        },
        label=label,
    )
    run.check()  # the last moment at which a cancelled job leaves no credential
    mts = provenance.records_of(
        graph,
        records=records,
        rights=provenance.narrowest_rights(_registrations(run)),
        environments=_environments(run, records),
        filings=filings,
    )
    for name in (f"{credential_id}.json", f"{credential_id}.records.json"):
        # Kept by an attempt that a crash cut off before the ledger knew of it.
        (station.home.credentials / name).unlink(missing_ok=True)
    return seal_package(
        folder,
        name=graph.name,
        station=station,
        asset=asset,
        mts=mts,
        nodes=records,
        graph=graph.to_json(),
        job_id=run.job.job_id,
        capability_ids=tuple(filings),
        seed=provenance.seed_of(graph, records),
        label=label,
        credential_id=credential_id,
        meshes=meshes,
        source_type=source_type,
        unsealed={path: FileDigest(bytes.fromhex(sha256), 0).multibase for path, sha256 in unsealed.items()},
    )


def _stamp(
    run: JobRun,
    *,
    folder: Path,
    files: Mapping[str, str],
    stage: Mapping[str, Any],
    facts: Mapping[str, str],
    label: AigcLabel | None,
) -> dict[str, dict[str, str]]:
    """Let the worker write the stamped files into ``folder`` and return their geometry digests."""
    answer = run.ask(
        {
            "do": "stamp",
            "files": dict(files),
            "folder": str(folder),
            "facts": dict(facts),
            "label": None if label is None else label.to_json(),
        },
        stage=stage,
    )
    if answer["is"] == "failed":
        raise error_of(answer)
    meshes: dict[str, dict[str, str]] = answer["meshes"]
    return meshes


def _deliveries(run: JobRun, nodes: tuple[NodeRow, ...]) -> dict[str, str]:
    """Return package path -> hex digest of the unsealed file."""
    made = {f"{row.node_id}.{port}": sha256 for row in nodes for port, sha256 in row.outputs.items()}
    found: dict[str, str] = {}
    for item in run.graph.deliveries:
        if item.output not in made:
            raise IntegrityError("delivery_missing", output=item.output)
        found[item.path.format(name=run.graph.name)] = made[item.output]
    return found


def _filings(run: JobRun) -> dict[str, Filing]:
    found: dict[str, Filing] = {}
    for node in run.graph.nodes:
        standing = filing.find(run.shop.station.home, node.capability_id)
        if standing is None:
            raise IntegrityError("capability_not_filed", name=node.capability, node=node.id)
        found[standing.capability_id] = standing
    return found


def _environments(run: JobRun, records: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return every environment that a node ran in, by its digest; each is a blob here."""
    found: dict[str, Mapping[str, Any]] = {}
    for digest in dict.fromkeys(record["environment"] for record in records):
        path = run.shop.blobs.path(sha256_from_multihash(digest).hex())
        if not path.is_file():
            raise IntegrityError("blob_lost", node="environment", sha256=path.name)
        found[digest] = read_json(path.read_bytes(), name=path.name)
    return found


def _registrations(run: JobRun) -> list[Mapping[str, Any]]:
    """Return the Minimum Traceable Sets under which the job's inputs entered."""
    origin = run.job.request["origin"]
    with run.shop.ledger.read() as connection:
        rows = [objects.by_digest(connection, item.sha256, origin=origin) for item in run.graph.inputs.values()]
    if not rows or any(row is None for row in rows):
        raise IntegrityError("object_unknown", object=", ".join(item.object_id for item in run.graph.inputs.values()))
    return [row.mts for row in rows if row is not None]


def _derived(run: JobRun, prefix: str) -> str:
    return typeid.derived_id(prefix, hashlib.sha256(f"{prefix} of {run.job.job_id}".encode("ascii")).digest())


def _store(run: JobRun, *, folder: Path, sealed: SealedCredential) -> tuple[OutputRow, ...]:
    """Keep every file of the package as a blob, in the order to publish them."""
    last = (sealed.records.name, sealed.sidecar.name)
    paths = [item.path.format(name=run.graph.name) for item in run.graph.deliveries]
    roles = {item.path.format(name=run.graph.name): item.role for item in run.graph.deliveries}
    rows: list[OutputRow] = []
    for position, name in enumerate([*paths, *last]):
        digest = run.shop.blobs.put_file(folder.joinpath(*PurePosixPath(name).parts))
        role = roles.get(name, "credential" if name == sealed.sidecar.name else "records")
        rows.append(OutputRow(name, position, role, media_type(name), digest.hex, digest.size))
    return tuple(rows)


def _end(run: JobRun, *, outputs: tuple[OutputRow, ...], credential: CredentialRow | None) -> None:
    """Record package, credential, evidence, lineage and the job's end in one transaction."""
    job_id, at = run.job.job_id, run.shop.now()
    with run.shop.ledger.write() as connection:
        jobs.hold(connection, job_id, token=run.token, at=at)
        results.record_outputs(connection, job_id, outputs)
        if credential is not None:
            results.record_credential(connection, credential)
            objects.connect(connection, src=credential.object_id, dst=job_id, rel="made_by")
            objects.connect(connection, src=credential.credential_id, dst=credential.object_id, rel="credential_of")
            for bound in run.graph.inputs.values():
                objects.connect(connection, src=credential.object_id, dst=bound.object_id, rel="derived_from")
            stage = run.stage(SEAL_STAGE, position=len(run.graph.nodes), title=_TITLE)
            events.append(connection, job_id, {**stage, "state": "succeeded", "fraction": 1.0}, at=at)
        jobs.finish(
            connection,
            job_id,
            state="succeeded",
            at=at,
            token=run.token,
            credential_id=None if credential is None else credential.credential_id,
        )
    run.shop.hub.announce()
