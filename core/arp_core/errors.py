"""Every error the product raises on purpose.

The tree::

    ArpError
    ├── UsageError       the arguments make no sense, or a named path is absent
    ├── InputError       a foreign file or value cannot be used
    ├── IntegrityError   something signed does not hold (while *making*; when
    │                    verifying, a failed check is data, not an exception)
    ├── AuditError       a checkpoint stopped a node
    ├── StorageError     the disk is full, read-only, or holds someone else's file
    └── BridgeError      a bridge is absent, refuses, or answers nonsense

Each error carries a stable code (for the TD) whose sentences (for the artist,
in English and Simplified Chinese) stand in :mod:`arp_core.messages`.
"""

from __future__ import annotations

from arp_core import messages


class ArpError(Exception):
    """Base of the tree.

    Args:
        code: Stable snake_case code; its sentence stands in the catalogue.
        facts: Values for the sentence's placeholders; also kept for ``--json``.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{messages.text(code, facts)} [{code}]")

    def sentence(self, *, language: str = "en") -> str:
        """Return what happened and what to do, in one sentence for an artist."""
        return messages.text(self.code, self.facts, language=language)


class UsageError(ArpError):
    """The arguments make no sense, or a named path is absent (exit code 2)."""


class InputError(ArpError):
    """A foreign file or value cannot be used."""


class IntegrityError(ArpError):
    """Something signed or digested does not hold while an asset is being made."""


class AuditError(ArpError):
    """A checkpoint of the audit stopped a node."""


class StorageError(ArpError):
    """The disk is full or read-only, or a file that is not ours is in the way."""


class BridgeError(ArpError):
    """A bridge is absent, refuses, or gave an answer that cannot be used."""
