"""The strict JSON reader refuses everything that two readers could understand differently."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from arp_core import canonical
from arp_core.errors import InputError

REFUSED = {
    "duplicate key": (b'{"a":1,"a":1}', "json_duplicate_key"),
    "duplicate key, nested": (b'{"b":[{"a":1,"a":2}]}', "json_duplicate_key"),
    "duplicate key, spelled with an escape": (b'{"a":1,"\\u0061":2}', "json_duplicate_key"),
    "NaN": (b'{"a":NaN}', "json_not_a_number"),
    "infinity": (b'{"a":-Infinity}', "json_not_a_number"),
    "truncated": (b'{"a":', "json_malformed"),
    "an array": (b"[1]", "json_malformed"),
    "not UTF-8": (b'{"a":"\xff"}', "json_malformed"),
    "a byte-order mark": (b'\xef\xbb\xbf{"a":1}', "json_malformed"),
    "10 MB of nesting": (b'{"a":' + b"[" * 10_000_000, "json_too_large"),
    "a million levels": (b'{"a":' + b"[" * 1_000_000, "json_too_deep"),
    "33 levels": (b'{"a":' + b"[" * 33 + b"]" * 33 + b"}", "json_too_deep"),
    "an integer of 5000 digits": (b'{"a":' + b"9" * 5000 + b"}", "json_malformed"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        canonical.read_json(data, name="x.json")
    assert caught.value.code == code


NOT_CANONICAL = {
    "space": b'{"a": 1}',
    "order": b'{"b":1,"a":1}',
    "number spelling": b'{"a":1.0}',
    "needless escape": b'{"a":"\\u0041"}',
    "trailing newline": b'{"a":1}\n',
    "negative zero": b'{"a":-0}',
}


@pytest.mark.parametrize("data", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_only_the_one_canonical_form_is_read_where_it_is_required(data: bytes) -> None:
    assert canonical.read_json(data, name="x.json")
    with pytest.raises(InputError, match="json_not_canonical"):
        canonical.read_json(data, name="x.json", canonical=True)


def test_brackets_inside_strings_do_not_count_as_depth() -> None:
    assert canonical.read_json(b'{"a":"' + b"[" * 500 + b'\\""}', name="x.json")


def test_a_whole_number_too_large_to_be_exact_is_refused_when_read() -> None:
    with pytest.raises(InputError, match="json_malformed"):
        canonical.read_json(b'{"a":9007199254740992}', name="x.json", canonical=True)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {1: 2}])
def test_what_json_cannot_say_is_not_written(value: object) -> None:
    with pytest.raises(InputError, match="json_unrepresentable"):
        canonical.canonicalize({"a": value})


def _reads_back_as_a_float(value: float) -> bool:
    """Whole floats from 2**53 to 1e21 are spelled like integers, which the reader refuses as inexact."""
    return not (value.is_integer() and 2**53 <= abs(value) < 1e21)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(_reads_back_as_a_float)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), _json, max_size=5))
def test_what_is_written_reads_back_as_canonical_and_equal(value: dict[str, object]) -> None:
    data = canonical.canonicalize(value)
    assert canonical.read_json(data, name="x.json", canonical=True) == json.loads(data)
    assert canonical.canonicalize(json.loads(data)) == data


@given(_json)
def test_both_ways_of_writing_agree(value: object) -> None:
    assert canonical.canonicalize({"a": value}) == rfc8785.dumps({"a": value})


@given(st.text(st.characters(max_codepoint=0x7F)), st.text(st.characters(max_codepoint=0x7F)))
def test_both_ways_of_writing_agree_on_every_ascii_character(key: str, text: str) -> None:
    value = {key: [text, {text: key}], "\x7f": (1, True, None)}
    assert canonical.canonicalize(value) == rfc8785.dumps(value)


def test_deep_documents_do_not_exhaust_the_stack() -> None:
    value: dict[str, object] = {}
    for _ in range(100):
        value = {"a": value}
    assert canonical.canonicalize(value) == rfc8785.dumps(value)
