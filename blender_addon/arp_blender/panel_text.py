# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences in a narrow sidebar: labels do not wrap by themselves."""

from __future__ import annotations

import unicodedata

import bpy

_LETTER = 0.52  # of the font size, the average advance of a Latin letter
_FULL_WIDTH = frozenset("WF")


def paragraph(
    layout: bpy.types.UILayout, context: bpy.types.Context, text: str, *, icon: int = 0, inset: int = 0
) -> None:
    """Draw ``text`` over as many labels as the region's width asks for.

    Args:
        layout: Where.
        context: Its region's width counts.
        text: One paragraph.
        icon: Icon before the first line.
        inset: Pixels at 1× scale that boxes around take away.
    """
    style = context.preferences.ui_styles[0].widget
    scale = context.preferences.system.ui_scale
    room = context.region.width / scale - 52 - inset - (20 if icon else 0)
    letters = max(12.0, room / (style.points * _LETTER))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(wrapped(text, width=letters)):
        if icon and number == 0:
            column.label(text=line, icon_value=icon, translate=False)
        elif icon:
            column.label(text=line, icon="BLANK1", translate=False)
        else:
            column.label(text=line, translate=False)


def wrapped(text: str, *, width: float) -> list[str]:
    """Return ``text`` in lines of at most ``width`` Latin letters; a Chinese one counts for two."""
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text):
        size = sum(_advance(letter) for letter in piece)
        if line and used + size > width and not _closes(piece):
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece if line else piece.lstrip()
        used += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Return the pieces between which a line may break: after spaces, around each full-width letter."""
    pieces = [""]
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in _FULL_WIDTH
        if wide or (
            pieces[-1] and (pieces[-1][-1] == " " or unicodedata.east_asian_width(pieces[-1][-1]) in _FULL_WIDTH)
        ):
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return [piece for piece in pieces if piece]


def _advance(letter: str) -> float:
    return 1.9 if unicodedata.east_asian_width(letter) in _FULL_WIDTH else 1.0


def _closes(piece: str) -> bool:
    """Whether a piece may not begin a line: closing punctuation stays with what it closes."""
    return piece[0] in "，。；：、！？）”》…,.;:!?)"
