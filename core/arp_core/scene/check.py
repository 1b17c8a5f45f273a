"""The scene check: for every asset in a scene, the file *and* the geometry in view of it.

Runs off the main thread, on copies of the scene's meshes. "Verified" is said
only when the sealed file verifies now and every mesh in the scene has the
digest that was signed. A failed check is a state with reasons, never an
exception.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.clock import Clock
from arp_core.errors import ArpError
from arp_core.home import Home
from arp_core.scene import finding, frames, preview
from arp_core.scene.asset import Reason, SceneAsset, Whereabouts
from arp_core.scene.finding import Sealed
from arp_core.scene.host import SceneItem
from arp_core.scene.kept import Connect, Kept
from arp_core.scene.mark import Mark
from arp_core.scene.states import PRECEDENCE, State, worst
from arp_core.trust import TrustList

if TYPE_CHECKING:
    from arp_core.geometry.compare import Difference
    from arp_core.geometry.mesh import Mesh
    from arp_core.verify import Failure, Verification

_SCALE_TOLERANCE = 1e-4

#: What is said of something that is not at its place.
_TOLD: dict[Whereabouts, str] = {
    "sidecar_gone": "scene_sidecar_gone",
    "file_gone": "scene_copy_kept",
    "copy_gone": "scene_copy_gone",
}


@dataclass(frozen=True)
class _Judged:
    state: State
    reasons: tuple[Reason, ...] = ()


def check_scene(
    items: Sequence[SceneItem],
    *,
    scene_folder: Path | None,
    home: Home,
    clock: Clock,
    connect: Connect | None = None,
) -> tuple[SceneAsset, ...]:
    """Return the state of every asset among ``items``, worst first, then by name.

    Args:
        items: Objects of the governed collections, with copies of their meshes.
        scene_folder: Where the scene file is saved; None while it is not.
        home: The station whose trust list counts.
        clock: What "now" is.
        connect: How to reach a bridge for what is not at its place; None where none answers.
    """
    kept = Kept(home, connect=connect)
    groups: dict[tuple[str, str], list[SceneItem]] = {}
    assets: list[SceneAsset] = []
    for item in items:
        if item.mark is None:
            assets.append(_unsigned(item))
        else:
            groups.setdefault((item.mark.credential, item.mark.path), []).append(item)
    assets.extend(
        check_asset(tuple(group), scene_folder=scene_folder, home=home, clock=clock, kept=kept)
        for group in groups.values()
    )
    return in_order(assets)


def in_order(assets: Iterable[SceneAsset]) -> tuple[SceneAsset, ...]:
    """Return assets as they are listed: worst first, then by name."""
    return tuple(sorted(assets, key=lambda asset: (PRECEDENCE.index(asset.state), asset.name)))


def check_asset(
    members: tuple[SceneItem, ...], *, scene_folder: Path | None, home: Home, clock: Clock, kept: Kept
) -> SceneAsset:
    """Return the state of one asset: objects that carry the mark of one credential and file."""
    first = members[0]
    mark = first.mark
    if mark is None:
        return _unsigned(first)
    file = mark.file(scene_folder=scene_folder)
    try:
        with finding.sealed(mark, file=file, home=home, clock=clock, kept=kept) as sealed:
            judged = _judge(members, mark=mark, file=file, sealed=sealed)
    except ArpError as error:
        judged = _Judged("unknown", (Reason(error.code, error.facts),))
        return _asset(members, mark=mark, file=file, judged=judged, sealed=None, may_register=False)
    may_register = judged.state == "edited" and _may_register(home, clock=clock)
    if judged.state == "edited" and not may_register:
        # Nobody who may seal the next version has claimed this change.
        judged = _Judged("modified", judged.reasons)
    issuer = _issuer(sealed.found, home=home)
    return _asset(members, mark=mark, file=file, judged=judged, sealed=sealed, may_register=may_register, issuer=issuer)


def _issuer(found: Verification, *, home: Home) -> str:
    """Return the note under which this station trusts the issuer."""
    return next((entry.note for entry in TrustList.load(home).known(found.issuer) if entry.note), "")


def _may_register(home: Home, *, clock: Clock) -> bool:
    """Whether this station's own key stands in the trust list as a station now."""
    from arp_core.station import Station

    try:
        station = Station.open(home, clock=clock)
        return station.trust().find(station.key.did, role="station", at=clock()) is not None
    except ArpError:
        return False  # a locked key or a damaged list may not seal; verifying has already said so


