"""What happens to a request before it is a job: inputs are registered, the graph is filled.

Nothing unregistered enters: every input becomes an object with its four
records here, under the origin that the request states.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.engine import Connection

from arp_bridge.engine import Submission
from arp_bridge.ledger import objects
from arp_bridge.ledger.objects import ObjectRow
from arp_bridge.recipe_files import load_recipe
from arp_core.blobs import BlobStore
from arp_core.canonical import canonicalize
from arp_core.clock import to_text
from arp_core.digest import FileDigest
from arp_core.errors import InputError
from arp_core.identify.asset import media_type
from arp_core.identify.environment import environment_record
from arp_core.identify.objects import Kind, RegisteredObject
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.identify.rights_record import Origin
from arp_core.orchestrate import graph as graphs
from arp_core.orchestrate.capability import CapabilitySpec
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.graph import BoundInput, GraphNode, JobGraph
from arp_core.orchestrate.parameters import check_seed
from arp_core.paths import check_package_path, check_stem
from arp_core.station import Station

#: A recorded graph is foreign input; these bound what is taken from it.
_MOST_NODES: Final = 64
_NODE_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def register(
    connection: Connection,
    *,
    station: Station,
    blobs: BlobStore,
    sha256: str,
    kind: Kind,
    name: str,
    media: str,
    origin: Origin,
) -> tuple[ObjectRow, bool]:
    """Return the registration of a blob under an origin, and whether it is new.

    Raises:
        InputError: ``blob_unknown`` when the bytes are not here; ``rights_invalid``.
    """
    path = blobs.path(sha256)
    if not path.is_file():
        raise InputError("blob_unknown", sha256=sha256)
    standing = objects.by_digest(connection, sha256, origin=origin)
    if standing is not None:
        return standing, False
    entering = RegisteredObject.entering(
        FileDigest(bytes.fromhex(sha256), path.stat().st_size),
        kind=kind,
        media_type=media,
        name=name,
        origin=origin,
        at=station.clock(),
    )
    rights = rights_for(origin, profile=RightsProfile.load(station.home))
    mts = entering.mts(rights=rights, environment=environment_record(packages=("asset-routing-pipeline",)))
    row = ObjectRow(
        object_id=entering.object_id,
        kind=entering.kind,
        sha256=entering.sha256,
        size=entering.size,
        media_type=entering.media_type,
        name=entering.name,
        origin=origin,
        mts=mts.to_json(),
        registered_at=to_text(entering.registered_at),
    )
    objects.insert(connection, row, mts_sha256=hashlib.sha256(canonicalize(mts.digests())).hexdigest())
    return row, True


def fill_graph(
    connection: Connection,
    submission: Submission,
    *,
    station: Station,
    blobs: BlobStore,
    available: Mapping[str, tuple[CapabilitySpec, Filing]],
) -> JobGraph:
    """Return the job graph of a request, its inputs registered in the caller's transaction.

    Raises:
        InputError: An input is not here, or a name, seed or parameter is not allowed.
    """
    if submission.graph is not None:
        bound = _bind(connection, submission, station=station, blobs=blobs)
        return replay(submission.graph, seal=submission.seal, inputs=bound, available=available)
    recipe = load_recipe(submission.recipe)
    check_stem(submission.name)
    for delivery in recipe.deliveries:
        check_package_path(delivery.path.format(name=submission.name))
    return graphs.fill(
        recipe,
        name=submission.name,
        seed=check_seed(submission.seed),
        inputs=_bind(connection, submission, station=station, blobs=blobs),
        parameters=submission.parameters,
        available=available,
    )


def replay(
    recorded: Mapping[str, object],
    *,
    seal: bool,
    inputs: Mapping[str, BoundInput],
    available: Mapping[str, tuple[CapabilitySpec, Filing]],
) -> JobGraph:
    """Return a recorded graph, routed to the capabilities of the same names that are filed here.

    Whether these are what ran then is for the comparison to say, so it is not
    asked here. The audit holds parameters and inputs against their bounds as always.

    Args:
        recorded: The graph as it stands in a records file: foreign input.
        seal: Must be false: a replay makes no credential.
        inputs: The registered inputs.
        available: Capability name -> its specification and its filing here.

    Raises:
        InputError: ``graph_malformed``, ``capability_unavailable``.
    """
    graph = JobGraph.from_json(recorded)
    if seal:
        raise InputError("request_invalid", where="seal", reason="a recorded graph is run for comparison only")
    if {port: item.sha256 for port, item in inputs.items()} != {
        port: item.sha256 for port, item in graph.inputs.items()
    }:
        raise InputError("request_invalid", where="inputs", reason="not the inputs that the graph names")
    if not 0 < len(graph.nodes) <= _MOST_NODES:
        raise InputError("graph_malformed", reason=f"1 to {_MOST_NODES} nodes are expected")
    earlier: set[str] = set()
    nodes: list[GraphNode] = []
    for node in graph.nodes:
        if not isinstance(node.id, str) or not _NODE_ID.fullmatch(node.id) or node.id in earlier:
            raise InputError("graph_malformed", reason="a node's name is not allowed or taken")
        for source in node.inputs.values():
            owner, dot, _output = str(source).partition(".")
            if not (owner in earlier if dot else source in graph.inputs):
                raise InputError("graph_malformed", reason=f"{node.id} takes {source}, which no step made")
        if node.capability not in available:
            raise InputError("capability_unavailable", name=node.capability, versions=node.version)
        spec, filing = available[node.capability]
        earlier.add(node.id)
        nodes.append(
            replace(node, capability_id=filing.capability_id, version=spec.version, fingerprint=filing.fingerprint)
        )
    return replace(graph, inputs=inputs, nodes=tuple(nodes))


def _bind(
    connection: Connection, submission: Submission, *, station: Station, blobs: BlobStore
) -> dict[str, BoundInput]:
    """Register every input of a request and return the objects they are."""
    inputs: dict[str, BoundInput] = {}
    for port, sha256 in submission.inputs.items():
        name = submission.names.get(port, port)
        row, _new = register(
            connection,
            station=station,
            blobs=blobs,
            sha256=sha256,
            kind="material",
            name=name,
            media=media_type(name),
            origin=submission.origin,
        )
        inputs[port] = BoundInput(object_id=row.object_id, sha256=row.sha256, media_type=row.media_type)
    return inputs


def resolve_inputs(
    sources: Mapping[str, str], *, graph: JobGraph, made: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the blob digest for every input port of a node.

    Args:
        sources: Port -> recipe input, or ``node.port`` of an earlier node.
        graph: The job's graph.
        made: Node -> output port -> hex digest. A port of many files has
            entries ``port/filename``, which go to ``input/filename``.
    """
    found: dict[str, str] = {}
    for port, source in sources.items():
        node, dot, output = source.partition(".")
        if not dot:
            found[port] = graph.inputs[source].sha256
            continue
        for name, sha256 in made.get(node, {}).items():
            if name == output:
                found[port] = sha256
            elif name.startswith(f"{output}/"):
                found[f"{port}/{name.partition('/')[2]}"] = sha256
    return found
