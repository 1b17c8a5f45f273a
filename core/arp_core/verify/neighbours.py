"""The other credentials in a folder, and which files they vouch for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from arp_core.digest import digest_file
from arp_core.errors import ArpError
from arp_core.verify.records_file import read_records, record_failures
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential
from arp_core.verify.walk import Found, walk

#: Returns the credential of a sidecar if its signed steps hold, else None.
ReadValid = Callable[[Path], SignedCredential | None]

#: ``attested``: a digest proves it. ``unchecked``: it is where a neighbour's log
#: proof or timestamp stands, and nothing says what is in it.
Vouching = Literal["attested", "unchecked"]


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
        self._by_path: dict[str, list[_Claim]] | None = None

    def vouch_for(self, path: str) -> Vouching | None:
        """Return how a valid credential speaks for what stands at this package path, or None."""
        if self._by_path is None:
            self._by_path = {}
            for claim in self._read():
                for owned in _owned(claim):
                    self._by_path.setdefault(owned, []).append(claim)
        digest: bytes | None = None
        for claim in self._by_path.get(path, ()):
            inner = path.removeprefix(claim.folder)
            sidecar = claim.signed.name + SIDECAR_ENDING
            if inner == sidecar:  # its own signature holds
                return "attested"
            if inner in (f"{sidecar}.tlog-proof", f"{sidecar}.tsr"):
                return "unchecked"
            if inner == claim.signed.name + RECORDS_ENDING:
                if self._records_hold(claim):
                    return "attested"
                continue
            listed = claim.signed.file(inner)
            digest = digest or self._digest(path)
            if listed is not None and digest == listed.sha256:
                return "attested"
        return None

    def _read(self) -> Iterable[_Claim]:
        for sidecar in find_sidecars(self._root)[0]:
            relative = unicodedata.normalize("NFC", sidecar.relative_to(self._root).as_posix())
            if relative == self._except_for:
                continue
            signed = self._read_valid(sidecar)
            if signed is not None:
                folder = relative.rpartition("/")[0]
                yield _Claim(signed, f"{folder}/" if folder else "")

    def _records_hold(self, claim: _Claim) -> bool:
        found = read_records(claim.signed, root=self._root.joinpath(*PurePosixPath(claim.folder).parts))
        return found.state == "read" and not record_failures(claim.signed, found)[0]

    def _digest(self, path: str) -> bytes | None:
        try:
            return digest_file(self._root.joinpath(*PurePosixPath(path).parts), follow=False).sha256
        except ArpError:  # unreadable, a pipe, or named otherwise on disk: nobody can vouch for it
            return None


def _owned(claim: _Claim) -> Iterable[str]:
    sidecar = claim.folder + claim.signed.name + SIDECAR_ENDING
    yield from (sidecar, f"{sidecar}.tlog-proof", f"{sidecar}.tsr", claim.folder + claim.signed.name + RECORDS_ENDING)
    yield from (claim.folder + listed.path for listed in claim.signed.files)


def find_sidecars(root: Path) -> tuple[list[Path], list[Found]]:
    """Return every ``*_mts.json`` below ``root`` by name, following no link, and where the walk had to stop."""
    found: list[Path] = []
    stopped: list[Found] = []
    for item in walk(root):
        if item.kind in ("too_deep", "too_many"):
            stopped.append(item)
        elif item.kind != "unreadable" and item.path.name.endswith(SIDECAR_ENDING):
            found.append(item.path)
    return sorted(found), stopped
