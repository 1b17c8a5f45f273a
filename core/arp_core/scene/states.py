"""The states an asset in a scene can be in, and how each looks: the one badge vocabulary.

Shape, colour and word stand together, so that a badge reads for colour-blind
eyes, in grey print and at 12 pixels. Red never means "someone edited".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arp_core.verify.result import Status

#: What a badge can say is what verification can say.
State = Status

Shape = Literal[
    "shield_tick",
    "pencil",
    "triangle",
    "circular_arrow",
    "shield_question",
    "octagon_bar",
    "clock",
    "hollow_circle",
    "dotted_ring",
    "dashed_shield",
]


@dataclass(frozen=True)
class Look:
    """How a state is drawn: a shape, and its colour on a dark and on a light theme (sRGB hex)."""

    shape: Shape
    dark: str
    light: str


LOOKS: dict[State, Look] = {
    "verified": Look("shield_tick", "#3FB950", "#1A7F37"),
    "edited": Look("pencil", "#58A6FF", "#0969DA"),
    "modified": Look("triangle", "#D29922", "#9A6700"),
    "reexported": Look("circular_arrow", "#8B9DB5", "#57606A"),
    "untrusted": Look("shield_question", "#DB6D28", "#BC4C00"),
    "revoked": Look("octagon_bar", "#F85149", "#CF222E"),
    "suspended": Look("octagon_bar", "#F85149", "#CF222E"),
    "expired": Look("clock", "#D29922", "#9A6700"),
    "unknown": Look("clock", "#D29922", "#9A6700"),
    "unsigned": Look("hollow_circle", "#8B949E", "#6E7781"),
    "pending": Look("dotted_ring", "#8B949E", "#6E7781"),
    "not_compared": Look("dashed_shield", "#8B949E", "#6E7781"),
}

#: Worst first. One asset of several objects shows its worst; the head follows
#: contracts.md's precedence of verdicts.
PRECEDENCE: tuple[State, ...] = (
    "modified",
    "untrusted",
    "revoked",
    "suspended",
    "expired",
    "unknown",
    "unsigned",
    "edited",
    "not_compared",
    "reexported",
    "pending",
    "verified",
)

#: The states of which a person must always see the badge, however full the view is.
NEVER_COLLAPSE: frozenset[State] = frozenset(("modified", "untrusted", "revoked", "suspended"))


def worst(states: tuple[State, ...]) -> State:
    """Return the state that an asset of several objects shows; of none, ``pending``."""
    return min(states, key=PRECEDENCE.index, default="pending")
