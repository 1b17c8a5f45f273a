"""The second verdict: may this be used, for what is asked? Never mixed with integrity.

Decided from the signed ODRL policy alone, so it can be given where the readable
rights record is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from arp_core import clock
from arp_core.errors import InputError, UsageError
from arp_core.verify.signed import SignedCredential

Rights = Literal["in_order", "ending_soon", "ended", "not_for_this_use", "embargoed", "undeclared"]

#: Both allow the use that was asked about.
ALLOWING: frozenset[str] = frozenset(("in_order", "ending_soon"))

_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Use:
    """What somebody means to do with the asset; None: not asked about."""

    project: str | None = None
    purpose: str | None = None
    territory: str | None = None
    date: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Use:
        """Return the use that ``project=…,purpose=…,territory=…,date=2026-01-31`` states.

        Raises:
            UsageError: ``use_invalid``.
        """
        found: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            key, equals, value = (piece.strip() for piece in part.partition("="))
            if key not in ("project", "purpose", "territory", "date") or not equals or not value or key in found:
                raise UsageError("use_invalid", value=part)
            found[key] = _date(value) if key == "date" else value
        if not found:
            raise UsageError("use_invalid", value=text)
        return cls(**found)


@dataclass(frozen=True)
class RightsVerdict:
    """The verdict and the catalogue key of its reason."""

    rights: Rights
    reason: str


def rights_verdict(signed: SignedCredential, *, use: Use | None, now: datetime) -> RightsVerdict:
    """Return whether the signed usage boundary allows ``use`` (or any use, at ``now``, if None)."""
    asked = use or Use()
    if signed.origin == "found":
        if asked.purpose is not None and asked.purpose != "trial":
            return RightsVerdict("not_for_this_use", "rights_found_trial_only")
        return RightsVerdict("undeclared", "rights_found_trial_only")
    try:
        rules = _constraints(signed.usage)
    except (KeyError, TypeError, InputError):
        return RightsVerdict("undeclared", "rights_not_readable")
    moment = asked.date or now
    verdict = _outside(rules, asked) or _outside_window(rules, moment)
    if verdict is not None:
        return verdict
    if not signed.publishable:
        return RightsVerdict("undeclared", "rights_no_reference")
    if any(end - moment <= _SOON for end in rules.get("lteq", ())):
        return RightsVerdict("ending_soon", "rights_ending_soon")
    return RightsVerdict("in_order", "rights_in_order")


def _outside(rules: Mapping[str, list[Any]], asked: Use) -> RightsVerdict | None:
    """Compare what is asked about with every permission constraint that speaks of it."""
    table = (("project", asked.project), ("purpose", asked.purpose), ("spatial", asked.territory))
    for operand, value in table:
        if value is not None and any(value not in allowed for allowed in rules.get(operand, ())):
            return RightsVerdict("not_for_this_use", f"rights_other_{operand}")
    return None


def _outside_window(rules: Mapping[str, list[Any]], moment: datetime) -> RightsVerdict | None:
    if any(moment < start for start in rules.get("gteq", ())):
        return RightsVerdict("embargoed", "rights_embargoed")
    if any(moment > end for end in rules.get("lteq", ())):
        return RightsVerdict("ended", "rights_ended")
    return None


def _constraints(usage: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return each constraint's right operand by what it constrains; an unknown one is an error."""
    found: dict[str, list[Any]] = {}
    permissions = usage["permission"]
    if not permissions or any(not rule["action"] for rule in permissions):
        raise KeyError("action")
    for rule in permissions:
        for item in rule.get("constraint", ()):
            operand, operator, value = item["leftOperand"], item["operator"], item["rightOperand"]
            if operand == "dateTime" and operator in ("gteq", "lteq"):
                found.setdefault(operator, []).append(clock.from_text(value))
            elif operand in ("project", "purpose", "spatial") and operator in ("eq", "isAnyOf"):
                found.setdefault(operand, []).append([value] if operator == "eq" else list(value))
            else:  # a boundary we cannot read is not one we may overlook
                raise KeyError(operand)
    return found


def _date(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the latter: in UTC it is after the last year
        raise UsageError("use_invalid", value=value) from error
