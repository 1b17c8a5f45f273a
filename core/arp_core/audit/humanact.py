"""Human nodes: select, reject, edit, approve, retake, recorded when they happen.

Scores inform; only people accept or reject art. The actor is a pseudonymous
identifier (``act_…``); who that is stays with the studio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from arp_core import typeid
from arp_core.clock import Clock, to_text
from arp_core.errors import InputError

Act = Literal["select", "reject", "edit", "approve", "retake"]

ACTS: tuple[Act, ...] = ("select", "reject", "edit", "approve", "retake")

_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class HumanAct:
    """One judgement or edit by a person, bound to digests of what it concerned."""

    act: Act
    actor: str
    tool: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    aspects: tuple[str, ...]
    note: str
    time: str

    def to_json(self) -> dict[str, Any]:
        """Return the act as a node record of kind ``human``."""
        return {
            "type": "NodeRecord",
            "kind": "human",
            "node": self.act,
            "actor": self.actor,
            "tool": self.tool,
            "inputs": dict(self.inputs),
            "outputs": dict(self.outputs),
            "aspects": list(self.aspects),
            "note": self.note,
            "time": self.time,
        }


def record_act(
    act: Act,
    *,
    actor: str,
    tool: str,
    clock: Clock,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    aspects: Sequence[str] = (),
    note: str = "",
) -> HumanAct:
    """Return the record of an act that happens now.

    Args:
        act: One of :data:`ACTS`.
        actor: Pseudonymous identifier ``act_…``.
        tool: What it was done with, such as ``blender 5.2.3``.
        clock: Dates the act.
        inputs: Name -> digest (multibase) of what was looked at or changed.
        outputs: Name -> digest of what came of it.
        aspects: What changed: geometry, uv, texture, material, scale.
        note: The person's own words; kept in the disclosed record only.

    Raises:
        InputError: ``human_act_unknown``, ``id_invalid`` or ``note_too_long``.
    """
    if act not in ACTS:
        raise InputError("human_act_unknown", value=act, known=", ".join(ACTS))
    if len(note) > _LONGEST_NOTE:
        raise InputError("note_too_long", limit=_LONGEST_NOTE)
    return HumanAct(
        act=act,
        actor=typeid.check_id(actor, prefix="act"),
        tool=tool,
        inputs=dict(inputs or {}),
        outputs=dict(outputs or {}),
        aspects=tuple(aspects),
        note=note,
        time=to_text(clock()),
    )
