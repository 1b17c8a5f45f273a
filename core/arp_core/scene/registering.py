"""From objects in a scene to a sealed file next to the scene; the disk's part, off the main thread.

The host has exported USD into a staging folder. Here its textures get names of
their own, identifiers and label are written into it, everything is moved next
to the scene, and the credential is written last.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core import typeid
from arp_core.clock import Clock
from arp_core.errors import ArpError, IntegrityError, UsageError
from arp_core.home import Home
from arp_core.paths import write_atomic
from arp_core.scene import placing, usd_textures
from arp_core.scene.host import SceneItem
from arp_core.scene.mark import Mark

if TYPE_CHECKING:
    from arp_core.audit.humanact import HumanAct
    from arp_core.identify.rights import Origin, RightsRecord
    from arp_core.stamp import StampFacts
    from arp_core.station import Station
    from arp_core.verify import Verification

_BY_HAND = "digitalCreation"


@dataclass(frozen=True)
class Registration:
    """What is to be sealed.

    Attributes:
        staged: The USD file the host wrote, alone in its folder with its textures.
        target: Where it goes.
        items: The objects, as they stood when they were exported.
        tool: The host and its version, as ``Blender 5.2.3``.
        origin: Where the work is from; None inherits from the parent.
        parent: The verified version it was made from, or None.
        note: What the artist says about it.
    """

    staged: Path
    target: Path
    items: tuple[SceneItem, ...]
    tool: str
    origin: Origin | None = None
    parent: Verification | None = None
    note: str = ""


@dataclass(frozen=True)
class Registered:
    """A sealed file, and what each object is to be stamped with."""

    file: Path
    credential_id: str
    marks: tuple[tuple[str, Mark], ...]


def scene_folder(scene_file: Path | None) -> Path:
    """Return the folder that registered files go into: that of the scene file.

    Raises:
        UsageError: ``scene_unsaved`` while the scene was never saved.
    """
    if scene_file is None:
        raise UsageError("scene_unsaved")
    return scene_file.parent


def staging(name: str) -> Path:
    """Return a path in a fresh private folder for the host to export ``name`` to."""
    return Path(tempfile.mkdtemp(prefix="arp-export-")) / name


def discard(staged: Path) -> None:
    """Remove a staging folder and all that is in it."""
    shutil.rmtree(staged.parent, ignore_errors=True)


def refuse_live_shapes(items: Sequence[SceneItem]) -> None:
    """Refuse objects whose visible shape is not their mesh: what is sealed must be what is seen.

    Raises:
        UsageError: ``scene_modifiers``.
    """
    for item in items:
        if item.modifiers:
            raise UsageError("scene_modifiers", name=item.name, modifiers=", ".join(item.modifiers))


def seal(request: Registration, *, scene_folder: Path | None, home: Home, clock: Clock) -> Registered:
    """Seal the export next to the scene and return what to stamp the objects with.

    Raises:
        ArpError: it could not be sealed; nothing of it is left beside the scene.
    """
    from arp_core.station import Station

    try:
        _refuse_unsealable(request.staged)
        station = Station.open(home, clock=clock)
        facts = _facts(request, station=station)
        textures = usd_textures.rename(request.staged, stem=request.target.stem)
        _stamp((request.staged, *textures), facts=facts)
        return _publish(request, textures, facts=facts, station=station, scene_folder=scene_folder)
    finally:
        discard(request.staged)


def _publish(
    request: Registration,
    textures: Sequence[Path],
    *,
    facts: StampFacts,
    station: Station,
    scene_folder: Path | None,
) -> Registered:
    from arp_core.credential.register import register_file
    from arp_core.verify import verify_sidecar

    beside = [request.target.parent / usd_textures.FOLDER / source.name for source in textures]
    written: list[Path] = []
    try:
        for source, texture in zip(textures, beside, strict=True):
            texture.parent.mkdir(exist_ok=True)
            write_atomic(texture, source.read_bytes(), overwrite=False)
            written.append(texture)
        write_atomic(request.target, request.staged.read_bytes(), overwrite=False)
        written.append(request.target)
        sealed = register_file(
            request.target,
            station=station,
            rights=_rights(request, home=station.home),
            parent=None if request.parent is None else request.parent.sidecar,
            note=request.note,
            human_act=_act(request, station=station),
            object_id=facts.object_id,
            credential_id=facts.credential_id,
            source_type=facts.digital_source_type,
            companions=[path.relative_to(request.target.parent).as_posix() for path in beside],
        )
        found = verify_sidecar(sealed.sidecar, home=station.home, clock=station.clock)
        if found.status != "verified":
            why = ", ".join(failure.code for failure in found.failures) or found.status
            raise IntegrityError("scene_result_not_verified", folder=request.target.parent, reason=why)
        marks = placing.marks(request.items, found=found, file=request.target, scene_folder=scene_folder)
    except ArpError:
        for path in (*written, *_sidecars(request.target)):
            path.unlink(missing_ok=True)
        raise
    return Registered(file=request.target, credential_id=sealed.id, marks=marks)


def _sidecars(target: Path) -> tuple[Path, Path]:
    return target.with_name(target.name + "_mts.json"), target.with_name(target.name + "_mts.records.json")


def _facts(request: Registration, *, station: Station) -> StampFacts:
    """Return what the USD says of itself: identifiers, and the label that no edit clears."""
    from arp_core.stamp import StampFacts, parse_label

    parent = request.parent
    object_id = typeid.new_id("obj") if parent is None else parent.object_id
    return StampFacts(
        asset_uri=f"arp:///{object_id}",
        version=str(1 if parent is None else parent.version + 1),
        credential_uri=f"arp:///{typeid.new_id('cred')}",
        sidecar_name=request.target.name + "_mts.json",
        producer=station.producer,
        digital_source_type=_source_type(parent),
        label=None if parent is None or parent.label is None else parse_label(dict(parent.label)),
    )


def _source_type(parent: Verification | None) -> str:
    """A person's edit of machine-made work stays what it was; other edits are by hand."""
    from arp_core.orchestrate.capability import SOURCE_TYPES

    if parent is None or parent.document is None:
        return _BY_HAND
    inherited = str(parent.document["credentialSubject"]["digitalSourceType"])
    return inherited if SOURCE_TYPES.get(inherited) is not None else "humanEdits"


