"""Run one node through its four checkpoints: the shell around a capability.

The callable sees files, parameters and an empty folder, and nothing of
identity or audit. Whatever happens, a node record comes back; nothing is
handed on past a failed checkpoint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arp_core.audit import checkpoint as check
from arp_core.audit.checkpoint import Checkpoint
from arp_core.audit.noderecord import NodeRecord, OutputRecord
from arp_core.clock import Clock, to_text
from arp_core.digest import FileDigest, digest_file
from arp_core.errors import ArpError, AuditError, InputError, StorageError
from arp_core.orchestrate import filing as filings
from arp_core.orchestrate import parameters as bounds
from arp_core.orchestrate.capability import (
    CapabilityCallable,
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Port,
    ReportProgress,
)
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.fingerprint import Fingerprint
from arp_core.paths import storage_error
from arp_core.trust import TrustList


@dataclass(frozen=True)
class InputFile:
    """One input with the SHA-256 (hex) it was bound to."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Authority:
    """What qualification is decided on: the filing, the bytes measured now, and whom this station trusts."""

    filing: Filing | None
    measured: Fingerprint
    trust: TrustList


@dataclass(frozen=True)
class NodeOutcome:
    """The record of the run; output files with their digests when it succeeded, else the error."""

    record: NodeRecord
    outputs: Mapping[str, Path]
    digests: Mapping[str, FileDigest]
    error: ArpError | None

    def __bool__(self) -> bool:
        return self.error is None


def run_node(
    node: str,
    *,
    spec: CapabilitySpec,
    call: CapabilityCallable,
    authority: Authority,
    inputs: Mapping[str, InputFile],
    parameters: Mapping[str, JsonScalar],
    seed: int,
    out: Path,
    environment: str,
    clock: Clock,
    progress: ReportProgress,
) -> NodeOutcome:
    """Return the outcome of one audited run.

    Args:
        node: The node's name in its graph.
        spec: The capability's specification sheet.
        call: The capability itself.
        authority: What qualification is decided on.
        inputs: Files by port, each with the digest it was bound to.
        parameters: Values by name, held against the specification here.
        seed: The requested seed.
        out: An empty folder for the outputs.
        environment: Digest of the environment record.
        clock: Dates start and end.
        progress: Called with a fraction from 0 to 1.
    """
    started = to_text(clock())
    checkpoints: list[Checkpoint] = []
    result = CapabilityResult(outputs={})
    digests: dict[str, FileDigest] = {}
    error: ArpError | None = None
    try:
        checkpoints.append(_qualification(authority, clock=clock))
        _stop_if_failed(node, checkpoints[-1])
        checkpoints.append(_parameters(parameters, spec=spec))
        _stop_if_failed(node, checkpoints[-1])
        trace = _bound_inputs(inputs, spec=spec)
        if trace.outcome == "failed":
            checkpoints.append(trace)
            _stop_if_failed(node, trace)
        result = _call(call, spec=spec, inputs=inputs, parameters=parameters, seed=seed, out=out, progress=progress)
        digests = _digest_outputs(result, spec=spec, out=out)
        checkpoints.append(check.passed("trace", *trace.reasons, f"{len(digests)} outputs digested"))
        checkpoints.append(check.judge_quality(result.findings))
        _stop_if_failed(node, checkpoints[-1])
    except ArpError as caught:
        error = caught
    reached = {item.kind for item in checkpoints}
    checkpoints.extend(Checkpoint(kind=kind, outcome="not_reached") for kind in check.KINDS if kind not in reached)
    record = NodeRecord(
        node=node,
        capability_id=authority.filing.capability_id if authority.filing else filings.capability_id(authority.measured),
        capability=spec.name,
        version=spec.version,
        fingerprint=authority.measured.digest,
        state="failed" if error else "succeeded",
        inputs={port: FileDigest(bytes.fromhex(item.sha256), 0).multibase for port, item in inputs.items()},
        parameters=dict(parameters),
        requested_seed=seed,
        effective_seed=result.effective_seed,
        outputs={
            name: OutputRecord(digest=digest.multibase, size=digest.size, media_type=_media_type(name, spec=spec))
            for name, digest in digests.items()
        },
        facts=_plain(result.facts),
        findings=result.findings,
        checkpoints=tuple(checkpoints),
        environment=environment,
        started=started,
        ended=to_text(clock()),
    )
    return NodeOutcome(record=record, outputs={} if error else dict(result.outputs), digests=digests, error=error)


