"""The bridge's log: to standard error, and bounded, whatever a request makes of it.

A fault that recurses, or that quotes what was sent, could otherwise fill the
disk of the very home that it happens in.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Final

#: Innermost frames of a traceback that are written.
_FRAMES: Final = 20
#: Exceptions of a chain (raised from, raised during) that are written.
_CHAIN: Final = 4
_LONGEST_LINE: Final = 1000
_LONGEST_RECORD: Final = 16_000


class BoundedFormatter(logging.Formatter):
    """Writes a record in a bounded number of lines of bounded length."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text; lone surrogates and long lines are made writable."""
        text = super().format(record).encode("utf-8", "backslashreplace").decode("utf-8")
        cut = "\n".join(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in text.split("\n"))
        return cut if len(cut) <= _LONGEST_RECORD else f"{cut[:_LONGEST_RECORD]}…"

    def formatException(  # noqa: N802  # the name that logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the last links of the chain, each with its innermost frames, the outermost link first."""
        links: list[str] = []
        error = ei[1]
        while error is not None and len(links) < _CHAIN:
            frames = "".join(traceback.format_tb(error.__traceback__, limit=-_FRAMES))
            links.append(f"Traceback (innermost {_FRAMES} frames):\n{frames}{_said(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(links))


def configure() -> None:
    """Send what this process logs to standard error, from warnings upwards.

    uvicorn's own loggers write through the same handler: it reports a fault
    once more, with the whole traceback.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(BoundedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _said(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}: {str(error)[:_LONGEST_LINE]}"
