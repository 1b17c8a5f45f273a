"""The sealed file and the credential behind a mark, wherever they are, and what verifying them gives.

At its place first, as a person sees the folder. What is missing there is
completed from the home, then from the bridge, in a private folder that
verification reads like any other; whoever kept a byte, the signature decides.
Where something had to be fetched, :attr:`Sealed.kept` says so, and the scene
says it too: a file that is not there is never simply "verified".
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from arp_core import canonical
from arp_core.clock import Clock
from arp_core.errors import InputError, UsageError
from arp_core.home import Home
from arp_core.paths import collision_key, storage_error, write_atomic
from arp_core.scene.asset import Whereabouts
from arp_core.scene.kept import Kept
from arp_core.scene.mark import Mark

if TYPE_CHECKING:
    from arp_core.verify import Verification
    from arp_core.verify.signed import ListedFile, SignedCredential

_SIDECAR_ENDING = "_mts.json"
_RECORDS_ENDING = "_mts.records.json"


@dataclass(frozen=True)
class Sealed:
    """A sealed file as it was found.

    Attributes:
        found: Its verification, with paths as they are or should be at its place.
        file: Where its bytes can be read now; absent when ``kept`` is ``copy_gone``.
        kept: What had to be looked for elsewhere.
    """

    found: Verification
    file: Path
    kept: Whereabouts


@dataclass(frozen=True)
class Pieces:
    """Everything of one credential that could be found, by its path relative to ``root``."""

    signed: SignedCredential
    root: Path
    relative: str
    sidecar: bytes
    records: bytes | None
    payload: dict[str, Path]

    @property
    def sidecar_name(self) -> str:
        """How the credential's file is called."""
        return self.signed.name + _SIDECAR_ENDING

    @property
    def records_name(self) -> str:
        """How the records file is called."""
        return self.signed.name + _RECORDS_ENDING


@contextlib.contextmanager
def sealed(mark: Mark, *, file: Path, home: Home, clock: Clock, kept: Kept) -> Iterator[Sealed]:
    """Yield the sealed file of ``mark`` with its verification; what was completed lives as long as the block.

    Args:
        mark: What the scene's object is stamped with.
        file: Where its file should stand.
        home: The station whose trust list counts.
        clock: What "now" is.
        kept: Where else to look.

    Raises:
        UsageError: ``scene_file_gone`` where neither file nor credential is anywhere.
        ArpError: this station's own trust list is damaged, or the disk is full.
    """
    there = file.is_file()
    at_place = _verify(file, home=home, clock=clock) if there else None
    if at_place is not None and at_place.status != "unsigned":
        yield Sealed(at_place, file, "beside")
        return
    pieces = gather(mark, file=file, kept=kept, whole=False)
    if pieces is None:
        if at_place is None:
            raise UsageError("scene_file_gone", file=file.name, folder=file.parent)
        yield Sealed(at_place, file, "beside")
        return
    with tempfile.TemporaryDirectory(prefix="arp-") as folder:
        inside = _lay_out(pieces, Path(folder), at_place=file if there else None)
        found = (
            _verify(inside, home=home, clock=clock) if inside.exists() else _without_file(pieces, folder, home, clock)
        )
        found = replace(found, path=file, sidecar=pieces.root / pieces.sidecar_name)
        whereabouts: Whereabouts = "sidecar_gone" if there else "file_gone" if inside.exists() else "copy_gone"
        yield Sealed(found, inside, whereabouts)


def gather(mark: Mark, *, file: Path, kept: Kept, whole: bool) -> Pieces | None:
    """Return what can be found of the credential that ``mark`` names, or None where nobody has it.

    Args:
        mark: What the scene's object is stamped with.
        file: Where its file should stand.
        kept: Where else to look.
        whole: Every file of a package, not only the one that is asked for.
    """
    from arp_core.verify.signed import read_signed

    sidecar = kept.credential(mark, file=file)
    if sidecar is None:
        return None
    try:
        signed = read_signed(canonical.read_json(sidecar, name=file.name, canonical=True))
    except InputError:  # its bytes are those the mark names, and yet no credential: it says nothing
        return None
    relative = _relative(signed, file=file)
    if relative is None:
        return None
    root = file.parents[len(PurePosixPath(relative).parts) - 1]
    wanted = [each for each in signed.files if whole or signed.scope == "files" or each.path == relative]
    records = kept.records(mark, beside=root / (signed.name + _RECORDS_ENDING))
    payload = {each.path: found for each in wanted if (found := _payload(each, sidecar, root=root, kept=kept))}
    return Pieces(signed=signed, root=root, relative=relative, sidecar=sidecar, records=records, payload=payload)


