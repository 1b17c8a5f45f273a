"""Jobs as they are told, read from the ledger: by the bridge's routes, and by the command line where none runs."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from arp_bridge.ledger import results
from arp_bridge.ledger.jobs import JobRow
from arp_bridge.ledger.results import NodeRow
from arp_bridge.models import JobAnswer, JobSummary, NodeAnswer
from arp_core import messages


def summary(row: JobRow) -> JobSummary:
    """Return a job as it stands in a list."""
    return JobSummary(
        job_id=row.job_id,
        recipe=row.request["recipe"],
        name=row.request["name"],
        state=row.state,
        code=row.code,
        credential_id=row.credential_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def answer(job: JobRow, *, connection: Connection, language: str) -> JobAnswer:
    """Return a job with its nodes and their records, its message in ``language``."""
    recorded = {row.node_id: row for row in results.nodes(connection, job.job_id)}
    credential = results.credential(connection, job.credential_id) if job.credential_id else None
    return JobAnswer(
        job_id=job.job_id,
        recipe=job.request["recipe"],
        name=job.request["name"],
        state=job.state,
        code=job.code,
        message=None if job.code is None else messages.text(job.code, job.facts, language=language),
        facts=dict(job.facts),
        credential_id=job.credential_id,
        credential_state=None if credential is None else credential.state,
        created_at=job.created_at,
        updated_at=job.updated_at,
        nodes=_nodes(job, recorded),
    )


def _nodes(job: JobRow, recorded: dict[str, NodeRow]) -> list[NodeAnswer]:
    answers: list[NodeAnswer] = []
    running = job.state == "running"
    for node in job.graph["nodes"]:
        row = recorded.get(node["id"])
        state = row.state if row else "running" if running else "waiting"
        if row is None:
            running = False  # nodes run one at a time: only the first unrecorded one can be running
        answers.append(
            NodeAnswer.model_validate(
                {
                    "id": node["id"],
                    "capability": node["capability"],
                    "state": state,
                    "record": dict(row.record) if row else None,
                }
            )
        )
    return answers
