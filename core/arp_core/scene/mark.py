"""The mark an imported asset carries in a scene, and how it finds its file again.

Four strings, stored as custom properties (Blender), user data (Houdini) or
attributes (Maya). The mark names a credential; it proves nothing: every badge
comes from a fresh check of the file and of the geometry in the scene.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

#: Property names. ``arp_`` belongs to another add-on in Blender, hence the long prefix.
CREDENTIAL = "asset_routing_credential"
SIDECAR = "asset_routing_sidecar_sha256"
PATH = "asset_routing_path"
MESH = "asset_routing_mesh"

KEYS: tuple[str, ...] = (CREDENTIAL, SIDECAR, PATH, MESH)


@dataclass(frozen=True)
class Mark:
    """What stands on one object.

    Attributes:
        credential: The credential's ID, ``cred_…``.
        sidecar_sha256: Lower-case hex SHA-256 of the credential file.
        path: The sealed geometry file, ``/``-separated: relative to the scene
            file's folder where it lies beneath it, else absolute.
        mesh: The mesh's key inside that file.
    """

    credential: str
    sidecar_sha256: str
    path: str
    mesh: str

    @classmethod
    def read(cls, properties: Mapping[str, object]) -> Mark | None:
        """Return the mark among an object's properties, or None where it has none."""
        if not properties.get(CREDENTIAL):
            return None
        credential, sidecar, path, mesh = (str(properties.get(key, "")) for key in KEYS)
        return cls(credential=credential, sidecar_sha256=sidecar, path=path, mesh=mesh)

    def properties(self) -> dict[str, str]:
        """Return the mark as the properties to store."""
        return dict(zip(KEYS, (self.credential, self.sidecar_sha256, self.path, self.mesh), strict=True))

    def file(self, *, scene_folder: Path | None) -> Path:
        """Return where the sealed file should stand, seen from a scene file in ``scene_folder``."""
        named = Path(self.path)
        return named if named.is_absolute() or scene_folder is None else scene_folder / named

    def moved(self, *, old_folder: Path | None, new_folder: Path | None) -> Mark:
        """Return the mark as it must read once the scene file is saved in ``new_folder``."""
        return replace(self, path=spell_path(self.file(scene_folder=old_folder), scene_folder=new_folder))


def spell_path(file: Path, *, scene_folder: Path | None) -> str:
    """Return how a mark spells ``file``: relative beneath the scene's folder, else absolute."""
    absolute = Path(os.path.abspath(file))  # noqa: PTH100  # lexical: a link in a project path stays as the artist wrote it
    if scene_folder is not None:
        base = Path(os.path.abspath(scene_folder))  # noqa: PTH100  # the same
        if absolute.is_relative_to(base):
            return absolute.relative_to(base).as_posix()
    return absolute.as_posix()
