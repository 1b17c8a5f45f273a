"""From a picture to a sealed package on disk, through a bridge; off the main thread.

Nothing is shown in the scene before the package that arrived verifies, and what
is placed is a private copy whose bytes were hashed while they were copied.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from arp_core import canonical
from arp_core.clock import Clock
from arp_core.errors import ArpError, BridgeError, IntegrityError, StorageError, UsageError
from arp_core.home import Home
from arp_core.paths import storage_error
from arp_core.scene import names, waiting
from arp_core.scene.check import relative_name
from arp_core.scene.waiting import WaitingJob

if TYPE_CHECKING:
    from arp_core.client import BridgeClient
    from arp_core.identify.rights import Origin
    from arp_core.verify import Verification

JobState = Literal["sending", "queued", "running", "fetching", "placing", "succeeded", "failed", "cancelled"]

_RECIPE = "image-to-3d"
_SIDECAR_ENDING = "_mts.json"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class MakeRequest:
    """What the artist asked for.

    Attributes:
        image: The picture.
        name: What the asset is called; also the stem of its files.
        height: Real height, metres.
        seed: Non-negative.
        origin: Where the picture is from, one of :data:`arp_core.identify.rights.ORIGINS`.
        folder: Where the package goes; must not exist yet.
        scene: The scene file that waits for it; None for one never saved.
    """

    image: Path
    name: str
    height: float
    seed: int
    origin: Origin
    folder: Path
    scene: Path | None = None


@dataclass(frozen=True)
class Progress:
    """Where a job stands.

    Attributes:
        state: What is going on.
        job_id: The bridge's name for it, once it has one.
        node: The stage of the recipe that runs or ran last.
        index: Its place, from 1; 0 before the first.
        count: How many stages there are; 0 while unknown.
        fraction: How much of the whole job is done, 0 to 1.
    """

    state: JobState
    job_id: str = ""
    node: str = ""
    index: int = 0
    count: int = 0
    fraction: float = 0.0


@dataclass(frozen=True)
class Made:
    """A sealed package that verified, with a private copy of its GLB to import."""

    job_id: str
    name: str
    file: Path
    private: Path
    found: Verification


class Cancelled(Exception):  # noqa: N818  # not an error: the artist asked for it
    """The job was cancelled."""


class Left(Exception):  # noqa: N818  # not an error: the front-end is going, the job goes on
    """Nobody waits for the job here any more; it is found again later."""


def make(
    request: MakeRequest,
    *,
    client: BridgeClient,
    home: Home,
    clock: Clock,
    report: Callable[[Progress], None],
    leaving: Callable[[], bool],
) -> Made:
    """Send the picture, watch the job, fetch and verify the package, and copy its GLB.

    Args:
        request: What to make.
        client: A bridge; used by this thread only.
        home: The station whose trust list the result is checked against.
        clock: What "now" is.
        report: Told at every step; called in this thread.
        leaving: Asked while watching; True leaves the job to the bridge.

    Raises:
        Cancelled: the job was cancelled. Left: nobody waits here any more.
        ArpError: it did not work; nothing half-made is left behind.
    """
    if not request.image.is_file():
        raise UsageError("path_absent", path=request.image)
    report(Progress("sending"))
    digest = client.upload(request.image)
    job_id = client.submit(job_request(request, image=digest))
    job = WaitingJob(job_id=job_id, name=request.name, folder=request.folder, scene=request.scene)
    waiting.remember(job, home=home)
    return follow(job, client=client, home=home, clock=clock, report=report, leaving=leaving)


def follow(
    job: WaitingJob,
    *,
    client: BridgeClient,
    home: Home,
    clock: Clock,
    report: Callable[[Progress], None],
    leaving: Callable[[], bool],
) -> Made:
    """Watch a job to its end, then fetch and verify its package and copy its GLB.

    It is forgotten where it ended without a result; with one, by who places it.

    Raises:
        Left: nobody waits here any more, or somebody else watches it already.
        Cancelled: the job was cancelled.
        ArpError: it did not work; nothing half-made is left behind.
    """
    try:
        with waiting.claimed(job.job_id, home=home) as ours:
            if not ours:
                raise Left
            report(Progress("queued", job_id=job.job_id))
            _watch(client, job.job_id, report=report, leaving=leaving)
            report(Progress("fetching", job_id=job.job_id, fraction=1.0))
            folder = job.folder
            if not _came_in_before(folder, job_id=job.job_id):
                folder = names.free_folder(folder.parent, name=folder.name)
                folder.parent.mkdir(parents=True, exist_ok=True)
                client.download_all(job.job_id, folder)
            return receive(folder, job_id=job.job_id, name=job.name, home=home, clock=clock)
    except (Cancelled, ArpError) as end:
        if not _may_come_back(end):
            waiting.forget(job.job_id, home=home)
        raise


def _came_in_before(folder: Path, *, job_id: str) -> bool:
    """Whether this job's package stands in ``folder`` already: the host closed before it was placed."""
    for sidecar in folder.glob(f"*{_SIDECAR_ENDING}"):
        try:
            document = canonical.read_json(sidecar.read_bytes(), name=sidecar.name, canonical=True)
            if document["credentialSubject"]["jobId"] == job_id:
                return True
        except (ArpError, OSError, KeyError, TypeError):
            continue  # somebody else's, whatever it is
    return False