def _judge(members: tuple[SceneItem, ...], *, mark: Mark, file: Path, sealed: Sealed) -> _Judged:
    """Return the verdict on the file if it is not clean, else that on the scene against it."""
    found = sealed.found
    whereabouts = _whereabouts(sealed, file=file)
    if found.status != "verified":
        state: State = found.status
        return _Judged(state, (*(_failure(failure) for failure in found.failures), *whereabouts.reasons))
    if found.credential_id != mark.credential or found.sidecar_sha256 != mark.sidecar_sha256:
        return _Judged("modified", (Reason("scene_other_credential", {"file": file.name}),))
    signed = signed_meshes(found, file=file)
    meshes = _SealedFile(sealed.file)
    judged = [_judge_item(item, signed=signed, sealed=meshes) for item in members]
    judged.insert(0, whereabouts)
    placed = {item.mark.mesh for item in members if item.mark is not None}
    missing = sorted(set(signed) - placed)
    if missing:
        judged.append(_Judged("edited", (Reason("scene_parts_missing", {"parts": ", ".join(missing)}),)))
    state = worst(tuple(each.state for each in judged))
    decisive = [reason for each in judged if each.state == state for reason in each.reasons]
    further = [reason for each in judged if each.state != state for reason in each.reasons]
    if state == "unknown" and not further:
        further.append(Reason("scene_mesh_as_sealed"))
    return _Judged(state, (*decisive, *further))


def _whereabouts(sealed: Sealed, *, file: Path) -> _Judged:
    """Return what is said of something that is not at its place.

    A file that is gone is never "verified", however intact its copy is. A
    credential that is kept elsewhere is as good as one beside the file, and told.
    """
    if sealed.kept == "beside":
        return _Judged("verified")
    facts = {"file": file.name, "folder": str(file.parent)}
    state: State = "verified" if sealed.kept == "sidecar_gone" else "unknown"
    return _Judged(state, (Reason(_TOLD[sealed.kept], facts),))


def _failure(failure: Failure) -> Reason:
    return Reason(failure.code, failure.facts())


def signed_meshes(found: Verification, *, file: Path) -> dict[str, str]:
    """Return the signed geometry digests of ``file``: mesh key -> multibase multihash.

    The credential lists ``file#mesh``, the file relative to the credential.
    """
    relative = relative_name(found, file=file)
    listed = ((key.partition("#"), digest) for key, digest in found.meshes.items())
    return {mesh: digest for (where, _mark, mesh), digest in listed if where == relative}


def relative_name(found: Verification, *, file: Path) -> str:
    """Return ``file`` as the credential that was found for it names it: relative to the credential, in NFC."""
    folder = file.parent if found.sidecar is None else found.sidecar.parent
    relative = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    return unicodedata.normalize("NFC", relative)


