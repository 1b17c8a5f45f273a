"""Find package paths on disk by the names in directory listings, each read once."""

from __future__ import annotations

import stat
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from arp_core import paths
from arp_core.verify.view import FileFact


@dataclass(frozen=True)
class _Names:
    """The names in one folder: by their NFC form, and one for each form that some file system confuses."""

    exact: dict[str, list[str]]
    alike: dict[str, str]


@dataclass(frozen=True)
class Listing:
    """The folders of one package, listed when somebody first looks into them."""

    root: Path
    _read: dict[Path, _Names | FileFact] = field(default_factory=dict)

    def locate(self, path: str) -> Path | FileFact:
        """Return the regular file that bears exactly this name, or the fact of why there is none."""
        here = self.root
        parts = PurePosixPath(path).parts
        for depth, part in enumerate(parts):
            names = self._names(here)
            if isinstance(names, FileFact):
                return names
            same = names.exact.get(part, [])
            if not same:
                like = names.alike.get(paths.collision_key(part))
                return FileFact("absent") if like is None else FileFact("case_differs", detail=like)
            if len(same) > 1:
                return FileFact("ambiguous", detail="two files differ only in how their name is encoded")
            here = here / same[0]
            try:
                mode = here.lstat().st_mode
            except OSError as error:
                return FileFact("unreadable", detail=error.strerror or str(error))
            if stat.S_ISLNK(mode):
                return FileFact("link")
            if depth < len(parts) - 1 and not stat.S_ISDIR(mode):
                return FileFact("absent")
        return here if stat.S_ISREG(mode) else FileFact("not_a_file")

    def _names(self, folder: Path) -> _Names | FileFact:
        if folder not in self._read:
            self._read[folder] = _list(folder)
        return self._read[folder]


def _list(folder: Path) -> _Names | FileFact:
    exact: defaultdict[str, list[str]] = defaultdict(list)
    alike: dict[str, str] = {}
    try:
        for entry in folder.iterdir():
            exact[unicodedata.normalize("NFC", entry.name)].append(entry.name)
            alike.setdefault(paths.collision_key(entry.name), entry.name)
    except OSError as error:
        return FileFact("unreadable", detail=error.strerror or str(error))
    return _Names(dict(exact), alike)
