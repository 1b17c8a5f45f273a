"""A scene's mesh against a sealed one, whichever way up the host keeps it.

Sealed geometry is Y-up. Blender's glTF importer turns local coordinates to
Z-up, its USD importer leaves them Y-up and turns the object instead; other
hosts have their own habits. So both frames are tried; the change between them
moves and negates values, and is exact in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arp_core.geometry.mesh import Mesh, z_up_to_y_up
from arp_core.scene.host import SceneMesh

if TYPE_CHECKING:
    from arp_core.geometry.compare import Difference


def candidates(mesh: SceneMesh, *, key: str) -> tuple[Mesh, Mesh]:
    """Return the mesh as it would be sealed if the host's frame were Z-up, and if it were Y-up."""
    turned = z_up_to_y_up(mesh.positions)
    return (
        Mesh(key=key, positions=turned, corners=mesh.corners, counts=mesh.counts),
        Mesh(key=key, positions=mesh.positions, corners=mesh.corners, counts=mesh.counts),
    )


def digests(mesh: SceneMesh) -> tuple[str, str]:
    """Return the geometry digest in each frame, as it stands in a credential.

    Raises:
        InputError: ``mesh_not_finite`` or ``mesh_malformed``.
    """
    from arp_core.geometry.digest import multibase_digest

    first, second = (multibase_digest(each) for each in candidates(mesh, key=""))
    return first, second


def explain_nearest(sealed: Mesh, mesh: SceneMesh) -> Difference:
    """Return what changed against the sealed mesh, in the frame in which less did."""
    from arp_core.geometry.compare import explain

    found = [explain(sealed, each) for each in candidates(mesh, key=sealed.key)]
    return min(found, key=_weight)


def _weight(difference: Difference) -> tuple[int, int, float]:
    return (
        int(difference.kind == "edited"),
        difference.moved + difference.added + difference.removed,
        difference.largest_deviation,
    )
