"""``/v1/health``: the one route without a token."""

from __future__ import annotations

from fastapi import APIRouter

import arp_core
from arp_bridge.models import Health
from arp_bridge.problems import RESPONSES

router = APIRouter(prefix="/v1", tags=["health"], responses=RESPONSES)


@router.get("/health")
def health() -> Health:
    """Answer that a bridge is here, and its version."""
    return Health(version=arp_core.__version__)
