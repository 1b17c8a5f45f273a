"""What a DCC must offer: the one contract between :mod:`arp_core.scene` and a host.

Every method is called on the host's main thread, by :class:`Session` methods
and by ``Session.pump``. Nothing here is called from a worker thread, and no
method waits for the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from arp_core.scene.mark import Mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class SceneMesh:
    """A copy of one mesh as it stands in the scene, in the host's own local frame.

    Attributes:
        positions: (n, 3) float32, local space, untouched by object transforms.
        corners: (m,) int32 vertex index of each polygon corner.
        counts: (k,) int32 corners per polygon.
    """

    positions: NDArray[np.float32]
    corners: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True)
class SceneItem:
    """One object of the scene.

    Attributes:
        key: Stable within the session, also when the object is renamed.
        name: What the artist calls it.
        mark: What it is stamped with, or None.
        mesh: Its geometry, or None where it cannot be read (unloaded, instanced, no mesh).
        modifiers: Names of live modifiers that change the shape beyond ``mesh``.
        scale: World scale along the object's axes.
        governed: Whether it stands in a governed collection.
    """

    key: str
    name: str
    mark: Mark | None
    mesh: SceneMesh | None
    modifiers: tuple[str, ...] = ()
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    governed: bool = True


class Host(Protocol):
    """A DCC, seen from the session."""

    name: str
    version: str

    def language(self) -> str:
        """Return ``en`` or ``zh``, as the host's interface is set."""
        ...

    def online(self) -> bool:
        """Return whether the host allows talking to other machines (loopback is always allowed)."""
        ...

    def scene_file(self) -> Path | None:
        """Return the saved scene file, or None while it has never been saved."""
        ...

    def governed(self) -> Sequence[SceneItem]:
        """Return every object of the governed collections, with a fresh copy of its geometry."""
        ...

    def item(self, key: str) -> SceneItem | None:
        """Return one object with a fresh copy of its geometry, or None if it is gone."""
        ...

    def selected(self) -> Sequence[str]:
        """Return the keys of the selected mesh objects."""
        ...

    def place(self, file: Path, *, name: str) -> Sequence[str]:
        """Import ``file`` into the governed collection and return the keys of its mesh objects.

        Args:
            file: A private copy whose bytes were hashed; it is removed afterwards,
                so nothing in the scene may go on pointing at it.
            name: What the artist called the asset.
        """
        ...

    def set_mark(self, key: str, mark: Mark) -> None:
        """Stamp an object, and put it into the governed collection if it is in none."""
        ...

    def export(self, keys: Sequence[str], target: Path) -> None:
        """Write these objects as USD to ``target``, textures beside it with relative paths.

        Raises:
            ArpError: the host cannot export USD, or the export failed.
        """
        ...

    def redraw(self) -> None:
        """Ask for a fresh drawing of panels and views."""
        ...
