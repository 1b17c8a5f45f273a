"""Jobs that a front-end sent off and has not brought into its scene yet: found again after a restart.

A job runs in the bridge and does not end with the host. One small file in the
home for each says which scene waits for it; whoever watches it holds a lock
that the operating system lets go of with the process, so that two hosts never
place one job. Only jobs sent from a front-end are remembered: nobody else's is
shown, cancelled or placed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arp_core.filelock import try_lock
from arp_core.home import Home
from arp_core.paths import storage_error, write_atomic

_FOLDER = "waiting"


@dataclass(frozen=True)
class WaitingJob:
    """One job and who waits for it.

    Attributes:
        job_id: The bridge's name for it.
        name: What the asset is called.
        folder: Where its package goes.
        scene: The scene file; None for one that was never saved.
    """

    job_id: str
    name: str
    folder: Path
    scene: Path | None


def remember(job: WaitingJob, *, home: Home) -> None:
    """Write down that a scene waits for ``job``.

    Raises:
        StorageError: it cannot be written.
    """
    document = {"name": job.name, "folder": str(job.folder), "scene": str(job.scene) if job.scene else ""}
    file = _file(home, job.job_id)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error, path=file) from error
    write_atomic(file, json.dumps(document, ensure_ascii=False).encode("utf-8"), mode=0o600)


def forget(job_id: str, *, home: Home) -> None:
    """Take a job off the list: it came in, or it never will.

    Raises:
        StorageError: it cannot be removed.
    """
    for path in (_file(home, job_id), _lock(home, job_id)):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(error, path=path) from error


def of_scene(scene: Path | None, *, home: Home) -> tuple[WaitingJob, ...]:
    """Return the jobs that this scene waits for, oldest first."""
    found = [job for path in sorted((home.root / _FOLDER).glob("job_*.json")) if (job := _read(path)) is not None]
    return tuple(job for job in found if job.scene == scene)


@contextlib.contextmanager
def claimed(job_id: str, *, home: Home) -> Iterator[bool]:
    """Hold a job while it is watched; yields whether nobody else holds it."""
    path = _lock(home, job_id)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = path.open("a+b")
    except OSError as error:
        raise storage_error(error, path=path) from error
    with stream:
        yield try_lock(stream)


def _file(home: Home, job_id: str) -> Path:
    return home.root / _FOLDER / f"{job_id}.json"


def _lock(home: Home, job_id: str) -> Path:
    return home.root / _FOLDER / f"{job_id}.lock"


def _read(path: Path) -> WaitingJob | None:
    """Return one note, or None for what is no note of ours."""
    try:
        document = json.loads(path.read_bytes())
        scene = str(document["scene"])
        return WaitingJob(
            job_id=path.stem,
            name=str(document["name"]),
            folder=Path(str(document["folder"])),
            scene=Path(scene) if scene else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
