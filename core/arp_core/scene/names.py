"""Names of files that come from what an artist called something."""

from __future__ import annotations

from pathlib import Path

from arp_core.paths import stem_of

#: What a registered export is written as: quads survive, and large scenes stay small.
EXPORT_SUFFIX = ".usdc"

#: A version's mark comes after it.
_LONGEST = 60


def file_stem(text: str) -> str:
    """Return ``text`` so that it may name a file on every system."""
    return stem_of(stem_of(text)[:_LONGEST])


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
