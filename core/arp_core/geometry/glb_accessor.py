"""Typed values out of a glTF document, every reference and length checked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arp_core.errors import InputError
from arp_core.geometry.glb_container import malformed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FLOAT = 5126
_INDEX_TYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4"}


class AccessorReader:
    """Reads positions and indices through accessors and buffer views.

    Args:
        document: The glTF document.
        binary: The binary chunk.
        name: File name for messages.
    """

    def __init__(self, document: dict[str, object], binary: bytes, *, name: str) -> None:
        self.name = name
        self._binary = binary
        self._accessors = self.objects(document, "accessors")
        self._views = self.objects(document, "bufferViews")
        self._buffers = self.objects(document, "buffers")

    @property
    def accessor_count(self) -> int:
        """How many accessors the document has."""
        return len(self._accessors)

    def objects(self, owner: dict[str, object], key: str) -> list[dict[str, object]]:
        """Return the list of objects under ``key``, empty where there is none."""
        found = owner.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise malformed(self.name, f"{key} is not a list of objects")
        return found

    def integer(self, owner: dict[str, object], key: str, *, default: int | None = None) -> int:
        """Return the non-negative integer under ``key``."""
        found = owner.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 1 << 53:
            raise malformed(self.name, f"{key} is not a whole number")
        return found

    def index(self, owner: dict[str, object], key: str, *, below: int) -> int:
        """Return the reference under ``key``, known to exist."""
        found = self.integer(owner, key)
        if found >= below:
            raise malformed(self.name, f"{key} refers to something that is not there")
        return found

    def count(self, accessor: int) -> int:
        """Return the accessor's number of elements."""
        return self.integer(self._accessors[accessor], "count")

    def positions(self, accessor: int) -> NDArray[np.float32]:
        """Return (n, 3) float32 positions."""
        import numpy as np

        element = self._accessors[accessor]
        if element.get("type") != "VEC3" or element.get("componentType") != _FLOAT:
            raise InputError("glb_unsupported", name=self.name, feature="KHR_mesh_quantization")
        return self._values(element, np.dtype("<f4"), width=3).astype(np.float32, copy=False)

    def indices(self, accessor: int) -> NDArray[np.int64]:
        """Return (n,) int64 indices."""
        import numpy as np

        element = self._accessors[accessor]
        kind = element.get("componentType")
        if element.get("type") != "SCALAR" or not isinstance(kind, int) or kind not in _INDEX_TYPES:
            raise malformed(self.name, "indices are not unsigned integers")
        return self._values(element, np.dtype(_INDEX_TYPES[kind]), width=1).astype(np.int64)[:, 0]

    def _values(self, element: dict[str, object], dtype: np.dtype[np.generic], *, width: int) -> NDArray[np.generic]:
        import numpy as np

        if "sparse" in element:
            raise InputError("glb_unsupported", name=self.name, feature="sparse accessors")
        if "bufferView" not in element:
            raise InputError("glb_unsupported", name=self.name, feature="accessors without data")
        count = self.integer(element, "count")
        view = self._views[self.index(element, "bufferView", below=len(self._views))]
        begin, length = self._extent(view)
        size = dtype.itemsize * width
        stride = self.integer(view, "byteStride", default=size)
        offset = self.integer(element, "byteOffset", default=0)
        if stride < size or stride > 252 or stride % dtype.itemsize or (begin + offset) % dtype.itemsize:
            raise malformed(self.name, "an accessor is not aligned")
        if count and offset + stride * (count - 1) + size > length:
            raise malformed(self.name, "an accessor reaches beyond its buffer view")
        if not count:
            return np.empty((0, width), dtype)
        return np.ndarray(
            (count, width), dtype, buffer=self._binary, offset=begin + offset, strides=(stride, dtype.itemsize)
        ).copy()

    def _extent(self, view: dict[str, object]) -> tuple[int, int]:
        """Return where in the binary chunk a buffer view begins, and its length."""
        extensions = view.get("extensions", {})
        if not isinstance(extensions, dict):
            raise malformed(self.name, "a buffer view's extensions are not an object")
        for compressed in ("EXT_meshopt_compression", "KHR_meshopt_compression"):
            if compressed in extensions:
                raise InputError("glb_unsupported", name=self.name, feature=compressed)
        buffer = self.index(view, "buffer", below=len(self._buffers))
        if buffer != 0 or "uri" in self._buffers[0]:
            raise InputError("glb_unsupported", name=self.name, feature="buffers outside the file")
        promised = self.integer(self._buffers[0], "byteLength")
        if promised > len(self._binary):
            raise malformed(self.name, "the buffer is longer than the binary chunk")
        begin = self.integer(view, "byteOffset", default=0)
        length = self.integer(view, "byteLength")
        if begin + length > promised:
            raise malformed(self.name, "a buffer view reaches beyond its buffer")
        return begin, length
