"""Salted records and the Minimum Traceable Set made of four of them.

The credential signs only ``SHA-256(JCS({salt, record}))``, so a receiver who is
not shown a record cannot guess it, and one who is shown it can check it
(docs/spec/records.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from arp_core import canonical, multiformats
from arp_core.digest import digest_bytes

SALT_BYTES = 16

#: The four parts of an MTS, in the order in which they are shown.
PARTS = ("content", "rights", "capability", "environment")

SaltSource = Callable[[], str]


def new_salt() -> str:
    """Return 128 random bits as base64url multibase."""
    return multiformats.multibase_u_encode(secrets.token_bytes(SALT_BYTES))


@dataclass(frozen=True)
class SaltedRecord:
    """A readable record with the salt that hides it when it is withheld."""

    salt: str
    record: Mapping[str, Any]

    @classmethod
    def of(cls, record: Mapping[str, Any], *, salts: SaltSource = new_salt) -> SaltedRecord:
        """Return ``record`` with a fresh salt."""
        return cls(salt=salts(), record=dict(record))

    @property
    def digest(self) -> str:
        """``uEi…`` of SHA-256(JCS({"record": …, "salt": …})).

        Raises:
            InputError: ``json_unrepresentable`` if the record cannot be written as canonical JSON.
        """
        return digest_bytes(canonical.canonicalize(self.to_json())).multibase

    def to_json(self) -> dict[str, Any]:
        """Return the pair as it stands in the records file."""
        return {"record": dict(self.record), "salt": self.salt}


@dataclass(frozen=True)
class Mts:
    """Minimum Traceable Set (最小可追溯集): content, rights, capability, environment."""

    content: SaltedRecord
    rights: SaltedRecord
    capability: SaltedRecord
    environment: SaltedRecord

    @classmethod
    def of(
        cls,
        *,
        content: Mapping[str, Any],
        rights: Mapping[str, Any],
        capability: Mapping[str, Any],
        environment: Mapping[str, Any],
        salts: SaltSource = new_salt,
    ) -> Mts:
        """Return the set of four plain records, each with a fresh salt."""
        return cls(
            content=SaltedRecord.of(content, salts=salts),
            rights=SaltedRecord.of(rights, salts=salts),
            capability=SaltedRecord.of(capability, salts=salts),
            environment=SaltedRecord.of(environment, salts=salts),
        )

    def parts(self) -> dict[str, SaltedRecord]:
        """Return the four records by the name of their part."""
        return {
            "content": self.content,
            "rights": self.rights,
            "capability": self.capability,
            "environment": self.environment,
        }

    def digests(self) -> dict[str, str]:
        """Return the four salted digests that a credential signs."""
        return {name: part.digest for name, part in self.parts().items()}

    def to_json(self, *, withhold: Iterable[str] = ()) -> dict[str, Any]:
        """Return the records as they are disclosed, without those withheld."""
        hidden = frozenset(withhold)
        return {name: part.to_json() for name, part in self.parts().items() if name not in hidden}

    def with_graph(self, graph: Mapping[str, Any]) -> Mts:
        """Return the set with the job graph standing inside its capability record."""
        if not graph or "graph" in self.capability.record:
            return self
        record = {**self.capability.record, "graph": dict(graph)}
        return replace(self, capability=replace(self.capability, record=record))
