"""What stands in a package folder without being listed by its credential."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Set
from pathlib import Path

from arp_core.verify.neighbours import Neighbours
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential
from arp_core.verify.view import Stranger, StrangerKind

#: Files that operating systems leave behind. They are reported, never failed.
DROPPINGS = frozenset((".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", "Desktop.ini", ".directory"))


def find_strangers(signed: SignedCredential, *, root: Path, neighbours: Neighbours) -> tuple[Stranger, ...]:
    """Return what the credential does not list, in the order of its names.

    The sealing sidecars of this credential are expected. Files that another
    valid credential in the folder lists, and its sidecars, count as attested.
    """
    expected = {item.path for item in signed.files} | sealing_sidecars(signed.name)
    found = strangers(expected, root=root, neighbours=neighbours)
    return tuple(sorted(found, key=lambda item: item.path))


def strangers(expected: Set[str], *, root: Path, neighbours: Neighbours) -> Iterator[Stranger]:
    """Yield what stands below ``root`` under no expected package path, in the order it is met."""
    for path, kind in _walk(root):
        if path in expected:
            continue  # a listed file that is a link already fails by its own name
        if kind != "file":
            yield Stranger(path, kind)
        elif path.rpartition("/")[2] in DROPPINGS:
            yield Stranger(path, "dropping")
        elif neighbours.vouch_for(path):
            yield Stranger(path, "attested")
        else:
            yield Stranger(path, "file")


def sealing_sidecars(name: str) -> set[str]:
    """Return the names that belong to sealing itself and are never listed."""
    sidecar = name + SIDECAR_ENDING
    return {sidecar, name + RECORDS_ENDING, f"{sidecar}.tlog-proof", f"{sidecar}.tsr"}


def _walk(root: Path) -> Iterator[tuple[str, StrangerKind]]:
    """Yield the NFC package path and kind of everything below ``root`` that is no readable folder.

    Names that differ only in how they are encoded come out equal; where one of
    them is listed, reading that file reports it as ambiguous.
    """
    folders: list[tuple[Path, str]] = [(root, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError:
            yield prefix or ".", "unreadable"
            continue
        for entry in listed:
            readable = os.fsencode(entry.name).decode("utf-8", "replace")  # a name need not be UTF-8
            path = prefix + unicodedata.normalize("NFC", readable)
            if entry.is_symlink():
                yield path, "link"
            elif entry.is_dir(follow_symlinks=False):
                folders.append((Path(entry.path), path + "/"))
            else:
                yield path, "file"
