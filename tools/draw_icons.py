"""Draw the badge icons of the Blender extension from arp_core's one set of shapes.

Usage: python tools/draw_icons.py
Needs rsvg-convert (Debian: librsvg2-bin). The PNGs are kept in the repository,
so only someone who changes a shape or a colour runs this.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "core"))

from arp_core.scene.shapes import svg  # noqa: E402  # the source tree goes first
from arp_core.scene.states import LOOKS  # noqa: E402  # the same

TARGET = REPOSITORY / "blender_addon" / "arp_blender" / "icons"
SIZE = 64


def main() -> None:
    """Write one PNG per state and theme."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for state, look in LOOKS.items():
        for theme, colour in (("dark", look.dark), ("light", look.light)):
            drawing = svg(look.shape, colour=colour, size=SIZE)
            path = TARGET / f"{state}_{theme}.png"
            subprocess.run(
                ["rsvg-convert", "--format", "png", "--output", str(path)], input=drawing.encode(), check=True
            )
            print(path.relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
