"""The embedded engine: jobs one after another on this machine, from the ledger."""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import sqlalchemy

from arp_bridge import registry
from arp_bridge.engine import Submission, UnrecordedEnd
from arp_bridge.engine.intake import fill_graph, register
from arp_bridge.engine.job_run import (
    CancelledError,
    Control,
    JobRun,
    StoppedError,
    Workshop,
    finish,
)
from arp_bridge.engine.naming import with_file_names
from arp_bridge.engine.sealing import seal_job
from arp_bridge.engine.spare import Spare
from arp_bridge.ledger import events, jobs, objects
from arp_bridge.ledger.events import Event
from arp_bridge.ledger.jobs import MOST_ATTEMPTS, FenceError, JobRow
from arp_bridge.worker.process import WorkerGoneError
from arp_core import typeid
from arp_core.canonical import canonicalize
from arp_core.errors import ArpError, BridgeError, InputError, IntegrityError, StorageError
from arp_core.orchestrate.capability import CapabilitySpec
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.graph import JobGraph

_LOG = logging.getLogger("arp.bridge")

#: Between two tries to write a job's end on a full disk.
_RETRY_SECONDS = 1.0
_FILING_GRACE_SECONDS = 0.5

Available = dict[str, tuple[CapabilitySpec, Filing]]


