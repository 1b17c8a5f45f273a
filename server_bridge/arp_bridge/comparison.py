"""Recorded node records against those of a second run, node by node and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from arp_core.orchestrate.graph import JobGraph

#: Previews stand outside a reproduction: they are for people, and a render of
#: another machine may differ where the asset does not.
_OUTSIDE_ROLES = frozenset(("preview",))

_ABSENT = "absent"


@dataclass(frozen=True)
class Difference:
    """The node and the field that differ, with both values."""

    node: str
    field: str
    recorded: str
    now: str


def differences(
    graph: JobGraph, *, recorded: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    """Yield what differs, in the order in which the nodes run.

    Compared are the capability's fingerprint, parameters, input digests, the
    seed that took effect, the digests of unsealed outputs, and the outcome.
    Times and environments are not: they are facts of a run, not its result.

    Args:
        graph: The recorded graph.
        recorded: Node -> node record, as signed.
        now: Node -> node record of the second run; a node that never ran is absent.
    """
    outside = {item.output for item in graph.deliveries if item.role in _OUTSIDE_ROLES}
    for node in graph.nodes:
        before = _fields(recorded.get(node.id), node=node.id, outside=outside)
        after = _fields(now.get(node.id), node=node.id, outside=outside)
        for name in dict.fromkeys((*before, *after)):
            old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
            if old != new:
                yield Difference(node=node.id, field=name, recorded=old, now=new)


def environment_differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of what differs between two environment records."""
    found: list[str] = []
    for name in sorted(recorded.keys() | now.keys()):
        old, new = recorded.get(name), now.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += [f"{name}.{key}" for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
        elif old != new:
            found.append(name)
    return tuple(found)


def _fields(record: Mapping[str, Any] | None, *, node: str, outside: set[str]) -> dict[str, str]:
    if record is None:
        return {"state": _ABSENT}
    outputs = {name: item for name, item in record["outputs"].items() if f"{node}.{name.split('/')[0]}" not in outside}
    return {
        "fingerprint": str(record["fingerprint"]),
        **{f"parameters.{name}": repr(value) for name, value in record["parameters"].items()},
        **{f"inputs.{name}": str(digest) for name, digest in record["inputs"].items()},
        "seed.effective": str(record["seed"]["effective"]),
        **{f"outputs.{name}": str(item["digestMultibase"]) for name, item in outputs.items()},
        "state": str(record["state"]),
    }
