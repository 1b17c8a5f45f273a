"""``/v1/capabilities``: what is filed here and may be routed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from arp_bridge.models import CapabilityAnswer, CapabilityPage
from arp_bridge.problems import RESPONSES
from arp_bridge.recipe_files import recipe_names
from arp_bridge.services import Services, services
from arp_core.orchestrate import filing

router = APIRouter(prefix="/v1/capabilities", tags=["capabilities"], responses=RESPONSES)


@router.get("")
def list_capabilities(bridge: Annotated[Services, Depends(services)]) -> CapabilityPage:
    """List every filing of this home: a closed, small set, so always one page."""
    bridge.engine.available()  # the built-in ones are filed in the first moments of a bridge
    return CapabilityPage(
        items=[
            CapabilityAnswer(
                capability_id=item.capability_id,
                name=item.name,
                version=item.version,
                state=item.state,
                fingerprint=item.fingerprint,
                source_type=item.source_type,
                title=item.document["title"],
                interface=item.document["interface"],
            )
            for item in filing.all_filings(bridge.station.home)
        ],
        recipes=list(recipe_names()),
    )
