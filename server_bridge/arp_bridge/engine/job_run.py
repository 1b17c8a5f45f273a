"""One job from its first unrecorded node to its end, with one worker.

Numbered as it happens:

1. Claim the job; whoever claims it later makes this runner's fence invalid.
2. Skip the nodes that the ledger holds; a recorded node never runs again.
3. Run the others in order, each recorded with its evidence in one transaction.
4. Stamp in the worker, seal here, record the package, end the job.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from arp_bridge.engine.intake import resolve_inputs
from arp_bridge.engine.time_limit import DEFAULT_SECONDS, TimeLimit
from arp_bridge.hub import Hub
from arp_bridge.ledger import Ledger, events, jobs, objects, results
from arp_bridge.ledger.jobs import JobRow
from arp_bridge.ledger.results import NodeRow
from arp_bridge.worker.process import WorkerGoneError, WorkerProcess
from arp_core import errors
from arp_core.blobs import BlobStore
from arp_core.canonical import canonicalize
from arp_core.clock import to_text
from arp_core.errors import ArpError, AuditError, BridgeError, IntegrityError
from arp_core.orchestrate.graph import GraphNode, JobGraph
from arp_core.station import Station

_LOG = logging.getLogger("arp.bridge")

#: Progress inside a node is written at most this often: each event is a durable commit.
_PROGRESS_SECONDS: Final = 0.25

#: The last stage's name in events: stamping and sealing are no node of the graph.
SEAL_STAGE: Final = "seal"


class StoppedError(Exception):
    """The bridge shuts down; the job goes back to the queue."""


class CancelledError(Exception):
    """The client asked for the job to stop."""


@dataclass
class Control:
    """What other threads may do to a running job."""

    worker: WorkerProcess | None = None
    cancelled: bool = False
    stopping: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def attach(self, worker: WorkerProcess) -> None:
        """Name the worker that an interruption has to end."""
        with self.lock:
            self.worker = worker
        self.check()

    def interrupt(self, *, cancel: bool) -> None:
        """Stop the job by ending its worker."""
        with self.lock:
            self.cancelled = self.cancelled or cancel
            self.stopping = self.stopping or not cancel
            worker = self.worker
        if worker is not None:
            worker.kill()

    def check(self) -> None:
        """Raise if the job is to stop."""
        if self.cancelled:
            raise CancelledError
        if self.stopping:
            raise StoppedError


@dataclass(frozen=True)
class Workshop:
    """What running and sealing a job needs of the bridge."""

    station: Station
    ledger: Ledger
    blobs: BlobStore
    hub: Hub
    scratch: Path
    node_seconds: float = DEFAULT_SECONDS

    def now(self) -> str:
        """Return the time as the ledger writes it."""
        return to_text(self.station.clock())


class JobRun:
    """A claimed job with its worker."""

    def __init__(
        self, job: JobRow, *, token: str, shop: Workshop, control: Control, worker: WorkerProcess, index_base: int = 1
    ) -> None:
        self.job = job
        self.token = token
        self.shop = shop
        self.worker = worker
        self.graph = JobGraph.from_json(job.graph)
        self.environment: Mapping[str, Any] = {}
        self._control = control
        self._index_base = index_base
        self._last_progress = 0.0

    def warm(self) -> None:
        """Wait until the worker is ready and keep its environment record by digest.

        Raises:
            WorkerGoneError: ``worker_not_ready``: it ended while it loaded its libraries.
        """
        try:
            self.environment = next(self.worker.answers())["environment"]
        except WorkerGoneError as gone:
            raise WorkerGoneError("worker_not_ready", **gone.facts) from gone
        # The record's canonical bytes are a blob, so a node record's
        # environment digest can be looked up as long as the home exists.
        self.shop.blobs.put_bytes(canonicalize(self.environment))

    def run_nodes(self) -> tuple[NodeRow, ...]:
        """Run what is not recorded yet and return every node's row.

        Raises:
            ArpError: A node failed; its record is in the ledger.
            IntegrityError: ``blob_lost`` when a recorded output is gone.
        """
        with self.shop.ledger.read() as connection:
            recorded = {row.node_id: row for row in results.nodes(connection, self.job.job_id)}
        for position, node in enumerate(self.graph.nodes):
            row = recorded.get(node.id)
            if row is None:
                made = {name: item.outputs for name, item in recorded.items()}
                row = self._run_node(node, position=position, made=made)
                recorded[node.id] = row
            for sha256 in row.outputs.values():
                if not self.shop.blobs.has(sha256):
                    raise IntegrityError("blob_lost", node=node.id, sha256=sha256)
            if row.state == "failed":
                raise IntegrityError("node_failed_before", node=node.id)
        return tuple(recorded[node.id] for node in self.graph.nodes)

    def ask(self, command: Mapping[str, Any], *, stage: Mapping[str, Any]) -> dict[str, Any]:
        """Send a command, pass its progress on, and return the worker's answer.

        Raises:
            WorkerGoneError: The worker ended.
            CancelledError: The job was cancelled. StoppedError: the bridge stops.
            BridgeError: ``node_timeout``.
        """
        with TimeLimit(self.worker, node=stage["node"], seconds=self.shop.node_seconds):
            return self._answer(command, stage=stage)

    def _answer(self, command: Mapping[str, Any], *, stage: Mapping[str, Any]) -> dict[str, Any]:
        self._control.check()
        self.announce({**stage, "state": "running", "fraction": 0.0})
        self.worker.send({**command, "scratch": str(self.shop.scratch)})
        for message in self.worker.answers():
            if message["is"] != "progress":
                return message
            moment = time.monotonic()
            if moment - self._last_progress >= _PROGRESS_SECONDS:
                self._last_progress = moment
                self.announce({**stage, "state": "running", "fraction": message["fraction"]})
        raise WorkerGoneError("worker_gone", status=None, log="")

    def announce(self, body: Mapping[str, Any]) -> None:
        """Write an event of this job and wake its readers."""
        with self.shop.ledger.write() as connection:
            events.append(connection, self.job.job_id, body, at=self.shop.now())
        self.shop.hub.announce()

    def stage(self, node: str, *, position: int, title: tuple[str, str]) -> dict[str, Any]:
        """Return the constant part of a stage's events."""
        return {
            "type": "node",
            "node": node,
            "title": {"en": title[0], "zh": title[1]},
            "index": position + self._index_base,
            "count": len(self.graph.nodes) + (1 if self.job.request["seal"] else 0),
        }

    def check(self) -> None:
        """Raise if the job is to stop."""
        self._control.check()

    def _run_node(self, node: GraphNode, *, position: int, made: Mapping[str, Mapping[str, str]]) -> NodeRow:
        stage = self.stage(node.id, position=position, title=node.title)
        inputs = resolve_inputs(node.inputs, graph=self.graph, made=made)
        command = {
            "do": "node",
            "node": {
                "id": node.id,
                "capability": node.capability,
                "capabilityId": node.capability_id,
                "parameters": dict(node.parameters),
            },
            "inputs": inputs,
            "seed": str(self.graph.seed),
        }
        answer = self.ask(command, stage=stage)
        self.check()
        failed = answer["is"] == "failed"
        if failed and answer["record"] is None:
            raise error_of(answer)
        at = self.shop.now()
        state = "failed" if failed else "succeeded"
        row = NodeRow(node.id, position, state, answer["record"], {} if failed else answer["outputs"], at)
        with self.shop.ledger.write() as connection:
            jobs.hold(connection, self.job.job_id, token=self.token, at=at)
            results.record_node(connection, self.job.job_id, row)
            subject = f"{self.job.job_id}/{node.id}"
            objects.connect(connection, src=subject, dst=node.capability_id, rel="ran")
            for sha256 in inputs.values():
                objects.connect(connection, src=subject, dst=sha256, rel="used")
            for sha256 in row.outputs.values():
                objects.connect(connection, src=sha256, dst=subject, rel="made_by")
            events.append(connection, self.job.job_id, {**stage, "state": state, "fraction": 1.0}, at=at)
        self.shop.hub.announce()
        if failed:
            raise error_of(answer)
        return row


