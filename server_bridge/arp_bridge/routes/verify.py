"""``/v1/verify``: the numbered verification, run on uploaded files laid out as a package."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends

from arp_bridge.models import VerifyAnswer, VerifyRequest
from arp_bridge.problems import NOT_FOUND
from arp_bridge.services import Services, services
from arp_core.errors import InputError
from arp_core.paths import check_package_path, collision_key, storage_error
from arp_core.verify import verify_path

router = APIRouter(prefix="/v1/verify", tags=["verify"])


@router.post("", responses=NOT_FOUND)
def verify(body: VerifyRequest, bridge: Annotated[Services, Depends(services)]) -> VerifyAnswer:
    """Verify a package by its blobs with this station's trust list and the standard policy.

    A failed check is an answer, not an error.
    """
    names = [check_package_path(name) for name in body.files]
    if len({collision_key(name) for name in names}) != len(names):
        raise InputError("request_invalid", where="files", reason="two names that are one on some systems")
    for sha256 in body.files.values():
        if not bridge.blobs.has(sha256):
            raise InputError("blob_unknown", sha256=sha256)
    home = bridge.station.home
    folder = Path(tempfile.mkdtemp(prefix="verify-", dir=home.scratch))
    try:
        for name, sha256 in body.files.items():
            _lay(bridge.blobs.path(sha256), folder.joinpath(*PurePosixPath(name).parts))
        verification = verify_path(folder, home=home, clock=bridge.station.clock)
        return VerifyAnswer.model_validate(verification.to_json())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay(source: Path, target: Path) -> None:
    # A copy, not a link: the verifier refuses links, and blobs are not to be reachable for writing.
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except FileExistsError as error:
        raise InputError("request_invalid", where="files", reason="one name is a folder of another") from error
    except OSError as error:
        raise storage_error(error, path=target) from error
