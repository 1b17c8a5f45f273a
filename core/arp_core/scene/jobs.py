"""The one making of a front-end: sent off, watched, placed; left to the bridge and found again.

Every method is called on the host's main thread; what waits for the bridge
runs in a thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from arp_core.clock import Clock
from arp_core.errors import ArpError, UsageError
from arp_core.home import Home
from arp_core.identify.rights import remember_origin
from arp_core.scene import making, placing, waiting
from arp_core.scene.host import Host
from arp_core.scene.kept import Connect
from arp_core.scene.making import Made, MakeRequest, Progress
from arp_core.scene.worker import Worker

if TYPE_CHECKING:
    from arp_core.client import BridgeClient

Report: TypeAlias = Callable[[Progress], None]
Work: TypeAlias = Callable[["BridgeClient", Report, Callable[[], bool]], Made]


@dataclass(frozen=True)
class Job:
    """One making, as the panel shows it.

    Attributes:
        number: Counts the makings of this session.
        name: What the asset is called.
        progress: Where it stands.
        scene: The scene file that waits for it; None for one never saved.
        started: When this session began to watch it (monotonic seconds).
        found_again: It was sent off before this session, so how long it has run is not known.
        error: Why it did not work.
    """

    number: int
    name: str
    progress: Progress
    scene: Path | None
    started: float
    found_again: bool = False
    error: ArpError | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.progress.state in ("succeeded", "failed", "cancelled")

    @property
    def seconds(self) -> float | None:
        """How long it has been running, or None where that is not known."""
        return None if self.found_again else time.monotonic() - self.started


@dataclass(frozen=True)
class Listeners:
    """What the session does when something happens, on the main thread."""

    changed: Callable[[], None]
    answered: Callable[[], None]
    stamp: Callable[[placing.Marks], None]
    failed: Callable[[ArpError], None]


class Jobs:
    """The latest making of a session, at most one under way.

    Args:
        host: The scene.
        home: The station.
        clock: What "now" is.
        worker: Whose threads are used.
        listeners: Told of what happens.
    """

    def __init__(self, host: Host, *, home: Home, clock: Clock, worker: Worker, listeners: Listeners) -> None:
        self.latest: Job | None = None
        self._host = host
        self._home = home
        self._clock = clock
        self._worker = worker
        self._tell = listeners
        self._count = 0
        self._given_up: set[str] = set()

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self.latest is not None and not self.latest.ended

    def make(self, request: MakeRequest, *, connect: Connect) -> None:
        """Send a request off and watch it.

        Raises:
            UsageError: ``scene_job_running``.
        """
        if self.latest is not None and not self.latest.ended:
            raise UsageError("scene_job_running", name=self.latest.name)

        def work(client: BridgeClient, report: Report, leaving: Callable[[], bool]) -> Made:
            self._home.create()
            remember_origin(self._home, request.origin)
            return making.make(
                request, client=client, home=self._home, clock=self._clock, report=report, leaving=leaving
            )

        self._watch(self._new(request.name, Progress("sending"), scene=request.scene), work, connect=connect)

    def find_again(self, *, connect: Connect) -> None:
        """Take up a job that this scene still waits for from before, if there is one."""
        scene = self._host.scene_file()
        if self.running:
            return
        waits = (each for each in waiting.of_scene(scene, home=self._home) if each.job_id not in self._given_up)
        first = next((each for each in waits if self._is_free(each.job_id)), None)
        if first is None:
            return

        def work(client: BridgeClient, report: Report, leaving: Callable[[], bool]) -> Made:
            return making.follow(
                first, client=client, home=self._home, clock=self._clock, report=report, leaving=leaving
            )

        job = self._new(first.name, Progress("queued", job_id=first.job_id), scene=scene, found_again=True)
        self._watch(job, work, connect=connect)

    def try_again(self) -> None:
        """Give jobs that failed for want of a bridge or of room another chance."""
        self._given_up.clear()

    def cancel(self, *, connect: Connect) -> None:
        """Ask the bridge to stop the job under way, and only that."""
        if self.latest is None or self.latest.ended or not self.latest.progress.job_id:
            return
        job_id = self.latest.progress.job_id
        self._worker.run(
            lambda: connect().cancel(job_id),
            done=lambda _job: self._tell.changed(),
            failed=self._tell.failed,
            apart=True,
        )

    def scene_opened(self) -> None:
        """Look at another scene: a job of the one before is left to the bridge, to be found again there."""
        if self.latest is not None and (self.latest.ended or self.latest.scene != self._host.scene_file()):
            self.latest = None

    def scene_saved(self) -> None:
        """Note under which name the scene stands now, so that the job under way is found again by it.

        Raises:
            StorageError: it cannot be written.
        """
        job, scene = self.latest, self._host.scene_file()
        if job is None or job.ended or job.scene == scene:
            return
        self.latest = replace(job, scene=scene)
        for each in waiting.of_scene(job.scene, home=self._home):
            if each.job_id == job.progress.job_id:
                waiting.remember(replace(each, scene=scene), home=self._home)

    def _is_free(self, job_id: str) -> bool:
        """Whether nobody watches a job now: another host, or a thread of ours that has not let go yet."""
        with waiting.claimed(job_id, home=self._home) as free:
            return free

    def _new(self, name: str, progress: Progress, *, scene: Path | None, found_again: bool = False) -> Job:
        self._count += 1
        return Job(self._count, name, progress, scene, time.monotonic(), found_again=found_again)

    def _watch(self, job: Job, work: Work, *, connect: Connect) -> None:
        """Start ``work`` in a thread of its own; a newer job, or none, makes it leave this one to the bridge."""
        self.latest = job

        def leaving() -> bool:
            return self._worker.closing or self._current(job.number) is None

        def report(progress: Progress) -> None:
            self._worker.post(lambda: self._progress(job.number, progress))

        def run() -> Made | Literal["cancelled", "left"]:
            try:
                return work(connect(), report, leaving)
            except making.Cancelled:
                return "cancelled"
            except making.Left:
                return "left"

        self._worker.run(
            run,
            done=lambda made: self._came_in(job.number, made),
            failed=lambda error: self._not_made(job.number, error),
            apart=True,
        )
        self._tell.changed()

    def _current(self, number: int) -> Job | None:
        """Return the job of this number while it is the latest (from any thread: one read)."""
        job = self.latest
        return job if job is not None and job.number == number else None

    def _progress(self, number: int, progress: Progress) -> None:
        job = self._current(number)
        if job is not None and not job.ended:
            self.latest = replace(job, progress=progress)
            self._tell.answered()
            self._tell.changed()

    def _came_in(self, number: int, made: Made | Literal["cancelled", "left"]) -> None:
        job = self._current(number)
        if job is None:
            if isinstance(made, Made):
                making.discard(made.private)  # its scene is not open any more; there it is found again
        elif made == "left":
            self.latest = None  # somebody else watches it
            self._tell.changed()
        elif isinstance(made, Made):
            self._progress(number, replace(job.progress, state="placing", fraction=1.0))
            self._place(number, made)
        else:
            self._end(number, "cancelled")

    def _place(self, number: int, made: Made) -> None:
        try:
            waiting.forget(made.job_id, home=self._home)
            keys = self._host.place(made.private, name=made.name)
        except ArpError as error:
            making.discard(made.private)
            self._not_made(number, error)
            return
        items = tuple(item for key in keys if (item := self._host.item(key)) is not None)
        file = self._host.scene_file()
        folder = None if file is None else file.parent

        def work() -> placing.Marks:
            making.discard(made.private)
            return placing.marks(items, found=made.found, file=made.file, scene_folder=folder)

        def done(marks: placing.Marks) -> None:
            self._tell.stamp(marks)
            self._end(number, "succeeded")

        self._worker.run(work, done=done, failed=lambda error: self._not_made(number, error))

    def _not_made(self, number: int, error: ArpError) -> None:
        job = self._current(number)
        if job is None:
            return  # of another scene: it is told there
        self._given_up.add(job.progress.job_id)
        self.latest = replace(job, error=error)
        self._end(number, "failed")
        self._tell.failed(error)

    def _end(self, number: int, state: Literal["succeeded", "failed", "cancelled"]) -> None:
        job = self._current(number)
        if job is not None:
            self.latest = replace(job, progress=replace(job.progress, state=state))
        self._tell.changed()
