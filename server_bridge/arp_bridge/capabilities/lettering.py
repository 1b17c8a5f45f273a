"""The visible label on a preview: "AI生成 · AI-generated draft".

GB 45438-2025 asks for visible text at least 5 % of the shorter side in height.
Latin letters come from the font inside Pillow. The two Chinese characters are
drawn here stroke by stroke as plain lines, so that no font has to be shipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT = "AI生成 · AI-generated draft"
#: Height of a character against the shorter side; ink is a tenth less.
_EM_SHARE = 0.062
_OVERSAMPLE = 4

#: Strokes in writing order, each a line through points of a 100 × 100 box, y down.
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "生": (
        ((29, 8), (25, 20), (19, 31), (11, 41)),
        ((24, 27), (86, 27)),
        ((18, 57), (82, 57)),
        ((51, 6), (51, 92)),
        ((6, 92), (94, 92)),
    ),
    "成": (
        ((18, 25), (92, 25)),
        ((18, 25), (18, 52), (15, 74), (6, 94)),
        ((19, 48), (45, 48), (44, 68), (41, 80), (36, 83), (28, 80)),
        ((54, 6), (56, 34), (63, 60), (74, 80), (84, 91), (90, 91), (94, 76)),
        ((86, 42), (77, 60), (64, 77), (46, 92)),
        ((69, 7), (82, 17)),
    ),
}
_STROKE_WIDTH = 9.0


def add_label(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Return the picture with the label along its lower edge, and the text's height in pixels.

    Args:
        picture: (height, width, 3) uint8.
    """
    height, width = picture.shape[:2]
    em = _EM_SHARE * min(height, width)
    line, ink = _line(em * _OVERSAMPLE)
    widest = int(width * 0.92) * _OVERSAMPLE
    if line.width > widest:
        line = line.resize((widest, line.height), Image.Resampling.LANCZOS)
    pad = round(em * 0.42) * _OVERSAMPLE
    plate = Image.new("L", (width * _OVERSAMPLE, height * _OVERSAMPLE), 0)
    left = (plate.width - line.width) // 2
    top = plate.height - line.height - pad - round(em * 0.45) * _OVERSAMPLE
    text = plate.copy()
    box = (left - pad, top - pad // 2, left + line.width + pad, top + line.height + pad // 2)
    ImageDraw.Draw(plate).rounded_rectangle(box, radius=(box[3] - box[1]) // 2, fill=176)
    text.paste(line, (left, top))
    under = np.asarray(plate.resize((width, height), Image.Resampling.BOX)).astype(np.float64)[..., None] / 255.0
    over = np.asarray(text.resize((width, height), Image.Resampling.BOX)).astype(np.float64)[..., None] / 255.0
    darkened = picture * (1.0 - under) + 24.0 * under
    labelled = darkened * (1.0 - over) + 250.0 * over
    return np.clip(np.rint(labelled), 0, 255).astype(np.uint8), round(ink / _OVERSAMPLE)


def _line(em: float) -> tuple[Image.Image, int]:
    """Return the label as a grey picture, and the height of its characters' ink, both in drawn pixels."""
    font = ImageFont.load_default(em * 1.08)
    tall = round(em * 1.25)
    parts: list[Image.Image] = []
    ink: list[int] = []
    for run in ("AI", "生", "成", "·", "AI-generated draft"):
        if run in _STROKES:
            parts.append(_character(run, em, tall=tall))
            ink.append(_ink(parts[-1]))
        elif run == "·":
            parts.append(_dot(em, tall=tall))
        else:
            part = Image.new("L", (int(font.getlength(run)) + 2, tall), 0)
            # Latin capitals stand on the Chinese characters' foot.
            ImageDraw.Draw(part).text((0, round(em * 1.05)), run, fill=255, font=font, anchor="ls")
            parts.append(part)
    gap = round(em * 0.07)
    line = Image.new("L", (sum(part.width for part in parts) + gap * (len(parts) - 1), tall), 0)
    x = 0
    for part in parts:
        line.paste(part, (x, 0))
        x += part.width + gap
    return line, min(ink)


def _ink(part: Image.Image) -> int:
    box = part.getbbox()
    return box[3] - box[1] if box else 0


def _character(letter: str, em: float, *, tall: int) -> Image.Image:
    """Return one Chinese character drawn by its strokes."""
    part = Image.new("L", (round(em), tall), 0)
    draw = ImageDraw.Draw(part)
    unit = em / 100.0
    top = em * 0.10
    radius = _STROKE_WIDTH * unit / 2.0
    for stroke in _STROKES[letter]:
        points = [(x * unit, top + y * unit) for x, y in stroke]
        draw.line(points, fill=255, width=max(1, round(2 * radius)))
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return part


def _dot(em: float, *, tall: int) -> Image.Image:
    part = Image.new("L", (round(em * 0.5), tall), 0)
    centre, radius = (em * 0.25, em * 0.62), em * 0.075
    ImageDraw.Draw(part).ellipse(
        (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), fill=255
    )
    return part
