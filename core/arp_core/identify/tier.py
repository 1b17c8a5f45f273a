"""The three asset tiers and the records each must bring.

Static assets (models, textures, film, project files) need nothing beyond the
MTS. Computable ones (weights, prompt configurations, inference strategies) are
useless without a frozen environment, a licence and a version. Interactive ones
(digital humans, agents) act, so somebody must answer for how.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arp_core.errors import InputError, UsageError

STATIC = "static"

#: tier -> record -> keys that must be filled in it.
TIERS: dict[str, dict[str, tuple[str, ...]]] = {
    STATIC: {},
    "computable": {
        "environment": ("lock",),
        "licence": ("reference",),
        "version": ("number",),
    },
    "interactive": {
        "behaviour_bounds": ("allowed", "forbidden"),
        "supervision_hooks": ("contact", "stop"),
        "responsibility": ("holder", "reference"),
    },
}


def missing_records(tier: str, *, records: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what ``records`` lacks for this tier, as ``record`` or ``record.key``."""
    missing: list[str] = []
    for name, keys in TIERS[tier].items():
        record = records.get(name)
        if not isinstance(record, Mapping):
            missing.append(name)
            continue
        missing += [f"{name}.{key}" for key in keys if record.get(key) in (None, "", [], {})]
    return tuple(missing)


def require_records(tier: str, *, records: Mapping[str, Any]) -> None:
    """Refuse an asset that lacks a record its tier demands.

    Raises:
        UsageError: ``tier_unknown``.
        InputError: ``tier_record_missing`` naming the first one and how to give it.
    """
    if tier not in TIERS:
        raise UsageError("tier_unknown", tier=tier, known=", ".join(TIERS))
    missing = missing_records(tier, records=records)
    if missing:
        raise InputError("tier_record_missing", tier=tier, record=missing[0], missing=list(missing))


def read_records(path: Path) -> dict[str, Any]:
    """Return the records that a TOML file holds, one table each.

    Raises:
        UsageError: ``path_absent``.
        InputError: ``record_file_invalid`` if it cannot be read as TOML tables.
    """
    import tomllib  # only here: verifying reads this module's table, and must start fast

    try:
        records = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except (OSError, ValueError) as error:
        raise InputError("record_file_invalid", name=path.name, reason=str(error)) from error
    stray = [name for name, record in records.items() if not isinstance(record, dict)]
    if stray:
        raise InputError("record_file_invalid", name=path.name, reason=f"“{stray[0]}” stands outside a table")
    return records
