"""``/v1/jobs``: submit, list, look, cancel."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from arp_bridge import job_answers
from arp_bridge.engine import Submission
from arp_bridge.engine.job_run import failure_facts
from arp_bridge.ledger import jobs
from arp_bridge.ledger.jobs import JobRow
from arp_bridge.models import JobAnswer, JobPage, JobRequest
from arp_bridge.problems import CONFLICT, NOT_FOUND, RESPONSES, language_of
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

Bridge = Annotated[Services, Depends(services)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


@router.post("", status_code=201, responses=CONFLICT)
def submit_job(
    body: JobRequest, request: Request, response: Response, bridge: Bridge, idempotency_key: Key = None
) -> JobAnswer:
    """Queue a job. The same Idempotency-Key with the same body returns the job it made before."""
    submission = Submission(
        recipe=body.recipe,
        inputs=body.inputs,
        name=body.name,
        parameters=body.parameters,
        seed=body.seed,
        origin=body.origin,
        names=body.names,
        seal=body.seal,
        graph=body.graph,
    )
    job = bridge.engine.submit(submission, key=idempotency_key)
    response.headers["Location"] = f"/v1/jobs/{job.job_id}"
    return _answer(job, bridge=bridge, request=request)


@router.get("", responses=RESPONSES)
def list_jobs(
    bridge: Bridge,
    cursor: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> JobPage:
    """List jobs, newest first, page by page."""
    with bridge.ledger.read() as connection:
        rows, following = jobs.page(connection, before=cursor, limit=limit)
    items = [job_answers.summary(row) for row in rows]
    return JobPage(items=items, next_cursor=None if following is None else str(following))


@router.get("/{job_id}", responses=NOT_FOUND)
def get_job(job_id: str, request: Request, bridge: Bridge) -> JobAnswer:
    """Return a job with its nodes and their records."""
    return _answer(find_job(job_id, bridge=bridge), bridge=bridge, request=request)


@router.post("/{job_id}/cancel", responses=NOT_FOUND)
def cancel_job(job_id: str, request: Request, bridge: Bridge) -> JobAnswer:
    """Stop a job: its worker and everything that worker started are ended."""
    return _answer(bridge.engine.cancel(job_id), bridge=bridge, request=request)


def find_job(job_id: str, *, bridge: Services) -> JobRow:
    """Return a job, with its end even where a full disk keeps that out of the ledger.

    Raises:
        InputError: ``job_unknown``.
    """
    with bridge.ledger.read() as connection:
        job = jobs.get(connection, job_id)
    if job is None:
        raise InputError("job_unknown", job=job_id[:80])
    end = bridge.engine.unrecorded(job_id)
    if end is None or job.ended:
        return job
    return replace(job, state=end.state, code=end.error.code, facts=failure_facts(end.error))


def _answer(job: JobRow, *, bridge: Services, request: Request) -> JobAnswer:
    language = language_of(request.headers.get("accept-language", ""))
    with bridge.ledger.read() as connection:
        return job_answers.answer(job, connection=connection, language=language)
