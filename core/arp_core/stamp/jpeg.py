"""Stamping a JPEG file, and its exact unsealed form.

The stamp is one APP1 segment with the XMP packet, after the leading JFIF and
Exif segments. The unsealed form is the file without it, and without an embedded
C2PA manifest (APP11), which is only ever added after the stamp. No other byte
is touched; scan data is never parsed.

Format: ITU-T T.81 annex B, XMP specification part 3, 1.1.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from arp_core.errors import InputError
from arp_core.stamp.aigc import AigcLabel
from arp_core.stamp.facts import StampFacts
from arp_core.stamp.xmp import is_ours, packet_facts, packet_label, write_packet

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_SOI, _EOI, _SOS, _APP0, _APP1, _APP11 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEB
_MAX_SEGMENTS = 1 << 16


@dataclass(frozen=True)
class _Segment:
    marker: int
    body: bytes
    raw: bytes

    @property
    def xmp(self) -> bytes | None:
        if self.marker == _APP1 and self.body.startswith(_XMP):
            return self.body[len(_XMP) :]
        return None


def stamp_jpeg(data: bytes, *, facts: StampFacts, name: str) -> bytes:
    """Return the file with the stamp written in; an earlier stamp of ours is replaced.

    Raises:
        InputError: ``jpeg_malformed``, ``stamp_occupied`` where someone else's
            XMP packet stands in the file.
    """
    data = unseal_jpeg(data, name=name)
    segments, rest = _parse(data, name=name)
    if any(segment.xmp is not None for segment in segments):
        raise InputError("stamp_occupied", name=name, place="APP1")
    body = _XMP + write_packet(facts)
    stamp = bytes((0xFF, _APP1)) + (len(body) + 2).to_bytes(2, "big") + body
    leading = 0
    while leading < len(segments) and segments[leading].marker in (_APP0, _APP1):
        leading += 1
    raw = [segment.raw for segment in segments]
    return b"".join((data[:2], *raw[:leading], stamp, *raw[leading:], rest))


def unseal_jpeg(data: bytes, *, name: str) -> bytes:
    """Return the file's unsealed form.

    Raises:
        InputError: ``jpeg_malformed``.
    """
    segments, rest = _parse(data, name=name)
    if not any(segment.xmp is not None and is_ours(segment.xmp) for segment in segments):
        return data
    kept = [
        segment.raw
        for segment in segments
        if not (_is_c2pa(segment) or (segment.xmp is not None and is_ours(segment.xmp)))
    ]
    return b"".join((data[:2], *kept, rest))


def read_jpeg_label(data: bytes, *, name: str) -> AigcLabel | None:
    """Return the AI label a JPEG file carries, ours or another's, or None.

    Raises:
        InputError: ``jpeg_malformed`` or ``xmp_malformed``.
    """
    segments, _ = _parse(data, name=name)
    labels = (packet_label(segment.xmp, name=name) for segment in segments if segment.xmp is not None)
    return next((label for label in labels if label is not None), None)


def read_jpeg_facts(data: bytes, *, name: str) -> StampFacts | None:
    """Return the stamp's facts, or None where the file carries no stamp of ours.

    Raises:
        InputError: ``jpeg_malformed``, ``xmp_malformed``, or a fact's own code.
    """
    segments, _ = _parse(data, name=name)
    for segment in segments:
        if segment.xmp is not None and is_ours(segment.xmp):
            return packet_facts(segment.xmp, name=name)
    return None


def _is_c2pa(segment: _Segment) -> bool:
    return segment.marker == _APP11 and segment.body.startswith(b"JP")


def _parse(data: bytes, *, name: str) -> tuple[list[_Segment], bytes]:
    """Return the segments before the first scan, and everything from there on."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise InputError("jpeg_malformed", name=name, reason="it does not start as a JPEG file does")
    segments: list[_Segment] = []
    offset = 2
    while True:
        start = offset
        if len(segments) >= _MAX_SEGMENTS or data[offset : offset + 1] != b"\xff":
            raise InputError("jpeg_malformed", name=name, reason="a segment does not start where it should")
        while data[offset : offset + 1] == b"\xff":  # fill bytes may precede a marker
            offset += 1
        marker = data[offset] if offset < len(data) else _EOI
        if marker in (_SOS, _EOI):
            return segments, data[start:]
        size = int.from_bytes(data[offset + 1 : offset + 3], "big")
        end = offset + 1 + size
        if size < 2 or end > len(data):
            raise InputError("jpeg_malformed", name=name, reason="it is cut off")
        segments.append(_Segment(marker, data[offset + 3 : end], data[start:end]))
        offset = end
