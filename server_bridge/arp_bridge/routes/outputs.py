"""``/v1/jobs/{id}/outputs``: the finished package's files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from arp_bridge.file_answer import FileAnswer
from arp_bridge.ledger import results
from arp_bridge.ledger.results import OutputRow
from arp_bridge.models import OutputAnswer, OutputPage
from arp_bridge.problems import CONFLICT
from arp_bridge.routes.jobs import find_job
from arp_bridge.services import Services, services
from arp_core.errors import InputError

router = APIRouter(prefix="/v1/jobs/{job_id}/outputs", tags=["jobs"])

Bridge = Annotated[Services, Depends(services)]

_FILE: dict[int | str, dict[str, Any]] = {
    **CONFLICT,
    200: {"content": {"application/octet-stream": {}}, "description": "The file's bytes; ETag is their SHA-256."},
}


@router.get("", responses=CONFLICT)
def list_outputs(job_id: str, bridge: Bridge) -> OutputPage:
    """List the package's files, the sidecar last; refused until the job has ended."""
    rows, credential_id = _rows(job_id, bridge=bridge)
    with bridge.ledger.read() as connection:
        credential = results.credential(connection, credential_id) if credential_id else None
    return OutputPage(
        items=[
            OutputAnswer(name=row.name, role=row.role, media_type=row.media_type, sha256=row.sha256, size=row.size)
            for row in rows
        ],
        credential_id=credential_id,
        credential_state=None if credential is None else credential.state,
    )


@router.get("/{name:path}", responses=_FILE, response_class=FileAnswer)
def get_output(job_id: str, name: str, bridge: Bridge) -> FileAnswer:
    """Return one file of the package by its name in it."""
    rows, _credential = _rows(job_id, bridge=bridge)
    for row in rows:
        if row.name == name:
            path = bridge.blobs.path(row.sha256)
            if not path.is_file():
                raise InputError("blob_unknown", sha256=row.sha256)
            return FileAnswer(path, media_type=row.media_type, headers={"ETag": f'"{row.sha256}"'})
    raise InputError("output_unknown", name=name[:200], job=job_id[:80])


def _rows(job_id: str, *, bridge: Services) -> tuple[tuple[OutputRow, ...], str | None]:
    job = find_job(job_id, bridge=bridge)
    if not job.ended:
        raise InputError("job_not_finished", job=job_id, state=job.state)
    with bridge.ledger.read() as connection:
        return results.outputs(connection, job_id), job.credential_id
