"""The AI label at sealing: inherited, demanded by the source type, and never lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from arp_core.credential.parent import Parent
from arp_core.errors import InputError, IntegrityError
from arp_core.identify.asset import ASSET_URI, AssetVersion
from arp_core.orchestrate.capability import SOURCE_TYPES
from arp_core.station import Station

if TYPE_CHECKING:
    from arp_core.stamp.aigc import AigcLabel

_BEARING = frozenset((".glb", ".usd", ".usda", ".usdc", ".usdz", ".png", ".jpg", ".jpeg"))


@dataclass(frozen=True)
class Restored:
    """What a file is stamped with when its lost label is written back."""

    asset: AssetVersion
    credential_id: str
    sidecar_name: str
    station: Station


def bears_label(path: str) -> bool:
    """Return whether a file of this name carries the AI label inside."""
    return PurePosixPath(path).suffix.lower() in _BEARING


def check_label(folder: Path, listed: Sequence[str], *, source_type: str, label: Mapping[str, str] | None) -> None:
    """Refuse to seal what would not verify.

    Raises:
        InputError: ``source_type_unknown``; ``label_required`` where the source type demands one.
        IntegrityError: ``label_lost`` naming the file that does not carry it.
    """
    if source_type not in SOURCE_TYPES:
        raise InputError("source_type_unknown", value=source_type)
    if label is None:
        if SOURCE_TYPES[source_type] is not None:
            raise InputError("label_required", source_type=source_type)
        return
    for path in listed:
        if bears_label(path):
            found = _read_label(folder.joinpath(*PurePosixPath(path).parts))
            if found is None or found.to_json() != dict(label):
                raise IntegrityError("label_lost", name=path)


def label_and_source(
    path: Path, *, parent: Parent | None, source_type: str | None, restored_as: Restored | None
) -> tuple[AigcLabel | None, str]:
    """Return the label and source type under which a single file is registered.

    The parent's label is inherited and must still stand in the file, or is
    written back where ``restored_as`` says how. Without a parent the file's own
    stamp speaks for it.

    Raises:
        IntegrityError: ``label_lost``. InputError: the file cannot be read or stamped.
    """
    inherited = _label_of(parent)
    found = _read_label(path) if bears_label(path.name) else None
    chosen = source_type or _source_type(path, parent=parent, label=inherited or found)
    if inherited is None or not bears_label(path.name):
        return inherited or found, chosen
    if found != inherited:
        if restored_as is None:
            raise IntegrityError("label_lost", name=path.name)
        _restore(path, label=inherited, source_type=chosen, how=restored_as)
    return inherited, chosen


def _label_of(parent: Parent | None) -> AigcLabel | None:
    if parent is None or parent.label is None:
        return None
    from arp_core.stamp.aigc import parse_label

    return parse_label(parent.label)


def _read_label(path: Path) -> AigcLabel | None:
    from arp_core.stamp import read_label

    try:
        return read_label(path)
    except ImportError as error:  # USD without its library: neither label nor geometry can be read
        raise InputError("library_missing", file=path.name, detail=error.name or str(error)) from error


def _restore(path: Path, *, label: AigcLabel, source_type: str, how: Restored) -> None:
    from arp_core.credential.relabel import restore_label
    from arp_core.stamp.facts import StampFacts

    facts = StampFacts(
        asset_uri=how.asset.uri,
        version=str(how.asset.number),
        credential_uri=ASSET_URI + how.credential_id,
        sidecar_name=how.sidecar_name,
        producer=how.station.producer,
        digital_source_type=source_type,
        label=label,
    )
    restore_label(path, facts=facts, home=how.station.home)


def _source_type(path: Path, *, parent: Parent | None, label: AigcLabel | None) -> str:
    """A person's edit of machine-made work stays what it was; other edits are by hand."""
    if parent is not None:
        return parent.source_type if SOURCE_TYPES.get(parent.source_type) is not None else "humanEdits"
    if bears_label(path.name):
        from arp_core.stamp import read_facts

        facts = read_facts(path)
        if facts is not None:
            return facts.digital_source_type
    if label is not None and label.label == "1":
        return "compositeWithTrainedAlgorithmicMedia"
    return "digitalCreation"
