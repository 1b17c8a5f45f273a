# SPDX-License-Identifier: GPL-3.0-or-later
"""Which language the panel speaks: Blender's own, unless the preferences say otherwise."""

from __future__ import annotations

import bpy

from arp_core import messages

from . import preferences


def current() -> str:
    """Return ``en`` or ``zh``."""
    chosen = preferences.get()
    if chosen is not None and chosen.language != "host":
        return str(chosen.language)
    locale = bpy.app.translations.locale or ""
    translated = bpy.context.preferences.view.use_translate_interface
    return "zh" if translated and locale.lower().startswith("zh") else "en"


def say(key: str, **facts: object) -> str:
    """Return the catalogue's sentence in the panel's language."""
    return messages.text(key, facts, language=current())
