"""The four checkpoints of a node, as typed results with reasons.

Qualification: is the capability filed, unchanged, and are the inputs'
rights in order? Parameters: inside their declared bounds? Trace: are all
digests written and do the inputs match what was bound? Quality: do the
measured findings hold? A failed checkpoint stops the node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from arp_core.orchestrate.capability import Finding

Kind = Literal["qualification", "parameters", "trace", "quality"]
Outcome = Literal["passed", "failed", "not_reached"]

KINDS: tuple[Kind, ...] = ("qualification", "parameters", "trace", "quality")


@dataclass(frozen=True)
class Checkpoint:
    """Outcome of one checkpoint; ``code`` is empty when it passed."""

    kind: Kind
    outcome: Outcome
    code: str = ""
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the checkpoint as it stands in a node record."""
        return {"kind": self.kind, "outcome": self.outcome, "code": self.code, "reasons": list(self.reasons)}


def passed(kind: Kind, *reasons: str) -> Checkpoint:
    """Return a passed checkpoint with what was looked at."""
    return Checkpoint(kind=kind, outcome="passed", reasons=reasons)


def failed(kind: Kind, *, code: str, reasons: Sequence[str] = ()) -> Checkpoint:
    """Return a failed checkpoint."""
    return Checkpoint(kind=kind, outcome="failed", code=code, reasons=tuple(reasons))


def judge_quality(findings: Sequence[Finding]) -> Checkpoint:
    """Return the quality checkpoint: it fails when a hard finding does.

    Soft findings inform; only a person accepts or rejects on them.
    """
    broken = [item for item in findings if item.hard and not item.passed]
    if broken:
        return failed(
            "quality",
            code="quality_failed",
            reasons=[f"{item.name}: {item.value} ({item.bound}) {item.reason}" for item in broken],
        )
    soft = [f"{item.name}: {item.value} ({item.bound})" for item in findings if not item.passed]
    return passed("quality", f"{len(findings)} findings", *soft)
