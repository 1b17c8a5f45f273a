"""A job graph (作业图): a recipe filled with one request and routed to filed capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arp_core.errors import InputError
from arp_core.orchestrate import parameters as bounds
from arp_core.orchestrate import versions
from arp_core.orchestrate.capability import CapabilitySpec, JsonScalar
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.recipe import Delivery, Recipe


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
            InputError: ``graph_malformed``.
        """
        try:
            return cls(
                recipe_id=document["recipe"]["id"],
                recipe_version=document["recipe"]["version"],
                recipe_digest=document["recipe"]["digestMultibase"],
                name=document["name"],
                seed=bounds.check_seed(document["seed"]),
                inputs={
                    port: BoundInput(object_id=item["objectId"], sha256=item["sha256"], media_type=item["mediaType"])
                    for port, item in document["inputs"].items()
                },
                parameters=dict(document["parameters"]),
                nodes=tuple(_node(item) for item in document["nodes"]),
                deliveries=tuple(
                    Delivery(output=item["output"], path=item["path"], role=item["role"])
                    for item in document["deliver"]
                ),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError("graph_malformed", reason=str(error)) from error


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
    return GraphNode(
        id=item["id"],
        capability_id=item["capabilityId"],
        capability=item["capability"],
        version=item["version"],
        fingerprint=item["fingerprint"],
        title=(item["title"]["en"], item["title"]["zh"]),
        inputs=dict(item["inputs"]),
        parameters=dict(item["parameters"]),
    )
