"""The outbox of the evidence log.

A row is written in the transaction of what it is evidence of, so neither
exists without the other. Nothing here builds a log: one sequencer, which comes
with the evidence log itself, will read these rows in order, append their
leaves, and stamp ``sequenced_at``. Until then a credential stays ``sealed``.

Leaves hold digests and identifiers only: no prompt, no name, no path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from arp_bridge.ledger.tables import EVIDENCE
from arp_core.canonical import canonicalize


@dataclass(frozen=True)
class EvidenceRow:
    """One waiting leaf."""

    sequence: int
    kind: str
    subject: str
    sha256: str
    leaf: bytes


def append(connection: Connection, *, kind: str, subject: str, sha256: str, at: str) -> None:
    """Add the leaf ``JCS({"type", "id", "sha256"})`` to the outbox.

    Args:
        connection: A writing connection, in the transaction of the act itself.
        kind: What the leaf is about: ``object``, ``node``, ``credential``.
        subject: Its identifier.
        sha256: Lower-case hex digest of the object, node record or credential.
        at: Time in the ledger's form.
    """
    leaf = canonicalize({"type": kind, "id": subject, "sha256": sha256})
    connection.execute(sa.insert(EVIDENCE).values(kind=kind, subject=subject, sha256=sha256, leaf=leaf, recorded_at=at))


def waiting(connection: Connection) -> tuple[EvidenceRow, ...]:
    """Return the leaves that no log holds yet, in the order of the acts."""
    rows = connection.execute(
        sa.select(EVIDENCE).where(EVIDENCE.c.sequenced_at.is_(None)).order_by(EVIDENCE.c.sequence)
    )
    return tuple(EvidenceRow(row.sequence, row.kind, row.subject, row.sha256, row.leaf) for row in rows)


def leaf_digest(data: bytes) -> str:
    """Return the hex SHA-256 that a leaf holds of ``data``."""
    return hashlib.sha256(data).hexdigest()
