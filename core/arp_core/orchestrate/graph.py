"""A job graph (作业图): a recipe filled with one request and routed to filed capabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from arp_core.errors import InputError
from arp_core.orchestrate import parameters as bounds
from arp_core.orchestrate import versions
from arp_core.orchestrate.capability import CapabilitySpec, JsonScalar
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.recipe import Delivery, Recipe

#: What is taken from a graph that was written elsewhere, at the most.
_MOST_ENTRIES: Final = 256
_LONGEST_TEXT: Final = 4096


@dataclass(frozen=True)
class BoundInput:
    """One registered object that a job takes in: its identifier and SHA-256 (hex)."""

    object_id: str
    sha256: str
    media_type: str


@dataclass(frozen=True)
class GraphNode:
    """One step with its capability, completed parameters and the sources of its inputs."""

    id: str
    capability_id: str
    capability: str
    version: str
    fingerprint: str
    title: tuple[str, str]
    inputs: Mapping[str, str]
    parameters: Mapping[str, JsonScalar]


@dataclass(frozen=True)
class JobGraph:
    """Everything that decides what a job makes, and nothing that does not."""

    recipe_id: str
    recipe_version: str
    recipe_digest: str
    name: str
    seed: int
    inputs: Mapping[str, BoundInput]
    parameters: Mapping[str, JsonScalar]
    nodes: tuple[GraphNode, ...]
    deliveries: tuple[Delivery, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the graph as it stands in the records file."""
        return {
            "recipe": {"id": self.recipe_id, "version": self.recipe_version, "digestMultibase": self.recipe_digest},
            "name": self.name,
            # Seeds are text: JSON numbers of 2**53 and more change silently.
            "seed": str(self.seed),
            "inputs": {
                port: {"objectId": item.object_id, "sha256": item.sha256, "mediaType": item.media_type}
                for port, item in self.inputs.items()
            },
            "parameters": dict(self.parameters),
            "nodes": [
                {
                    "id": node.id,
                    "capabilityId": node.capability_id,
                    "capability": node.capability,
                    "version": node.version,
                    "fingerprint": node.fingerprint,
                    "title": {"en": node.title[0], "zh": node.title[1]},
                    "inputs": dict(node.inputs),
                    "parameters": dict(node.parameters),
                }
                for node in self.nodes
            ],
            "deliver": [{"output": item.output, "path": item.path, "role": item.role} for item in self.deliveries],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> JobGraph:
        """Return the graph that :meth:`to_json` wrote.

        Raises:
            InputError: ``graph_malformed``, ``seed_invalid``.
        """
        parts = _mapping(document, where="graph")
        recipe = _mapping(parts.get("recipe"), where="recipe")
        return cls(
            recipe_id=_text(recipe, "id"),
            recipe_version=_text(recipe, "version"),
            recipe_digest=_text(recipe, "digestMultibase"),
            name=_text(parts, "name"),
            seed=bounds.check_seed(_text(parts, "seed")),
            inputs={
                port: BoundInput(
                    object_id=_text(item, "objectId"),
                    sha256=_text(item, "sha256"),
                    media_type=_text(item, "mediaType"),
                )
                for port, item in _mappings(parts, "inputs").items()
            },
            parameters=_scalars(parts, "parameters"),
            nodes=tuple(_node(item) for item in _items(parts, "nodes")),
            deliveries=tuple(
                Delivery(output=_text(item, "output"), path=_text(item, "path"), role=_text(item, "role"))
                for item in _items(parts, "deliver")
            ),
        )


def fill(
    recipe: Recipe,
    *,
    name: str,
    seed: int,
    inputs: Mapping[str, BoundInput],
    parameters: Mapping[str, JsonScalar],
    available: Mapping[str, tuple[CapabilitySpec, Filing]],
) -> JobGraph:
    """Return the job graph of one request.

    Args:
        recipe: The validated recipe.
        name: Stem of the delivered files; also the request parameter ``name``.
        seed: Requested seed.
        inputs: One registered object for each recipe input.
        parameters: Request parameters by name; missing ones take their defaults.
        available: Capability name -> its specification and its filing here.

    Raises:
        InputError: ``input_missing``, ``input_unknown``, ``capability_unavailable``,
            or what :func:`arp_core.orchestrate.parameters.complete` raises.
    """
    for port in recipe.inputs:
        if port not in inputs:
            raise InputError("input_missing", name=port, recipe=recipe.id)
    for port in inputs:
        if port not in recipe.inputs:
            raise InputError("input_unknown", name=port, recipe=recipe.id)
    named = {**parameters, "name": name} if any(item.name == "name" for item in recipe.parameters) else parameters
    request = bounds.complete(named, declared=recipe.parameters, where=recipe.id)
    nodes: list[GraphNode] = []
    for step in recipe.nodes:
        found = available.get(step.capability)
        if found is None or not versions.matches(found[0].version, versions=step.versions):
            raise InputError("capability_unavailable", name=step.capability, versions=step.versions)
        spec, filing = found
        given = {
            key: request[value[1:]] if isinstance(value, str) and value.startswith("$") else value
            for key, value in step.parameters.items()
        }
        nodes.append(
            GraphNode(
                id=step.id,
                capability_id=filing.capability_id,
                capability=spec.name,
                version=spec.version,
                fingerprint=filing.fingerprint,
                title=step.title,
                inputs=step.inputs,
                parameters=bounds.complete(given, declared=spec.parameters, where=spec.name),
            )
        )
    return JobGraph(
        recipe_id=recipe.id,
        recipe_version=recipe.version,
        recipe_digest=recipe.digest,
        name=name,
        seed=seed,
        inputs=inputs,
        parameters=request,
        nodes=tuple(nodes),
        deliveries=recipe.deliveries,
    )


def _node(item: Mapping[str, Any]) -> GraphNode:
    title = _mapping(item.get("title"), where="title")
    sources = _mapping(item.get("inputs"), where="inputs")
    return GraphNode(
        id=_text(item, "id"),
        capability_id=_text(item, "capabilityId"),
        capability=_text(item, "capability"),
        version=_text(item, "version"),
        fingerprint=_text(item, "fingerprint"),
        title=(_text(title, "en"), _text(title, "zh")),
        inputs={port: _text(sources, port) for port in sources},
        parameters=_scalars(item, "parameters"),
    )


# -- A recorded graph is foreign input: nothing of it is taken that has not the type and size it should have. ----------


def _malformed(reason: str) -> InputError:
    return InputError("graph_malformed", reason=reason)


def _mapping(value: object, *, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _malformed(f"“{where}” is no object")
    if len(value) > _MOST_ENTRIES:
        raise _malformed(f"“{where}” has more than {_MOST_ENTRIES} entries")
    for key in value:
        _checked_text(key, where=where)
    return value


def _mappings(parts: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Any]]:
    return {name: _mapping(item, where=key) for name, item in _mapping(parts.get(key), where=key).items()}


def _items(parts: Mapping[str, Any], key: str) -> tuple[Mapping[str, Any], ...]:
    value = parts.get(key)
    if not isinstance(value, list | tuple):
        raise _malformed(f"“{key}” is no list")
    if len(value) > _MOST_ENTRIES:
        raise _malformed(f"“{key}” has more than {_MOST_ENTRIES} entries")
    return tuple(_mapping(item, where=key) for item in value)


def _scalars(parts: Mapping[str, Any], key: str) -> dict[str, JsonScalar]:
    return {name: _scalar(item, where=key) for name, item in _mapping(parts.get(key), where=key).items()}


def _scalar(value: object, *, where: str) -> JsonScalar:
    if isinstance(value, str):
        return _checked_text(value, where=where)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= bounds.LARGEST_SEED:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise _malformed(f"a value of “{where}” is no text, truth value or finite number")


def _text(parts: Mapping[str, Any], key: str) -> str:
    return _checked_text(parts.get(key), where=key)


def _checked_text(value: object, *, where: str) -> str:
    if not isinstance(value, str):
        raise _malformed(f"“{where}” is no text")
    if len(value) > _LONGEST_TEXT or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _malformed(f"a text of “{where}” is too long, or no Unicode")
    return value
