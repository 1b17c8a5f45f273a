"""``/v1/objects``: everything that enters is registered here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from arp_bridge.engine.intake import register
from arp_bridge.ledger import objects
from arp_bridge.ledger.objects import ObjectRow
from arp_bridge.models import ObjectAnswer, ObjectPage, ObjectRequest
from arp_bridge.problems import NOT_FOUND, RESPONSES
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/objects", tags=["objects"])

Bridge = Annotated[Services, Depends(services)]


@router.post("", status_code=201, responses={**NOT_FOUND, 200: {"description": "It was registered so already."}})
def register_object(body: ObjectRequest, response: Response, bridge: Bridge) -> ObjectAnswer:
    """Register an uploaded blob: object ID and Minimum Traceable Set are made now."""
    with bridge.ledger.write() as connection:
        row, new = register(
            connection,
            station=bridge.station,
            blobs=bridge.blobs,
            sha256=body.sha256,
            kind=body.kind,
            name=body.name,
            media=body.media_type,
            origin=body.origin,
        )
    if not new:
        response.status_code = 200
    return _answer(row)


@router.get("", responses=RESPONSES)
def list_objects(
    bridge: Bridge,
    cursor: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ObjectPage:
    """List registered objects, oldest first, page by page."""
    with bridge.ledger.read() as connection:
        rows, following = objects.page(connection, after=cursor, limit=limit)
    return ObjectPage(items=[_answer(row) for row in rows], next_cursor=None if following is None else str(following))


@router.get("/{object_id}", responses=NOT_FOUND)
def get_object(object_id: str, bridge: Bridge) -> ObjectAnswer:
    """Return one object with its records."""
    with bridge.ledger.read() as connection:
        row = objects.get(connection, object_id)
    if row is None:
        raise InputError("object_unknown", object=object_id[:80])
    return _answer(row)


def _answer(row: ObjectRow) -> ObjectAnswer:
    return ObjectAnswer(
        object_id=row.object_id,
        kind=row.kind,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        name=row.name,
        origin=row.origin,
        registered_at=row.registered_at,
        mts=dict(row.mts),
    )