def _qualification(authority: Authority, *, clock: Clock) -> Checkpoint:
    code = filings.unqualified_reason(authority.filing, measured=authority.measured, trust=authority.trust, clock=clock)
    if code:
        return check.failed("qualification", code=code)
    return check.passed("qualification", "filed", "fingerprint measured and equal")


def _parameters(parameters: Mapping[str, JsonScalar], *, spec: CapabilitySpec) -> Checkpoint:
    try:
        completed = bounds.complete(parameters, declared=spec.parameters, where=spec.name)
    except InputError as error:
        return check.failed("parameters", code=error.code, reasons=[str(error)])
    if completed != dict(parameters):
        absent = sorted(completed.keys() - parameters.keys())
        return check.failed("parameters", code="parameter_missing", reasons=absent)
    return check.passed("parameters", f"{len(completed)} inside their bounds")


def _bound_inputs(inputs: Mapping[str, InputFile], *, spec: CapabilitySpec) -> Checkpoint:
    """Hold every input file against the digest it was bound to, always by hashing it again."""
    ports = {port.name: port for port in spec.inputs}
    for name in inputs:
        if name.partition("/")[0] not in ports:
            return check.failed("trace", code="input_unknown", reasons=[name])
    for port in ports.values():
        if not port.optional and not any(name.partition("/")[0] == port.name for name in inputs):
            return check.failed("trace", code="input_missing", reasons=[port.name])
    for name, item in inputs.items():
        if digest_file(item.path).hex != item.sha256:
            return check.failed("trace", code="input_changed", reasons=[name])
    return check.passed("trace", f"{len(inputs)} inputs match their digests")


def _stop_if_failed(node: str, result: Checkpoint) -> None:
    if result.outcome == "failed":
        raise AuditError(result.code, node=node, name=node, reason="; ".join(result.reasons))


def _call(
    call: CapabilityCallable,
    *,
    spec: CapabilitySpec,
    inputs: Mapping[str, InputFile],
    parameters: Mapping[str, JsonScalar],
    seed: int,
    out: Path,
    progress: ReportProgress,
) -> CapabilityResult:
    """Call the capability; whatever it throws becomes one of our errors, with the cause kept."""
    files = {port: item.path for port, item in inputs.items()}
    try:
        return call(files, parameters, out, seed, progress)
    except ArpError:
        raise
    except OSError as error:
        named = Path(error.filename) if isinstance(error.filename, str) else out
        raise storage_error(error, path=named) from error
    except MemoryError as error:
        raise StorageError("memory_exhausted", name=spec.name) from error
    except Exception as error:  # a foreign callable may throw anything; it must not pass for success
        raise AuditError("capability_failed", name=spec.name, reason=f"{type(error).__name__}: {error}") from error


def _digest_outputs(result: CapabilityResult, *, spec: CapabilitySpec, out: Path) -> dict[str, FileDigest]:
    _check_ports(result, ports=spec.outputs, capability=spec.name)
    digests: dict[str, FileDigest] = {}
    for name, path in result.outputs.items():
        if not path.resolve().is_relative_to(out.resolve()) or path.is_symlink() or not path.is_file():
            raise AuditError("output_astray", name=name, capability=spec.name)
        digests[name] = digest_file(path)
    return digests


def _check_ports(result: CapabilityResult, *, ports: Sequence[Port], capability: str) -> None:
    declared = {port.name: port for port in ports}
    made = {name.partition("/")[0] for name in result.outputs}
    for name in made - declared.keys():
        raise AuditError("output_undeclared", name=name, capability=capability)
    for name, port in declared.items():
        if name not in made and not port.optional:
            raise AuditError("output_missing", name=name, capability=capability)


def _media_type(name: str, *, spec: CapabilitySpec) -> str:
    for port in spec.outputs:
        if port.name == name.partition("/")[0]:
            return port.media_types[0]
    return "application/octet-stream"


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON can hold them: no NaN, no infinities, no integers beyond 2**53."""
    return {name: _plain_value(value) for name, value in facts.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)
