"""The capability unit: a filed piece of work with a stable interface.

A capability is never a bare model. Its specification names an interface
(inputs, outputs, parameters with bounds and units), a version, the kind of
source it produces (IPTC digital source type), and what its algorithm
fingerprint covers. The callable behind it knows nothing of identity or audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ParameterType = Literal["integer", "number", "string", "boolean"]

JsonScalar = str | int | float | bool | None
Reproducibility = Literal["bit_exact", "seeded", "unseeded"]

#: IPTC NewsCodes digital source types that a capability may declare, with the
#: GB 45438-2025 ``Label`` value that follows ("1" is AI-made; None: no label).
#: https://cv.iptc.org/newscodes/digitalsourcetype/
SOURCE_TYPES: dict[str, str | None] = {
    "trainedAlgorithmicMedia": "1",
    "compositeWithTrainedAlgorithmicMedia": "1",
    # No training data, yet machine-made: Chinese rules on deep synthesis name
    # 3D reconstruction, so the careful reading labels it.
    "algorithmicMedia": "1",
    "algorithmicallyEnhanced": None,
    "humanEdits": None,
    "digitalCreation": None,
    "digitalCapture": None,
}


@dataclass(frozen=True)
class Port:
    """One named file that goes in or comes out."""

    name: str
    media_types: tuple[str, ...]
    optional: bool = False
    many: bool = False


@dataclass(frozen=True)
class Parameter:
    """One named value with its type, default, bounds (inclusive) and unit."""

    name: str
    type: ParameterType
    default: JsonScalar
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""


@dataclass(frozen=True)
class CapabilitySpec:
    """The specification sheet of a capability.

    ``code`` and ``weights`` are paths, relative to the package that holds the
    capability, whose bytes the algorithm fingerprint covers. ``tools`` are the
    distributions whose versions it covers as well.
    """

    name: str
    version: str
    title: tuple[str, str]
    source_type: str
    reproducibility: Reproducibility
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: tuple[Parameter, ...] = ()
    uses_seed: bool = False
    licence: str = "Apache-2.0"
    code: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    tier: Literal["draft", "production", "service"] = "service"


@dataclass(frozen=True)
class Finding:
    """One measured quality value with its bound and the reason it matters."""

    name: str
    value: JsonScalar
    bound: str
    passed: bool
    hard: bool
    reason: str


@dataclass(frozen=True)
class CapabilityResult:
    """What a capability made: named files, measured facts, quality findings.

    A port with ``many`` uses names ``port/filename``.
    """

    outputs: Mapping[str, Path]
    facts: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    effective_seed: int | None = None


ReportProgress = Callable[[float], None]

#: ``run(inputs, parameters, out, seed, progress)``: input files by port name
#: (``port/filename`` for many), validated parameters, an empty folder to write
#: into, the requested seed, and a callback taking a fraction 0…1.
CapabilityCallable = Callable[
    [Mapping[str, Path], Mapping[str, JsonScalar], Path, int, ReportProgress], CapabilityResult
]
