"""What a finished job says about its asset: source type, AI label, seed, rights, records.

Derived from the node records and the inputs' registrations alone, so that the
same records always say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arp_core.credential.document import Seed
from arp_core.identify.record import Mts
from arp_core.identify.rights_record import RightsRecord
from arp_core.orchestrate.capability import SOURCE_TYPES
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.graph import JobGraph
from arp_core.stamp.aigc import AigcLabel, read_label_value

NodeRecordJson = Mapping[str, Any]

#: IPTC terms of an input after which whatever is made from it is at least composite.
_TRAINED = frozenset(("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"))


def source_types(records: Sequence[NodeRecordJson], *, filings: Mapping[str, Filing]) -> tuple[str, ...]:
    """Return the declared source types of the steps, and what C2PA manifests of the inputs add.

    Args:
        records: Node records.
        filings: Capability ID -> filing.
    """
    found = [filings[record["capabilityId"]].source_type for record in records]
    if any(term in _TRAINED for record in records for term in _upstream_terms(record)):
        found.append("compositeWithTrainedAlgorithmicMedia")
    return tuple(dict.fromkeys(found))


def strongest(types: Iterable[str]) -> str:
    """Return the source type of the whole: the registry names them from machine-made to hand-made."""
    order = list(SOURCE_TYPES)
    return min(types, key=order.index, default="digitalCreation")


def inherited_labels(records: Sequence[NodeRecordJson]) -> tuple[AigcLabel, ...]:
    """Return the AI labels that inputs arrived with; none is ever dropped.

    One that could not be read counts as "suspected", and a C2PA manifest that
    states trained media counts as "1".
    """
    found: list[AigcLabel] = []
    for record in records:
        upstream = record["facts"].get("upstream_aigc") or {}
        if "label" in upstream:
            found.append(read_label_value(upstream["label"]))
        elif upstream:
            found.append(AigcLabel(label="3"))
        if any(term in _TRAINED for term in _upstream_terms(record)):
            found.append(AigcLabel(label="1"))
    return tuple(found)


def seed_of(graph: JobGraph, records: Sequence[NodeRecordJson]) -> Seed:
    """Return the requested seed and the one that took effect; None where nothing was random."""
    effective = [record["seed"]["effective"] for record in records if record["seed"]["effective"] is not None]
    return Seed(requested=graph.seed, effective=int(effective[-1]) if effective else None)


def narrowest_rights(registered: Sequence[Mapping[str, Any]]) -> RightsRecord:
    """Return the rights an asset inherits from its inputs' registrations.

    An input that may not be published wins over those that may.
    """
    records = [RightsRecord.from_json(mts["rights"]["record"]) for mts in registered]
    return min(records, key=lambda record: record.publishable)


def records_of(
    graph: JobGraph,
    *,
    records: Sequence[NodeRecordJson],
    rights: RightsRecord,
    environments: Mapping[str, Mapping[str, Any]],
    filings: Mapping[str, Filing],
) -> Mts:
    """Return the asset's Minimum Traceable Set.

    Args:
        graph: The job graph; sealing adds it to the capability record.
        records: Node records.
        rights: What the asset inherits.
        environments: Digest -> environment record, for every environment a
            node ran in: after an interruption there can be two.
        filings: Capability ID -> filing.
    """
    outputs = {f"{record['node']}.{port}": item for record in records for port, item in record["outputs"].items()}
    content = {
        "type": "ContentRecord",
        "name": graph.name,
        "files": [
            {"path": item.path.format(name=graph.name), "role": item.role, "unsealed": outputs[item.output]}
            for item in graph.deliveries
        ],
        "inputs": {port: {"objectId": item.object_id, "sha256": item.sha256} for port, item in graph.inputs.items()},
        "facts": {record["node"]: record["facts"] for record in records},
    }
    capability = {
        "type": "CapabilityRecord",
        "method": "job",
        "capabilities": [
            {
                "capabilityId": item.capability_id,
                "name": item.name,
                "version": item.version,
                "fingerprint": item.fingerprint,
                "filedBy": item.issuer,
            }
            for item in filings.values()
        ],
    }
    if len(environments) == 1:
        environment: Mapping[str, Any] = next(iter(environments.values()))
    else:
        environment = {"type": "EnvironmentRecords", "byDigest": dict(environments)}
    return Mts.of(content=content, rights=rights.to_json(), capability=capability, environment=environment)


def _upstream_terms(record: NodeRecordJson) -> tuple[str, ...]:
    upstream = record["facts"].get("upstream_c2pa") or {}
    return tuple(str(item).rsplit("/", 1)[-1] for item in upstream.get("digital_source_types", ()))
