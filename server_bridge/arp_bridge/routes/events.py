"""``/v1/jobs/{id}/events``: server-sent events from the ledger, and the same by polling."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse
from starlette.responses import JSONResponse, Response

from arp_bridge.ledger.events import Event
from arp_bridge.models import EventPage
from arp_bridge.problems import NOT_FOUND
from arp_bridge.routes.jobs import find_job
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

#: A comment line this often keeps the connection alive and shows a dead one.
_HEARTBEAT_SECONDS: Final = 10.0

_ANSWERS: dict[int | str, dict[str, Any]] = {
    **NOT_FOUND,
    200: {
        "model": EventPage,
        "description": "With `after`: a page. Without: a stream that ends after the job's last event.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
}


@router.get("/{job_id}/events", responses=_ANSWERS, response_class=Response)
async def job_events(
    job_id: str,
    bridge: Annotated[Services, Depends(services)],
    after: Annotated[int | None, Query(ge=0, le=2**62, description="Answer as JSON, from this number on.")] = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> Response:
    """Watch a job. Event IDs are ledger sequence numbers; a stream resumes after ``Last-Event-ID``."""
    await anyio.to_thread.run_sync(lambda: find_job(job_id, bridge=bridge))
    if after is not None:
        page = await anyio.to_thread.run_sync(lambda: _page(job_id, after=after, bridge=bridge))
        return JSONResponse(page.model_dump())
    return StreamingResponse(
        _stream(job_id, after=_number(last_event_id), bridge=bridge),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


def _number(header: str | None) -> int:
    if header is None or header == "":
        return 0
    if not (header.isascii() and header.isdigit() and int(header) < 2**62):
        raise InputError("request_invalid", where="Last-Event-ID", reason="an event number is expected")
    return int(header)


def _page(job_id: str, *, after: int, bridge: Services) -> EventPage:
    # Asked before the events are read: if it has ended, all its events are there.
    ended = find_job(job_id, bridge=bridge).ended
    found = bridge.engine.events(job_id, after=after)
    last = found[-1].sequence if found else after
    return EventPage(items=[item.to_json() for item in found], last=last, ended=ended)


async def _stream(job_id: str, *, after: int, bridge: Services) -> AsyncIterator[str]:
    while not bridge.hub.closed:
        # Listen first: what is written between reading and waiting then still wakes us.
        bell = bridge.hub.listen()
        job = await anyio.to_thread.run_sync(lambda: find_job(job_id, bridge=bridge))
        found = await anyio.to_thread.run_sync(partial(bridge.engine.events, job_id, after=after))
        for event in found:
            after = event.sequence
            yield _line(event)
        if job.ended and not found:
            if bridge.engine.unrecorded(job_id) is not None:
                # Its end is in no ledger yet, so it has no number either.
                body = {"type": "job", "state": job.state, "code": job.code, "facts": dict(job.facts), "seq": after}
                yield f"event: job\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
            return
        if not found and not await bridge.hub.wait(bell, seconds=_HEARTBEAT_SECONDS):
            yield ": still here\n\n"


def _line(event: Event) -> str:
    body = json.dumps(event.to_json(), ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.sequence}\nevent: {event.body['type']}\ndata: {body}\n\n"
