"""Which object of the scene is which sealed mesh, told by the geometry itself and not by names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from arp_core.errors import IntegrityError
from arp_core.scene import frames
from arp_core.scene.host import SceneItem
from arp_core.scene.mark import Mark, spell_path

if TYPE_CHECKING:
    from arp_core.verify import Verification

#: An object's key and what to stamp it with.
Marks: TypeAlias = tuple[tuple[str, Mark], ...]


def marks(items: Sequence[SceneItem], *, found: Verification, file: Path, scene_folder: Path | None) -> Marks:
    """Return the marks of freshly imported or exported objects.

    Each object takes the key of the sealed mesh whose digest it has. Where an
    importer altered a mesh, the only one left takes the only key left, and the
    check then says what differs.

    Args:
        items: The objects, with copies of their meshes.
        found: The verification of ``file``.
        file: The sealed geometry file.
        scene_folder: Where the scene file is saved, or None.

    Raises:
        IntegrityError: ``scene_mesh_not_recognised`` when an object cannot be told.
    """
    from arp_core.scene.check import signed_meshes

    keys_by_digest: dict[str, list[str]] = {}
    for key, digest in sorted(signed_meshes(found, file=file).items()):
        keys_by_digest.setdefault(digest, []).append(key)
    told: dict[str, str] = {}
    untold: list[SceneItem] = []
    for item in items:
        if item.mesh is None:
            continue
        keys = next((keys_by_digest[digest] for digest in frames.digests(item.mesh) if digest in keys_by_digest), None)
        if keys is None:
            untold.append(item)
        else:
            # Equal meshes share a digest: hand their keys out in turn, the last one again for copies.
            told[item.key] = keys.pop(0) if len(keys) > 1 else keys[0]
    left = sorted(set(signed_meshes(found, file=file)) - set(told.values()))
    if untold:
        if len(untold) != 1 or len(left) != 1:
            raise IntegrityError("scene_mesh_not_recognised", name=untold[0].name, file=file.name)
        told[untold[0].key] = left[0]
    path = spell_path(file, scene_folder=scene_folder)
    return tuple(
        (
            key,
            Mark(credential=str(found.credential_id), sidecar_sha256=str(found.sidecar_sha256), path=path, mesh=mesh),
        )
        for key, mesh in told.items()
    )
