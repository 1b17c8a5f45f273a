"""The record of one node: what went in, through what, what came out, and who checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from arp_core.audit.checkpoint import Checkpoint
from arp_core.orchestrate.capability import Finding, JsonScalar


@dataclass(frozen=True)
class OutputRecord:
    """Digest (multibase multihash), size in bytes and media type of one output."""

    digest: str
    size: int
    media_type: str

    def to_json(self) -> dict[str, Any]:
        """Return the output as it stands in a node record."""
        return {"digestMultibase": self.digest, "size": self.size, "mediaType": self.media_type}


@dataclass(frozen=True)
class NodeRecord:
    """One capability node, as it ran. Digests of outputs are those of the *unsealed* files."""

    node: str
    capability_id: str
    capability: str
    version: str
    fingerprint: str
    state: Literal["succeeded", "failed"]
    inputs: Mapping[str, str]
    parameters: Mapping[str, JsonScalar]
    requested_seed: int
    effective_seed: int | None
    outputs: Mapping[str, OutputRecord]
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    checkpoints: tuple[Checkpoint, ...]
    environment: str
    started: str
    ended: str

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON; seeds are text (JSON numbers are not exact beyond 2**53)."""
        return {
            "type": "NodeRecord",
            "kind": "capability",
            "node": self.node,
            "capabilityId": self.capability_id,
            "capability": self.capability,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "state": self.state,
            "inputs": dict(self.inputs),
            "parameters": dict(self.parameters),
            "seed": {
                "requested": str(self.requested_seed),
                "effective": None if self.effective_seed is None else str(self.effective_seed),
            },
            "outputs": {name: item.to_json() for name, item in self.outputs.items()},
            "facts": dict(self.facts),
            "findings": [
                {
                    "name": item.name,
                    "value": item.value,
                    "bound": item.bound,
                    "passed": item.passed,
                    "hard": item.hard,
                    "reason": item.reason,
                }
                for item in self.findings
            ],
            "checkpoints": [item.to_json() for item in self.checkpoints],
            "environment": self.environment,
            "startedAt": self.started,
            "endedAt": self.ended,
        }
