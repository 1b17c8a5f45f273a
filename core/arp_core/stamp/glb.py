"""Stamping a GLB file, and its exact unsealed form.

The unsealed form of a GLB file is its canonical serialisation
(:func:`arp_core.geometry.glb_container.serialize_glb`) with every stamp field
and every container emptied by that removed. For a file made by
:func:`write_glb` it is the very file that was stamped; a foreign file is
brought into canonical form first, so its unsealed digest is the digest of that
form (docs/spec/stamp.md).
"""

from __future__ import annotations

import copy
from pathlib import Path

from arp_core.geometry.glb_container import serialize_glb
from arp_core.paths import write_atomic

_XMP = "KHR_xmp_json_ld"


def write_glb(path: Path, *, document: dict[str, object], binary: bytes) -> None:
    """Write an unsealed GLB file in canonical form.

    Args:
        path: The file to write (atomically; an existing file is replaced).
        document: The glTF document, with ``buffers[0].byteLength`` agreeing with
            ``binary``. It is not changed. Containers that glTF does not allow
            empty (``asset.extras``, ``asset.extensions``, ``extensions``,
            ``extensionsUsed``) are left out when empty.
        binary: The binary chunk without padding.

    Raises:
        InputError: ``glb_malformed`` or ``json_unrepresentable``.
        StorageError: The file cannot be written.
    """
    document = copy.deepcopy(document)
    drop_empty(document)
    write_atomic(path, serialize_glb(document, binary=binary, name=path.name))


def drop_empty(document: dict[str, object]) -> None:
    """Remove the containers a stamp may add when nothing is left in them."""
    extensions = document.get("extensions")
    if isinstance(extensions, dict) and extensions.get(_XMP) in ({}, {"packets": []}):
        del extensions[_XMP]
    asset = document.get("asset")
    for owner, key in ((asset, "extras"), (asset, "extensions"), (document, "extensions"), (document, "extensionsUsed")):
        if isinstance(owner, dict) and owner.get(key) in ({}, []):
            del owner[key]
