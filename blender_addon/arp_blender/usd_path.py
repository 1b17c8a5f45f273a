# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's own ``pxr``: bundled, and on the path of the application but not of the ``bpy`` module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import bpy


def importable() -> bool:
    """Return whether ``pxr`` can be imported, after adding Blender's own copy behind everything else."""
    if importlib.util.find_spec("pxr") is not None:
        return True
    library = Path(bpy.utils.resource_path("LOCAL")) / "python" / "lib"
    places = (
        library / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages",
        library / "site-packages",
    )
    for place in places:
        # Appended, never ahead: nothing of the host's is replaced.
        if (place / "pxr").is_dir() and str(place) not in sys.path:
            sys.path.append(str(place))
    importlib.invalidate_caches()
    return importlib.util.find_spec("pxr") is not None
