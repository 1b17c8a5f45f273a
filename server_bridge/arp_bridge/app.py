"""The FastAPI application: routes, error model, gate."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

import arp_core
from arp_bridge import problems
from arp_bridge.activity import Activity
from arp_bridge.gate import BODY_SECONDS, Gate
from arp_bridge.routes import ROUTERS
from arp_bridge.services import Services

#: Largest blob that can be uploaded.
BLOB_LIMIT: Final = 512 << 20


def create_app(
    services: Services,
    *,
    token_sha256: bytes,
    activity: Activity,
    blob_limit: int = BLOB_LIMIT,
    body_seconds: float = BODY_SECONDS,
) -> FastAPI:
    """Return the application.

    Args:
        services: What the routes work with.
        token_sha256: SHA-256 of the bearer token; the token itself is not kept.
        activity: Notes which clients are there, for a bridge that ends when idle.
        blob_limit: Largest accepted blob in bytes.
        body_seconds: How long a request's body may pause between two pieces.
    """
    app = FastAPI(
        title="Asset Routing Pipeline bridge",
        version=arp_core.__version__,
        description="Registers objects, runs capabilities through audited job graphs, hands out sealed assets.",
        docs_url=None,  # its page loads scripts from another host, which an isolated site does not allow
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        swagger_ui_parameters=None,
    )
    app.state.services = services
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Gate, token_sha256=token_sha256, blob_limit=blob_limit, body_seconds=body_seconds)
    app.add_middleware(activity.middleware)
    _declare_token(app)
    return app


def _declare_token(app: FastAPI) -> None:
    """State the bearer token in OpenAPI, and that only the health route is without."""
    document = app.openapi()
    document.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    document["paths"]["/v1/health"]["get"]["security"] = []
