"""One mesh as a file stores it: polygons over float32 positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Float32Array = NDArray[np.float32]
    Int32Array = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Mesh:
    """The polygons of one glTF mesh or one UsdGeomMesh, Y-up, in local space.

    Attributes:
        key: The mesh's stable name within its file (see the reader of the format).
        positions: (n, 3) float32, in the file's own unit.
        corners: (m,) int32, each corner's row in ``positions``, polygon after polygon.
        counts: (k,) int32, each polygon's number of corners; they sum to m.
        notes: Facts that the digest does not cover, as catalogue keys
            (``instanced``, ``subsets``, ``animated``, ``skinned``, ``morphed``).
    """

    key: str
    positions: Float32Array
    corners: Int32Array
    counts: Int32Array
    notes: tuple[str, ...] = ()


def z_up_to_y_up(positions: Float32Array) -> Float32Array:
    """Return Z-up positions in the Y-up frame: (x, y, z) becomes (x, z, −y).

    Exact: values are moved and negated, never rounded.

    Args:
        positions: (n, 3) float32.
    """
    import numpy as np

    return np.stack((positions[:, 0], positions[:, 2], -positions[:, 1]), axis=1)


def y_up_to_z_up(positions: Float32Array) -> Float32Array:
    """Return Y-up positions in the Z-up frame: (x, y, z) becomes (x, −z, y).

    Args:
        positions: (n, 3) float32.
    """
    import numpy as np

    return np.stack((positions[:, 0], -positions[:, 2], positions[:, 1]), axis=1)
