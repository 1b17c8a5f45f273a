"""Foreign text on a person's screen: what would steer a terminal is shown instead of obeyed.

Names of files and words of foreign documents may hold escape sequences, line
breaks that forge a line of ours, and characters that turn the direction of
writing. Each becomes a visible escape; everything else stays as it is.
"""

from __future__ import annotations

import re

#: Control characters, line and paragraph separators, marks and overrides of direction, lone surrogates.
_STEERING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]",
)


def printable(text: str) -> str:
    r"""Return ``text`` on one line, with visible escapes such as ``\x1b`` for what steers a terminal."""
    return _STEERING.sub(_escape, text)


def printable_json(text: str) -> str:
    """Return JSON ``text`` that means the same and steers nothing; its own line breaks stay."""
    return _STEERING.sub(lambda match: match[0] if match[0] in "\n\t" else f"\\u{ord(match[0]):04x}", text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
