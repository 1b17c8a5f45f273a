"""Rights: who may use an asset, for what, where and until when.

One question is put to an artist: where is this from? The project's rights
profile (``ARP_HOME/rights.toml``) answers the rest. What is signed is an ODRL
2.2 policy (W3C ODRL Information Model): permissions, prohibitions and the
constraints ``spatial``, ``dateTime``, ``purpose`` and, by our profile,
``project``. The authorisation chain and licence reference stand in the rights
record, which a delivery may withhold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from arp_core import clock
from arp_core.errors import ArpError, InputError, UsageError

Origin = Literal["mine", "production", "licensed", "client", "found"]

ORIGINS: tuple[Origin, ...] = get_args(Origin)

#: Identifies our one extension of ODRL, the ``project`` operand.
ODRL_PROFILE = "urn:asset-routing-pipeline:mts:v1"

#: ODRL 2.2 actions (https://www.w3.org/TR/odrl-vocab/) that a profile may name.
ACTIONS = ("use", "modify", "derive", "reproduce", "distribute", "present", "sell", "archive", "aggregate")

_OPEN_ACTIONS = ("use", "modify", "derive", "reproduce", "distribute", "present")
_TRIAL_ACTIONS = ("use", "modify")
_NEVER_WHEN_FOUND = ("distribute", "present", "sell")
#: The one purpose for which material of unknown origin may be used.
TRIAL = "trial"


@dataclass(frozen=True)
class RightsRecord:
    """An authorisation chain, a licence reference and a usage boundary.

    ``chain`` lists grants from the first holder to us, each with ``grantor``,
    ``grantee`` and ``reference``: codes and document numbers, never names of
    persons. Empty tuples and None mean "not limited". Times are canonical text.
    """

    origin: Origin
    holder: str = ""
    licence: str = ""
    project: str = ""
    chain: tuple[Mapping[str, str], ...] = ()
    permissions: tuple[str, ...] = _OPEN_ACTIONS
    prohibitions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    not_before: str | None = None
    not_after: str | None = None
    publishable: bool = True

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise UsageError("origin_unknown", origin=self.origin, known=", ".join(ORIGINS))
        strange = [name for name in (*self.permissions, *self.prohibitions) if name not in ACTIONS]
        if strange:
            raise InputError("rights_invalid", reason=f"“{strange[0]}” is no ODRL action of {', '.join(ACTIONS)}")
        for moment in (self.not_before, self.not_after):
            if moment is not None:
                clock.from_text(moment)
        if self.origin == "found" and self.publishable:
            raise InputError("rights_invalid", reason="material that was found is never publishable")

    def usage(self, *, uid: str) -> dict[str, Any]:
        """Return the ODRL policy that the credential signs for the asset ``uid`` names."""
        constraints: list[dict[str, Any]] = []
        if self.project:
            constraints.append(_constraint("project", "eq", self.project))
        if self.purposes:
            constraints.append(_constraint("purpose", "isAnyOf", list(self.purposes)))
        if self.territories:
            constraints.append(_constraint("spatial", "isAnyOf", list(self.territories)))
        if self.not_before is not None:
            constraints.append(_constraint("dateTime", "gteq", self.not_before))
        if self.not_after is not None:
            constraints.append(_constraint("dateTime", "lteq", self.not_after))
        permission: dict[str, Any] = {"action": list(self.permissions)}
        if constraints:
            permission["constraint"] = constraints
        policy: dict[str, Any] = {"uid": f"{uid}/usage", "type": "Set", "target": uid, "permission": [permission]}
        if self.project:
            policy["profile"] = ODRL_PROFILE
        if self.prohibitions:
            policy["prohibition"] = [{"action": list(self.prohibitions)}]
        return policy

    def to_json(self) -> dict[str, Any]:
        """Return the readable record (MTS part ``rights``)."""
        return {
            "type": "RightsRecord",
            "origin": self.origin,
            "holder": self.holder,
            "licence": self.licence,
            "project": self.project,
            "chain": [dict(grant) for grant in self.chain],
            "permissions": list(self.permissions),
            "prohibitions": list(self.prohibitions),
            "purposes": list(self.purposes),
            "territories": list(self.territories),
            "notBefore": self.not_before,
            "notAfter": self.not_after,
            "publishable": self.publishable,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> RightsRecord:
        """Return the record that :meth:`to_json` wrote.

        Raises:
            InputError: ``rights_invalid``.
        """
        try:
            return cls(
                origin=record["origin"],
                holder=str(record.get("holder", "")),
                licence=str(record.get("licence", "")),
                project=str(record.get("project", "")),
                chain=tuple(dict(grant) for grant in record.get("chain", ())),
                permissions=_texts(record, "permissions", default=_OPEN_ACTIONS),
                prohibitions=_texts(record, "prohibitions"),
                purposes=_texts(record, "purposes"),
                territories=_texts(record, "territories"),
                not_before=record.get("notBefore"),
                not_after=record.get("notAfter"),
                publishable=bool(record.get("publishable", record["origin"] != "found")),
            )
        except ArpError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError("rights_invalid", reason=f"{type(error).__name__}: {error}") from error

    @classmethod
    def from_usage(cls, usage: Mapping[str, Any], *, origin: str, publishable: bool) -> RightsRecord:
        """Return what a signed policy says, where the readable record was withheld.

        Raises:
            InputError: ``rights_invalid`` if the policy is not one of ours.
        """
        try:
            permission = usage["permission"][0]
            found: dict[str, Any] = {"origin": origin, "publishable": publishable, "permissions": permission["action"]}
            for item in permission.get("constraint", ()):
                key = _RECORD_KEYS[item["leftOperand"], item["operator"]]
                found[key] = item["rightOperand"]
            found["prohibitions"] = [action for rule in usage.get("prohibition", ()) for action in rule["action"]]
        except (KeyError, IndexError, TypeError) as error:
            raise InputError("rights_invalid", reason=f"{type(error).__name__}: {error}") from error
        return cls.from_json(found)

    @classmethod
    def read(cls, path: Path) -> RightsRecord:
        """Return the record that a TOML file holds, spelled as in :meth:`to_json`.

        Raises:
            UsageError: ``path_absent``. InputError: ``rights_invalid``.
        """
        return cls.from_json(read_rights_toml(path))

    def narrowed_to(self, origin: Origin) -> RightsRecord:
        """Return the record for material whose origin allows less than this one does."""
        if origin != "found":
            return replace(self, origin=origin)
        return replace(
            self,
            origin="found",
            holder="",
            licence="",
            chain=(),
            permissions=_TRIAL_ACTIONS,
            prohibitions=_NEVER_WHEN_FOUND,
            purposes=(TRIAL,),
            publishable=False,
        )


_RECORD_KEYS = {
    ("project", "eq"): "project",
    ("purpose", "isAnyOf"): "purposes",
    ("spatial", "isAnyOf"): "territories",
    ("dateTime", "gteq"): "notBefore",
    ("dateTime", "lteq"): "notAfter",
}


def _texts(record: Mapping[str, Any], key: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return a list of texts; a bare text is no list of its letters."""
    found = record.get(key, default)
    if not isinstance(found, list | tuple) or not all(isinstance(item, str) for item in found):
        raise InputError("rights_invalid", reason=f"“{key}” is a list of texts")
    return tuple(found)


def _constraint(operand: str, operator: str, value: object) -> dict[str, Any]:
    return {"leftOperand": operand, "operator": operator, "rightOperand": value}


def read_rights_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a rights file, with TOML times as canonical text.

    Raises:
        UsageError: ``path_absent``. InputError: ``rights_invalid``.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except (OSError, ValueError) as error:
        raise InputError("rights_invalid", reason=f"{path.name}: {error}") from error
    return _with_text_times(found)


def _with_text_times(table: dict[str, Any]) -> dict[str, Any]:
    """TOML has times of its own, JSON has not; a table an origin has to itself is treated alike."""
    changed: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            changed[key] = _with_text_times(value)
        elif isinstance(value, datetime):
            changed[key] = clock.to_text(value)
        else:
            changed[key] = value
    return changed
