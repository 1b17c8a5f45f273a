"""What a job left: node records, output files, its credential."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from arp_bridge.ledger import evidence
from arp_bridge.ledger.tables import CREDENTIAL, NODE, OUTPUT
from arp_core.canonical import canonicalize


@dataclass(frozen=True)
class NodeRow:
    """The recorded result of one node: its node record and its output blobs by port."""

    node_id: str
    position: int
    state: str
    record: Mapping[str, Any]
    outputs: Mapping[str, str]
    recorded_at: str


@dataclass(frozen=True)
class OutputRow:
    """One file of the finished package."""

    name: str
    position: int
    role: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class CredentialRow:
    """A credential made here and how far its evidence has come."""

    credential_id: str
    job_id: str | None
    object_id: str
    sha256: str
    records_sha256: str
    state: str
    created_at: str


def record_node(connection: Connection, job_id: str, row: NodeRow) -> None:
    """Record a node and its evidence; a second record of the node is refused by the key.

    The leaf's digest is that of the node record's canonical bytes.
    """
    digest = evidence.leaf_digest(canonicalize(row.record))
    connection.execute(
        sa.insert(NODE).values(
            job_id=job_id,
            node_id=row.node_id,
            position=row.position,
            state=row.state,
            record=json.dumps(row.record, ensure_ascii=False),
            record_sha256=digest,
            outputs=json.dumps(row.outputs, ensure_ascii=False),
            recorded_at=row.recorded_at,
        )
    )
    evidence.append(connection, kind="node", subject=f"{job_id}/{row.node_id}", sha256=digest, at=row.recorded_at)


def nodes(connection: Connection, job_id: str) -> tuple[NodeRow, ...]:
    """Return the recorded nodes of a job, in graph order."""
    rows = connection.execute(sa.select(NODE).where(NODE.c.job_id == job_id).order_by(NODE.c.position))
    return tuple(
        NodeRow(row.node_id, row.position, row.state, json.loads(row.record), json.loads(row.outputs), row.recorded_at)
        for row in rows
    )


def record_outputs(connection: Connection, job_id: str, rows: tuple[OutputRow, ...]) -> None:
    """Record the files of the finished package."""
    for row in rows:
        connection.execute(
            sa.insert(OUTPUT).values(
                job_id=job_id,
                name=row.name,
                position=row.position,
                role=row.role,
                media_type=row.media_type,
                sha256=row.sha256,
                size=row.size,
            )
        )


def outputs(connection: Connection, job_id: str) -> tuple[OutputRow, ...]:
    """Return the package's files in the order to publish them: the sidecar last."""
    rows = connection.execute(sa.select(OUTPUT).where(OUTPUT.c.job_id == job_id).order_by(OUTPUT.c.position))
    return tuple(OutputRow(row.name, row.position, row.role, row.media_type, row.sha256, row.size) for row in rows)


def record_credential(connection: Connection, row: CredentialRow) -> None:
    """Record a credential, ``sealed``, with the leaf that contracts name for it."""
    connection.execute(
        sa.insert(CREDENTIAL).values(
            credential_id=row.credential_id,
            job_id=row.job_id,
            object_id=row.object_id,
            sha256=row.sha256,
            records_sha256=row.records_sha256,
            state=row.state,
            created_at=row.created_at,
        )
    )
    evidence.append(connection, kind="credential", subject=row.credential_id, sha256=row.sha256, at=row.created_at)


def credential(connection: Connection, credential_id: str) -> CredentialRow | None:
    """Return one credential's row, or None."""
    row = connection.execute(sa.select(CREDENTIAL).where(CREDENTIAL.c.credential_id == credential_id)).one_or_none()
    if row is None:
        return None
    return CredentialRow(
        credential_id=row.credential_id,
        job_id=row.job_id,
        object_id=row.object_id,
        sha256=row.sha256,
        records_sha256=row.records_sha256,
        state=row.state,
        created_at=row.created_at,
    )
