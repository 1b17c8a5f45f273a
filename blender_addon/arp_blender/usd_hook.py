# SPDX-License-Identifier: GPL-3.0-or-later
"""USD that anyone exports from Blender carries the assets' metadata."""

from __future__ import annotations

import logging

import bpy

from arp_core.errors import ArpError
from arp_core.scene import usd_marks

from . import export_usd, runtime

_LOG = logging.getLogger(__name__)

_hook: list[type] = []


def _on_export(context: object) -> bool:
    """Write identifiers, version and label onto the prims of marked objects."""
    try:
        usd_marks.write(context.get_stage(), assets=runtime.session().assets)
    except ArpError as error:
        _LOG.warning("USD metadata was not written: %s", error)
        return False
    return True


def register() -> None:
    """Add the hook, where this Blender can write USD at all."""
    if not export_usd.available():
        return
    hook = type(
        "ASSET_ROUTING_USD_hook",
        (bpy.types.USDHook,),
        {
            "bl_idname": "asset_routing_usd_hook",
            "bl_label": "Asset Routing",
            "bl_description": "Carries identifiers, version and AI label of sealed assets",
            "on_export": staticmethod(_on_export),
        },
    )
    bpy.utils.register_class(hook)
    _hook.append(hook)


def unregister() -> None:
    """Take the hook away."""
    while _hook:
        bpy.utils.unregister_class(_hook.pop())