def _refuse_unsealable(staged: Path) -> None:
    """Refuse meshes that another tool would change by opening them.

    Raises:
        InputError: ``mesh_not_sealable``.
    """
    from arp_core.geometry import file_meshes
    from arp_core.geometry.digest import require_sealable

    for mesh in file_meshes(staged):
        require_sealable(mesh)


def _stamp(files: Sequence[Path], *, facts: StampFacts) -> None:
    """Write identifiers and label into every file whose format holds them."""
    from arp_core.stamp import STAMPED_SUFFIXES, stamp_file

    for file in files:
        if file.suffix.lower() in STAMPED_SUFFIXES:
            stamp_file(file, file, facts=facts)


def _rights(request: Registration, *, home: Home) -> RightsRecord | None:
    from arp_core.identify.rights import RightsProfile, rights_for

    if request.origin is None:
        return None
    return rights_for(request.origin, profile=RightsProfile.load(home))


def _act(request: Registration, *, station: Station) -> HumanAct | None:
    """Return the record of the artist's edit, at the moment it is registered."""
    from arp_core.audit.humanact import record_act
    from arp_core.credential.register import station_actor

    if request.parent is None:
        return None
    return record_act(
        "edit",
        actor=station_actor(station.home),
        tool=request.tool,
        clock=station.clock,
        inputs=dict(request.parent.meshes),
        aspects=("geometry",),
        note=request.note,
    )
