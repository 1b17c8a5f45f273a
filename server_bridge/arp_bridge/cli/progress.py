"""A job's stages on standard error: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any, TextIO

from arp_core import messages

_BAR = 16


class ProgressLine:
    """Shows node events in the order in which they come."""

    def __init__(self, *, language: str, stream: TextIO | None = None) -> None:
        self._language = language
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty()
        self._node = ""
        self._drawn = False

    def show(self, event: Mapping[str, Any]) -> None:
        """Show one event; others than a node's say nothing here."""
        if event.get("type") != "node":
            return
        title = event.get("title", {}).get(self._language) or event["node"]
        text = messages.text(
            "stage_line", language=self._language, index=event["index"], count=event["count"], title=title
        )
        if self._live:
            self._draw(text, event)
        elif event["node"] != self._node:
            print(text, file=self._stream, flush=True)
        self._node = event["node"]

    def close(self) -> None:
        """Leave the line, so that what follows stands on its own."""
        if self._drawn:
            self._stream.write("\n")
            self._stream.flush()
            self._drawn = False

    def _draw(self, text: str, event: Mapping[str, Any]) -> None:
        done = (event["index"] - 1 + float(event.get("fraction", 0.0))) / event["count"]
        filled = round(min(max(done, 0.0), 1.0) * _BAR)
        room = shutil.get_terminal_size().columns - _BAR - 2
        self._stream.write(f"\r\x1b[2K{'━' * filled}{'─' * (_BAR - filled)} {_fitted(text, room)}")
        self._stream.flush()
        self._drawn = True


def _fitted(text: str, room: int) -> str:
    """Return as much of ``text`` as fits; Chinese letters take two columns."""
    kept = ""
    for letter in text:
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            break
        kept += letter
    return kept
