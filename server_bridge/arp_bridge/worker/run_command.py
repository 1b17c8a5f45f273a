"""What a worker can be told to do, each command in one function.

``node``: run one graph node through its four checkpoints. Input digests and
JSON parameters in; the node record and the digests of stored outputs out.

``stamp``: write identifiers and label into the delivered files, and digest the
geometry of what came of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from arp_bridge import capabilities, registry
from arp_bridge.capabilities import determinism
from arp_core import clock
from arp_core.audit.run import Authority, InputFile, run_node
from arp_core.blobs import BlobStore
from arp_core.errors import ArpError, IntegrityError
from arp_core.home import Home
from arp_core.identify.asset import has_geometry
from arp_core.identify.environment import environment_digest, environment_record
from arp_core.orchestrate import filing
from arp_core.orchestrate.capability import CapabilityCallable, CapabilitySpec
from arp_core.orchestrate.fingerprint import Fingerprint
from arp_core.stamp.aigc import parse_label
from arp_core.stamp.facts import StampFacts
from arp_core.trust import TrustList

Answer = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Loaded:
    """A capability with the fingerprint its bytes had when this worker loaded it."""

    spec: CapabilitySpec
    call: CapabilityCallable
    measured: Fingerprint


@dataclass(frozen=True)
class WorkerContext:
    """What a worker works with; made once, because it is what makes it warm."""

    home: Home
    blobs: BlobStore
    loaded: Mapping[str, Loaded]
    environment: Mapping[str, Any]
    environment_digest: str

    @classmethod
    def create(cls, home: Home, *, blobs: BlobStore) -> WorkerContext:
        """Load every built-in capability and describe the environment they run in."""
        loaded: dict[str, Loaded] = {}
        for name in capabilities.CAPABILITIES:
            spec, call = capabilities.load(name)
            loaded[name] = Loaded(spec, call, registry.measure(spec))
        environment = {
            **environment_record(),
            # A plain subprocess: nothing keeps a capability from the files and
            # the network of this user, and the record must say so.
            "isolation": "none",
            "settings": dict(determinism.WORKER_ENVIRONMENT),
        }
        return cls(
            home=home,
            blobs=blobs,
            loaded=loaded,
            environment=environment,
            environment_digest=environment_digest(environment),
        )


def failure(error: ArpError, *, record: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return an error as a message: its class's name, code, facts and, for a node, its record."""
    facts = {name: value if isinstance(value, int | float) else str(value) for name, value in error.facts.items()}
    return {"is": "failed", "kind": type(error).__name__, "code": error.code, "facts": facts, "record": record}


def _node(command: Mapping[str, Any], context: WorkerContext, scratch: Path, answer: Answer) -> dict[str, Any]:
    node = command["node"]
    name = node["capability"]
    if name not in context.loaded:
        capabilities.load(name)  # raises `capability_unknown` with what is known
    loaded = context.loaded[name]
    outcome = run_node(
        node["id"],
        spec=loaded.spec,
        call=loaded.call,
        authority=Authority(
            filing=filing.find(context.home, node["capabilityId"]),
            measured=loaded.measured,
            trust=TrustList.load(context.home),
        ),
        inputs={port: InputFile(context.blobs.path(sha256), sha256) for port, sha256 in command["inputs"].items()},
        parameters=node["parameters"],
        seed=int(command["seed"]),
        out=scratch,
        environment=context.environment_digest,
        clock=clock.system_clock,
        progress=lambda fraction: answer({"is": "progress", "fraction": round(min(max(fraction, 0.0), 1.0), 3)}),
    )
    record = outcome.record.to_json()
    if outcome.error is not None:
        return failure(outcome.error, record=record)
    stored: dict[str, str] = {}
    for port, path in outcome.outputs.items():
        stored[port] = context.blobs.put_file(path).hex
        if stored[port] != outcome.digests[port].hex:
            # Written to between digesting and storing: what was recorded is not what would be passed on.
            return failure(ArpError("output_changed", name=port), record=record)
    return {"is": "done", "record": record, "outputs": stored}


def _stamp(command: Mapping[str, Any], context: WorkerContext, scratch: Path, answer: Answer) -> dict[str, Any]:
    from arp_core.geometry import geometry_digests
    from arp_core.stamp import stamp_file, unsealed_digest

    label = None if command["label"] is None else parse_label(command["label"])
    facts = StampFacts(**command["facts"], label=label)
    folder = Path(command["folder"])
    meshes: dict[str, dict[str, str]] = {}
    for count, (name, sha256) in enumerate(command["files"].items(), start=1):
        parts = PurePosixPath(name).parts
        source, target = scratch.joinpath(*parts), folder.joinpath(*parts)
        for path in (source, target):
            path.parent.mkdir(parents=True, exist_ok=True)
        # Formats are told by suffix, and a blob has none.
        shutil.copyfile(context.blobs.path(sha256), source)
        stamp_file(source, target, facts=facts)
        if unsealed_digest(target).hex != sha256:
            return failure(IntegrityError("stamp_not_reversible", name=name))
        if has_geometry(name):
            meshes[name] = dict(geometry_digests(target))
        answer({"is": "progress", "fraction": round(count / (len(command["files"]) + 1), 3)})
    return {"is": "done", "meshes": meshes}


COMMANDS: dict[str, Callable[[Mapping[str, Any], WorkerContext, Path, Answer], dict[str, Any]]] = {
    "node": _node,
    "stamp": _stamp,
}
