# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender itself draws for us, such as the tab's name, in its own interface language."""

from __future__ import annotations

import bpy

from arp_core import messages

_TITLES = ("scene_tab", "scene_action_generate", "scene_action_check", "scene_action_report", "scene_field_image")
_LOCALES = ("zh_HANS", "zh_CN")


def register() -> None:
    """Hand Blender the Chinese for those titles."""
    table = {("*", messages.text(key)): messages.text(key, language="zh") for key in _TITLES}
    bpy.app.translations.register(__package__, dict.fromkeys(_LOCALES, table))


def unregister() -> None:
    """Take them back."""
    bpy.app.translations.unregister(__package__)
