"""Jobs: submitted once per idempotency key, claimed with a fence, ended once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from arp_bridge.ledger import events
from arp_bridge.ledger.tables import DEFAULT_PROJECT, JOB

JobState = Literal["queued", "running", "succeeded", "degraded", "failed", "cancelled", "lost"]

#: States that a job never leaves.
FINAL_STATES: frozenset[str] = frozenset(("succeeded", "degraded", "failed", "cancelled", "lost"))

#: Starts after which a job that never ends is called lost, not tried again.
MOST_ATTEMPTS = 3


class FenceError(Exception):
    """Another runner holds the job now; nothing was written."""


@dataclass(frozen=True)
class JobRow:
    """One job. ``graph`` is what is run; ``request`` is what was asked."""

    sequence: int
    job_id: str
    request: Mapping[str, Any]
    request_sha256: str
    graph: Mapping[str, Any]
    state: JobState
    code: str | None
    facts: Mapping[str, Any]
    attempts: int
    cancel_requested: bool
    credential_id: str | None
    created_at: str
    updated_at: str

    @property
    def ended(self) -> bool:
        """Whether the job is in a final state."""
        return self.state in FINAL_STATES


def insert(
    connection: Connection,
    *,
    job_id: str,
    key: str | None,
    request: Mapping[str, Any],
    request_sha256: str,
    graph: Mapping[str, Any],
    at: str,
) -> None:
    """Add a queued job and its first event."""
    connection.execute(
        sa.insert(JOB).values(
            job_id=job_id,
            idempotency_key=key,
            request=json.dumps(request, ensure_ascii=False),
            request_sha256=request_sha256,
            graph=json.dumps(graph, ensure_ascii=False),
            state="queued",
            created_at=at,
            updated_at=at,
        )
    )
    events.append(connection, job_id, {"type": "job", "state": "queued"}, at=at)


def by_key(connection: Connection, key: str) -> JobRow | None:
    """Return the job that was submitted with this idempotency key, or None."""
    query = sa.select(JOB).where(JOB.c.project_id == DEFAULT_PROJECT, JOB.c.idempotency_key == key)
    row = connection.execute(query).one_or_none()
    return None if row is None else _from(row)


def get(connection: Connection, job_id: str) -> JobRow | None:
    """Return one job, or None."""
    row = connection.execute(sa.select(JOB).where(JOB.c.job_id == job_id)).one_or_none()
    return None if row is None else _from(row)


def page(connection: Connection, *, before: int | None, limit: int) -> tuple[tuple[JobRow, ...], int | None]:
    """Return jobs, newest first, older than a cursor, and the next cursor (None at the end)."""
    query = sa.select(JOB).order_by(JOB.c.sequence.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(JOB.c.sequence < before)
    rows = connection.execute(query).all()
    more = rows[limit - 1].sequence if len(rows) > limit else None
    return tuple(_from(row) for row in rows[:limit]), more


def unfinished(connection: Connection) -> tuple[str, ...]:
    """Return the identifiers of queued and running jobs, oldest first."""
    query = sa.select(JOB.c.job_id).where(JOB.c.state.in_(("queued", "running"))).order_by(JOB.c.sequence)
    return tuple(connection.execute(query).scalars())


def claim(connection: Connection, job_id: str, *, at: str) -> str | None:
    """Take a queued or interrupted job for this runner and return its fencing token.

    Returns:
        The token, or None when the job has ended meanwhile.
    """
    token = secrets.token_hex(16)
    done = connection.execute(
        sa.update(JOB)
        .where(JOB.c.job_id == job_id, JOB.c.state.in_(("queued", "running")))
        .values(state="running", token=token, attempts=JOB.c.attempts + 1, updated_at=at)
    )
    if done.rowcount == 0:
        return None
    events.append(connection, job_id, {"type": "job", "state": "running"}, at=at)
    return token


def hold(connection: Connection, job_id: str, *, token: str, at: str) -> None:
    """Confirm inside the caller's transaction that this runner still holds the job.

    Raises:
        FenceError: If it does not; the caller's transaction must roll back.
    """
    done = connection.execute(
        sa.update(JOB)
        .where(JOB.c.job_id == job_id, JOB.c.token == token, JOB.c.state == "running")
        .values(updated_at=at)
    )
    if done.rowcount == 0:
        raise FenceError(job_id)


def release(connection: Connection, job_id: str, *, token: str, at: str) -> None:
    """Put a running job back into the queue: the bridge shuts down, the job does not fail.

    A clean stop is no failed attempt, so the count is taken back.
    """
    done = connection.execute(
        sa.update(JOB)
        .where(JOB.c.job_id == job_id, JOB.c.token == token, JOB.c.state == "running")
        .values(state="queued", token=None, attempts=JOB.c.attempts - 1, updated_at=at)
    )
    if done.rowcount:
        events.append(connection, job_id, {"type": "job", "state": "queued", "reason": "bridge_stopped"}, at=at)


def finish(
    connection: Connection,
    job_id: str,
    *,
    state: JobState,
    at: str,
    token: str | None,
    code: str | None = None,
    facts: Mapping[str, Any] | None = None,
    credential_id: str | None = None,
) -> bool:
    """End a job, with its last event. Return whether it had not ended before.

    Args:
        connection: A writing connection.
        job_id: The job.
        state: One of :data:`FINAL_STATES`.
        at: Time in the ledger's form.
        token: The runner's fence; None when no runner holds the job.
        code: Catalogue code of what went wrong.
        facts: Values for the code's sentence.
        credential_id: What left with the asset.
    """
    query = sa.update(JOB).where(JOB.c.job_id == job_id, JOB.c.state.in_(("queued", "running")))
    if token is not None:
        query = query.where(JOB.c.token == token)
    done = connection.execute(
        query.values(
            state=state,
            token=None,
            code=code,
            facts=None if facts is None else json.dumps(facts, ensure_ascii=False, default=str),
            credential_id=credential_id,
            updated_at=at,
        )
    )
    if done.rowcount == 0:
        return False
    body: dict[str, Any] = {"type": "job", "state": state}
    if code is not None:
        body |= {"code": code, "facts": json.loads(json.dumps(facts or {}, default=str))}
    if credential_id is not None:
        body["credential"] = credential_id
    events.append(connection, job_id, body, at=at)
    return True


def request_cancel(connection: Connection, job_id: str) -> None:
    """Remember that a job is to stop, so that a restart does not take it up again."""
    connection.execute(sa.update(JOB).where(JOB.c.job_id == job_id).values(cancel_requested=1))


def _from(row: Row[Any]) -> JobRow:
    return JobRow(
        sequence=row.sequence,
        job_id=row.job_id,
        request=json.loads(row.request),
        request_sha256=row.request_sha256,
        graph=json.loads(row.graph),
        state=row.state,
        code=row.code,
        facts=json.loads(row.facts) if row.facts else {},
        attempts=row.attempts,
        cancel_requested=bool(row.cancel_requested),
        credential_id=row.credential_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
