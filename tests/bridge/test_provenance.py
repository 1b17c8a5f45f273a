"""What a job says about its asset, from its node records alone."""

from __future__ import annotations

from typing import Any

import pytest

from arp_bridge.comparison import differences, environment_differences
from arp_core.credential import provenance
from arp_core.orchestrate.graph import GraphNode, JobGraph
from arp_core.orchestrate.recipe import Delivery

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
LABEL = {
    "Label": "2",
    "ContentProducer": "them",
    "ProduceID": "p1",
    "ReservedCode1": "",
    "ContentPropagator": "",
    "PropagateID": "",
    "ReservedCode2": "",
}


def _record(**facts: Any) -> dict[str, Any]:
    return {"facts": facts}


@pytest.mark.parametrize(
    ("name", "facts", "labels"),
    [
        ("nothing upstream", {"upstream_aigc": {}, "upstream_c2pa": {}}, []),
        ("a label is kept as it is", {"upstream_aigc": {"label": LABEL}}, ["2"]),
        ("a label nobody can read is suspected", {"upstream_aigc": {"unreadable": "aigc_invalid"}}, ["3"]),
        ("a manifest that states trained media", {"upstream_c2pa": {"digital_source_types": [TRAINED]}}, ["1"]),
        ("a manifest of a camera", {"upstream_c2pa": {"digital_source_types": ["x/digitalCapture"]}}, []),
    ],
)
def test_no_label_of_an_input_is_dropped(name: str, facts: dict[str, Any], labels: list[str]) -> None:
    assert [label.label for label in provenance.inherited_labels([_record(**facts)])] == labels, name


def test_the_strongest_source_type_speaks_for_the_whole() -> None:
    assert provenance.strongest(["humanEdits", "algorithmicMedia", "algorithmicallyEnhanced"]) == "algorithmicMedia"
    assert provenance.strongest([]) == "digitalCreation"


def test_rights_of_an_input_that_may_not_be_published_win() -> None:
    sets = [
        {"rights": {"record": {"origin": "mine", "publishable": True}}},
        {"rights": {"record": {"origin": "found", "publishable": False}}},
    ]
    assert provenance.narrowest_rights(sets).origin == "found"


def _node_record(**changes: Any) -> dict[str, Any]:
    return {
        "fingerprint": "f",
        "parameters": {"faces": 8000},
        "inputs": {"mesh": "i"},
        "seed": {"requested": "0", "effective": None},
        "outputs": {"mesh": {"digestMultibase": "o", "size": 1}, "preview": {"digestMultibase": "p", "size": 1}},
        "state": "succeeded",
        "startedAt": "then",
        **changes,
    }


def _graph() -> JobGraph:
    node = GraphNode("decimate", "cap_x", "mesh-decimation", "1.0.0", "f", ("", ""), {}, {})
    return JobGraph("r", "1.0.0", "d", "n", 0, {}, {}, (node,), (Delivery("decimate.preview", "p.png", "preview"),))


@pytest.mark.parametrize(
    ("name", "now", "field"),
    [
        ("the same at another time", _node_record(startedAt="now"), None),
        ("another preview", _node_record(outputs={"mesh": {"digestMultibase": "o"}}), None),
        ("other code", _node_record(fingerprint="g"), "fingerprint"),
        ("another parameter", _node_record(parameters={"faces": 7999}), "parameters.faces"),
        ("a whole number for a fraction", _node_record(parameters={"faces": 8000.0}), "parameters.faces"),
        ("a parameter more", _node_record(parameters={"faces": 8000, "x": 1}), "parameters.x"),
        ("another input", _node_record(inputs={"mesh": "j"}), "inputs.mesh"),
        ("another seed", _node_record(seed={"effective": "1"}), "seed.effective"),
        ("another output", _node_record(outputs={"mesh": {"digestMultibase": "q"}}), "outputs.mesh"),
        ("an output less", _node_record(outputs={}), "outputs.mesh"),
        ("a failure", _node_record(state="failed"), "state"),
    ],
)
def test_the_first_field_that_differs_is_named(name: str, now: dict[str, Any], field: str | None) -> None:
    found = list(differences(_graph(), recorded={"decimate": _node_record()}, now={"decimate": now}))
    assert (found[0].field if found else None) == field, name


def test_a_node_that_never_ran_differs() -> None:
    found = list(differences(_graph(), recorded={"decimate": _node_record()}, now={}))
    assert found[0].node == "decimate"


def test_environments_are_compared_by_name() -> None:
    before = {"cpuLevel": "x86-64-v3", "packages": {"numpy": "1", "scipy": "1"}}
    now = {"cpuLevel": "x86-64-v2", "packages": {"numpy": "2", "scipy": "1"}}
    assert environment_differences(before, now) == ("cpuLevel", "packages.numpy")
    assert environment_differences(before, before) == ()
