"""Parameters held against their declared types, bounds and choices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from arp_core.errors import InputError
from arp_core.orchestrate.capability import JsonScalar, Parameter

#: A seed is kept inside what every JSON reader and every framework represents exactly.
LARGEST_SEED = 2**53 - 1


def complete(given: Mapping[str, JsonScalar], *, declared: Sequence[Parameter], where: str) -> dict[str, JsonScalar]:
    """Return every declared parameter: the given value, else its default.

    Args:
        given: Values by name.
        declared: The specification's parameters.
        where: What the parameters belong to, for the message.

    Raises:
        InputError: ``parameter_unknown``, ``parameter_type``, ``parameter_bounds``
            or ``parameter_choice``, naming the parameter.
    """
    names = {item.name for item in declared}
    for name in given:
        if name not in names:
            raise InputError("parameter_unknown", name=name, where=where, known=", ".join(sorted(names)) or "–")
    return {item.name: check(given.get(item.name, item.default), declared=item) for item in declared}


def check(value: JsonScalar, *, declared: Parameter) -> JsonScalar:
    """Return ``value`` in its declared type if it is allowed.

    Raises:
        InputError: ``parameter_type``, ``parameter_bounds`` or ``parameter_choice``.
    """
    typed = _typed(value, declared=declared)
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        low = -math.inf if declared.minimum is None else declared.minimum
        high = math.inf if declared.maximum is None else declared.maximum
        if not low <= typed <= high:
            raise InputError(
                "parameter_bounds", name=declared.name, value=value, minimum=low, maximum=high, unit=declared.unit
            )
    if declared.choices and typed not in declared.choices:
        raise InputError("parameter_choice", name=declared.name, value=value, choices=", ".join(declared.choices))
    return typed


def _typed(value: JsonScalar, *, declared: Parameter) -> JsonScalar:
    if declared.type == "boolean" and isinstance(value, bool):
        return value
    if declared.type == "string" and isinstance(value, str):
        return value
    if not isinstance(value, bool):
        if declared.type == "integer" and isinstance(value, int):
            return value
        if declared.type == "number" and isinstance(value, int | float) and _fits_a_float(value):
            return float(value)
    raise InputError("parameter_type", name=declared.name, value=value, type=declared.type)


def _fits_a_float(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # JSON integers have no upper end, floats do
        return False


def check_seed(text: str) -> int:
    """Return the seed that ``text`` spells in decimal.

    Raises:
        InputError: ``seed_invalid`` unless it is an integer from 0 to 2**53 − 1.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= LARGEST_SEED):
        raise InputError("seed_invalid", value=text[:40], maximum=LARGEST_SEED)
    return int(text)
