"""What the routes work with, made once when the bridge starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from arp_bridge.engine import Engine
from arp_bridge.hub import Hub
from arp_bridge.ledger import Ledger
from arp_core.blobs import BlobStore
from arp_core.station import Station


@dataclass(frozen=True)
class Services:
    """One home's station, stores and engine."""

    station: Station
    ledger: Ledger
    blobs: BlobStore
    engine: Engine
    hub: Hub


def services(request: Request) -> Services:
    """Return the services of the application that a request reached (a FastAPI dependency)."""
    return cast(Services, request.app.state.services)
