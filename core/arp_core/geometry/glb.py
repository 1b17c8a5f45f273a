"""Reading the meshes of a GLB file (glTF 2.0 core), strictly and within bounds.

One glTF mesh is one :class:`~arp_core.geometry.mesh.Mesh`; its primitives are
joined. Positions are local: node transforms are not applied. A mesh's key is
its name, where that is not empty, unique in the file and does not start with
``#``; otherwise ``#`` and its index.

Triangles, strips and fans are read (the last two as the triangles they mean,
without a strip's stitching triangles); points and lines hold no polygons and
are noted. Refused by name: buffers outside the file, compressed or quantised
geometry, sparse accessors, and required extensions that could change geometry.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.errors import InputError
from arp_core.geometry.glb_accessor import AccessorReader
from arp_core.geometry.glb_container import malformed, parse_glb, read_bounded
from arp_core.geometry.mesh import Mesh

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Positions and corners together, over the whole file: accessors may be shared
#: by any number of primitives, so the file's size bounds nothing.
MAX_ELEMENTS = 24_000_000
#: Of these, what may be decoded a second time.
MAX_REPEATED = 4_000_000
MAX_READS = 16_384
MAX_MESHES = 8_192

_TRIANGLES, _STRIP, _FAN = 4, 5, 6
#: Required extensions under which positions and indices still mean what the core says.
_HARMLESS = ("KHR_materials_", "KHR_texture_", "EXT_texture_", "KHR_lights_", "KHR_xmp_", "MSFT_texture_")


def read_meshes(path: Path) -> tuple[Mesh, ...]:
    """Return the meshes of a GLB file, in the file's order.

    Raises:
        InputError: ``path_unreadable``, ``file_too_large``, ``glb_malformed``,
            ``glb_unsupported`` with the feature's name, ``glb_too_many_meshes``,
            ``mesh_too_large``, or a JSON code.
    """
    name = path.name
    container = parse_glb(read_bounded(path), name=name)
    document = container.document
    _refuse_extensions(document, name=name)
    reader = AccessorReader(document, container.binary, name=name)
    meshes = reader.objects(document, "meshes")
    if len(meshes) > MAX_MESHES:
        raise InputError("glb_too_many_meshes", name=name, limit=MAX_MESHES)
    keys = _mesh_keys(meshes)
    notes = _node_notes(document, reader=reader, count=len(meshes))
    budget = _Budget(name)
    return tuple(
        _read_mesh(mesh, key=key, notes=noted, reader=reader, budget=budget)
        for mesh, key, noted in zip(meshes, keys, notes, strict=True)
    )


class _Budget:
    """Counts what a hostile file asks for before it is allocated."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._elements = 0
        self._reads = 0
        self._repeated = 0
        self._seen: set[int] = set()

    def take(self, elements: int, *, accessor: int) -> None:
        self._elements += elements
        if accessor in self._seen:
            self._repeated += elements
        self._seen.add(accessor)
        self._reads += 1
        if self._repeated > MAX_REPEATED:
            raise InputError("mesh_too_large", name=self._name, limit=MAX_REPEATED)
        if self._elements > MAX_ELEMENTS or self._reads > MAX_READS:
            raise InputError("mesh_too_large", name=self._name, limit=MAX_ELEMENTS)


def _refuse_extensions(document: dict[str, object], *, name: str) -> None:
    required = document.get("extensionsRequired", [])
    if not isinstance(required, list) or not all(isinstance(each, str) for each in required):
        raise malformed(name, "extensionsRequired is not a list of names")
    for each in required:
        if not each.startswith(_HARMLESS):
            raise InputError("glb_unsupported", name=name, feature=each)


def _mesh_keys(meshes: list[dict[str, object]]) -> list[str]:
    names = [mesh.get("name") for mesh in meshes]
    seen = Counter(each for each in names if isinstance(each, str))
    return [
        each if isinstance(each, str) and each and seen[each] == 1 and not each.startswith("#") else f"#{index}"
        for index, each in enumerate(names)
    ]