class _SealedFile:
    """The sealed file's meshes, read only if something differs, and then once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._meshes: dict[str, Mesh] | None = None

    def mesh(self, key: str) -> Mesh | None:
        from arp_core.geometry import file_meshes

        if self._meshes is None:
            # Where no copy is left, that something differs can be told, but not what.
            self._meshes = {mesh.key: mesh for mesh in file_meshes(self._file)} if self._file.exists() else {}
        return self._meshes.get(key)


def _judge_item(item: SceneItem, *, signed: dict[str, str], sealed: _SealedFile) -> _Judged:
    """Return the verdict on one object of an asset whose file is intact."""
    if item.mesh is None:
        return _Judged("not_compared", (Reason("scene_not_readable", {"name": item.name}),))
    key = item.mark.mesh if item.mark is not None else ""
    expected = signed.get(key)
    if expected is None:
        return _Judged("modified", (Reason("scene_mesh_not_listed", {"name": item.name}),))
    beside = _beside(item)
    try:
        if expected in frames.digests(item.mesh):
            return beside
        mesh = sealed.mesh(key)
        difference = None if mesh is None else frames.explain_nearest(mesh, item.mesh)
    except ArpError as error:
        return _Judged("edited", (Reason(error.code, error.facts), *beside.reasons))
    if difference is None:
        return _Judged("edited", (Reason("scene_changed", {"name": item.name}), *beside.reasons))
    state: State = "edited" if difference.kind == "edited" else "reexported"
    return _Judged(worst((state, beside.state)), (describe(difference, name=item.name), *beside.reasons))


def describe(difference: Difference, *, name: str) -> Reason:
    """Return what changed, as a sentence's key and its values."""
    facts: dict[str, object] = {
        "name": name,
        "moved": difference.moved,
        "added": difference.added,
        "removed": difference.removed,
        "deviation": length(difference.largest_deviation),
    }
    if difference.kind != "edited":
        return Reason(f"scene_difference_{difference.kind}", facts)
    if difference.added or difference.removed:
        return Reason("scene_difference_reshaped", facts)
    code = "scene_difference_moved_one" if difference.moved == 1 else "scene_difference_moved"
    # A vertex torn from its twin on a seam leaves nothing behind to measure from.
    return Reason(code if difference.largest_deviation > 0 else f"{code}_somewhere", facts)


def length(metres: float) -> str:
    """Return a length with the unit it reads best in."""
    for factor, unit in ((1.0, "m"), (100.0, "cm"), (1000.0, "mm")):
        if metres * factor >= 1 or unit == "mm":
            return f"{metres * factor:.3g} {unit}"
    raise AssertionError


def _beside(item: SceneItem) -> _Judged:
    """Return what stands beside the geometry: live modifiers and the object's scale."""
    if item.modifiers:
        return _Judged(
            "edited", (Reason("scene_modifiers", {"name": item.name, "modifiers": ", ".join(item.modifiers)}),)
        )
    x, y, z = item.scale
    largest = max(abs(x), abs(y), abs(z))
    if min(x, y, z) < 0 or max(abs(x - y), abs(y - z)) > _SCALE_TOLERANCE * max(largest, 1.0):
        return _Judged("edited", (Reason("scene_scaled_unevenly", {"name": item.name}),))
    if abs(x - 1.0) > _SCALE_TOLERANCE:
        return _Judged("verified", (Reason("scene_scaled", {"name": item.name, "percent": f"{x * 100:.0f}"}),))
    return _Judged("verified")


def _unsigned(item: SceneItem) -> SceneAsset:
    return SceneAsset(key=item.key, name=item.name, state="unsigned", members=(item.key,), may_register=True)


def _asset(
    members: tuple[SceneItem, ...],
    *,
    mark: Mark,
    file: Path,
    judged: _Judged,
    sealed: Sealed | None,
    may_register: bool,
    issuer: str = "",
) -> SceneAsset:
    found = None if sealed is None else sealed.found
    return SceneAsset(
        key=members[0].key,
        name=members[0].name,
        state=judged.state,
        members=tuple(item.key for item in members),
        version=None if found is None or not found.version else found.version,
        reasons=judged.reasons,
        mark=mark,
        file=file,
        verification=found,
        issuer=issuer,
        may_register=may_register,
        kept="beside" if sealed is None else sealed.kept,
        preview=None if found is None else preview.of(found),
    )
