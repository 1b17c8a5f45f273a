"""What must hold before a result counts as verified: small rules, composed.

A rule answers one question about the outcomes of the steps; :class:`AllOf` and
:class:`AnyOf` combine rules. A policy also says whether the deep steps run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from arp_core.verify.result import Step

Outcomes = Mapping[str, Step]


class Rule(Protocol):
    """One question about the steps' outcomes."""

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether the outcomes satisfy the rule."""
        ...


@dataclass(frozen=True)
class Passed:
    """The step ran and passed."""

    step: str

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether it passed; a step that did not run has not passed."""
        found = outcomes.get(self.step)
        return found is not None and found.outcome == "passed"


@dataclass(frozen=True)
class Absent:
    """The step has nothing to decide for this asset."""

    step: str

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether it is not applicable."""
        found = outcomes.get(self.step)
        return found is not None and found.outcome == "not_applicable"


@dataclass(frozen=True)
class Withheld:
    """The step could not run because records were withheld on purpose."""

    step: str

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether it is withheld."""
        found = outcomes.get(self.step)
        return found is not None and found.outcome == "withheld"


@dataclass(frozen=True)
class AllOf:
    """Every rule must accept."""

    rules: tuple[Rule, ...]

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether all of them accept."""
        return all(rule.accepts(outcomes) for rule in self.rules)


@dataclass(frozen=True)
class AnyOf:
    """One rule is enough."""

    rules: tuple[Rule, ...]

    def accepts(self, outcomes: Outcomes) -> bool:
        """Return whether at least one accepts."""
        return any(rule.accepts(outcomes) for rule in self.rules)


@dataclass(frozen=True)
class Policy:
    """A named rule, and whether geometry and labels are read again from the files."""

    name: str
    rule: Rule
    deep: bool = False


def _where_due(step: str) -> Rule:
    return AnyOf((Passed(step), Absent(step)))


_SIGNED = AllOf(
    (
        Passed("wellformed"),
        Passed("proof"),
        Passed("issuer"),
        Passed("trust"),
        _where_due("status"),
        Passed("validity"),
    )
)
_WHOLE = AllOf(
    (
        Passed("files"),
        AnyOf((Passed("records"), Withheld("records"))),
        _where_due("log_proof"),
        _where_due("timestamp"),
    )
)

#: Relies on the signed digests of the files.
STANDARD = Policy("standard", AllOf((_SIGNED, _WHOLE, _where_due("label"))))
#: Reads geometry and labels again from the files, and relies on nothing else for them.
STRICT = Policy("strict", AllOf((_SIGNED, _WHOLE, _where_due("geometry"), _where_due("label"))), deep=True)
