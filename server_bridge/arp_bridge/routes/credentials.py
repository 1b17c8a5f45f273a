"""``/v1/credentials/{id}``: the exact bytes of a credential and of its records."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from arp_bridge.ledger import results
from arp_bridge.ledger.results import CredentialRow
from arp_bridge.problems import NOT_FOUND
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/credentials", tags=["credentials"])

Bridge = Annotated[Services, Depends(services)]

_SIDECAR: dict[int | str, dict[str, Any]] = {
    **NOT_FOUND,
    200: {
        "content": {"application/json": {"schema": {"type": "object"}}},
        "description": "Canonical JSON, byte for byte as sealed. `Arp-Credential-State` says how far its evidence is.",
    },
}


@router.get("/{credential_id}", responses=_SIDECAR, response_class=Response)
def get_credential(credential_id: str, bridge: Bridge) -> Response:
    """Return the credential as it stands in ``NAME_mts.json``."""
    row = _find(credential_id, bridge=bridge)
    return _bytes(row.sha256, state=row.state, bridge=bridge)


@router.get("/{credential_id}/records", responses=_SIDECAR, response_class=Response)
def get_records(credential_id: str, bridge: Bridge) -> Response:
    """Return the salted records as they stand in ``NAME_mts.records.json``."""
    row = _find(credential_id, bridge=bridge)
    return _bytes(row.records_sha256, state=row.state, bridge=bridge)


def _find(credential_id: str, *, bridge: Services) -> CredentialRow:
    with bridge.ledger.read() as connection:
        row = results.credential(connection, credential_id)
    if row is None:
        raise InputError("credential_unknown", credential=credential_id[:80])
    return row


def _bytes(sha256: str, *, state: str, bridge: Services) -> Response:
    path = bridge.blobs.path(sha256)
    if not path.is_file():
        raise InputError("blob_unknown", sha256=sha256)
    headers = {"ETag": f'"{sha256}"', "Arp-Credential-State": state}
    return Response(path.read_bytes(), media_type="application/json", headers=headers)
