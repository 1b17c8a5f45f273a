"""The event table: what happened to a job, numbered by the ledger.

The sequence number is the ``id`` of the server-sent event, so a client that
lost its connection asks for everything after the last number it saw.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from arp_bridge.ledger.tables import EVENT

#: Most events returned by one read; a reader goes on from the last.
PAGE = 500


@dataclass(frozen=True)
class Event:
    """One event of a job."""

    sequence: int
    job_id: str
    body: Mapping[str, Any]
    at: str

    def to_json(self) -> dict[str, Any]:
        """Return the event as clients read it: its body with number and time."""
        return {"seq": self.sequence, "at": self.at, **self.body}


def append(connection: Connection, job_id: str, body: Mapping[str, Any], *, at: str) -> int:
    """Add an event to a job and return its sequence number."""
    statement = sa.insert(EVENT).values(
        job_id=job_id, body=json.dumps(body, ensure_ascii=False, separators=(",", ":")), at=at
    )
    return int(connection.execute(statement.returning(EVENT.c.sequence)).scalar_one())


def after(connection: Connection, job_id: str, *, sequence: int, limit: int = PAGE) -> tuple[Event, ...]:
    """Return a job's events with a higher number than ``sequence``, oldest first."""
    rows = connection.execute(
        sa.select(EVENT.c.sequence, EVENT.c.body, EVENT.c.at)
        .where(EVENT.c.job_id == job_id, EVENT.c.sequence > sequence)
        .order_by(EVENT.c.sequence)
        .limit(limit)
    )
    return tuple(Event(row.sequence, job_id, json.loads(row.body), row.at) for row in rows)