class EmbeddedEngine:
    """Implements :class:`arp_bridge.engine.Engine` with one runner thread and warm workers."""

    def __init__(self, shop: Workshop, *, log: Path, keep_spare: bool) -> None:
        self._shop = shop
        self._keep_spare = keep_spare
        self._spare = Spare(home=shop.station.home.root, log=log)
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._controls: dict[str, Control] = {}
        self._unrecorded: dict[str, UnrecordedEnd] = {}
        self._stopping = threading.Event()
        self._available: Future[Available] = Future()
        self._threads = (
            threading.Thread(target=self._file, name="arp-filing", daemon=True),
            threading.Thread(target=self._work, name="arp-runner", daemon=True),
        )

    # -- the interface ---------------------------------------------------------

    def submit(self, submission: Submission, *, key: str | None) -> JobRow:
        """Queue a job, once per idempotency key, and return it.

        Raises:
            InputError: ``idempotency_conflict`` when the key was used for another
                request; ``blob_unknown``, ``recipe_unknown`` or a parameter's code.
        """
        if submission.graph is not None:  # foreign: of it only what a graph is made of goes further
            submission = replace(submission, graph=JobGraph.from_json(submission.graph).to_json())
        body = canonicalize(submission.to_json())
        digest = hashlib.sha256(body).hexdigest()
        try:
            job, new = self._insert(submission, key=key, body=body, digest=digest)
        except sqlalchemy.exc.IntegrityError:
            # Another request with the same key won the race; it is in the ledger now.
            job, new = self._insert(submission, key=key, body=body, digest=digest)
        if new:
            self._shop.hub.announce()
            self._queue.put(job.job_id)
        return job

    def cancel(self, job_id: str) -> JobRow:
        """Stop a job and return it; a job that has ended stays as it is.

        Raises:
            InputError: ``job_unknown``.
        """
        with self._shop.ledger.write() as connection:
            job = jobs.get(connection, job_id)
            if job is None:
                raise InputError("job_unknown", job=job_id)
            if not job.ended:
                jobs.request_cancel(connection, job_id)
                if job.state == "queued":
                    jobs.finish(connection, job_id, state="cancelled", at=self._shop.now(), token=None)
        with self._lock:
            control = self._controls.get(job_id)
        if control is not None:
            control.interrupt(cancel=True)
        self._shop.hub.announce()
        with self._shop.ledger.read() as connection:
            return jobs.get(connection, job_id) or job

    def events(self, job_id: str, *, after: int) -> tuple[Event, ...]:
        """Return a job's events with a higher number, oldest first."""
        with self._shop.ledger.read() as connection:
            return events.after(connection, job_id, sequence=after)

    def resume(self) -> int:
        """Take up every job that has not ended, and return how many."""
        with self._shop.ledger.read() as connection:
            waiting = jobs.unfinished(connection)
        for job_id in waiting:
            self._queue.put(job_id)
        return len(waiting)

    # -- life ------------------------------------------------------------------

    def start(self) -> None:
        """File the built-in capabilities, warm a worker, take up unfinished jobs."""
        self._spare.prepare()
        for thread in self._threads:
            thread.start()
        self.resume()

    def stop(self) -> None:
        """Put running jobs back into the queue and end every worker."""
        self._stopping.set()
        self._queue.put(None)
        with self._lock:
            running = tuple(self._controls.values())
        for control in running:
            control.interrupt(cancel=False)
        self._spare.close()
        filing, runner = self._threads
        # Filing imports for seconds and writes whole files only: it need not come to its end.
        filing.join(timeout=_FILING_GRACE_SECONDS)
        runner.join(timeout=10)

    @property
    def busy(self) -> bool:
        """Whether a job waits or runs."""
        with self._shop.ledger.read() as connection:
            return bool(set(jobs.unfinished(connection)) - self._unrecorded.keys())

    def unrecorded(self, job_id: str) -> UnrecordedEnd | None:
        """Return the end of a job that a full disk keeps out of the ledger, or None."""
        return self._unrecorded.get(job_id)

    def available(self) -> Available:
        """Return the capabilities that may be routed, once they are filed."""
        return self._available.result(timeout=60)

    # -- inside ----------------------------------------------------------------

    def _insert(self, submission: Submission, *, key: str | None, body: bytes, digest: str) -> tuple[JobRow, bool]:
        shop = self._shop
        available = self.available()
        request_digest = shop.blobs.put_bytes(body)
        with shop.ledger.write() as connection:
            standing = jobs.by_key(connection, key) if key is not None else None
            if standing is not None:
                if standing.request_sha256 != digest:
                    raise InputError("idempotency_conflict", key=str(key)[:80], job=standing.job_id)
                return standing, False
            graph = fill_graph(connection, submission, station=shop.station, blobs=shop.blobs, available=available)
            # The request is an element that enters, like the picture.
            request, _new = register(
                connection,
                station=shop.station,
                blobs=shop.blobs,
                sha256=request_digest.hex,
                kind="job_request",
                name="request.json",
                media="application/json",
                origin=submission.origin,
            )
            job_id = typeid.new_id("job")
            jobs.insert(
                connection,
                job_id=job_id,
                key=key,
                request=submission.to_json(),
                request_sha256=digest,
                graph=graph.to_json(),
                at=shop.now(),
            )
            objects.connect(connection, src=job_id, dst=request.object_id, rel="requested_by")
            for bound in graph.inputs.values():
                objects.connect(connection, src=job_id, dst=bound.object_id, rel="used")
            row = jobs.get(connection, job_id)
            if row is None:
                raise IntegrityError("job_unknown", job=job_id)
            return row, True

    def _file(self) -> None:
        """Importing the specifications takes a moment, so the socket answers meanwhile."""
        try:
            self._available.set_result(registry.file_built_ins(self._shop.station))
        except Exception as error:  # noqa: BLE001  # handed to whoever submits, which is the only one it concerns
            _LOG.error("the built-in capabilities could not be filed", exc_info=error)
            self._available.set_exception(error)

    def _work(self) -> None:
        while not self._stopping.is_set():
            job_id = self._queue.get()
            if job_id is None:
                return
            control = Control()
            with self._lock:
                self._controls[job_id] = control
            try:
                self._run(job_id, control)
            finally:
                with self._lock:
                    del self._controls[job_id]
                if self._keep_spare and not self._stopping.is_set():
                    self._prepare_spare()

    def _prepare_spare(self) -> None:
        try:
            self._spare.prepare()
        except WorkerGoneError as error:
            # The next job starts its own worker and reports the reason to its client.
            _LOG.warning("no spare worker: %s", error)

    def _run(self, job_id: str, control: Control) -> None:
        """Run one job to an end that is in the ledger, whatever happens."""
        shop = self._shop
        try:
            with shop.ledger.write() as connection:
                token = jobs.claim(connection, job_id, at=shop.now())
                job = jobs.get(connection, job_id)
        except StorageError as full:
            # Still queued in the ledger: the next start takes it up. Whoever watches is told.
            self._unrecorded[job_id] = UnrecordedEnd("failed", full)
            shop.hub.announce()
            return
        if token is None or job is None:
            return  # it ended while it waited
        shop.hub.announce()
        try:
            self._attempt(job, token=token, control=control)
        except (StoppedError, FenceError):
            self._release(job_id, token=token)
        except CancelledError:
            self._finish(job_id, token=token, state="cancelled", error=None)
        except ArpError as error:
            lost = isinstance(error, WorkerGoneError) or error.code == "blob_lost"
            said = with_file_names(error, job=job, ledger=shop.ledger)
            self._finish(job_id, token=token, state="lost" if lost else "failed", error=said)
        except Exception as fault:  # noqa: BLE001  # the thread must live on, and the job must say that it ended
            _LOG.error("job %s failed inside the bridge", job_id, exc_info=fault)
            self._finish(job_id, token=token, state="failed", error=BridgeError("bridge_fault"))

    def _attempt(self, job: JobRow, *, token: str, control: Control) -> None:
        """Run with one worker; a worker that dies by itself is replaced once."""
        if job.cancel_requested:
            raise CancelledError
        if job.attempts > MOST_ATTEMPTS:
            raise WorkerGoneError("job_lost", attempts=job.attempts - 1)
        for last in (False, True):
            worker = self._spare.take()
            try:
                control.attach(worker)
                run = JobRun(job, token=token, shop=self._shop, control=control, worker=worker)
                run.warm()
                nodes = run.run_nodes()
                seal_job(run, nodes=nodes)
            except WorkerGoneError as gone:
                control.check()  # an interruption looks the same from here, and explains it
                if last:
                    raise
                _LOG.warning("job %s: the worker ended, one more try: %s", job.job_id, gone)
            else:
                return
            finally:
                worker.close()

    def _release(self, job_id: str, *, token: str) -> None:
        try:
            with self._shop.ledger.write() as connection:
                jobs.release(connection, job_id, token=token, at=self._shop.now())
        except StorageError as full:
            # It stays "running" in the ledger, which the next start takes up just the same.
            _LOG.error("job %s could not be put back into the queue: %s", job_id, full)

    def _finish(self, job_id: str, *, token: str, state: jobs.JobState, error: ArpError | None) -> None:
        """Write the end; while the disk is full, tell whoever watches and go on trying."""
        while True:
            try:
                finish(self._shop, job_id, token=token, state=state, error=error)
            except StorageError as full:
                _LOG.error("job %s ended as %s, which cannot be written yet: %s", job_id, state, full)
                self._unrecorded[job_id] = UnrecordedEnd(state, error or full)
                self._shop.hub.announce()
                if self._stopping.wait(_RETRY_SECONDS):
                    return  # the next start finds the job unfinished and takes it up again
            else:
                self._unrecorded.pop(job_id, None)
                return
