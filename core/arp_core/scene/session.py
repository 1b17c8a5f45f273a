"""One front-end at work: what the artist asks for, off the main thread, and back into the scene.

Every method is called on the host's main thread. Slow work goes to a
:class:`Worker`; :meth:`Session.pump` brings the results back, called from a
timer of the host, or in a loop where there is no window.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from arp_core import clock as clocks
from arp_core.clock import Clock
from arp_core.errors import ArpError, UsageError
from arp_core.home import Home
from arp_core.identify.rights import Origin
from arp_core.scene import bridge_process, check, finding, names, placing, registering
from arp_core.scene.asset import SceneAsset
from arp_core.scene.bridge_process import BridgeChoice
from arp_core.scene.host import Host, SceneItem
from arp_core.scene.jobs import Job, Jobs, Listeners
from arp_core.scene.kept import Connect, Kept
from arp_core.scene.making import MakeRequest
from arp_core.scene.worker import Worker

BridgeState = Literal["unknown", "absent", "starting", "running"]

_QUIET = 0.4  # seconds without a change before a touched asset is checked again
_LOOK_EVERY = 4.0  # seconds between two looks for a bridge while nothing else tells
_CLOSE_PATIENCE = 5.0


class Session:
    """The state behind a panel.

    Attributes:
        assets: What the last check found, worst first.
        error: What last went wrong, until the next thing is asked for.
        bridge: Whether a bridge answers.
    """

    def __init__(self, host: Host, *, home: Home, clock: Clock = clocks.system_clock) -> None:
        self.host = host
        self.home = home
        self.clock = clock
        self.choice = BridgeChoice()
        self.assets: tuple[SceneAsset, ...] = ()
        self.error: ArpError | None = None
        self.bridge: BridgeState = "unknown"
        self._registrations = 0
        self._worker = Worker(name="asset-routing")
        self._jobs = Jobs(
            host,
            home=home,
            clock=clock,
            worker=self._worker,
            listeners=Listeners(
                changed=self._mark_changed,
                answered=lambda: self._bridge_is("running"),
                stamp=self._stamp,
                failed=self._failed,
            ),
        )
        self._check_number = 0
        self._checks = 0
        self._touched: set[str] = set()
        self._touched_at: float | None = None
        self._next_look = 0.0
        self._changed = False

    # What the artist asks for

    def make(
        self, image: Path, *, height: float, seed: int, origin: Origin, name: str = "", folder: Path | None = None
    ) -> None:
        """Start turning a picture into an asset of this scene.

        Args:
            image: The picture.
            height: Real height, metres.
            seed: Non-negative.
            origin: Where the picture is from.
            name: What to call the asset; the picture's name if empty.
            folder: Where packages go; ``assets`` next to the scene file, or the
                station's own folder while the scene was never saved.

        Raises:
            UsageError: ``scene_job_running``.
        """
        stem = names.file_stem(name or image.stem)
        folder = names.free_folder(folder or self._assets_folder(), name=stem)
        request = MakeRequest(
            image=image,
            name=stem,
            height=height,
            seed=seed,
            origin=origin,
            folder=folder,
            scene=self.host.scene_file(),
        )
        self._jobs.make(request, connect=self._connect())
        self.error = None

    def cancel(self) -> None:
        """Ask the bridge to stop the running job of this front-end, and only that."""
        self._jobs.cancel(connect=self._connect())

    def scene_opened(self) -> None:
        """Look at another scene: check it, and take up a job it still waits for."""
        self._jobs.scene_opened()
        self.check()
        self._find_again()

    def scene_saved(self) -> None:
        """Note under which name the scene stands now.

        Raises:
            StorageError: a running job's note cannot be written.
        """
        self._jobs.scene_saved()

    def check(self) -> None:
        """Check every asset of the scene afresh: file and geometry."""
        self._touched_at = None
        self._touched.clear()
        self._check_number += 1
        self._check_items(tuple(self.host.governed()), instead_of=None)

    def touched(self, keys: Iterable[str]) -> None:
        """Note that these objects changed, came or went: their badge is pending until they are re-checked."""
        self._touched.update(keys)
        self.assets = tuple(
            replace(asset, state="pending") if self._touched.intersection(asset.members) else asset
            for asset in self.assets
        )
        self._touched_at = time.monotonic()
        self._mark_changed()

    def register(self, keys: Sequence[str], *, origin: Origin, note: str = "") -> None:
        """Seal these objects, each as a new asset, into files next to the scene.

        Raises:
            UsageError: ``scene_unsaved``, ``scene_nothing_selected`` or ``scene_already_registered``.
            ArpError: the host could not export.
        """
        folder = registering.scene_folder(self.host.scene_file())
        items = [item for key in keys if (item := self.host.item(key)) is not None and item.mesh is not None]
        if not items:
            raise UsageError("scene_nothing_selected")
        fresh = [item for item in items if item.mark is None]
        if not fresh:
            raise UsageError("scene_already_registered", name=items[0].name)
        for item in fresh:
            target = names.free_target(folder, stem=names.file_stem(item.name))
            self._register((item.key,), target=target, origin=origin, parent=None, note=note)

    def register_version(self, asset_key: str, *, note: str = "") -> None:
        """Seal an edited asset as the next version of itself, with the sealed one as its parent.

        Raises:
            UsageError: ``scene_unsaved``, or ``scene_not_edited`` where there is nothing to register.
            ArpError: the host could not export.
        """
        folder = registering.scene_folder(self.host.scene_file())
        asset = self.asset(asset_key)
        if asset is None or asset.state != "edited" or asset.verification is None or asset.verification.sidecar is None:
            raise UsageError("scene_not_edited", name="" if asset is None else asset.name)
        stem = names.version_stem(asset.file.stem if asset.file else asset.name, version=asset.next_version)
        self._register(
            asset.members,
            target=names.free_target(folder, stem=stem),
            origin=None,
            parent=asset,
            note=note,
        )

    def put_back(self, asset_key: str) -> None:
        """Write what is missing of a sealed asset back to its place, from where a copy is kept."""
        asset = self.asset(asset_key)
        if asset is None or asset.mark is None or asset.file is None:
            raise UsageError("scene_nothing_selected")
        mark, file, connect = asset.mark, asset.file, self._reachable()
        self.error = None
        self._worker.run(
            lambda: finding.put_back(mark, file=file, kept=Kept(self.home, connect=connect)),
            done=lambda _none: self.check(),
            failed=self._failed,
        )

    def start_bridge(self, command: str = "") -> None:
        """Start a bridge on this computer, unless one already runs for this home."""
        self.bridge, self.error = "starting", None
        self._worker.run(
            lambda: bridge_process.start(command, home=self.home, stop=lambda: self._worker.closing),
            done=lambda _pid: self._bridge_is("running"),
            failed=self._no_bridge,
            apart=True,
        )
        self._mark_changed()

    def look_for_bridge(self) -> None:
        """Find out, off the main thread, whether a bridge answers."""
        self._next_look = time.monotonic() + _LOOK_EVERY
        choice, online = self.choice, self.host.online()
        self._worker.run(
            lambda: bridge_process.answers(choice, home=self.home, online=online),
            done=lambda there: self._looked("running" if there else "absent"),
            failed=lambda _error: self._looked("absent"),
            apart=True,
        )

    # What the panel asks

    @property
    def job(self) -> Job | None:
        """The latest making, or None."""
        return self._jobs.latest

    def asset(self, key: str) -> SceneAsset | None:
        """Return the asset that the object of this key belongs to, or None."""
        return next((asset for asset in self.assets if key in asset.members), None)

    @property
    def checking(self) -> bool:
        """Whether a check is under way."""
        return self._checks > 0

    @property
    def sealing(self) -> bool:
        """Whether a registration is under way."""
        return self._registrations > 0

    @property
    def busy(self) -> bool:
        """Whether anything is under way or about to be."""
        return self._worker.busy or self._touched_at is not None

    # The main thread's tick

    def pump(self) -> bool:
        """Take over what the worker handed back, start what is due, and return whether anything changed."""
        self._worker.drain()
        now = time.monotonic()
        if self._touched_at is not None and now - self._touched_at >= _QUIET and not self.checking:
            self._check_touched()
        if now >= self._next_look and self.bridge != "starting" and not self._worker.busy:
            self.look_for_bridge()
        changed, self._changed = self._changed, False
        if changed:
            self.host.redraw()
        return changed

    def close(self) -> None:
        """End the threads; a job goes on in the bridge."""
        self._worker.close(timeout=_CLOSE_PATIENCE)

    # Results, on the main thread

    def _register(
        self, keys: Sequence[str], *, target: Path, origin: Origin | None, parent: SceneAsset | None, note: str
    ) -> None:
        items = tuple(item for key in keys if (item := self.host.item(key)) is not None)
        registering.refuse_live_shapes(items)
        staged = registering.staging(target.name)
        try:
            self.host.export(keys, staged)
        except ArpError:
            registering.discard(staged)
            raise
        request = registering.Registration(
            staged=staged,
            target=target,
            items=items,
            tool=f"{self.host.name} {self.host.version}",
            origin=origin,
            parent=None if parent is None else parent.verification,
            note=note,
        )
        folder, connect = self._scene_folder(), self._reachable()
        self.error = None
        self._registrations += 1

        def work() -> registering.Registered:
            if parent is not None and parent.kept != "beside" and parent.mark is not None and parent.file is not None:
                finding.put_back(parent.mark, file=parent.file, kept=Kept(self.home, connect=connect))
            return registering.seal(request, scene_folder=folder, home=self.home, clock=self.clock)

        self._worker.run(
            work,
            done=self._registered,
            failed=self._not_registered,
        )
        self._mark_changed()

    def _registered(self, result: registering.Registered) -> None:
        self._registrations -= 1
        self._stamp(result.marks)

    def _not_registered(self, error: ArpError) -> None:
        self._registrations -= 1
        self._failed(error)

    def _stamp(self, marks: placing.Marks) -> None:
        for key, mark in marks:
            self.host.set_mark(key, mark)
        self.check()

    def _check_touched(self) -> None:
        """Check again what was touched, and only that: with it go all objects of the same assets."""
        wanted, self._touched, self._touched_at = self._touched, set(), None
        items = {key: item for key in wanted if (item := self.host.item(key)) is not None and item.governed}
        marks = {(item.mark.credential, item.mark.path) for item in items.values() if item.mark is not None}
        for asset in self.assets:
            same = asset.mark is not None and (asset.mark.credential, asset.mark.path) in marks
            if same or wanted.intersection(asset.members):
                wanted.update(asset.members)
        for key in wanted.difference(items):
            item = self.host.item(key)
            if item is not None and item.governed:
                items[key] = item
        self._check_items(tuple(items.values()), instead_of=frozenset(wanted))

    def _check_items(self, items: tuple[SceneItem, ...], *, instead_of: frozenset[str] | None) -> None:
        """Check ``items`` off the main thread; the outcome replaces the assets of those keys, or all of them."""
        number, folder, connect = self._check_number, self._scene_folder(), self._reachable()
        self._checks += 1
        self._worker.run(
            lambda: check.check_scene(items, scene_folder=folder, home=self.home, clock=self.clock, connect=connect),
            done=lambda assets: self._checked(number, assets, instead_of=instead_of),
            failed=self._not_checked,
        )
        self._mark_changed()

    def _checked(self, number: int, assets: tuple[SceneAsset, ...], *, instead_of: frozenset[str] | None) -> None:
        self._checks -= 1
        if number != self._check_number:
            return  # everything is being checked again
        kept = () if instead_of is None else (a for a in self.assets if not instead_of.intersection(a.members))
        self.assets = check.in_order((*kept, *assets))
        self._mark_changed()

    def _not_checked(self, error: ArpError) -> None:
        self._checks -= 1
        self._failed(error)

    def _failed(self, error: ArpError) -> None:
        self.error = error
        self._mark_changed()

    def _no_bridge(self, error: ArpError) -> None:
        self.bridge = "absent"
        self._failed(error)

    def _looked(self, state: BridgeState) -> None:
        if self.bridge != "starting":  # an older look says nothing about a bridge that is on its way
            self._bridge_is(state)
            self._find_again()

    def _find_again(self) -> None:
        """Take up a job that this scene still waits for, once a bridge answers."""
        if self.bridge != "running":
            return
        try:
            self._jobs.find_again(connect=self._connect())
        except ArpError as error:
            self._failed(error)

    def _bridge_is(self, state: BridgeState) -> None:
        if self.bridge == state:
            return
        self.bridge = state
        self._mark_changed()
        if state == "running":
            self._jobs.try_again()
            self._find_again()
            if any(asset.state == "unknown" for asset in self.assets):
                self.check()  # what is not at its place may be there

    def _connect(self) -> Connect:
        """Return how to reach the chosen bridge, from any thread."""
        choice, online = self.choice, self.host.online()
        return lambda: bridge_process.connect(choice, home=self.home, online=online)

    def _reachable(self) -> Connect | None:
        """Return how to reach the bridge, or None while none is known to answer."""
        return self._connect() if self.bridge == "running" else None

    def _mark_changed(self) -> None:
        self._changed = True

    def _scene_folder(self) -> Path | None:
        file = self.host.scene_file()
        return None if file is None else file.parent

    def _assets_folder(self) -> Path:
        folder = self._scene_folder()
        return self.home.root / "packages" if folder is None else folder / "assets"
