"""Turning a foreign picture into clean sRGB pixels, or refusing it.

The format is judged by content, never by the name. Size and pixel limits are
checked before anything is decoded. What comes back carries no metadata.

Not done: camera raw, HDR, multi-layer files; of an animation or a multi-page
file the first frame is read, and a note says so.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from arp_core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_BYTES = 64 << 20
MAX_PIXELS = 50_000_000
MIN_SIDE = 16

#: Pillow's format name -> media type. ``MPO`` is the multi-picture JPEG that phones write.
MEDIA_TYPES: dict[str, str] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
}
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "image/png": (".png", ".apng"),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/bmp": (".bmp", ".dib"),
}
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM")
_ORIENTATION = 0x0112
_GPS_IFD = 0x8825
#: What Pillow's decoders raise on damaged data.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error, zlib.error, OverflowError)


@dataclass(frozen=True)
class DecodedPicture:
    """Clean pixels, and what was read of the file before it was stripped.

    ``pixels`` is (height, width, 4) uint8, straight alpha, sRGB.
    """

    pixels: NDArray[np.uint8]
    media_type: str
    size: tuple[int, int]
    had_alpha: bool
    icc: str | None
    orientation: int
    location_removed: bool
    frames: int
    notes: tuple[str, ...]


def decode(path: Path) -> DecodedPicture:
    """Return the picture's first frame, upright, in sRGB, without metadata.

    Raises:
        InputError: ``image_unreadable``, ``image_too_large``,
            ``image_not_an_image``, ``image_truncated``,
            ``image_too_many_pixels``, ``image_too_small`` or ``image_empty``.
    """
    data = _read(path)
    image = _open(data, name=path.name)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InputError("image_too_many_pixels", name=path.name, width=width, height=height, limit=MAX_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise InputError("image_too_small", name=path.name, width=width, height=height, limit=MIN_SIDE)
    media_type = MEDIA_TYPES[str(image.format)]
    try:
        frames = int(getattr(image, "n_frames", 1))
        image.load()
        orientation, located = _metadata(image)
        upright = ImageOps.exif_transpose(image)
    except _DAMAGED as error:
        raise InputError("image_truncated", name=path.name) from error
    notes = []
    if path.suffix and path.suffix.lower() not in _SUFFIXES[media_type]:
        notes.append(f"the name ends in {path.suffix.lower()}, the content is {media_type}")
    if frames > 1:
        notes.append(f"first of {frames} frames taken")
    pixels, had_alpha, icc = _to_srgb(upright, notes=notes)
    if int(pixels[..., 3].max()) < 8:
        raise InputError("image_empty", name=path.name)
    return DecodedPicture(
        pixels=pixels,
        media_type=media_type,
        size=(width, height),
        had_alpha=had_alpha,
        icc=icc,
        orientation=orientation,
        location_removed=located,
        frames=frames,
        notes=tuple(notes),
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
            size = path.stat().st_size
    except OSError as error:
        raise InputError("image_unreadable", name=path.name, reason=error.strerror or str(error)) from error
    if len(data) > MAX_BYTES:
        raise InputError("image_too_large", name=path.name, bytes=size, limit=MAX_BYTES)
    return data


def _open(data: bytes, *, name: str) -> Image.Image:
    """Return the opened, not yet decoded picture."""
    known = data.startswith(_MAGIC) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    if not known:
        raise InputError("image_not_an_image", name=name)
    try:
        with warnings.catch_warnings():
            # Our own, lower limit is checked by the caller.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "TIFF", "BMP"))
    except Image.DecompressionBombError as error:
        raise InputError("image_too_many_pixels", name=name, limit=MAX_PIXELS) from error
    except (UnidentifiedImageError, *_DAMAGED) as error:
        raise InputError("image_truncated", name=name) from error


def _metadata(image: Image.Image) -> tuple[int, bool]:
    """Return EXIF orientation and whether a location was found."""
    exif = image.getexif()
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    text = packet.encode() if isinstance(packet, str) else bytes(packet)
    located = bool(exif.get_ifd(_GPS_IFD)) or b"GPSLatitude" in text or b"GPSLongitude" in text
    orientation = exif.get(_ORIENTATION, 1)
    return (orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1), located


def _to_srgb(image: Image.Image, *, notes: list[str]) -> tuple[NDArray[np.uint8], bool, str | None]:
    """Return RGBA pixels in sRGB, whether there was alpha, and the profile's name."""
    profile_bytes = image.info.get("icc_profile")
    had_alpha = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    if image.mode.startswith("I") or image.mode == "F":
        image = _to_eight_bits(image, notes=notes)
    if had_alpha and image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    alpha = image.getchannel("A") if had_alpha else Image.new("L", image.size, 255)
    if image.mode in ("RGBA", "P", "1", "RGBX", "PA"):
        colour = image.convert("RGB")
    elif image.mode == "LA":
        colour = image.getchannel("L")
    else:
        colour = image
    icc: str | None = None
    if isinstance(profile_bytes, bytes) and profile_bytes:
        colour, icc = _apply_profile(colour, profile_bytes, notes=notes)
    pixels = np.dstack([np.asarray(colour.convert("RGB")), np.asarray(alpha)])
    return np.ascontiguousarray(pixels, dtype=np.uint8), had_alpha, icc


def _to_eight_bits(image: Image.Image, *, notes: list[str]) -> Image.Image:
    """Return a grey picture of 16, 32 or float bits as 8 bits."""
    values = np.asarray(image).astype(np.float64)
    # Sixteen-bit data keeps its absolute scale; anything wider is spread over its own range.
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else (float(values.min()), float(values.max()))
    notes.append(f"{image.mode} values reduced to 8 bits")
    scaled = (values - low) * (255.0 / max(high - low, 1e-12))
    return Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8), "L")


def _apply_profile(colour: Image.Image, profile_bytes: bytes, *, notes: list[str]) -> tuple[Image.Image, str | None]:
    """Return the picture in sRGB and its profile's name; an unusable profile is noted and left out."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
        name = ImageCms.getProfileDescription(profile).strip()
        converted = ImageCms.profileToProfile(
            colour,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        notes.append(f"colour profile not usable ({type(error).__name__}); taken as sRGB")
        return colour, None
    return (converted if converted is not None else colour), name