#: Error classes a worker may name; another name means an older or foreign worker.
_KINDS: Final[dict[str, type[ArpError]]] = {
    kind.__name__: kind
    for kind in (
        errors.ArpError,
        errors.UsageError,
        errors.InputError,
        errors.IntegrityError,
        errors.AuditError,
        errors.StorageError,
        errors.BridgeError,
    )
}


def error_of(answer: Mapping[str, Any]) -> ArpError:
    """Return the error that a worker's ``failed`` message carries."""
    kind = _KINDS.get(answer["kind"], AuditError)
    return kind(answer["code"], **answer["facts"])


def failure_facts(error: ArpError) -> dict[str, Any]:
    """Return an error's facts as a job keeps them: with its class's name, as JSON can hold them."""
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in error.facts.items()}
    return {"kind": type(error).__name__, **plain}


def finish(
    shop: Workshop, job_id: str, *, token: str | None, state: jobs.JobState, error: ArpError | None = None
) -> None:
    """End a job in the ledger and wake its readers."""
    if isinstance(error, BridgeError):
        _LOG.error("job %s: %s", job_id, error)
    with shop.ledger.write() as connection:
        jobs.finish(
            connection,
            job_id,
            state=state,
            at=shop.now(),
            token=token,
            code=error.code if error else None,
            facts=failure_facts(error) if error else None,
        )
    shop.hub.announce()
