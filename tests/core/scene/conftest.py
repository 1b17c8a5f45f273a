"""A scene without a DCC: a host that holds meshes in memory and keeps the protocol's rules."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from arp_core.errors import UsageError
from arp_core.home import Home
from arp_core.scene.host import SceneItem, SceneMesh
from arp_core.scene.mark import Mark
from arp_core.scene.session import Session

#: A closed prism over a quad, Z-up as Blender keeps it: two quads and four sides.
POSITIONS = np.array(
    [(x, y, z) for z in (0.0, 0.7) for x, y in ((0.1, 0.0), (1.3, 0.0), (1.0, 0.9), (0.0, 0.8))], np.float32
)
CORNERS = np.array([3, 2, 1, 0, 4, 5, 6, 7, 0, 1, 5, 4, 1, 2, 6, 5, 2, 3, 7, 6, 3, 0, 4, 7], np.int32)
COUNTS = np.full(6, 4, np.int32)


def prism() -> SceneMesh:
    return SceneMesh(positions=POSITIONS.copy(), corners=CORNERS.copy(), counts=COUNTS.copy())


@dataclass
class MemoryHost:
    """Objects by key; USD is really written, with the pxr at hand."""

    scene: Path | None = None
    items: dict[str, SceneItem] = field(default_factory=dict)
    selection: tuple[str, ...] = ()
    online_allowed: bool = False
    usd: bool = True
    redraws: int = 0
    name: str = "Memory"
    version: str = "1.0"

    def __post_init__(self) -> None:
        self._thread = threading.get_ident()

    def _main(self) -> None:
        assert threading.get_ident() == self._thread, "a host is touched on its main thread only"

    def language(self) -> str:
        return "en"

    def online(self) -> bool:
        self._main()
        return self.online_allowed

    def scene_file(self) -> Path | None:
        self._main()
        return self.scene

    def governed(self) -> Sequence[SceneItem]:
        self._main()
        return tuple(item for item in self.items.values() if item.governed)

    def item(self, key: str) -> SceneItem | None:
        self._main()
        return self.items.get(key)

    def selected(self) -> Sequence[str]:
        return self.selection

    def place(self, file: Path, *, name: str) -> Sequence[str]:
        self._main()
        from arp_core.geometry import file_meshes

        keys = []
        for mesh in file_meshes(file):
            keys.append(f"placed {len(self.items)}")
            copy = SceneMesh(mesh.positions.copy(), mesh.corners.copy(), mesh.counts.copy())
            self.items[keys[-1]] = SceneItem(key=keys[-1], name=name, mark=None, mesh=copy)
        return keys

    def set_mark(self, key: str, mark: Mark) -> None:
        self._main()
        self.items[key] = replace(self.items[key], mark=mark, governed=True)

    def export(self, keys: Sequence[str], target: Path) -> None:
        self._main()
        if not self.usd:
            raise UsageError("scene_usd_missing")
        from pxr import Gf, Usd, UsdGeom

        stage = Usd.Stage.CreateNew(str(target))
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        root = UsdGeom.Xform.Define(stage, "/root")
        stage.SetDefaultPrim(root.GetPrim())
        for number, key in enumerate(keys):
            mesh = self.items[key].mesh
            prim = UsdGeom.Mesh.Define(stage, f"/root/part{number}")
            prim.CreatePointsAttr([Gf.Vec3f(*map(float, point)) for point in mesh.positions])
            prim.CreateFaceVertexCountsAttr(mesh.counts.tolist())
            prim.CreateFaceVertexIndicesAttr(mesh.corners.tolist())
            prim.CreateSubdivisionSchemeAttr("none")
        stage.GetRootLayer().Save()

    def redraw(self) -> None:
        self._main()
        self.redraws += 1

    def move(self, key: str, *, row: int = 4, by: float = 0.05) -> None:
        item = self.items[key]
        positions = item.mesh.positions.copy()
        positions[row, 0] += np.float32(by)
        self.items[key] = replace(item, mesh=replace(item.mesh, positions=positions))


def settle(session: Session, *, seconds: float = 30.0) -> None:
    """Pump as a timer would until nothing is under way."""
    wait(session, lambda: not session.busy and not session.checking, seconds=seconds)


def wait(session: Session, until: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Pump as a timer would until ``until()`` is true; the only clock is the one that gives up."""
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "waited in vain"
        session.pump()
        threading.Event().wait(0.005)


@pytest.fixture
def host(tmp_path: Path) -> MemoryHost:
    scene = tmp_path / "project" / "scene.any"
    scene.parent.mkdir()
    host = MemoryHost(scene=scene)
    host.items["1"] = SceneItem(key="1", name="prism", mark=None, mesh=prism(), governed=False)
    host.selection = ("1",)
    return host


@pytest.fixture
def session(host: MemoryHost, home: Home):
    made = Session(host, home=home)
    made._next_look = float("inf")  # no bridge here, and none is looked for
    yield made
    made.close()


@pytest.fixture
def registered(session: Session, host: MemoryHost) -> Session:
    session.register(("1",), origin="mine")
    settle(session)
    assert session.error is None, session.error
    return session


@pytest.fixture(scope="session")
def bridge_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The home of a real bridge, in a process of its own."""
    home = Home(tmp_path_factory.mktemp("station") / "home")
    process = subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "bridge", "--json", "--home", str(home.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline(), "the bridge did not start"
    yield home
    process.terminate()
    process.wait(timeout=20)
    process.stdout.close()


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small drawing of a ball on a foot."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (96, 96), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((19, 10, 77, 67), fill=(60, 160, 90, 255))
    draw.rectangle((38, 58, 58, 86), fill=(120, 90, 60, 255))
    path = tmp_path_factory.mktemp("pictures") / "ball.png"
    image.save(path)
    return path
