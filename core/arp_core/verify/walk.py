"""Everything below a folder, within bounds: a hostile one may be deep, or have no end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["file", "link", "other", "unreadable", "too_deep", "too_many"]

#: No package path has more parts, so what stands deeper belongs to no package.
DEEPEST = 32
MOST_ENTRIES = 100_000


@dataclass(frozen=True)
class Found:
    """Something below the folder that is no readable folder: where, and its path with ``/`` as found."""

    path: Path
    relative: str
    kind: Kind


def walk(root: Path) -> Iterator[Found]:
    """Yield what stands below ``root``, following no link and without recursion.

    A folder beyond :data:`DEEPEST` comes out as ``too_deep`` and is not looked
    into; at :data:`MOST_ENTRIES` the walk ends with one ``too_many``.
    """
    folders: list[tuple[Path, str, int]] = [(root, "", 1)]
    met = 0
    while folders:
        folder, prefix, depth = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    met += 1
                    if met > MOST_ENTRIES:
                        yield Found(root, ".", "too_many")
                        return
                    found = _found(entry, prefix=prefix)
                    if found is not None:
                        yield found
                    elif depth >= DEEPEST:
                        yield Found(Path(entry.path), prefix + entry.name, "too_deep")
                    else:
                        folders.append((Path(entry.path), f"{prefix}{entry.name}/", depth + 1))
        except OSError:
            yield Found(folder, prefix.rstrip("/") or ".", "unreadable")


def _found(entry: os.DirEntry[str], *, prefix: str) -> Found | None:
    """Return what an entry is; None for a folder."""
    kind: Kind
    if entry.is_symlink():
        kind = "link"
    elif entry.is_dir(follow_symlinks=False):
        return None
    else:
        kind = "file" if entry.is_file(follow_symlinks=False) else "other"
    return Found(Path(entry.path), prefix + entry.name, kind)
