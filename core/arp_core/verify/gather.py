"""Read from disk what verification decides on. Nothing is judged here.

Files of a package are opened only after their sidecar's signature held, by
names found in a directory listing, and never through a link.
"""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from arp_core import canonical, paths, statuslist
from arp_core.digest import digest_bytes, digest_file
from arp_core.errors import ArpError, InputError, UsageError
from arp_core.home import Home
from arp_core.identify.asset import has_geometry
from arp_core.trust import TrustList
from arp_core.verify.neighbours import Neighbours
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential, read_signed
from arp_core.verify.strangers import find_strangers
from arp_core.verify.view import ContentView, DeepFact, FileFact, ListFact, RecordsFact, SignedView

#: Largest sidecar and records file that are read, in bytes.
SIDECAR_LIMIT = 1 << 20
RECORDS_LIMIT = 16 << 20

#: Suffixes that carry a label (formats of arp_core.stamp).
_LABELLED = frozenset((".glb", ".usd", ".usda", ".usdc", ".usdz", ".png", ".jpg", ".jpeg"))


def gather_signed(sidecar: Path, *, home: Home, trust: TrustList, now: datetime) -> tuple[SignedView, bytes]:
    """Return the signed view of a sidecar, and its bytes.

    Raises:
        UsageError: ``path_absent``, ``path_unreadable`` if it cannot be opened.
    """
    if sidecar.is_symlink():
        view = SignedView(sidecar_name=sidecar.name, trust=trust, now=now, code="link_in_package")
        return view, b""
    data = _read_limited(sidecar, limit=SIDECAR_LIMIT)
    name = unicodedata.normalize("NFC", sidecar.name)
    document: dict[str, Any] | None = None
    try:
        document = canonical.read_json(data, name=name, limit=SIDECAR_LIMIT, canonical=True)
        signed = read_signed(document)
    except InputError as error:
        # The one fact beside the file's name that the code's sentence tells.
        told = ("field", "version", "key", "value", "limit", "reason")
        view = SignedView(
            sidecar_name=name,
            trust=trust,
            now=now,
            document=document,
            code=error.code,
            file=str(error.facts.get("name", name)),
            detail=next((str(error.facts[fact]) for fact in told if fact in error.facts), ""),
        )
        return view, data
    view = SignedView(
        sidecar_name=name,
        trust=trust,
        now=now,
        document=document,
        signed=signed,
        status_lists=_status_lists(signed, home=home),
    )
    return view, data


def gather_content(
    signed: SignedCredential,
    *,
    root: Path,
    neighbours: Neighbours,
    only: str | None = None,
    deep: bool = False,
) -> ContentView:
    """Return what stands in ``root`` for one credential.

    Args:
        signed: The credential, whose signature holds.
        root: The folder of its sidecar.
        neighbours: The other credentials in the folder.
        only: The one listed file to look at; None: all of them, and strangers.
        deep: Read geometry and labels again.
    """
    asked = [item.path for item in signed.files if only is None or item.path == only]
    located = {path: _locate(root, path) for path in asked}
    facts = {path: _digest(found) for path, found in located.items()}
    whole = {path: found for path, found in located.items() if isinstance(found, Path) and facts[path].state == "read"}
    return ContentView(
        signed=signed,
        files=facts,
        strangers=find_strangers(signed, root=root, neighbours=neighbours)
        if only is None and signed.scope == "package"
        else (),
        records=_records(signed, root=root),
        log_proof=(root / f"{signed.name}{SIDECAR_ENDING}.tlog-proof").is_file(),
        timestamp=(root / f"{signed.name}{SIDECAR_ENDING}.tsr").is_file(),
        only=only,
        geometry={path: _deep(found, _meshes) for path, found in whole.items() if has_geometry(path)} if deep else None,
        labels={path: _deep(found, _label) for path, found in whole.items() if _bears_label(path)} if deep else None,
    )


