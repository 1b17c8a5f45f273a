"""Reading the UsdGeomMesh prims of one USD layer.

A mesh's key is its prim path. Meshes are read as authored in this layer, in
every variant (whose paths hold the variant, ``/chair{lod=high}seat``), in local
space: transforms are not applied. ``orientation = leftHanded`` and a Z up axis
are turned into the digest's frame. What the digest does not cover is noted:
``subsets``, ``holes``, ``animated`` (its first time sample is read where there
is no default), ``instanced``, ``referenced``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.errors import InputError
from arp_core.geometry.mesh import Mesh, z_up_to_y_up
from arp_core.geometry.usd_layer import open_layer, refusing_damage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pxr import Sdf

MAX_PRIMS = 1_000_000
_ARCS = ("references", "payload", "inheritPaths", "specializes")


def read_meshes(path: Path) -> tuple[Mesh, ...]:
    """Return the meshes of a USD file, in namespace order.

    Raises:
        InputError: ``path_unreadable``, ``file_too_large``, ``usd_malformed``,
            ``usd_unsupported`` with the feature's name, ``usd_missing``.
    """
    layer = open_layer(path)
    with refusing_damage(path.name):
        z_up = _is_z_up(layer, name=path.name)
        prims = _mesh_prims(layer, name=path.name)
        found = tuple(_read_mesh(prim, notes=notes, z_up=z_up, name=path.name) for prim, notes in prims)
    if len({mesh.key for mesh in found}) != len(found):
        raise InputError("usd_malformed", name=path.name, reason="a prim path occurs twice")
    return found


def _is_z_up(layer: Sdf.Layer, *, name: str) -> bool:
    root = layer.pseudoRoot
    axis = str(root.GetInfo("upAxis")) if root.HasInfo("upAxis") else "Y"
    if axis not in ("Y", "Z"):
        raise InputError("usd_unsupported", name=name, feature=f"upAxis {axis}")
    return axis == "Z"


def _mesh_prims(layer: Sdf.Layer, *, name: str) -> Iterator[tuple[Sdf.PrimSpec, tuple[str, ...]]]:
    """Yield each mesh prim with what its ancestors say about it."""
    stack: list[tuple[Sdf.PrimSpec | None, tuple[str, ...]]] = [(prim, ()) for prim in reversed(list(layer.rootPrims))]
    seen = 0
    while stack:
        prim, notes = stack.pop()
        if prim is None:
            raise InputError("usd_malformed", name=name, reason="a prim is listed that is not there")
        seen += 1
        if seen > MAX_PRIMS:
            raise InputError("usd_unsupported", name=name, feature=f"more than {MAX_PRIMS} prims")
        if prim.typeName == "PointInstancer" or (prim.HasInfo("instanceable") and prim.instanceable):
            notes = (*notes, "instanced")
        if any(prim.HasInfo(arc) for arc in _ARCS):
            notes = (*notes, "referenced")
        if prim.typeName == "Mesh":
            yield prim, tuple(dict.fromkeys(notes))
        children = list(prim.nameChildren)
        for variants in prim.variantSets.values():
            children.extend(variant.primSpec for variant in variants.variantList)
        stack.extend((child, notes) for child in reversed(children))


def _read_mesh(prim: Sdf.PrimSpec, *, notes: tuple[str, ...], z_up: bool, name: str) -> Mesh:
    import numpy as np

    found = dict.fromkeys(notes)
    if any(child.typeName == "GeomSubset" for child in prim.nameChildren):
        found["subsets"] = None
    if "holeIndices" in prim.attributes:
        found["holes"] = None
    arrays = {}
    for attribute, kind, width in (("points", "f", 3), ("faceVertexIndices", "i", 1), ("faceVertexCounts", "i", 1)):
        spec = prim.attributes.get(attribute)
        arrays[attribute] = _array(spec, kind=kind, width=width, name=name)
        if spec is not None and prim.layer.GetNumTimeSamplesForPath(spec.path):
            found["animated"] = None
    positions = arrays["points"].astype(np.float32, copy=False)
    corners = arrays["faceVertexIndices"].astype(np.int32, copy=False)
    counts = arrays["faceVertexCounts"].astype(np.int32, copy=False)
    if int(counts.sum(dtype=np.int64)) != len(corners) or (len(counts) and int(counts.min()) < 0):
        raise InputError("usd_malformed", name=name, reason=f"the corner counts of {prim.path} do not add up")
    orientation = prim.attributes.get("orientation")
    if orientation is not None and str(orientation.default) == "leftHanded":
        corners = _reversed(corners, counts)
    return Mesh(
        key=str(prim.path),
        positions=z_up_to_y_up(positions) if z_up else positions,
        corners=corners,
        counts=counts,
        notes=tuple(found),
    )


def _array(spec: Sdf.AttributeSpec | None, *, kind: str, width: int, name: str) -> NDArray[np.generic]:
    """Return the attribute's values as (n, 3) float32 or (n,) int32, empty where nothing is authored."""
    import numpy as np

    empty = np.empty((0, 3), np.float32) if width == 3 else np.empty(0, np.int32)
    if spec is None:
        return empty
    value = spec.default
    if value is None:
        times = spec.layer.ListTimeSamplesForPath(spec.path)
        value = spec.layer.QueryTimeSample(spec.path, times[0]) if times else None
    if value is None:
        return empty
    array = np.array(value) if hasattr(value, "__len__") and not isinstance(value, str) else None
    if array is not None and not array.size:
        return empty
    shape = (3,) if width == 3 else ()
    if array is None or array.shape[1:] != shape or array.dtype.kind != kind or array.dtype.itemsize != 4:
        raise InputError("usd_unsupported", name=name, feature=f"{spec.path} of type {spec.typeName}")
    return array


def _reversed(corners: NDArray[np.int32], counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the corners with every polygon's winding reversed."""
    import numpy as np

    ends = np.repeat(np.cumsum(counts, dtype=np.int64), counts)
    begins = np.repeat(np.cumsum(counts, dtype=np.int64) - counts, counts)
    turned: NDArray[np.int32] = corners[begins + ends - 1 - np.arange(len(corners))]
    return turned
