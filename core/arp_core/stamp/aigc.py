"""The implicit label of AI-generated content after GB 45438-2025.

Seven string keys under a field whose name contains ``AIGC``. In JSON containers
the label is wrapped (``{"AIGC": {…}}``), in XMP and PNG text it is the inner
object; :func:`read_label_value` takes both, and both as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arp_core.canonical import read_json
from arp_core.errors import InputError
from arp_core.orchestrate.capability import SOURCE_TYPES

#: Field of the dataclass → key of the standard, in the standard's order.
KEYS: dict[str, str] = {
    "label": "Label",
    "content_producer": "ContentProducer",
    "produce_id": "ProduceID",
    "reserved_code1": "ReservedCode1",
    "content_propagator": "ContentPropagator",
    "propagate_id": "PropagateID",
    "reserved_code2": "ReservedCode2",
}
#: "1" is AI-made, "2" may be, "3" is suspected to be.
LABELS = ("1", "2", "3")
_LONGEST = 1024


@dataclass(frozen=True)
class AigcLabel:
    """One label; a file carries at most one.

    Every value is visible ASCII without space, quote or backslash (so a code,
    never a person's or company's written name); all but the first may be empty.

    Raises:
        InputError: ``aigc_invalid`` naming the key at fault.
    """

    label: str
    content_producer: str = ""
    produce_id: str = ""
    reserved_code1: str = ""
    content_propagator: str = ""
    propagate_id: str = ""
    reserved_code2: str = ""

    def __post_init__(self) -> None:
        for field, key in KEYS.items():
            value = getattr(self, field)
            if not _is_plain(value) or (field == "label" and value not in LABELS):
                raise InputError("aigc_invalid", key=key)

    def to_json(self) -> dict[str, str]:
        """Return the inner object: the standard's seven keys."""
        return {key: getattr(self, field) for field, key in KEYS.items()}

    def to_text(self) -> str:
        """Return the inner object as compact JSON text, keys in the standard's order."""
        return json.dumps(self.to_json(), separators=(",", ":"))


def _is_plain(value: object) -> bool:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    return all("!" <= letter <= "~" and letter not in "\"'\\" for letter in value)


def parse_label(value: object) -> AigcLabel:
    """Return a label that follows the standard to the letter.

    Args:
        value: The wrapped or the inner object, or either as JSON text.

    Raises:
        InputError: ``aigc_invalid`` naming the key that is missing, unknown or wrong.
    """
    inner = _inner(value)
    for key in sorted(inner.keys() ^ set(KEYS.values())):
        raise InputError("aigc_invalid", key=key)
    return AigcLabel(**{field: inner[key] for field, key in KEYS.items()})  # type: ignore[arg-type]  # checked on creation


def read_label_value(value: object) -> AigcLabel:
    """Return the label that a foreign file carries, kept however badly it was written.

    A label may not be lost on the way, so a value that breaks the standard
    becomes empty, and a ``Label`` that cannot be understood becomes "3" (suspected).

    Args:
        value: The wrapped or the inner object, or either as JSON text.
    """
    try:
        inner = _inner(value)
    except InputError:
        inner = {}
    kept = {field: inner[key] for field, key in KEYS.items() if _is_plain(inner.get(key))}
    if kept.get("label") not in LABELS:
        kept["label"] = "3"
    return AigcLabel(**kept)  # type: ignore[arg-type]  # _is_plain holds strings only


def _inner(value: object) -> Mapping[str, object]:
    if isinstance(value, str):
        value = read_json(value.encode("utf-8", "surrogatepass"), name="AIGC", limit=1 << 16, depth=4)
    if isinstance(value, Mapping) and set(value) == {"AIGC"}:
        value = value["AIGC"]
        if isinstance(value, str):
            value = read_json(value.encode("utf-8", "surrogatepass"), name="AIGC", limit=1 << 16, depth=4)
    if not isinstance(value, Mapping):
        raise InputError("aigc_invalid", key="AIGC")
    return value


def derive_label(
    source_types: Iterable[str], inherited: Iterable[AigcLabel | None], producer: str, produce_id: str
) -> AigcLabel | None:
    """Return the label of a file made by these steps from these inputs, or None where none is due.

    A step that is AI-made gives "1" with this producer. Otherwise the strongest
    inherited label is kept as it is ("1" before "2" before "3"; the first among
    equals): no human edit clears it.

    Args:
        source_types: Declared IPTC digital source types of the steps.
        inherited: Labels of the inputs.
        producer: Code of the producing service or station.
        produce_id: The producer's identifier of this content.

    Raises:
        InputError: ``source_type_unknown``, or ``aigc_invalid`` for producer or identifier.
    """
    own: set[str | None] = set()
    for source_type in source_types:
        if source_type not in SOURCE_TYPES:
            raise InputError("source_type_unknown", value=source_type)
        own.add(SOURCE_TYPES[source_type])
    kept = sorted((label for label in inherited if label is not None), key=lambda label: label.label)
    made = min((value for value in own if value is not None), default=None)
    if made is not None and (not kept or made <= kept[0].label):
        return AigcLabel(label=made, content_producer=producer, produce_id=produce_id)
    return kept[0] if kept else None
