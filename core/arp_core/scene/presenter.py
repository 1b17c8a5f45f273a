"""What a person reads for a state: word, icon, colour, sentences and what can be done next.

The hosts draw with their own widgets and ask here for everything they say, so
that Blender, Houdini, Maya and reports speak with one voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from arp_core import clock, messages
from arp_core.errors import ArpError
from arp_core.scene.asset import Reason, SceneAsset
from arp_core.scene.making import JobState, Progress
from arp_core.scene.states import LOOKS, PRECEDENCE, Shape, State

if TYPE_CHECKING:
    from arp_core.verify import Verification

ActionName = Literal["register", "register_version", "put_back"]

#: How a station's trust list names the station itself.
_OWN_NOTE = "this station"

#: Before this much of a job is done, the time left is a guess and is not shown.
_TELLING_FRACTION = 0.15

_JOB_WORDS: dict[JobState, str] = {
    "sending": "scene_job_sending",
    "queued": "scene_job_queued",
    "running": "scene_job_queued",
    "fetching": "scene_job_fetching",
    "placing": "scene_job_placing",
    "succeeded": "scene_job_succeeded",
    "failed": "scene_job_failed_short",
    "cancelled": "scene_job_cancelled",
}


@dataclass(frozen=True)
class Badge:
    """A badge, ready to draw.

    Attributes:
        state: The state behind it.
        word: The word with its version, as "Verified · v001".
        short: The word alone.
        shape: Which shape to draw; icons are named for it.
        icon: Name of the icon, without theme and suffix.
        dark: Colour on a dark theme, sRGB hex.
        light: Colour on a light theme, sRGB hex.
    """

    state: State
    word: str
    short: str
    shape: Shape
    icon: str
    dark: str
    light: str


@dataclass(frozen=True)
class Action:
    """One thing a person can do with an asset now."""

    name: ActionName
    label: str
    enabled: bool


@dataclass(frozen=True)
class Line:
    """One line of the details: a label and its value (either may be empty)."""

    label: str
    value: str


@dataclass(frozen=True)
class Chip:
    """How many assets are in one state."""

    badge: Badge
    count: int


def version_text(number: int | None) -> str:
    """Return ``v003`` for 3, and nothing for None."""
    return "" if number is None else f"v{number:03d}"


def badge(state: State, *, version: int | None = None, language: str) -> Badge:
    """Return how ``state`` of this version looks and reads."""
    look = LOOKS[state]
    short = messages.text(f"scene_state_{state}", language=language)
    number = version_text(version)
    if state == "edited" and number:
        word = messages.text("scene_word_edited_from", language=language, version=number)
    elif number and state not in ("unsigned", "pending"):
        word = f"{short} · {number}"
    else:
        word = short
    return Badge(state=state, word=word, short=short, shape=look.shape, icon=state, dark=look.dark, light=look.light)


def asset_badge(asset: SceneAsset, *, language: str) -> Badge:
    """Return the badge of an asset."""
    return badge(asset.state, version=asset.version, language=language)


def chips(assets: Sequence[SceneAsset], *, language: str) -> tuple[Chip, ...]:
    """Return the counts by state, worst first, of states that occur."""
    counted = ((state, sum(asset.state == state for asset in assets)) for state in PRECEDENCE)
    return tuple(Chip(badge(state, language=language), count) for state, count in counted if count)


def sentence(asset: SceneAsset, *, language: str) -> str:
    """Return the one plain sentence that stands first under an asset's badge."""
    gone = asset.state == "unknown" and asset.kept in ("file_gone", "copy_gone")
    key = "file_gone" if gone else asset.state
    return messages.text(f"scene_sentence_{key}", _facts(asset), language=language)


def reason_texts(reasons: Sequence[Reason], *, language: str) -> tuple[str, ...]:
    """Return the reasons as sentences, decisive one first."""
    return tuple(messages.text(reason.code, reason.facts, language=language) for reason in reasons)


def actions(asset: SceneAsset, *, language: str) -> tuple[Action, ...]:
    """Return what can be done with an asset, the most useful first."""
    if asset.kept in ("sidecar_gone", "file_gone") and asset.state != "edited":
        return (Action("put_back", messages.text("scene_action_put_back", language=language), True),)
    if asset.state == "edited":
        label = messages.text(
            "scene_action_register_version", language=language, version=version_text(asset.next_version)
        )
        return (Action("register_version", label, asset.may_register),)
    if asset.state == "unsigned":
        return (Action("register", messages.text("scene_action_register", language=language), True),)
    return ()


