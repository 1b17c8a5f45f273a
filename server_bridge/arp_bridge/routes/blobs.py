"""``/v1/blobs/{sha256}``: files by the digest of their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import anyio.from_thread
import anyio.to_thread
from fastapi import APIRouter, Depends, Request, Response

from arp_bridge.file_answer import FileAnswer
from arp_bridge.models import BlobAnswer
from arp_bridge.problems import NOT_FOUND, RESPONSES
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/blobs", tags=["blobs"])

Bridge = Annotated[Services, Depends(services)]

_ANSWERS: dict[int | str, dict[str, Any]] = {
    **NOT_FOUND,
    200: {"content": {"application/octet-stream": {}}, "description": "The blob's bytes."},
}


@router.put(
    "/{sha256}",
    status_code=201,
    responses=RESPONSES,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def put_blob(sha256: str, request: Request, bridge: Bridge) -> BlobAnswer:
    """Store the body, which must have this digest; storing it again changes nothing."""
    bridge.blobs.path(sha256)  # refuses what is no digest before any byte is read
    chunks = request.stream()
    digest = await anyio.to_thread.run_sync(lambda: bridge.blobs.put_chunks(_pulled(chunks), expected=sha256))
    return BlobAnswer(sha256=digest.hex, size=digest.size)


@router.get("/{sha256}", responses=_ANSWERS, response_class=FileAnswer)
def get_blob(sha256: str, bridge: Bridge) -> FileAnswer:
    """Return the blob."""
    return _file(sha256, bridge)


@router.head("/{sha256}", responses=_ANSWERS, response_class=Response)
def head_blob(sha256: str, bridge: Bridge) -> Response:
    """Return whether the blob is here, and its size."""
    return _file(sha256, bridge)


def _file(sha256: str, bridge: Services) -> FileAnswer:
    path = bridge.blobs.path(sha256)
    if not path.is_file():
        raise InputError("blob_unknown", sha256=sha256)
    return FileAnswer(path, media_type="application/octet-stream", headers={"ETag": f'"{sha256}"'})


def _pulled(chunks: AsyncIterator[bytes]) -> Iterator[bytes]:
    """Pull the request's chunks from the event loop into the writing thread, one at a time."""

    async def following() -> bytes | None:
        return await anext(chunks, None)

    while (chunk := anyio.from_thread.run(following)) is not None:
        yield chunk