def _node_notes(document: dict[str, object], *, reader: AccessorReader, count: int) -> list[tuple[str, ...]]:
    uses: Counter[int] = Counter()
    skinned: set[int] = set()
    for node in reader.objects(document, "nodes"):
        if "mesh" in node:
            index = reader.index(node, "mesh", below=count)
            uses[index] += 1
            if "skin" in node:
                skinned.add(index)
    return [
        (("instanced",) if uses[index] > 1 else ()) + (("skinned",) if index in skinned else ())
        for index in range(count)
    ]


def _read_mesh(
    mesh: dict[str, object], *, key: str, notes: tuple[str, ...], reader: AccessorReader, budget: _Budget
) -> Mesh:
    import numpy as np

    places: dict[int, int] = {}
    positions: list[NDArray[np.float32]] = []
    corners: list[NDArray[np.int64]] = []
    found = dict.fromkeys(notes)
    total = 0
    for primitive in reader.objects(mesh, "primitives"):
        if "targets" in primitive:
            found["morphed"] = None
        mode = reader.integer(primitive, "mode", default=_TRIANGLES)
        if mode not in (_TRIANGLES, _STRIP, _FAN):
            found["lines"] = None
            continue
        accessor, count = _positions_of(primitive, reader=reader)
        if accessor not in places:
            budget.take(count, accessor=accessor)
            positions.append(reader.positions(accessor))
            places[accessor] = total
            total += count
        rows = _triangle_rows(primitive, mode=mode, count=count, reader=reader, budget=budget)
        corners.append(rows.ravel() + places[accessor])
    flat = np.concatenate([np.empty(0, np.int64), *corners]).astype(np.int32)
    return Mesh(
        key=key,
        positions=np.concatenate([np.empty((0, 3), np.float32), *positions]),
        corners=flat,
        counts=np.full(len(flat) // 3, 3, np.int32),
        notes=tuple(found),
    )


def _positions_of(primitive: dict[str, object], *, reader: AccessorReader) -> tuple[int, int]:
    extensions = primitive.get("extensions", {})
    if not isinstance(extensions, dict):
        raise malformed(reader.name, "a primitive's extensions are not an object")
    for compressed in ("KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression"):
        if compressed in extensions:
            raise InputError("glb_unsupported", name=reader.name, feature=compressed)
    attributes = primitive.get("attributes")
    if not isinstance(attributes, dict) or "POSITION" not in attributes:
        raise malformed(reader.name, "a primitive has no positions")
    accessor = reader.index(attributes, "POSITION", below=reader.accessor_count)
    return accessor, reader.count(accessor)


def _triangle_rows(
    primitive: dict[str, object], *, mode: int, count: int, reader: AccessorReader, budget: _Budget
) -> NDArray[np.int64]:
    """Return (k, 3) position rows, within the primitive's own accessor."""
    import numpy as np

    if "indices" in primitive:
        accessor = reader.index(primitive, "indices", below=reader.accessor_count)
        budget.take(reader.count(accessor), accessor=accessor)
        order = reader.indices(accessor)
        if len(order) and int(order.max()) >= count:
            raise malformed(reader.name, "a triangle uses a vertex that is not there")
    else:
        budget.take(count, accessor=-1)
        order = np.arange(count)
    if mode == _TRIANGLES:
        if len(order) % 3:
            raise malformed(reader.name, "the last triangle is not whole")
        return order.reshape(-1, 3)
    if len(order) < 3:
        raise malformed(reader.name, "a strip or fan has fewer than three vertices")
    if mode == _FAN:
        return np.stack((np.full(len(order) - 2, order[0]), order[1:-1], order[2:]), axis=1)
    rows = np.stack((order[:-2], order[1:-1], order[2:]), axis=1)
    rows[1::2] = rows[1::2][:, [0, 2, 1]]  # every second triangle of a strip turns (glTF 2.0, 3.7.2.1)
    whole = (rows[:, 0] != rows[:, 1]) & (rows[:, 1] != rows[:, 2]) & (rows[:, 2] != rows[:, 0])
    kept: NDArray[np.int64] = rows[whole]
    return kept
