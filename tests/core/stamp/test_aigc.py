"""The label of GB 45438-2025: form, reading of foreign labels, derivation."""

from __future__ import annotations

import json

import pytest

from arp_core.errors import InputError
from arp_core.orchestrate.capability import SOURCE_TYPES
from arp_core.stamp.aigc import AigcLabel, derive_label, parse_label, read_label_value

INNER = {
    "Label": "1",
    "ContentProducer": "91110000ABC",
    "ProduceID": "p-1",
    "ReservedCode1": "",
    "ContentPropagator": "",
    "PropagateID": "",
    "ReservedCode2": "",
}
LABEL = AigcLabel(label="1", content_producer="91110000ABC", produce_id="p-1")

FORMS = {
    "inner": INNER,
    "wrapped": {"AIGC": INNER},
    "inner_text": json.dumps(INNER),
    "wrapped_text": json.dumps({"AIGC": INNER}),
    "wrapped_inner_text": {"AIGC": json.dumps(INNER)},
}


@pytest.mark.parametrize("name", FORMS)
def test_reads_both_forms(name):
    assert parse_label(FORMS[name]) == LABEL
    assert read_label_value(FORMS[name]) == LABEL


def test_writes_the_seven_keys_in_order():
    assert LABEL.to_json() == INNER
    assert json.loads(LABEL.to_text()) == INNER
    assert list(LABEL.to_json()) == list(INNER)


BAD = {
    "label_unknown": ({"Label": "4"}, "Label"),
    "label_empty": ({"Label": ""}, "Label"),
    "label_number": ({"Label": 1}, "Label"),
    "chinese_name": ({"ContentProducer": "某公司"}, "ContentProducer"),
    "space": ({"ContentProducer": "a b"}, "ContentProducer"),
    "quote": ({"ProduceID": 'a"b'}, "ProduceID"),
    "apostrophe": ({"ProduceID": "a'b"}, "ProduceID"),
    "backslash": ({"PropagateID": "a\\b"}, "PropagateID"),
    "control": ({"ReservedCode1": "a\n"}, "ReservedCode1"),
    "null": ({"ReservedCode2": None}, "ReservedCode2"),
    "too_long": ({"ReservedCode2": "a" * 2000}, "ReservedCode2"),
    "unknown_key": ({"Prompt": "x"}, "Prompt"),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses(name):
    change, key = BAD[name]
    with pytest.raises(InputError) as caught:
        parse_label({**INNER, **change})
    assert (caught.value.code, caught.value.facts["key"]) == ("aigc_invalid", key)


def test_refuses_a_missing_key():
    with pytest.raises(InputError) as caught:
        parse_label({key: value for key, value in INNER.items() if key != "ProduceID"})
    assert caught.value.facts["key"] == "ProduceID"


FOREIGN = {
    "chinese_name_is_dropped": ({**INNER, "ContentProducer": "某公司"}, AigcLabel("1", produce_id="p-1")),
    "only_a_label": ({"Label": "2"}, AigcLabel("2")),
    "label_as_number": ({"Label": 1}, AigcLabel("3")),
    "not_json": ("AI generated", AigcLabel("3")),
    "list": ([1], AigcLabel("3")),
    "empty": ({}, AigcLabel("3")),
    "lone_surrogate": ("\ud800", AigcLabel("3")),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_label_is_never_lost(name):
    value, expected = FOREIGN[name]
    assert read_label_value(value) == expected


OWN = AigcLabel("1", "did:key:z6Mk", "cred_1")
MAY = AigcLabel("2", "other")
SUSPECTED = AigcLabel("3")
DERIVED = {
    "made_here": (["algorithmicMedia"], [], OWN),
    "trained": (["digitalCreation", "trainedAlgorithmicMedia"], [None], OWN),
    "hand_made": (["digitalCreation"], [], None),
    "nothing": ([], [], None),
    "human_edits_do_not_clear": (["humanEdits"], [None, LABEL], LABEL),
    "strongest_is_kept": (["humanEdits"], [SUSPECTED, MAY], MAY),
    "own_work_beats_weaker": (["trainedAlgorithmicMedia"], [MAY, SUSPECTED], OWN),
    "enhanced_keeps_suspicion": (["algorithmicallyEnhanced"], [SUSPECTED], SUSPECTED),
}


@pytest.mark.parametrize("name", DERIVED)
def test_derives(name):
    source_types, inherited, expected = DERIVED[name]
    assert derive_label(source_types, inherited, "did:key:z6Mk", "cred_1") == expected


@pytest.mark.parametrize("source_type", SOURCE_TYPES)
def test_every_declared_source_type_has_an_answer(source_type):
    found = derive_label([source_type], [], "p", "1")
    assert (found.label if found else None) == SOURCE_TYPES[source_type]


def test_refuses_an_unknown_source_type():
    with pytest.raises(InputError) as caught:
        derive_label(["magic"], [], "p", "1")
    assert caught.value.code == "source_type_unknown"
