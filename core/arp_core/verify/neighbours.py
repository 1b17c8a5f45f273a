"""The other credentials in a folder, and which files they vouch for."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from arp_core.digest import digest_file
from arp_core.errors import ArpError
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential

#: Returns the credential of a sidecar if its signed steps hold, else None.
ReadValid = Callable[[Path], SignedCredential | None]


@dataclass(frozen=True)
class _Claim:
    signed: SignedCredential
    folder: str  # package path of its folder with a closing slash, or empty


class Neighbours:
    """Valid credentials below ``root``, read when somebody first asks.

    A file counts as vouched for only if it has the very digest that the other
    credential signs: being named is not enough.
    """

    def __init__(self, root: Path, *, read_valid: ReadValid, except_for: str = "") -> None:
        self._root = root
        self._read_valid = read_valid
        self._except_for = except_for
        self._claims: list[_Claim] | None = None

    def vouch_for(self, path: str) -> bool:
        """Return whether a valid credential lists this package path with its present digest, or owns it."""
        if self._claims is None:
            self._claims = list(self._read())
        return any(self._holds(claim, path) for claim in self._claims)

    def _read(self) -> Iterable[_Claim]:
        for sidecar in find_sidecars(self._root):
            relative = unicodedata.normalize("NFC", sidecar.relative_to(self._root).as_posix())
            if relative == self._except_for:
                continue
            signed = self._read_valid(sidecar)
            if signed is not None:
                folder = relative.rpartition("/")[0]
                yield _Claim(signed, f"{folder}/" if folder else "")

    def _holds(self, claim: _Claim, path: str) -> bool:
        if not path.startswith(claim.folder):
            return False
        inner = path.removeprefix(claim.folder)
        sidecar = claim.signed.name + SIDECAR_ENDING
        if inner in (sidecar, claim.signed.name + RECORDS_ENDING, f"{sidecar}.tlog-proof", f"{sidecar}.tsr"):
            return True
        listed = claim.signed.file(inner)
        if listed is None:
            return False
        try:
            return digest_file(self._root.joinpath(*PurePosixPath(path).parts)).sha256 == listed.sha256
        except ArpError:  # unreadable, or named otherwise on disk: nobody can vouch for it
            return False


def find_sidecars(root: Path) -> list[Path]:
    """Return every ``*_mts.json`` below ``root`` in the order of their names, following no link."""
    found: list[Path] = []
    for folder, _, names in os.walk(root, followlinks=False):
        found += [Path(folder) / name for name in names if name.endswith(SIDECAR_ENDING)]
    return sorted(found)
