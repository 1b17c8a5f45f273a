"""A recipe (工序模板): which capabilities run in which order, as a TOML document.

This module reads and validates; :mod:`arp_core.orchestrate.graph` fills a
recipe with a request and makes it a job graph.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arp_core.digest import digest_bytes
from arp_core.errors import InputError
from arp_core.orchestrate.capability import JsonScalar, Parameter

_LIMIT = 1 << 18


@dataclass(frozen=True)
class RecipeNode:
    """One step: a capability by name and version range, and where its inputs come from.

    ``inputs`` maps a port to a recipe input (``image``) or to an output of an
    earlier node (``mask.mask``); ``parameters`` are literals or ``$request``.
    """

    id: str
    capability: str
    versions: str
    title: tuple[str, str]
    inputs: Mapping[str, str]
    parameters: Mapping[str, JsonScalar]


@dataclass(frozen=True)
class Delivery:
    """One output that becomes a file of the package; ``{name}`` is the request's name."""

    output: str
    path: str
    role: str


@dataclass(frozen=True)
class Recipe:
    """A validated recipe. ``digest`` is that of the TOML bytes it was read from."""

    id: str
    version: str
    title: tuple[str, str]
    inputs: Mapping[str, tuple[str, ...]]
    parameters: tuple[Parameter, ...]
    nodes: tuple[RecipeNode, ...]
    deliveries: tuple[Delivery, ...]
    digest: str


def parse(data: bytes, *, name: str) -> Recipe:
    """Return the recipe that a TOML document holds.

    Raises:
        InputError: ``recipe_malformed`` with what is wrong and where.
    """
    if len(data) > _LIMIT:
        raise InputError("recipe_malformed", name=name, reason=f"larger than {_LIMIT} bytes")
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise InputError("recipe_malformed", name=name, reason=str(error)) from error
    try:
        recipe = Recipe(
            id=_text(document["id"]),
            version=_text(document["version"]),
            title=_title(document["title"]),
            inputs={key: tuple(value["media_types"]) for key, value in document["input"].items()},
            parameters=tuple(_parameter(key, value) for key, value in document.get("parameter", {}).items()),
            nodes=tuple(_node(item) for item in document["node"]),
            deliveries=tuple(
                Delivery(output=_text(item["output"]), path=_text(item["path"]), role=_text(item["role"]))
                for item in document["deliver"]
            ),
            digest=digest_bytes(data).multibase,
        )
    except KeyError as error:
        raise InputError("recipe_malformed", name=name, reason=f"{error} is missing") from error
    except (TypeError, AttributeError) as error:
        raise InputError("recipe_malformed", name=name, reason=str(error)) from error
    _check_references(recipe, name=name)
    return recipe


def _check_references(recipe: Recipe, *, name: str) -> None:
    """Every input must come from a recipe input or an earlier node; every ``$`` from a parameter."""
    known_parameters = {item.name for item in recipe.parameters}
    earlier: set[str] = set()
    for node in recipe.nodes:
        if node.id in earlier or "." in node.id or node.id in recipe.inputs:
            raise InputError("recipe_malformed", name=name, reason=f"the node name {node.id} is taken or not allowed")
        for source in node.inputs.values():
            owner, dot, _port = source.partition(".")
            if not (owner in earlier if dot else source in recipe.inputs):
                raise InputError("recipe_malformed", name=name, reason=f"{node.id} takes {source}, which no step made")
        for value in node.parameters.values():
            if isinstance(value, str) and value.startswith("$") and value[1:] not in known_parameters:
                raise InputError(
                    "recipe_malformed", name=name, reason=f"{node.id} asks for {value}, which is no parameter"
                )
        earlier.add(node.id)
    for delivery in recipe.deliveries:
        if delivery.output.partition(".")[0] not in earlier:
            raise InputError(
                "recipe_malformed", name=name, reason=f"{delivery.output} is delivered, but no step makes it"
            )


def _node(item: Mapping[str, Any]) -> RecipeNode:
    return RecipeNode(
        id=_text(item["id"]),
        capability=_text(item["capability"]),
        versions=_text(item["version"]),
        title=_title(item["title"]),
        inputs={key: _text(value) for key, value in item.get("inputs", {}).items()},
        parameters=dict(item.get("parameters", {})),
    )


def _parameter(name: str, item: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        type=item["type"],
        default=item["default"],
        minimum=item.get("minimum"),
        maximum=item.get("maximum"),
        choices=tuple(item.get("choices", ())),
        unit=item.get("unit", ""),
        help=item.get("help", ""),
    )


def _title(item: Mapping[str, Any]) -> tuple[str, str]:
    return _text(item["en"]), _text(item["zh"])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be text")
    return value
