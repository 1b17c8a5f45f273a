"""``/v1/status-lists``: what receivers need to know whether this station revoked or suspended something."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from arp_bridge.models import StatusListsAnswer
from arp_bridge.problems import RESPONSES
from arp_bridge.services import Services, services
from arp_core.credential.status import export_lists

router = APIRouter(prefix="/v1/status-lists", tags=["credentials"])


@router.get("", responses=RESPONSES)
def get_status_lists(bridge: Annotated[Services, Depends(services)]) -> StatusListsAnswer:
    """Return this station's status lists, signed for others and valid for a week."""
    return StatusListsAnswer(lists=export_lists(bridge.station))
