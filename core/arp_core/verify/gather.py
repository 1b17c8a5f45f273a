"""Read from disk what verification decides on. Nothing is judged here.

Files of a package are opened only after their sidecar's signature held, by
names found in a directory listing, and never through a link.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from arp_core import canonical, statusacts, statuslist
from arp_core.digest import digest_bytes, digest_file
from arp_core.errors import ArpError, InputError, UsageError
from arp_core.home import Home
from arp_core.identify.asset import has_geometry
from arp_core.regular import read_regular
from arp_core.trust import TrustList
from arp_core.verify.attachment import attachment
from arp_core.verify.listing import Listing
from arp_core.verify.neighbours import Neighbours
from arp_core.verify.records_file import fact_told, read_records
from arp_core.verify.signed import SIDECAR_ENDING, SignedCredential, read_signed
from arp_core.verify.strangers import find_strangers
from arp_core.verify.view import ContentView, DeepFact, FileFact, ListFact, SignedView

#: Largest sidecar and status list that are read, in bytes.
SIDECAR_LIMIT = 1 << 20

#: Suffixes that carry a label (formats of arp_core.stamp).
_LABELLED = frozenset((".glb", ".usd", ".usda", ".usdc", ".usdz", ".png", ".jpg", ".jpeg"))


def gather_signed(sidecar: Path, *, home: Home, trust: TrustList, now: datetime) -> tuple[SignedView, bytes]:
    """Return the signed view of a sidecar, and its bytes.

    Raises:
        UsageError: ``path_absent``. InputError: ``file_not_regular``, ``path_unreadable``.
    """
    if sidecar.is_symlink():
        view = SignedView(sidecar_name=sidecar.name, trust=trust, now=now, code="link_in_package")
        return view, b""
    data = read_regular(sidecar, limit=SIDECAR_LIMIT, follow=False)
    name = unicodedata.normalize("NFC", sidecar.name)
    document: dict[str, Any] | None = None
    try:
        document = canonical.read_json(data, name=name, limit=SIDECAR_LIMIT, canonical=True)
        signed = read_signed(document)
    except InputError as error:
        view = SignedView(
            sidecar_name=name,
            trust=trust,
            now=now,
            document=document,
            code=error.code,
            file=str(error.facts.get("name", name)),
            detail=fact_told(error),
        )
        return view, data
    view = SignedView(
        sidecar_name=name,
        trust=trust,
        now=now,
        document=document,
        signed=signed,
        status_lists=_status_lists(signed, home=home),
        acted=_acted(signed, home=home),
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
    listing = Listing(root)
    located = {path: listing.locate(path) for path in asked}
    facts = {path: _digest(found) for path, found in located.items()}
    whole = {path: found for path, found in located.items() if isinstance(found, Path) and facts[path].state == "read"}
    return ContentView(
        signed=signed,
        files=facts,
        strangers=find_strangers(signed, root=root, neighbours=neighbours)
        if only is None and signed.scope == "package"
        else (),
        records=read_records(signed, root=root),
        log_proof=attachment(root / f"{signed.name}{SIDECAR_ENDING}.tlog-proof"),
        timestamp=attachment(root / f"{signed.name}{SIDECAR_ENDING}.tsr"),
        only=only,
        geometry={path: _deep(found, _meshes) for path, found in whole.items() if has_geometry(path)} if deep else None,
        labels={path: _deep(found, _label) for path, found in whole.items() if _bears_label(path)} if deep else None,
    )


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
                found[entry.list_id] = ListFact(data=read_regular(path, limit=SIDECAR_LIMIT), own=own)
            except ArpError:  # a list that cannot be opened is as good as none, and reported as such
                continue
    return found


def _acted(signed: SignedCredential, *, home: Home) -> Literal["revoked", "suspended", "damaged"] | None:
    """Return what the acts of this station say of the credential; of another station's they say nothing."""
    try:
        return statusacts.standing(home, issuer=signed.issuer, credential_id=signed.id)
    except InputError:
        return "damaged"


def _digest(found: Path | FileFact) -> FileFact:
    if isinstance(found, FileFact):
        return found
    try:
        return FileFact("read", digest=digest_file(found, follow=False))
    except UsageError:  # it was there a moment ago
        return FileFact("absent")
    except InputError as error:
        if error.code == "file_not_regular":
            return FileFact("not_a_file")
        return FileFact("unreadable", detail=str(error.facts.get("reason", "")))


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
