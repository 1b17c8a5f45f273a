"""What stands in a package folder without being listed by its credential."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Set
from pathlib import Path

from arp_core.verify.attachment import attachment
from arp_core.verify.neighbours import Neighbours
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential
from arp_core.verify.view import Stranger, StrangerKind
from arp_core.verify.walk import walk

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
    for item in walk(root):
        # Names that differ only in how they are encoded become equal; where one of
        # them is listed, reading that file reports it as ambiguous. A name need not be UTF-8.
        readable = os.fsencode(item.relative).decode("utf-8", "replace")
        path = unicodedata.normalize("NFC", readable)
        if path in expected:
            continue  # a listed file that is a link already fails by its own name
        if item.kind == "other":
            yield Stranger(path, "file")
        elif item.kind != "file":
            yield Stranger(path, item.kind)
        elif path.rpartition("/")[2] in DROPPINGS:
            yield Stranger(path, "dropping")
        else:
            yield Stranger(path, _vouched(item.path, path=path, neighbours=neighbours))


def _vouched(file: Path, *, path: str, neighbours: Neighbours) -> StrangerKind:
    """Return what a neighbour makes of a file; a log proof too large to be one is a file like any other."""
    vouching = neighbours.vouch_for(path)
    if vouching == "unchecked" and attachment(file) != "present":
        return "file"
    return vouching or "file"


def sealing_sidecars(name: str) -> set[str]:
    """Return the names that belong to sealing itself and are never listed."""
    sidecar = name + SIDECAR_ENDING
    return {sidecar, name + RECORDS_ENDING, f"{sidecar}.tlog-proof", f"{sidecar}.tsr"}
