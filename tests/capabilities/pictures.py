"""Pictures made for the tests: small objects with known outlines, and files with one defect each."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def mug(side: int = 192) -> Image.Image:
    """Return a mug with a handle that has a hole, RGBA, cut out."""
    big = Image.new("RGBA", (side * 4, side * 4), (0, 0, 0, 0))
    draw = ImageDraw.Draw(big)
    s = side * 4
    draw.ellipse((0.55 * s, 0.3 * s, 0.9 * s, 0.7 * s), fill=(160, 60, 40, 255))
    draw.ellipse((0.63 * s, 0.38 * s, 0.82 * s, 0.62 * s), fill=(0, 0, 0, 0))
    draw.rounded_rectangle((0.15 * s, 0.2 * s, 0.65 * s, 0.82 * s), radius=0.06 * s, fill=(190, 80, 50, 255))
    draw.rectangle((0.25 * s, 0.4 * s, 0.5 * s, 0.6 * s), fill=(240, 230, 200, 255))
    return big.resize((side, side), Image.Resampling.LANCZOS)


def disc(side: int = 128, *, radius: float = 0.4) -> Image.Image:
    """Return a grey disc, RGBA, cut out; its inflation is known in closed form."""
    big = Image.new("RGBA", (side * 8, side * 8), (0, 0, 0, 0))
    low, high = (0.5 - radius) * side * 8, (0.5 + radius) * side * 8
    ImageDraw.Draw(big).ellipse((low, low, high, high), fill=(150, 150, 150, 255))
    return big.resize((side, side), Image.Resampling.BOX)


def on_backdrop(cut: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Return ``cut`` before a plain backdrop, without alpha."""
    scene = Image.new("RGB", cut.size, colour)
    scene.paste(cut, (0, 0), cut)
    return scene


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """Return ``image`` as a file's bytes."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def png_header_only(width: int, height: int) -> bytes:
    """Return a PNG file that promises ``width`` × ``height`` pixels and brings next to none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def profile_with_red_and_green_exchanged() -> bytes:
    """Return an ICC v2 matrix profile: sRGB's primaries and near its curve, red and green in each other's place."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = b"exchanged\0"
    named = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 80
    tags = [
        (b"desc", named + b"\0" * (-len(named) % 4)),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.3851, 0.7169, 0.0971)),
        (b"gXYZ", xyz(0.4361, 0.2225, 0.0139)),
        (b"bXYZ", xyz(0.1431, 0.0606, 0.7141)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", offset + len(body), b"\0" * 4, 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28 + fixed(0.9642, 1.0, 0.8249)
    return head + b"\0" * (128 - len(head)) + table + body


def written(folder: Path, name: str, data: bytes) -> Path:
    """Return the path of a new file with ``data``."""
    path = folder / name
    path.write_bytes(data)
    return path


def pixels(path: Path) -> NDArray[np.uint8]:
    """Return the file's pixels."""
    return np.asarray(Image.open(path))
