"""A look at a binary USD file's table of contents before USD allocates what it promises.

USD's reader trusts the counts of the structural sections: a 2 kB file with one
damaged byte made it fill 20 GB. The counts stand uncompressed at the start of
each section (OpenUSD, pxr/usd/sdf/crateFile.h, format 0.4.0 and later), so they
can be held against the file's size first.

Not done: the same for single values (array lengths, list operations,
dictionaries). A caller that reads files of strangers bounds the process's
memory as well; running out of it ends in ``usd_malformed``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from arp_core.errors import InputError

#: Elements per byte of file: integers are stored in two bits and LZ4 on top of
#: it; real files stay below one.
_PER_BYTE = 64
_MOST = 1 << 27
_COUNTED = {b"TOKENS": 3, b"STRINGS": 1, b"FIELDS": 1, b"FIELDSETS": 1, b"PATHS": 2, b"SPECS": 1}


def check_crate(path: Path) -> None:
    """Refuse a binary USD file whose structural sections promise more than it can hold.

    Raises:
        InputError: ``usd_malformed``; ``path_unreadable`` when it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            if _too_much(stream.seek, stream.read, size=size):
                raise InputError("usd_malformed", name=path.name, reason="its table of contents does not fit the file")
    except (OSError, OverflowError, ValueError, struct.error) as error:
        raise InputError("usd_malformed", name=path.name, reason="its table of contents is cut off") from error


def _too_much(seek: Callable[[int], int], read: Callable[[int], bytes], *, size: int) -> bool:
    seek(8)
    version = read(3)
    if version < b"\0\4\0":
        return True
    seek(16)
    (contents,) = struct.unpack("<q", read(8))
    seek(contents)
    (sections,) = struct.unpack("<Q", read(8))
    if sections > 64:
        return True
    for name, start, length in struct.iter_unpack("<16sqq", _exactly(read(32 * sections), 32 * sections)):
        if start < 0 or length < 0 or start + length > size:
            return True
        seek(start)
        words = _COUNTED.get(name.rstrip(b"\0"), 0)
        counts = struct.unpack(f"<{words}Q", read(8 * words))
        if any(count > min(_PER_BYTE * size, _MOST) for count in counts):
            return True
    return False


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError(size)
    return data
