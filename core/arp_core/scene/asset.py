"""One asset as it stands in the scene, after a check: the facts that the presenter words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from arp_core.scene.mark import Mark
from arp_core.scene.states import State

if TYPE_CHECKING:
    from arp_core.verify import Verification

#: What of a sealed asset is not at its place, and whether this station or a bridge keeps it:
#: nothing is missing; its credential is kept elsewhere; the file is gone and a sealed copy is
#: kept; the file is gone, and only its credential is known.
Whereabouts = Literal["beside", "sidecar_gone", "file_gone", "copy_gone"]


@dataclass(frozen=True)
class Reason:
    """Why a state is what it is: a catalogue key and its values."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SceneAsset:
    """One asset, or one object that is none yet.

    Attributes:
        key: Stable in the scene: the key of its first object.
        name: What the artist calls it.
        state: What the badge shows.
        members: Keys of its objects.
        version: The sealed version it was made from, or None.
        reasons: Why, the decisive one first.
        mark: What its objects are stamped with (mesh key of the first), or None.
        file: The sealed geometry file that was looked at, or None.
        verification: What checking that file gave, or None.
        issuer: What this station calls the issuer, or nothing if it does not know it.
        may_register: Whether this station may seal the next version.
        kept: What had to be looked for elsewhere.
        preview: The sealed picture of it, or None.
    """

    key: str
    name: str
    state: State
    members: tuple[str, ...]
    version: int | None = None
    reasons: tuple[Reason, ...] = ()
    mark: Mark | None = None
    file: Path | None = None
    verification: Verification | None = None
    issuer: str = ""
    may_register: bool = False
    kept: Whereabouts = "beside"
    preview: Path | None = None

    @property
    def next_version(self) -> int:
        """The number the next sealed version will show."""
        return (self.version or 0) + 1
