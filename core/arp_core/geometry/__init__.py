"""Meshes of a file, their digests, and what differs between two of them."""

from __future__ import annotations

from pathlib import Path

from arp_core.errors import InputError
from arp_core.geometry.mesh import Mesh

#: Suffixes of files whose geometry is digested.
GEOMETRY_SUFFIXES = (".glb", ".usd", ".usda", ".usdc", ".usdz")


def file_meshes(path: Path) -> tuple[Mesh, ...]:
    """Return every mesh of a geometry file, Y-up and in local space, in the file's order.

    Raises:
        InputError: ``geometry_suffix`` for a file that is not one of
            :data:`GEOMETRY_SUFFIXES`, or the reader's own codes.
    """
    suffix = path.suffix.lower()
    if suffix == ".glb":
        from arp_core.geometry.glb import read_meshes as read_glb

        return read_glb(path)
    if suffix in GEOMETRY_SUFFIXES:
        from arp_core.geometry.usd import read_meshes as read_usd

        return read_usd(path)
    raise InputError("geometry_suffix", name=path.name)


def geometry_digests(path: Path) -> dict[str, str]:
    """Return mesh key → geometry digest (``uEi…``) for every mesh of a file.

    Raises:
        InputError: As :func:`file_meshes`, ``mesh_not_finite`` or ``mesh_malformed``.
    """
    from arp_core.geometry.digest import multibase_digest

    return {mesh.key: multibase_digest(mesh) for mesh in file_meshes(path)}
