# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset Routing for Blender: make, register and check assets that carry a credential.

Thin on purpose: what is hashed, signed, sent or threaded is in ``arp_core``,
which comes bundled as a wheel. Here are Blender's panels, operators and
handlers, and :class:`~.host.BlenderHost`, through which the shared session
sees the open scene.
"""

from __future__ import annotations

import bpy

from . import (
    handlers,
    icons,
    operators,
    operators_list,
    overlay,
    panel_details,
    panels,
    preferences,
    properties,
    runtime,
    translations,
    usd_hook,
)

_CLASSES = (
    preferences.AssetRoutingPreferences,
    *operators.CLASSES,
    *operators_list.CLASSES,
    *panels.CLASSES,
    *panel_details.CLASSES,
)
_PARTS = (translations, icons, properties, runtime, handlers, overlay, usd_hook)


def register() -> None:
    """Put everything in place; the session opens last but for what listens to it."""
    for part in _CLASSES:
        bpy.utils.register_class(part)
    for part in _PARTS:
        part.register()


def unregister() -> None:
    """Take everything away again, in reverse."""
    for part in reversed(_PARTS):
        part.unregister()
    for part in reversed(_CLASSES):
        bpy.utils.unregister_class(part)
