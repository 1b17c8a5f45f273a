"""Names of files that come from what an artist called something."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from arp_core.errors import InputError
from arp_core.paths import check_package_path

#: What a registered export is written as: quads survive, and large scenes stay small.
EXPORT_SUFFIX = ".usdc"

_LONGEST = 60
_FALLBACK = "asset"


def file_stem(text: str) -> str:
    """Return ``text`` so that it may name a file on every system."""
    composed = unicodedata.normalize("NFC", text)
    spelled = "".join(
        "_" if letter in '\\/:*?"<>|' or unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in composed
    )
    kept = spelled[:_LONGEST].strip(" .")
    try:
        return check_package_path(kept)
    except InputError:
        return _FALLBACK


def free_folder(parent: Path, *, name: str) -> Path:
    """Return ``parent/name``, or the first ``parent/name-2``, ``-3`` … that does not exist."""
    folder, number = parent / name, 1
    while folder.exists():
        number += 1
        folder = parent / f"{name}-{number}"
    return folder


def free_target(folder: Path, *, stem: str) -> Path:
    """Return the first of ``stem.usdc``, ``stem-2.usdc`` … that stands in nobody's way."""
    target, number = folder / f"{stem}{EXPORT_SUFFIX}", 1
    while target.exists() or target.with_name(target.name + "_mts.json").exists():
        number += 1
        target = folder / f"{stem}-{number}{EXPORT_SUFFIX}"
    return target


def version_stem(name: str, *, version: int) -> str:
    """Return the stem of a version's file: ``chair_v002``, whatever version ``name`` itself ends in."""
    base, mark, digits = name.rpartition("_v")
    stem = base if mark and digits.isdigit() else name
    return f"{file_stem(stem)}_v{version:03d}"
