"""Stamps: identifiers and the AI label inside a delivered file, and the way back.

Sealing stamps each file once, after its unsealed digest is taken;
:func:`unsealed_digest` finds that digest again in the sealed file, so that an
outsider can check a reproduction. A stamp never changes a vertex, a UV or a
pixel, and never holds a prompt, a creator or a person's name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from arp_core.digest import FileDigest, digest_bytes, digest_file
from arp_core.errors import InputError
from arp_core.geometry.glb_container import read_bounded
from arp_core.paths import write_atomic
from arp_core.stamp.aigc import AigcLabel, derive_label, parse_label
from arp_core.stamp.facts import StampFacts
from arp_core.stamp.glb import read_glb_facts, read_glb_label, stamp_glb, unseal_glb
from arp_core.stamp.jpeg import read_jpeg_facts, read_jpeg_label, stamp_jpeg, unseal_jpeg
from arp_core.stamp.png import read_png_facts, read_png_label, stamp_png, unseal_png

__all__ = [
    "STAMPED_SUFFIXES",
    "AigcLabel",
    "StampFacts",
    "derive_label",
    "parse_label",
    "read_facts",
    "read_label",
    "stamp_file",
    "unseal_file",
    "unsealed_digest",
]


@dataclass(frozen=True)
class _ByteFormat:
    """The four operations of a format that is stamped as bytes."""

    stamp: Callable[..., bytes]
    unseal: Callable[..., bytes]
    label: Callable[..., AigcLabel | None]
    facts: Callable[..., StampFacts | None]


_PNG = _ByteFormat(stamp_png, unseal_png, read_png_label, read_png_facts)
_JPEG = _ByteFormat(stamp_jpeg, unseal_jpeg, read_jpeg_label, read_jpeg_facts)
_BYTES: dict[str, _ByteFormat] = {
    ".glb": _ByteFormat(stamp_glb, unseal_glb, read_glb_label, read_glb_facts),
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}
_USD = (".usda", ".usdc")
_USD_READ = (*_USD, ".usd", ".usdz")

#: Suffixes that :func:`stamp_file` writes.
STAMPED_SUFFIXES = (*_BYTES, *_USD)


def stamp_file(source: Path, target: Path, *, facts: StampFacts) -> None:
    """Write ``source`` with the stamp to ``target``; an earlier stamp of ours is replaced.

    Args:
        source: An unsealed (or stamped) file.
        target: The file to write, with the same suffix; may be ``source``.
        facts: What the stamp says.

    Raises:
        InputError: ``stamp_suffix``, ``stamp_occupied``, or the format's own codes.
        StorageError: The target cannot be written.
    """
    suffix = source.suffix.lower()
    if target.suffix.lower() != suffix:
        raise InputError("stamp_suffix", name=target.name)
    if suffix in _BYTES:
        write_atomic(target, _BYTES[suffix].stamp(read_bounded(source), facts=facts, name=source.name))
    elif suffix in _USD:
        from arp_core.stamp.usd import stamp_usd

        stamp_usd(source, target, facts=facts)
    else:
        raise InputError("stamp_suffix", name=source.name)


def unseal_file(source: Path, target: Path) -> None:
    """Write the unsealed form of ``source`` to ``target``.

    Raises:
        InputError: ``stamp_suffix``, ``stamp_damaged``, or the format's own codes.
        StorageError: The target cannot be written.
    """
    suffix = source.suffix.lower()
    if suffix in _BYTES:
        write_atomic(target, _BYTES[suffix].unseal(read_bounded(source), name=source.name))
    elif suffix in _USD:
        from arp_core.stamp.usd import unseal_usd

        unseal_usd(source, target)
    else:
        raise InputError("stamp_suffix", name=source.name)


def unsealed_digest(path: Path) -> FileDigest:
    """Return the digest that the file had before it was stamped.

    Exact for files written by ``write_glb`` and ``export_canonical`` and for any
    PNG and JPEG. For a GLB or USD file from elsewhere it is the digest of its
    canonical form, before stamping and after; ``.usdc`` agrees only within one
    release of USD (docs/spec/stamp.md).

    Raises:
        InputError: ``stamp_suffix``, ``stamp_damaged``, or the format's own codes.
    """
    suffix = path.suffix.lower()
    if suffix in _BYTES:
        return digest_bytes(_BYTES[suffix].unseal(read_bounded(path), name=path.name))
    with tempfile.TemporaryDirectory(prefix="arp-unseal-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / f"unsealed{suffix}"
        unseal_file(path, target)
        return digest_file(target)


def read_label(path: Path) -> AigcLabel | None:
    """Return the AI label a file carries, ours or another's, or None.

    Raises:
        InputError: ``stamp_suffix`` for a format without a label, or the format's own codes.
    """
    suffix = path.suffix.lower()
    if suffix in _BYTES:
        return _BYTES[suffix].label(read_bounded(path), name=path.name)
    if suffix in _USD_READ:
        from arp_core.stamp.usd import read_usd_label

        return read_usd_label(path)
    raise InputError("stamp_suffix", name=path.name)


def read_facts(path: Path) -> StampFacts | None:
    """Return the facts of our stamp in a file, or None where it carries none.

    Raises:
        InputError: ``stamp_suffix``, or the format's own codes.
    """
    suffix = path.suffix.lower()
    if suffix in _BYTES:
        return _BYTES[suffix].facts(read_bounded(path), name=path.name)
    if suffix in _USD_READ:
        from arp_core.stamp.usd import read_usd_facts

        return read_usd_facts(path)
    raise InputError("stamp_suffix", name=path.name)
