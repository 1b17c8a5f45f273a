"""The outcome of verification: steps, failures, and one word decided from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Status = Literal[
    "verified",
    "edited",
    "modified",
    "reexported",
    "untrusted",
    "revoked",
    "suspended",
    "expired",
    "unknown",
    "unsigned",
    "pending",
    "not_compared",
]
Outcome = Literal["passed", "failed", "not_applicable", "unknown", "withheld"]

#: Worst first. Words that only a scene can show (edited, reexported, pending,
#: not_compared) are never the outcome of verifying files.
PRECEDENCE: tuple[Status, ...] = (
    "modified",
    "untrusted",
    "revoked",
    "suspended",
    "expired",
    "unsigned",
    "unknown",
    "verified",
)


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: its code, the file at fault, and what was found."""

    code: str
    file: str = ""
    detail: str = ""

    def facts(self) -> dict[str, object]:
        """Return the values for the placeholders of the code's sentence, by whichever name it uses."""
        named: dict[str, object] = dict.fromkeys(("file", "name"), self.file)
        return named | dict.fromkeys(("detail", "reason", "key", "value", "limit"), self.detail)

    def to_json(self) -> dict[str, str]:
        """Return the failure for machines."""
        return {"code": self.code, "file": self.file, "detail": self.detail}


@dataclass(frozen=True)
class Step:
    """One numbered step with its outcome and, where it did not pass, why.

    ``word`` is the status that this outcome alone would give.
    """

    number: int
    name: str
    outcome: Outcome
    code: str = ""
    detail: str = ""
    word: Status = "verified"
    failures: tuple[Failure, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing in this step speaks against the asset."""
        return self.outcome in ("passed", "not_applicable", "withheld")

    def to_json(self) -> dict[str, object]:
        """Return the step for machines."""
        return {
            "number": self.number,
            "name": self.name,
            "outcome": self.outcome,
            "code": self.code,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Verification:
    """What verification found about one asset; truthy only when it is verified.

    ``meshes`` maps ``file#mesh`` to its signed geometry digest.
    """

    path: Path
    status: Status
    rights: str
    rights_reason: str
    steps: tuple[Step, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    credential_id: str = ""
    object_id: str = ""
    version: int = 0
    issuer: str = ""
    sidecar: Path | None = None
    sidecar_sha256: str = ""
    policy: str = ""
    meshes: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] | None = None
    document: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return self.status == "verified"

    def mesh_digests(self, mesh: str) -> frozenset[str]:
        """Return the signed digests of every mesh of this name, in whichever file it stands."""
        return frozenset(digest for key, digest in self.meshes.items() if key.partition("#")[2] == mesh)

    def to_json(self) -> dict[str, Any]:
        """Return the whole result for machines."""
        return {
            "path": str(self.path),
            "sidecar": None if self.sidecar is None else str(self.sidecar),
            "sidecarSha256": self.sidecar_sha256,
            "status": self.status,
            "rights": self.rights,
            "rightsReason": self.rights_reason,
            "credentialId": self.credential_id,
            "objectId": self.object_id,
            "version": self.version,
            "issuer": self.issuer,
            "policy": self.policy,
            "steps": [step.to_json() for step in self.steps],
            "failures": [failure.to_json() for failure in self.failures],
            "notes": list(self.notes),
            "meshes": dict(self.meshes),
            "aiLabel": None if self.label is None else dict(self.label),
        }


def worst(words: Iterable[Status]) -> Status:
    """Return the word that takes precedence; nothing at all is ``verified``."""
    return min(words, key=PRECEDENCE.index, default="verified")
