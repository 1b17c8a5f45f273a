"""The engine: one small interface, behind which jobs run.

The routes know only this. The embedded implementation runs jobs on this
machine from the ledger; a durable, distributed one takes its place later
without a change to the routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from arp_bridge.ledger.events import Event
from arp_bridge.ledger.jobs import JobRow, JobState
from arp_core.errors import ArpError
from arp_core.identify.rights_record import Origin
from arp_core.orchestrate.capability import CapabilitySpec, JsonScalar
from arp_core.orchestrate.filing import Filing


@dataclass(frozen=True)
class Submission:
    """What a client asks for.

    Attributes:
        recipe: Recipe name.
        inputs: Recipe input -> hex digest of a blob that is here.
        name: Stem of the delivered files.
        parameters: Request parameters.
        seed: Requested seed in decimal.
        origin: Where the inputs are from.
        names: Recipe input -> file name, for the object's registration.
        seal: Whether a package is sealed at the end; otherwise the graph only runs.
        graph: A recorded graph to run again instead of the recipe's; never sealed.
    """

    recipe: str
    inputs: Mapping[str, str]
    name: str
    parameters: Mapping[str, JsonScalar] = field(default_factory=dict)
    seed: str = "0"
    origin: Origin = "mine"
    names: Mapping[str, str] = field(default_factory=dict)
    seal: bool = True
    graph: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the request as it is recorded."""
        return {
            "recipe": self.recipe,
            "inputs": dict(self.inputs),
            "name": self.name,
            "parameters": dict(self.parameters),
            "seed": self.seed,
            "origin": self.origin,
            "names": dict(self.names),
            "seal": self.seal,
            "graph": None if self.graph is None else dict(self.graph),
        }


@dataclass(frozen=True)
class UnrecordedEnd:
    """How a job ended, while the ledger cannot be written."""

    state: JobState
    error: ArpError


class Engine(Protocol):
    """Runs jobs. Everything it promises is in the ledger before a call returns."""

    def submit(self, submission: Submission, *, key: str | None) -> JobRow:
        """Queue a job, once per idempotency key, and return it."""

    def cancel(self, job_id: str) -> JobRow:
        """Stop a job and return it; a job that has ended stays as it is."""

    def events(self, job_id: str, *, after: int) -> tuple[Event, ...]:
        """Return a job's events with a higher number, oldest first."""

    def resume(self) -> int:
        """Take up every job that has not ended, and return how many."""

    def unrecorded(self, job_id: str) -> UnrecordedEnd | None:
        """Return the end of a job that the ledger cannot hold yet, or None."""

    def available(self) -> Mapping[str, tuple[CapabilitySpec, Filing]]:
        """Return the capabilities that may be routed, waiting until they are filed."""
