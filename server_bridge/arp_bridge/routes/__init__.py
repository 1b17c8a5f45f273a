"""The routes of ``/v1``, one module a resource, in one literal tuple."""

from __future__ import annotations

from fastapi import APIRouter

from arp_bridge.routes import blobs, capabilities, credentials, events, health, jobs, objects, outputs, verify

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    objects.router,
    blobs.router,
    capabilities.router,
    jobs.router,
    events.router,
    outputs.router,
    credentials.router,
    verify.router,
)
