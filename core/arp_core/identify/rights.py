"""The project's rights profile, and the one question put to an artist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arp_core.errors import InputError
from arp_core.home import Home
from arp_core.identify.rights_record import ORIGINS, Origin, RightsRecord, read_rights_toml
from arp_core.paths import write_atomic

__all__ = (
    "ORIGINS",
    "Origin",
    "RightsProfile",
    "RightsRecord",
    "last_origin",
    "remember_origin",
    "rights_for",
)

_LAST_ORIGIN = "last_origin"

_DEFAULT_PROFILE = """\
# The rights profile of this station's project. One table for each answer to
# “Where is this from?”; what a table leaves out is taken from the top.
# Codes only: no names of persons, no contract texts.

project = ""            # project code; empty: not limited to one project
holder = "station"      # code of who holds the rights in our own work
territories = []        # ISO 3166 codes such as "CN"; empty: everywhere
purposes = []           # such as "film", "previs"; empty: any
# notBefore = "2026-01-01T00:00:00Z"   # embargo
# notAfter  = "2030-12-31T23:59:59Z"   # end of the licence
permissions = ["use", "modify", "derive", "reproduce", "distribute", "present"]
prohibitions = []

[mine]
licence = "LicenseRef-own-work"

[production]
licence = "LicenseRef-production-owned"

# A licence or an agreement is declared by its reference. Without one, such
# material stays “undeclared” and cannot be published.
[licensed]
licence = ""

[client]
licence = ""
"""


@dataclass(frozen=True)
class RightsProfile:
    """What a project settled once, so that nobody is asked again."""

    common: Mapping[str, Any] = field(default_factory=dict)
    by_origin: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, home: Home) -> RightsProfile:
        """Return the profile of ``home``; a sensible one is written on first use.

        Raises:
            InputError: ``rights_invalid``. StorageError: it cannot be written.
        """
        path = home.rights_toml
        if not path.exists():
            write_atomic(path, _DEFAULT_PROFILE.encode("utf-8"), mode=0o600)
        found = read_rights_toml(path)
        tables: dict[str, dict[str, Any]] = {name: found.pop(name) for name in ORIGINS if name in found}
        if not all(isinstance(table, dict) for table in tables.values()):
            raise InputError("rights_invalid", reason=f"{path.name}: each origin is a table")
        return cls(common=found, by_origin=tables)


def rights_for(origin: Origin, *, profile: RightsProfile) -> RightsRecord:
    """Return the rights record that follows from the artist's answer.

    Licensed and client material without a licence reference is undeclared and
    not publishable; found material may be tried and is never publishable.

    Raises:
        UsageError: ``origin_unknown``. InputError: ``rights_invalid``.
    """
    settled: dict[str, Any] = {**profile.common, **profile.by_origin.get(origin, {}), "origin": origin}
    holder, licence = str(settled.get("holder", "")), str(settled.get("licence", ""))
    needs_reference = origin in ("licensed", "client")
    settled["publishable"] = origin != "found" and bool(licence or not needs_reference)
    if "chain" not in settled:
        settled["chain"] = [{"grantor": origin, "grantee": holder, "reference": licence}] if licence else []
    return RightsRecord.from_json(settled).narrowed_to(origin)


def last_origin(home: Home) -> Origin | None:
    """Return the answer given last time, or None."""
    path = home.root / _LAST_ORIGIN
    try:
        answer = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise InputError("path_unreadable", path=path, reason=str(error)) from error
    return next((origin for origin in ORIGINS if origin == answer), None)


def remember_origin(home: Home, origin: Origin) -> None:
    """Keep the answer for the next time.

    Raises:
        StorageError: it cannot be written.
    """
    write_atomic(home.root / _LAST_ORIGIN, origin.encode("ascii"), mode=0o600)
