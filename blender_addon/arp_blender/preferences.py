# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sets once: language, bridge, badges in the viewport.

Annotations here are Blender's properties, so they are not postponed.
"""

import os

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

#: Held in memory only: whatever is a property of preferences is written to a file in plain text.
_secrets = {"token": os.environ.get("ARP_TOKEN", "")}


def get() -> "AssetRoutingPreferences | None":
    """Return this extension's preferences, or None while Blender has not made them."""
    entry = bpy.context.preferences.addons.get(__package__)
    return None if entry is None else entry.preferences


def _bridge_changed(_preferences: bpy.types.AddonPreferences, _context: bpy.types.Context) -> None:
    from . import runtime

    runtime.choose_bridge()


def _token(_preferences: bpy.types.AddonPreferences) -> str:
    return _secrets["token"]


def _set_token(preferences: bpy.types.AddonPreferences, value: str) -> None:
    _secrets["token"] = value
    _bridge_changed(preferences, bpy.context)


class AssetRoutingPreferences(bpy.types.AddonPreferences):
    """Preferences of the extension."""

    bl_idname = __package__

    language: EnumProperty(
        name="Language",
        items=(
            ("host", "As Blender", "Follow Blender's interface language"),
            ("en", "English", ""),
            ("zh", "简体中文", ""),
        ),
        default="host",
    )
    arpctl: StringProperty(
        name="Path of arpctl",
        description="Program that runs the bridge; empty: found on PATH",
        subtype="FILE_PATH",
    )
    bridge_url: StringProperty(
        name="Bridge address",
        description="Empty: the bridge of this computer",
        update=_bridge_changed,
    )
    bridge_token: StringProperty(
        name="Bridge token",
        description="Only with an address; kept for this session, never saved",
        subtype="PASSWORD",
        get=_token,
        set=_set_token,
    )
    overlay: BoolProperty(name="Badges in the viewport", default=True)

    def draw(self, _context: bpy.types.Context) -> None:
        """Draw the settings."""
        from .language import say

        column = self.layout.column()
        column.use_property_split = True
        for name, key in (
            ("language", "scene_pref_language"),
            ("arpctl", "scene_pref_arpctl"),
            ("bridge_url", "scene_pref_url"),
            ("bridge_token", "scene_pref_token"),
            ("overlay", "scene_pref_overlay"),
        ):
            column.prop(self, name, text=say(key), translate=False)