def _read_limited(path: Path, *, limit: int) -> bytes:
    """Return the file's bytes, at most one more than ``limit``: enough to know it is too large."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError("path_unreadable", path=path, reason="not a regular file")
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except OSError as error:
        raise UsageError("path_unreadable", path=path, reason=error.strerror or str(error)) from error


def _status_lists(signed: SignedCredential, *, home: Home) -> dict[str, ListFact]:
    found: dict[str, ListFact] = {}
    for entry in signed.status:
        try:
            table = (
                (statuslist.own_path(home, entry.list_id), True),
                (statuslist.foreign_path(home, entry.list_id), False),
            )
        except InputError:  # an identifier of another form names no list that could be here
            continue
        for path, own in table:
            if entry.list_id in found or not path.is_file():
                continue
            try:
                found[entry.list_id] = ListFact(data=_read_limited(path, limit=SIDECAR_LIMIT), own=own)
            except UsageError:  # a list that cannot be opened is as good as none, and reported as such
                continue
    return found


def _locate(root: Path, path: str) -> Path | FileFact:
    """Return the regular file that bears exactly this name, or the fact of why there is none."""
    here = root
    parts = PurePosixPath(path).parts
    for depth, part in enumerate(parts):
        try:
            names = [entry.name for entry in here.iterdir()]
        except OSError as error:
            return FileFact("unreadable", detail=error.strerror or str(error))
        same = [name for name in names if unicodedata.normalize("NFC", name) == part]
        if not same:
            like = [name for name in names if paths.collision_key(name) == paths.collision_key(part)]
            return FileFact("case_differs", detail=like[0]) if like else FileFact("absent")
        if len(same) > 1:
            return FileFact("ambiguous", detail="two files differ only in how their name is encoded")
        here = here / same[0]
        mode = here.lstat().st_mode
        if stat.S_ISLNK(mode):
            return FileFact("link")
        if depth < len(parts) - 1 and not stat.S_ISDIR(mode):
            return FileFact("absent")
    return here if stat.S_ISREG(mode) else FileFact("not_a_file")


def _digest(found: Path | FileFact) -> FileFact:
    if isinstance(found, FileFact):
        return found
    try:
        return FileFact("read", digest=digest_file(found))
    except UsageError:  # it was there a moment ago
        return FileFact("absent")
    except InputError as error:
        return FileFact("unreadable", detail=str(error.facts.get("reason", "")))


def _records(signed: SignedCredential, *, root: Path) -> RecordsFact:
    name = signed.name + RECORDS_ENDING
    path = root / name
    if path.is_symlink():
        return RecordsFact(name, "bad", code="link_in_package")
    if not path.exists():
        return RecordsFact(name, "absent")
    try:
        document = canonical.read_json(
            _read_limited(path, limit=RECORDS_LIMIT), name=name, limit=RECORDS_LIMIT, depth=64, canonical=True
        )
    except ArpError as error:
        return RecordsFact(name, "bad", code=error.code)
    records = document.get("records")
    if (
        document.get("type") != "MtsRecords"
        or document.get("schemaVersion") != 1
        or not isinstance(records, dict)
        or not isinstance(records.get("nodes", {}), dict)
        or set(document) != {"type", "schemaVersion", "credentialId", "records"}
    ):
        return RecordsFact(name, "bad", code="records_malformed")
    return RecordsFact(name, "read", document=document)


def _bears_label(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _LABELLED


def _deep(found: Path | FileFact, read: Callable[[Path], Mapping[str, str] | None]) -> DeepFact:
    if isinstance(found, FileFact):
        return DeepFact(code="file_unreadable", ours=True)
    try:
        return DeepFact(value=read(found))
    except ImportError as error:
        return DeepFact(code="library_missing", detail=str(error), ours=True)
    except ArpError as error:
        return DeepFact(code=error.code, detail=str(error))


def _meshes(path: Path) -> Mapping[str, str]:
    from arp_core.geometry import geometry_digests

    return geometry_digests(path)


def _label(path: Path) -> Mapping[str, str] | None:
    from arp_core.stamp import read_label

    label = read_label(path)
    return None if label is None else label.to_json()


def sidecar_digest(data: bytes) -> str:
    """Return the lower-case hex SHA-256 of a sidecar's bytes."""
    return digest_bytes(data).hex