def _may_come_back(end: Exception) -> bool:
    """Whether a later try may go better: nobody answered, or the disk did not take it."""
    return isinstance(end, StorageError) or (isinstance(end, BridgeError) and end.code == "bridge_absent")


def job_request(request: MakeRequest, *, image: str) -> dict[str, Any]:
    """Return the body of ``POST /v1/jobs``; the seed is a string, as integers beyond 2⁵³ must be."""
    return {
        "recipe": _RECIPE,
        "inputs": {"image": image},
        "name": request.name,
        "parameters": {"height": request.height},
        "seed": str(request.seed),
        "origin": request.origin,
        "names": {"image": request.image.name},
    }


def receive(folder: Path, *, job_id: str, name: str, home: Home, clock: Clock) -> Made:
    """Return a package that arrived in ``folder``, once it verifies here.

    Raises:
        IntegrityError: ``scene_result_not_verified``; the folder is kept for a look.
    """
    from arp_core.verify import verify_path

    file = folder / f"{name}.glb"
    found = verify_path(folder, home=home, clock=clock)
    if found.status != "verified":
        why = ", ".join(failure.code for failure in found.failures) or found.status
        raise IntegrityError("scene_result_not_verified", folder=folder, reason=why)
    of_file = verify_path(file, home=home, clock=clock)
    private = private_copy(file, expected=of_file)
    return Made(job_id=job_id, name=name, file=file, private=private, found=of_file)


def private_copy(file: Path, *, expected: Verification) -> Path:
    """Return a copy of ``file`` in a folder only this user may open, hashed while it was copied.

    What a host imports is then what was checked, whatever happens to ``file``
    in the meantime.

    Raises:
        IntegrityError: ``scene_changed_while_copying``.
        StorageError: the copy could not be written.
    """
    folder = Path(tempfile.mkdtemp(prefix="arp-"))
    target = folder / file.name
    state = hashlib.sha256()
    try:
        with (
            file.open("rb") as source,
            os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink,
        ):
            while chunk := source.read(_CHUNK):
                state.update(chunk)
                sink.write(chunk)
    except OSError as error:
        raise storage_error(error, path=target) from error
    if state.digest() != _signed_sha256(expected, file=file):
        discard(target)
        raise IntegrityError("scene_changed_while_copying", file=file.name)
    return target


def _signed_sha256(found: Verification, *, file: Path) -> bytes:
    """Return the SHA-256 that the credential signs for ``file``; nothing where it does not list it."""
    from arp_core.verify.signed import read_signed

    if found.document is None or found.sidecar is None:
        return b""
    listed = read_signed(found.document).file(relative_name(found, file=file))
    return b"" if listed is None else listed.sha256


def discard(private: Path) -> None:
    """Remove a private copy and its folder."""
    private.unlink(missing_ok=True)
    private.parent.rmdir()


def _watch(
    client: BridgeClient, job_id: str, *, report: Callable[[Progress], None], leaving: Callable[[], bool]
) -> None:
    """Follow a job's events to its end.

    Raises:
        Left: it is no longer watched here. Cancelled: it was cancelled.
        ArpError: what ended it, as the bridge recorded it.
    """
    from arp_core.client import failure_of

    state = "running"
    for event in client.events(job_id):
        if leaving():
            raise Left
        if event.get("type") == "node":
            report(_of_node(event, job_id=job_id))
        elif event.get("type") == "job":
            state = str(event.get("state", state))
    if state == "cancelled":
        raise Cancelled
    if state not in ("succeeded", "degraded"):
        raise failure_of(client.job(job_id))


def _of_node(event: dict[str, Any], *, job_id: str) -> Progress:
    """Return where the job stands; an event's own fraction is that of its node."""
    index, count = int(event.get("index", 0)), int(event.get("count", 0))
    within = min(max(float(event.get("fraction", 0.0)), 0.0), 1.0)
    whole = (max(index - 1, 0) + within) / count if count else 0.0
    return Progress(
        "running", job_id=job_id, node=str(event.get("node", "")), index=index, count=count, fraction=min(whole, 1.0)
    )
