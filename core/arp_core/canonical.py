"""Canonical JSON (RFC 8785) out, and one strict reader in.

The reader refuses what two readers could understand differently: duplicate
keys, NaN and infinities, lone surrogates, and, where asked, any byte that is
not the canonical form. It limits size and depth before it parses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from arp_core.errors import InputError

#: A parsed JSON object; values are whatever JSON holds.
JsonObject = dict[str, Any]

DEFAULT_LIMIT = 1 << 20
DEFAULT_DEPTH = 32
#: Values in one document: each costs a parser far more than its bytes.
DEFAULT_VALUES = 200_000
#: JSON numbers are exact below this (RFC 8785 §3.1, I-JSON).
_EXACT = 1 << 53


def canonicalize(value: object) -> bytes:
    """Return the RFC 8785 bytes of ``value``.

    Where a document holds nothing in which RFC 8785 and the standard library's
    encoder could differ (:func:`_is_plain`, ASCII only), the latter writes it,
    an order of magnitude faster; everything else goes through ``rfc8785``.

    Raises:
        InputError: ``json_unrepresentable`` for integers of 2**53 and more, NaN,
            infinities, lone surrogates, and types JSON does not have.
    """
    if _is_plain(value):
        text = _plain_encoder.encode(value)
        # Keys sort by code point here and by UTF-16 unit there: the same in ASCII.
        if text.isascii():
            return text.encode("ascii")
    import rfc8785

    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # its recursive type rejects Mapping[str, object]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise InputError("json_unrepresentable", reason=str(error) or type(error).__name__) from error


_plain_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def _is_plain(value: object, depth: int = DEFAULT_DEPTH) -> bool:
    """Return whether ``value`` is made of text, exact integers, true, false and null only."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -_EXACT < value < _EXACT  # type: ignore[operator]  # mypy does not narrow by type()
    if depth == 0:
        return False
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # the same
            if type(key) is not str or not (type(item) is str or _is_plain(item, depth - 1)):
                return False
        return True
    if kind is list or kind is tuple:
        return all(type(item) is str or _is_plain(item, depth - 1) for item in value)  # type: ignore[attr-defined]  # the same
    return False


def read_json(
    data: bytes,
    *,
    name: str,
    limit: int = DEFAULT_LIMIT,
    depth: int = DEFAULT_DEPTH,
    values: int = DEFAULT_VALUES,
    canonical: bool = False,
) -> JsonObject:
    """Return the JSON object that ``data`` holds.

    Args:
        data: The file's bytes.
        name: The file's name, for the message.
        limit: Largest accepted size in bytes.
        depth: Deepest accepted nesting of objects and arrays.
        values: Most members and elements accepted, over the whole document.
        canonical: Require ``data`` to be the exact RFC 8785 form.

    Raises:
        InputError: ``json_too_large``, ``json_too_deep``, ``json_too_many_values``,
            ``json_malformed``, ``json_duplicate_key``, ``json_not_a_number`` or ``json_not_canonical``.
    """
    if len(data) > limit:
        raise InputError("json_too_large", name=name, limit=limit)
    _refuse_shape(data, name=name, depth=depth, values=values)

    def pairs(items: list[tuple[str, Any]]) -> JsonObject:
        found: JsonObject = {}
        for key, value in items:
            if key in found:
                raise InputError("json_duplicate_key", name=name, key=key)
            found[key] = value
        return found

    def constant(value: str) -> NoReturn:
        raise InputError("json_not_a_number", name=name, value=value)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise InputError("json_malformed", name=name, reason=str(error)) from error
    if not isinstance(value, dict):
        raise InputError("json_malformed", name=name, reason="an object is expected")
    if canonical:
        _require_canonical(value, data, name=name)
    return value


def _require_canonical(value: Mapping[str, Any], data: bytes, *, name: str) -> None:
    try:
        written = canonicalize(value)
    except InputError as error:
        raise InputError("json_malformed", name=name, reason=str(error.facts.get("reason", error.code))) from error
    if written != data:
        raise InputError("json_not_canonical", name=name)


def _refuse_shape(data: bytes, *, name: str, depth: int, values: int) -> None:
    """Bound the parser's recursion and the number of its values before it starts.

    Everything outside strings is looked at, without a step of Python for every
    byte: strings are cut out, and one pass takes away the innermost brackets.
    """
    plain = b"".join(data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    brackets = plain.translate(_ONE_KIND, _NO_BRACKET)
    for _ in range(depth):
        shorter = brackets.replace(b"[]", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    if b"[]" in brackets or brackets.count(b"[") > depth:
        raise InputError("json_too_deep", name=name, limit=depth)
    if brackets:
        raise InputError("json_malformed", name=name, reason="its brackets do not match")
    if plain.count(b",") + plain.count(b"[") + plain.count(b"{") > values:
        raise InputError("json_too_many_values", name=name, limit=values)


_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
