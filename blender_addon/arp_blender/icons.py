# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own icons, and the picture in the Make section's well."""

from __future__ import annotations

from pathlib import Path

import bpy
import bpy.utils.previews

from arp_core.scene.presenter import Badge

_FOLDER = Path(__file__).parent / "icons"
_LIGHT_FROM = 0.5

_collections: dict[str, bpy.utils.previews.ImagePreviewCollection] = {}


def of_badge(badge: Badge) -> int:
    """Return the icon number of a badge, for the theme in use."""
    return of_name(f"{badge.icon}_{'light' if light_theme() else 'dark'}")


def of_name(name: str) -> int:
    """Return the icon number of one of our drawings."""
    ours = _collections.get("ours")
    return ours[name].icon_id if ours is not None and name in ours else 0


def pixels(name: str) -> tuple[tuple[int, int], list[float]]:
    """Return width and height of a drawing, and its RGBA floats, bottom row first."""
    preview = _collections["ours"][name]
    width, height = preview.image_size
    return (width, height), list(preview.image_pixels_float)


def light_theme() -> bool:
    """Return whether panels are drawn dark on light."""
    red, green, blue = bpy.context.preferences.themes[0].user_interface.wcol_regular.text[:3]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < _LIGHT_FROM


def load_picture(image: Path) -> None:
    """Read a picture for the well; outside drawing, so that drawing never touches the disk."""
    pictures = _collections.get("pictures")
    if pictures is None or str(image) in pictures or not image.is_file():
        return
    pictures.load(str(image), str(image), "IMAGE")


def of_picture(image: Path) -> int:
    """Return the icon number of a loaded picture, or 0."""
    pictures = _collections.get("pictures")
    return pictures[str(image)].icon_id if pictures is not None and str(image) in pictures else 0


def register() -> None:
    """Load the drawings."""
    ours = bpy.utils.previews.new()
    for drawing in sorted(_FOLDER.glob("*.png")):
        ours.load(drawing.stem, str(drawing), "IMAGE")
    _collections["ours"] = ours
    _collections["pictures"] = bpy.utils.previews.new()


def unregister() -> None:
    """Free the drawings."""
    for collection in _collections.values():
        bpy.utils.previews.remove(collection)
    _collections.clear()
