# SPDX-License-Identifier: GPL-3.0-or-later
"""The one session of this Blender, its timer, and its settings."""

from __future__ import annotations

import logging

import bpy

from arp_core.errors import ArpError
from arp_core.home import Home
from arp_core.identify import rights
from arp_core.scene.bridge_process import BridgeChoice
from arp_core.scene.session import Session

from . import icons, preferences
from .host import BlenderHost

_LOG = logging.getLogger(__name__)
_BUSY_TICK = 0.1  # seconds: progress within a second, feedback within a tenth
_IDLE_TICK = 0.5

_session: Session | None = None


def session() -> Session:
    """Return the session of this Blender."""
    if _session is None:
        raise RuntimeError("the Asset Routing extension is not registered")
    return _session


def choose_bridge() -> None:
    """Take the bridge from the preferences."""
    chosen = preferences.get()
    if _session is not None and chosen is not None:
        _session.choice = BridgeChoice(url=chosen.bridge_url.strip(), token=chosen.bridge_token)
        _session.look_for_bridge()


def last_origin() -> str | None:
    """Return where pictures were from last time, or None."""
    try:
        return rights.last_origin(session().home)
    except ArpError:
        _LOG.warning("The remembered answer could not be read", exc_info=True)
        return None


def pump() -> bool:
    """Take over results and start what is due; the same in a timer and in a headless loop."""
    changed = session().pump()
    if changed:
        for asset in session().assets:
            if asset.preview is not None:
                icons.load_picture(asset.preview)  # here, so that drawing never touches the disk
    return changed


def _tick() -> float:
    pump()
    return _BUSY_TICK if session().busy else _IDLE_TICK


def register() -> None:
    """Open the session and start its timer."""
    global _session  # noqa: PLW0603  # Blender loads an extension once; its session lives as long
    _session = Session(BlenderHost(), home=Home.default())
    choose_bridge()
    bpy.app.timers.register(_tick, first_interval=_IDLE_TICK, persistent=True)


def unregister() -> None:
    """Stop the timer and the session's threads."""
    global _session  # noqa: PLW0603  # the same
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    if _session is not None:
        _session.close()
    _session = None
