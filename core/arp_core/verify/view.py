"""Everything that verification decides on, read beforehand (deciding apart from doing).

The signed view is what the sidecar says and whom we trust; the content view is
what stands on disk. Steps are pure functions of these two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from arp_core.digest import FileDigest
from arp_core.trust import TrustList
from arp_core.verify.signed import SignedCredential

FileState = Literal["read", "absent", "case_differs", "link", "ambiguous", "not_a_file", "unreadable"]
StrangerKind = Literal["file", "link", "unreadable", "too_deep", "too_many", "dropping", "attested", "unchecked"]
#: A log proof or timestamp: ``bad`` is one that is no ordinary file, or too large to be one.
AttachmentState = Literal["absent", "present", "bad"]


@dataclass(frozen=True)
class ListFact:
    """A status list as found: its bytes, and whether it is this station's own."""

    data: bytes
    own: bool


@dataclass(frozen=True)
class SignedView:
    """A sidecar as read, and what is needed to judge who signed it.

    Where it could not be read, ``code``, ``file`` and ``detail`` say why.
    ``acted`` is what the signed acts of this station say of the credential.
    """

    sidecar_name: str
    trust: TrustList
    now: datetime
    document: Mapping[str, Any] | None = None
    signed: SignedCredential | None = None
    code: str = ""
    file: str = ""
    detail: str = ""
    status_lists: Mapping[str, ListFact] = field(default_factory=dict)
    acted: Literal["revoked", "suspended", "damaged"] | None = None


@dataclass(frozen=True)
class FileFact:
    """A listed file as found."""

    state: FileState
    digest: FileDigest | None = None
    detail: str = ""


@dataclass(frozen=True)
class Stranger:
    """Something in a package folder that the credential does not list."""

    path: str
    kind: StrangerKind


@dataclass(frozen=True)
class RecordsFact:
    """The records file as found: absent, unreadable as what it should be, or parsed."""

    name: str
    state: Literal["absent", "bad", "read"]
    document: Mapping[str, Any] | None = None
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class DeepFact:
    """What reading one file again gave: its value, or the code of why there is none.

    ``ours`` marks a reason that lies with this machine (a missing library), not with the file.
    """

    value: Mapping[str, str] | None = None
    code: str = ""
    detail: str = ""
    ours: bool = False


@dataclass(frozen=True)
class ContentView:
    """What stands on disk for one credential.

    ``only`` is the one file that was asked about, or None for all of them.
    ``geometry`` and ``labels`` are None where the deep steps were not asked for.
    """

    signed: SignedCredential
    files: Mapping[str, FileFact]
    strangers: tuple[Stranger, ...]
    records: RecordsFact
    log_proof: AttachmentState
    timestamp: AttachmentState
    only: str | None = None
    geometry: Mapping[str, DeepFact] | None = None
    labels: Mapping[str, DeepFact] | None = None
