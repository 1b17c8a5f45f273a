"""Registered objects and the edges between what the ledger knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from arp_bridge.ledger import evidence
from arp_bridge.ledger.tables import DEFAULT_PROJECT, EDGE, OBJECT


@dataclass(frozen=True)
class ObjectRow:
    """A registered object with its Minimum Traceable Set (records and salts)."""

    object_id: str
    kind: str
    sha256: str
    size: int
    media_type: str
    name: str
    origin: str
    mts: Mapping[str, Any]
    registered_at: str


def insert(connection: Connection, row: ObjectRow, *, mts_sha256: str) -> None:
    """Register an object and its evidence in the caller's transaction.

    Args:
        connection: A writing connection.
        row: The registration.
        mts_sha256: Hex digest of the four salted digests: the leaf says nothing
            that could be guessed from a known picture or origin.
    """
    connection.execute(
        sa.insert(OBJECT).values(
            object_id=row.object_id,
            kind=row.kind,
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            name=row.name,
            origin=row.origin,
            mts=json.dumps(row.mts, ensure_ascii=False),
            registered_at=row.registered_at,
        )
    )
    evidence.append(connection, kind="object", subject=row.object_id, sha256=mts_sha256, at=row.registered_at)


def get(connection: Connection, object_id: str) -> ObjectRow | None:
    """Return the newest registration of one object, or None."""
    query = sa.select(OBJECT).where(OBJECT.c.object_id == object_id).order_by(OBJECT.c.sequence.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _from(row)


def by_digest(connection: Connection, sha256: str, *, origin: str) -> ObjectRow | None:
    """Return the registration of these bytes under this origin, or None."""
    query = sa.select(OBJECT).where(
        OBJECT.c.project_id == DEFAULT_PROJECT, OBJECT.c.sha256 == sha256, OBJECT.c.origin == origin
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _from(row)


def page(connection: Connection, *, after: int, limit: int) -> tuple[tuple[ObjectRow, ...], int | None]:
    """Return objects registered after a cursor, and the next cursor (None at the end)."""
    rows = connection.execute(
        sa.select(OBJECT).where(OBJECT.c.sequence > after).order_by(OBJECT.c.sequence).limit(limit + 1)
    ).all()
    more = rows[limit - 1].sequence if len(rows) > limit else None
    return tuple(_from(row) for row in rows[:limit]), more


def connect(connection: Connection, *, src: str, dst: str, rel: str) -> None:
    """Add a lineage edge; adding it again changes nothing."""
    statement = sqlite_insert(EDGE).values(src=src, dst=dst, rel=rel)
    connection.execute(statement.on_conflict_do_nothing())


def edges_from(connection: Connection, src: str) -> tuple[tuple[str, str], ...]:
    """Return ``(relation, destination)`` of every edge that leaves ``src``."""
    rows = connection.execute(
        sa.select(EDGE.c.rel, EDGE.c.dst).where(EDGE.c.src == src).order_by(EDGE.c.rel, EDGE.c.dst)
    )
    return tuple((row.rel, row.dst) for row in rows)


def _from(row: Row[Any]) -> ObjectRow:
    return ObjectRow(
        object_id=row.object_id,
        kind=row.kind,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        name=row.name,
        origin=row.origin,
        mts=json.loads(row.mts),
        registered_at=row.registered_at,
    )
