"""The GLB container: header, one JSON chunk, at most one binary chunk.

Follows glTF 2.0, section 4 ("GLB File Format Specification"), strictly: lengths
must agree, the version must be 2, and chunks of unknown type are refused,
because a file that is sealed must have one reading. Every size is bounded
before anything is allocated.

Not done: GLB version 1, ``.gltf`` with separate files.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from arp_core.canonical import canonicalize, read_json
from arp_core.errors import InputError

#: Larger files are refused: the header's length field allows 4 GiB.
MAX_FILE_BYTES = 1 << 30
#: Dense JSON grows about twentyfold in memory, so its bounds are far lower.
MAX_JSON_BYTES = 8 << 20
MAX_JSON_VALUES = 500_000
MAX_JSON_DEPTH = 64

_MAGIC = 0x46546C67  # "glTF"
_JSON = 0x4E4F534A
_BIN = 0x004E4942


@dataclass(frozen=True)
class GlbContainer:
    """A GLB file taken apart: its JSON document and its binary chunk, padding included."""

    document: dict[str, object]
    binary: bytes


def malformed(name: str, reason: str) -> InputError:
    """Return the error for a GLB file that breaks the format."""
    return InputError("glb_malformed", name=name, reason=reason)


def read_bounded(path: Path, *, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return the file's bytes, never more than ``limit`` of them.

    Raises:
        InputError: ``file_too_large``; ``path_unreadable`` when it cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise InputError("path_unreadable", path=str(path), reason=error.strerror or str(error)) from error
    if len(data) > limit:
        raise InputError("file_too_large", name=path.name, limit=limit)
    return data


def parse_glb(data: bytes, *, name: str) -> GlbContainer:
    """Return the parts of a GLB file.

    Args:
        data: The whole file.
        name: File name for messages.

    Raises:
        InputError: ``glb_malformed``, or one of the JSON codes.
    """
    if len(data) < 20:
        raise malformed(name, "the file is shorter than its header")
    magic, version, length = struct.unpack_from("<III", data, 0)
    if magic != _MAGIC:
        raise malformed(name, "the file does not start with glTF")
    if version != 2:
        raise malformed(name, f"version {version} is not 2")
    if length != len(data) or length % 4:
        raise malformed(name, f"the header promises {length} bytes, the file has {len(data)}")
    chunks = _chunks(data, name=name)
    if [kind for kind, _ in chunks] not in ([_JSON], [_JSON, _BIN]):
        raise malformed(name, "expected one JSON chunk and at most one binary chunk")
    json_chunk = chunks[0][1]
    if len(json_chunk) > MAX_JSON_BYTES:
        raise malformed(name, f"the JSON chunk is larger than {MAX_JSON_BYTES} bytes")
    document = read_json(
        json_chunk.rstrip(b" "), name=name, limit=MAX_JSON_BYTES, depth=MAX_JSON_DEPTH, values=MAX_JSON_VALUES
    )
    return GlbContainer(document=document, binary=chunks[1][1] if len(chunks) == 2 else b"")


def _chunks(data: bytes, *, name: str) -> list[tuple[int, bytes]]:
    chunks: list[tuple[int, bytes]] = []
    offset = 12
    while offset < len(data):
        if len(chunks) == 2:
            raise malformed(name, "there are more than two chunks")
        if offset + 8 > len(data):
            raise malformed(name, "a chunk header is cut off")
        size, kind = struct.unpack_from("<II", data, offset)
        offset += 8
        if size % 4 or offset + size > len(data):
            raise malformed(name, "a chunk is longer than the file")
        chunks.append((kind, data[offset : offset + size]))
        offset += size
    return chunks


def serialize_glb(document: dict[str, object], *, binary: bytes, name: str) -> bytes:
    """Return the canonical bytes of a GLB file.

    The JSON chunk is RFC 8785 canonical JSON padded with spaces, the binary
    chunk is padded with zeros, and an empty binary chunk is left out. Reading
    the result and writing it again gives the same bytes.

    Args:
        document: The glTF document; ``buffers[0].byteLength`` must agree with ``binary``.
        binary: The binary chunk, with or without its padding.
        name: File name for messages.

    Raises:
        InputError: ``glb_malformed`` when buffer and binary disagree, or
            ``json_unrepresentable``.
    """
    _check_buffer(document, binary=binary, name=name)
    text = canonicalize(document)
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), _JSON) + text
    if binary:
        padded = binary + b"\0" * (-len(binary) % 4)
        body += struct.pack("<II", len(padded), _BIN) + padded
    if len(body) + 12 > MAX_FILE_BYTES:
        raise InputError("file_too_large", name=name, limit=MAX_FILE_BYTES)
    return struct.pack("<III", _MAGIC, 2, len(body) + 12) + body


def _check_buffer(document: dict[str, object], *, binary: bytes, name: str) -> None:
    if not binary:
        return
    buffers = document.get("buffers")
    first = buffers[0] if isinstance(buffers, list) and buffers else None
    promised = first.get("byteLength") if isinstance(first, dict) and "uri" not in first else None
    if not isinstance(promised, int) or isinstance(promised, bool) or not 0 <= len(binary) - promised <= 3:
        raise malformed(name, f"the buffer promises {promised} bytes, the binary chunk has {len(binary)}")