def _payload(listed: ListedFile, sidecar: bytes, *, root: Path, kept: Kept) -> Path | None:
    job_id = str(canonical.read_json(sidecar, name="")["credentialSubject"].get("jobId", ""))
    return kept.payload(listed, at=root / listed.path, job_id=job_id)


def _relative(signed: SignedCredential, *, file: Path) -> str | None:
    """Return which of the credential's files stands, or stood, at ``file``: the longest listed tail of its path."""
    spelled = collision_key(file.as_posix())
    tails = [each.path for each in signed.files if spelled.endswith("/" + collision_key(each.path))]
    return max(tails, key=len, default=None)


def _lay_out(pieces: Pieces, folder: Path, *, at_place: Path | None) -> Path:
    """Put the pieces together in ``folder`` and return where the file asked for is, or would be."""
    inside = folder / pieces.relative
    sources = dict(pieces.payload)
    if at_place is not None:
        sources[pieces.relative] = at_place  # as it stands, whatever it holds: that is what is judged
    for relative, source in sources.items():
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        _link_or_copy(source, target)
    write_atomic(folder / pieces.sidecar_name, pieces.sidecar)
    if pieces.records is not None:
        write_atomic(folder / pieces.records_name, pieces.records)
    return inside


def _link_or_copy(source: Path, target: Path) -> None:
    """Give ``source`` a second name; copy it where the file system has none, or it lies on another one."""
    try:
        os.link(source, target)
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            raise storage_error(error, path=target) from error


def _without_file(pieces: Pieces, folder: str, home: Home, clock: Clock) -> Verification:
    """Return what the credential says by itself, where its file is nowhere to be read."""
    from arp_core.verify import verify_sidecar, worst

    found = verify_sidecar(Path(folder) / pieces.sidecar_name, home=home, clock=clock)
    steps = [step for step in found.steps if step.name != "files"]
    failures = tuple(failure for step in steps for failure in step.failures)
    return replace(found, status=worst(step.word for step in steps), failures=failures)


def _verify(file: Path, *, home: Home, clock: Clock) -> Verification:
    """Verify a file by its package's credential, or by its own with everything that one lists (textures)."""
    from arp_core.verify import verify_path, verify_sidecar

    own = file.with_name(file.name + _SIDECAR_ENDING)
    if own.is_file():
        return verify_sidecar(own, home=home, clock=clock)
    return verify_path(file, home=home, clock=clock)


def put_back(mark: Mark, *, file: Path, kept: Kept) -> None:
    """Write what is missing of a sealed asset back to its place: files, records, the credential last.

    What stands there is never touched.

    Raises:
        UsageError: ``scene_file_gone`` where its sealed bytes are nowhere.
        StorageError: it cannot be written.
    """
    pieces = gather(mark, file=file, kept=kept, whole=True)
    if pieces is None or pieces.relative not in pieces.payload:
        raise UsageError("scene_file_gone", file=file.name, folder=file.parent)
    for relative, source in pieces.payload.items():
        _write_missing(pieces.root / relative, source.read_bytes)
    if pieces.records is not None:
        records = pieces.records
        _write_missing(pieces.root / pieces.records_name, lambda: records)
    _write_missing(pieces.root / pieces.sidecar_name, lambda: pieces.sidecar)


def _write_missing(target: Path, read: Callable[[], bytes]) -> None:
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        data = read()
    except OSError as error:
        raise storage_error(error, path=target) from error
    write_atomic(target, data, overwrite=False)
