"""Objects: everything that enters is registered at the moment it enters.

The identifier of an entering object follows from its digest, so the same
picture is the same object in every home. Assets that we make get fresh
identifiers instead (:class:`arp_core.identify.asset.AssetVersion`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from arp_core import clock, typeid
from arp_core.digest import FileDigest
from arp_core.errors import UsageError
from arp_core.identify.record import Mts, SaltSource, new_salt
from arp_core.identify.rights_record import RightsRecord

Kind = Literal["material", "weights", "parameters", "prompt", "script", "job_request", "environment"]

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class RegisteredObject:
    """One thing that entered: what it is, its digest, its size in bytes, and when."""

    object_id: str
    kind: Kind
    sha256: str
    size: int
    media_type: str
    name: str
    registered_at: datetime
    origin: str

    @classmethod
    def entering(
        cls,
        digest: FileDigest,
        *,
        kind: Kind,
        media_type: str,
        name: str,
        origin: str,
        at: datetime,
    ) -> RegisteredObject:
        """Return the registration of bytes that enter now.

        Raises:
            UsageError: ``object_kind_unknown``.
        """
        if kind not in KINDS:
            raise UsageError("object_kind_unknown", kind=kind, known=", ".join(KINDS))
        return cls(
            object_id=typeid.derived_id("obj", digest.sha256),
            kind=kind,
            sha256=digest.hex,
            size=digest.size,
            media_type=media_type,
            name=name,
            registered_at=at,
            origin=origin,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the registration as it is stored and as the bridge gives it out."""
        return {
            "type": "RegisteredObject",
            "objectId": self.object_id,
            "kind": self.kind,
            "sha256": self.sha256,
            "size": self.size,
            "mediaType": self.media_type,
            "name": self.name,
            "registeredAt": clock.to_text(self.registered_at),
            "origin": self.origin,
        }

    def mts(self, *, rights: RightsRecord, environment: dict[str, Any], salts: SaltSource = new_salt) -> Mts:
        """Return the object's own Minimum Traceable Set; its capability part says that it was brought in."""
        return Mts.of(
            content={
                "type": "ContentRecord",
                "kind": self.kind,
                "sha256": self.sha256,
                "size": self.size,
                "mediaType": self.media_type,
                "name": self.name,
            },
            rights=rights.to_json(),
            capability={"type": "CapabilityRecord", "method": "intake", "at": clock.to_text(self.registered_at)},
            environment=environment,
            salts=salts,
        )
