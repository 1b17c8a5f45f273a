"""Recipes are read strictly and filled into graphs whose every value is inside its bounds."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from arp_core.errors import InputError
from arp_core.orchestrate import filing, fingerprint, graph, recipe, versions
from arp_core.orchestrate.capability import CapabilitySpec, Parameter, Port
from arp_core.orchestrate.graph import BoundInput, JobGraph

GOOD = """
id = "small"
version = "1.0.0"
[title]
en = "Small"
zh = "小"
[input.image]
media_types = ["image/png"]
[parameter.name]
type = "string"
default = "asset"
[parameter.height]
type = "number"
default = 1.0
minimum = 0.1
maximum = 10.0
unit = "m"
[[node]]
id = "grow"
capability = "grow"
version = ">=1,<2"
title = { en = "Growing", zh = "生长" }
inputs = { image = "image" }
parameters = { height = "$height", rings = 3 }
[[node]]
id = "trim"
capability = "grow"
version = ">=1"
title = { en = "Trimming", zh = "修剪" }
inputs = { image = "grow.mesh" }
[[deliver]]
output = "trim.mesh"
path = "{name}.glb"
role = "model"
"""

SPEC = CapabilitySpec(
    name="grow",
    version="1.2.0",
    title=("Grow", "生长"),
    source_type="algorithmicMedia",
    reproducibility="bit_exact",
    inputs=(Port("image", ("image/png",)),),
    outputs=(Port("mesh", ("model/gltf-binary",)),),
    parameters=(Parameter("height", "number", 1.0, minimum=0.1, maximum=10.0), Parameter("rings", "integer", 1)),
    code=("test_recipe.py",),
)
IMAGE = BoundInput(object_id="obj_01h455vb4pex5vsknk084sn02q", sha256="0" * 64, media_type="image/png")


def parsed(text: str = GOOD) -> recipe.Recipe:
    return recipe.parse(text.encode(), name="small.toml")


@pytest.fixture
def available(station):
    measured = fingerprint.measure(SPEC, root=Path(__file__).parent)
    return {"grow": (SPEC, filing.file_capability(station, SPEC, fingerprint=measured))}


def fill(available, **changes) -> JobGraph:
    given = {"name": "chair", "seed": 3, "inputs": {"image": IMAGE}, "parameters": {"height": 2}}
    return graph.fill(parsed(), **{**given, **changes}, available=available)


def test_a_filled_graph_says_everything_that_decides_the_result(available) -> None:
    made = fill(available)
    assert made.nodes[0].parameters == {"height": 2.0, "rings": 3}
    assert made.nodes[1].parameters == {"height": 1.0, "rings": 1}
    assert made.nodes[0].capability_id.startswith("cap_")
    assert JobGraph.from_json(made.to_json()) == made


MALFORMED = {
    "not TOML": ("id = ", "Invalid"),
    "no nodes": (GOOD.split("[[node]]", maxsplit=1)[0], "missing"),
    "takes what no step made": (GOOD.replace('"grow.mesh"', '"carve.mesh"'), "no step made"),
    "takes from a later step": (GOOD.replace('{ image = "image" }', '{ image = "trim.mesh" }'), "no step made"),
    "unknown request parameter": (GOOD.replace('"$height"', '"$width"'), "no parameter"),
    "two nodes of one name": (GOOD.replace('id = "trim"', 'id = "grow"'), "taken"),
    "delivers what no step makes": (GOOD.replace('"trim.mesh"', '"paint.mesh"'), "no step makes"),
    "a number for a title": (GOOD.replace('en = "Small"', "en = 3"), "should be text"),
}


@pytest.mark.parametrize(("text", "reason"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_recipes_say_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        parsed(text)
    assert caught.value.code == "recipe_malformed"


REFUSED = {
    "no input": ({"inputs": {}}, "input_missing"),
    "another input": ({"inputs": {"image": IMAGE, "sound": IMAGE}}, "input_unknown"),
    "out of bounds": ({"parameters": {"height": 11}}, "parameter_bounds"),
    "text for a number": ({"parameters": {"height": "tall"}}, "parameter_type"),
    "true for a number": ({"parameters": {"height": True}}, "parameter_type"),
    "not a number": ({"parameters": {"height": float("nan")}}, "parameter_type"),
    "unknown parameter": ({"parameters": {"colour": "red"}}, "parameter_unknown"),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_requests_are_refused(available, changes, code) -> None:
    with pytest.raises(InputError) as caught:
        fill(available, **changes)
    assert caught.value.code == code


def test_a_capability_outside_the_version_range_is_not_routed(available) -> None:
    spec, filed = available["grow"]
    with pytest.raises(InputError, match="capability_unavailable"):
        fill({"grow": (dataclasses.replace(spec, version="2.0.0"), filed)})
    with pytest.raises(InputError, match="capability_unavailable"):
        fill({})


@pytest.mark.parametrize(
    ("version", "span", "inside"),
    [
        ("1.2", ">=1,<2", True),
        ("2.0.0", ">=1,<2", False),
        ("1.10.0", ">1.9", True),
        ("1", "==1.0.0", True),
        ("1", "<=0.9", False),
    ],
)
def test_version_ranges(version: str, span: str, inside: bool) -> None:
    assert versions.matches(version, versions=span) is inside


@pytest.mark.parametrize("text", ["", "1.2.3.4", "one", "-1", "1.x"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="version_invalid"):
        versions.parse(text)


def test_the_shipped_recipe_is_well_formed() -> None:
    path = Path(__file__).resolve().parents[3] / "server_bridge" / "arp_bridge" / "recipes" / "image-to-3d.toml"
    shipped = recipe.parse(path.read_bytes(), name=path.name)
    assert shipped.id == "image-to-3d"
    assert {item.path for item in shipped.deliveries} >= {"{name}.glb", "{name}_preview.png"}