def details(asset: SceneAsset, *, language: str) -> tuple[Line, ...]:
    """Return what is known of an asset beyond its badge, in the artist's terms."""

    def line(label: str, value: str) -> Line:
        return Line(messages.text(label, language=language), value)

    lines = []
    if asset.file is not None:
        lines.append(line("scene_label_file", asset.file.name))
    found = asset.verification
    if found is not None:
        if found.object_id:
            lines.append(line("scene_label_asset", short_id(found.object_id)))
        if found.credential_id:
            lines.append(line("scene_label_credential", short_id(found.credential_id)))
        if found.issuer:
            lines.append(line("scene_label_issuer", _issuer(asset, did=found.issuer, language=language)))
        made_from = _made_from(found)
        if made_from:
            lines.append(line("scene_label_made_from", made_from))
        when = (found.document or {}).get("validFrom")
        if isinstance(when, str):
            lines.append(line("scene_label_when", clock.from_text(when).astimezone().strftime("%Y-%m-%d %H:%M")))
        rights = rights_text(str(found.rights or ""), language=language)
        if rights:
            lines.append(line("scene_label_rights", rights))
        label = "scene_value_ai_made" if found.label is not None else "scene_value_no_label"
        lines.append(line("scene_label_ai", messages.text(label, language=language)))
    return tuple(lines)


def _made_from(found: Verification) -> str:
    """Return the version that this one was made from, one step up, or nothing for a first version."""
    parent = ((found.document or {}).get("credentialSubject", {}).get("version") or {}).get("parent")
    if not isinstance(parent, dict) or not found.version:
        return ""
    return f"{version_text(found.version - 1)} · {short_id(str(parent.get('credentialId', '')))}"


@dataclass(frozen=True)
class StepLine:
    """One step of verification: its number, what it asks in words, its outcome, and whether it holds."""

    number: int
    words: str
    outcome: str
    holds: bool


def steps(asset: SceneAsset, *, language: str) -> tuple[StepLine, ...]:
    """Return the steps by which the file was verified, in order; none where it could not be."""
    found = asset.verification
    return tuple(
        StepLine(
            number=step.number,
            words=messages.text(f"step_{step.name}", language=language),
            outcome=messages.text(f"outcome_{step.outcome}", language=language),
            holds=step.holds,
        )
        for step in (() if found is None else found.steps)
    )


def rights_text(verdict: str, *, language: str) -> str:
    """Return the rights verdict in words, or the verdict itself where the catalogue has none."""
    if not verdict:
        return ""
    key = f"rights_verdict_{verdict}"  # the command line's own words
    found = messages.text(key, language=language)
    return verdict.replace("_", " ") if found == key else found


def rights_mark(asset: SceneAsset, *, language: str) -> str:
    """Return the second, smaller mark: the rights verdict where it is not in order, else nothing."""
    verdict = "" if asset.verification is None else str(asset.verification.rights or "")
    return "" if verdict in ("", "in_order", "not_asked") else rights_text(verdict, language=language)


def short_id(identifier: str) -> str:
    """Return an identifier's kind and its last eight characters, to be told apart by eye."""
    return identifier if len(identifier) <= 16 else f"{identifier[:8]}…{identifier[-6:]}"


@dataclass(frozen=True)
class JobView:
    """A job, ready to draw: the stage in words, the time left, and whether it ended well."""

    stage: str
    left: str
    good: bool


def job_view(progress: Progress, *, seconds: float | None, language: str) -> JobView:
    """Return how a job reads.

    Args:
        progress: Where it stands.
        seconds: How long it has been running; None where that is not known.
        language: ``en`` or ``zh``.
    """
    if progress.state == "running" and progress.node:
        stage = messages.text(
            "scene_job_stage",
            language=language,
            stage=stage_text(progress.node, language=language),
            index=progress.index,
            count=progress.count,
        )
    else:
        stage = messages.text(_JOB_WORDS[progress.state], language=language)
    left = ""
    if seconds is not None and progress.state == "running" and progress.fraction >= _TELLING_FRACTION:
        rest = seconds * (1 - progress.fraction) / progress.fraction
        left = messages.text("scene_job_left", language=language, seconds=max(1, round(rest)))
    return JobView(stage=stage, left=left, good=progress.state == "succeeded")


def stage_text(node: str, *, language: str) -> str:
    """Return a job's node in words ("Laying out the UVs"), or its own name where the catalogue has none."""
    key = f"scene_stage_{node}"
    found = messages.text(key, language=language)
    return node.replace("_", " ") if found == key else found


def error_text(error: ArpError, *, language: str) -> str:
    """Return what happened and what to do, as a sentence."""
    return error.sentence(language=language)


def _issuer(asset: SceneAsset, *, did: str, language: str) -> str:
    if asset.issuer == _OWN_NOTE:
        return messages.text("scene_value_this_station", language=language)
    return asset.issuer or short_id(did)


def _facts(asset: SceneAsset) -> dict[str, object]:
    where: Path | None = asset.file
    return {
        "name": asset.name,
        "version": version_text(asset.version),
        "next": version_text(asset.next_version),
        "file": where.name if where is not None else "",
    }
