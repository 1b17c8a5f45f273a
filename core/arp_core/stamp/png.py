"""Stamping a PNG file, and its exact unsealed form.

The stamp is two chunks right after IHDR: ``tEXt`` with the keyword ``AIGC``
(where a label is due) and ``iTXt`` with the XMP packet. The unsealed form is
the file without them, and without an embedded C2PA manifest (``caBX``), which is
only ever added after the stamp. No other byte is touched.

Format: PNG third edition (W3C), sections 5.3, 11.3.3.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from arp_core.errors import InputError
from arp_core.stamp.aigc import AigcLabel, read_label_value
from arp_core.stamp.facts import StampFacts
from arp_core.stamp.xmp import MAX_PACKET_BYTES, is_ours, packet_facts, packet_label, write_packet

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_LABEL_KEYWORD = b"AIGC"
_MAX_CHUNKS = 1 << 20


@dataclass(frozen=True)
class _Chunk:
    kind: bytes
    body: bytes
    raw: bytes


def stamp_png(data: bytes, *, facts: StampFacts, name: str) -> bytes:
    """Return the file with the stamp written in; an earlier stamp of ours is replaced.

    Raises:
        InputError: ``png_malformed``, ``stamp_occupied`` where someone else's
            label or XMP packet stands in the file.
    """
    data = unseal_png(data, name=name)
    chunks, tail = _parse(data, name=name)
    for chunk in chunks:
        if _is_label(chunk) or _keyword(chunk) == _XMP_KEYWORD:
            raise InputError("stamp_occupied", name=name, place=chunk.kind.decode("ascii"))
    stamp = b""
    if facts.label is not None:
        stamp += _chunk(b"tEXt", _LABEL_KEYWORD + b"\0" + facts.label.to_text().encode("ascii"))
    stamp += _chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + write_packet(facts))
    raw = [chunk.raw for chunk in chunks]
    return b"".join((_SIGNATURE, raw[0], stamp, *raw[1:], tail))


def unseal_png(data: bytes, *, name: str) -> bytes:
    """Return the file's unsealed form.

    Raises:
        InputError: ``png_malformed``.
    """
    chunks, tail = _parse(data, name=name)
    packets = [_xmp(chunk, name=name) for chunk in chunks]
    if not any(packet is not None and is_ours(packet) for packet in packets):
        return data
    kept = [
        chunk.raw
        for chunk, packet in zip(chunks, packets, strict=True)
        if not (_is_label(chunk) or chunk.kind == b"caBX" or (packet is not None and is_ours(packet)))
    ]
    return b"".join((_SIGNATURE, *kept, tail))


def read_png_label(data: bytes, *, name: str) -> AigcLabel | None:
    """Return the AI label a PNG file carries, ours or another's, or None.

    Raises:
        InputError: ``png_malformed`` or ``xmp_malformed``.
    """
    chunks, _ = _parse(data, name=name)
    for chunk in chunks:
        if _is_label(chunk):
            return read_label_value(_text(chunk, name=name).decode("utf-8", "replace"))
    for chunk in chunks:
        packet = _xmp(chunk, name=name)
        label = packet_label(packet, name=name) if packet is not None else None
        if label is not None:
            return label
    return None


def read_png_facts(data: bytes, *, name: str) -> StampFacts | None:
    """Return the stamp's facts, or None where the file carries no stamp of ours.

    Raises:
        InputError: ``png_malformed``, ``xmp_malformed``, or a fact's own code.
    """
    chunks, _ = _parse(data, name=name)
    packets = (_xmp(chunk, name=name) for chunk in chunks)
    ours = next((packet for packet in packets if packet is not None and is_ours(packet)), None)
    return None if ours is None else packet_facts(ours, name=name)


def _parse(data: bytes, *, name: str) -> tuple[list[_Chunk], bytes]:
    """Return the chunks up to IEND, and whatever follows it."""
    if not data.startswith(_SIGNATURE):
        raise InputError("png_malformed", name=name, reason="it does not start as a PNG file does")
    chunks: list[_Chunk] = []
    offset = len(_SIGNATURE)
    while not chunks or chunks[-1].kind != b"IEND":
        if offset + 12 > len(data) or len(chunks) >= _MAX_CHUNKS:
            raise InputError("png_malformed", name=name, reason="it is cut off")
        (size,) = struct.unpack_from(">I", data, offset)
        end = offset + 12 + size
        if end > len(data):
            raise InputError("png_malformed", name=name, reason="it is cut off")
        kind, body = data[offset + 4 : offset + 8], data[offset + 8 : end - 4]
        if struct.unpack_from(">I", data, end - 4)[0] != zlib.crc32(body, zlib.crc32(kind)):
            raise InputError("png_malformed", name=name, reason="a checksum does not match")
        chunks.append(_Chunk(kind, body, data[offset:end]))
        offset = end
    if chunks[0].kind != b"IHDR":
        raise InputError("png_malformed", name=name, reason="its header is not first")
    return chunks, data[offset:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _keyword(chunk: _Chunk) -> bytes:
    return chunk.body.split(b"\0", 1)[0] if chunk.kind in (b"tEXt", b"zTXt", b"iTXt") else b""


def _is_label(chunk: _Chunk) -> bool:
    return _keyword(chunk) == _LABEL_KEYWORD


def _xmp(chunk: _Chunk, *, name: str) -> bytes | None:
    return _text(chunk, name=name) if chunk.kind == b"iTXt" and _keyword(chunk) == _XMP_KEYWORD else None


def _text(chunk: _Chunk, *, name: str) -> bytes:
    """Return the text of a textual chunk, unpacked within bounds."""
    rest = chunk.body[len(_keyword(chunk)) + 1 :]
    compressed = chunk.kind == b"zTXt"
    if compressed:
        rest = rest[1:]
    elif chunk.kind == b"iTXt":
        compressed = rest[:1] == b"\x01"
        parts = rest[2:].split(b"\0", 2)
        rest = parts[2] if len(parts) == 3 else b""
    if not compressed:
        return rest
    try:
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(rest, MAX_PACKET_BYTES)
    except zlib.error as error:
        raise InputError("png_malformed", name=name, reason="a text does not unpack") from error
    if unpacked.unconsumed_tail:
        raise InputError("png_malformed", name=name, reason="a text is too large")
    return text
