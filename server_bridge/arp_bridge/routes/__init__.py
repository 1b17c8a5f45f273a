"""The routes of ``/v1``, one module a resource, in one literal tuple."""

from __future__ import annotations

from fastapi import APIRouter

from arp_bridge.routes.blobs import router as blobs
from arp_bridge.routes.capabilities import router as capabilities
from arp_bridge.routes.credentials import router as credentials
from arp_bridge.routes.events import router as events
from arp_bridge.routes.health import router as health
from arp_bridge.routes.jobs import router as jobs
from arp_bridge.routes.objects import router as objects
from arp_bridge.routes.outputs import router as outputs
from arp_bridge.routes.status_lists import router as status_lists
from arp_bridge.routes.verify import router as verify

ROUTERS: tuple[APIRouter, ...] = (
    health,
    objects,
    blobs,
    capabilities,
    jobs,
    events,
    outputs,
    credentials,
    status_lists,
    verify,
)
