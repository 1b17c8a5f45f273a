"""What a stamp says: identifiers and a label, never a prompt, a creator or a person's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arp_core import __version__
from arp_core.errors import InputError
from arp_core.orchestrate.capability import SOURCE_TYPES
from arp_core.paths import check_package_path
from arp_core.stamp.aigc import AigcLabel

#: IPTC NewsCodes; a fact holds the last part, files hold the whole address.
IPTC_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
#: Namespace of our own terms in XMP and JSON-LD.
STAMP_NAMESPACE = "urn:asset-routing-pipeline:stamp:v1#"
#: Field of the dataclass → term, the same in every format.
TERMS: dict[str, str] = {
    "asset_uri": "asset",
    "version": "version",
    "credential_uri": "credential",
    "sidecar_name": "sidecar",
    "producer": "producer",
    "producer_version": "producerVersion",
    "digital_source_type": "digitalSourceType",
}
_LONGEST = 512


@dataclass(frozen=True)
class StampFacts:
    """The facts written into a sealed file.

    Attributes:
        asset_uri: ``arp:///obj_…``.
        version: The asset's display version, ``"3"``.
        credential_uri: ``arp:///cred_…``.
        sidecar_name: File name of the credential beside the file.
        producer: Code of the tool that made the content (reverse domain name or
            ``cap_…``; never a person).
        digital_source_type: IPTC term, a key of ``SOURCE_TYPES``.
        label: The AI label, or None where none is due.
        producer_version: Version of the producer.

    Raises:
        InputError: ``stamp_fact_invalid`` naming the field, ``path_unsafe`` for
            the sidecar's name.
    """

    asset_uri: str
    version: str
    credential_uri: str
    sidecar_name: str
    producer: str
    digital_source_type: str
    label: AigcLabel | None = None
    producer_version: str = __version__

    def __post_init__(self) -> None:
        for field in TERMS:
            value = getattr(self, field)
            if not isinstance(value, str) or not value or len(value) > _LONGEST:
                raise InputError("stamp_fact_invalid", field=field)
            if field != "sidecar_name" and not all("!" <= letter <= "~" for letter in value):
                raise InputError("stamp_fact_invalid", field=field)
        for field in ("asset_uri", "credential_uri"):
            if not getattr(self, field).startswith("arp:///"):
                raise InputError("stamp_fact_invalid", field=field)
        if "/" in check_package_path(self.sidecar_name):
            raise InputError("stamp_fact_invalid", field="sidecar_name")
        if self.digital_source_type not in SOURCE_TYPES:
            raise InputError("source_type_unknown", value=self.digital_source_type)

    @property
    def source_type_uri(self) -> str:
        """The IPTC term's whole address."""
        return IPTC_SOURCE_TYPE + self.digital_source_type

    @property
    def object_id(self) -> str:
        """The last part of the asset's URI, ``obj_…``."""
        return self.asset_uri.rsplit("/", 1)[-1]

    @property
    def credential_id(self) -> str:
        """The last part of the credential's URI, ``cred_…``."""
        return self.credential_uri.rsplit("/", 1)[-1]

    def to_terms(self) -> dict[str, str]:
        """Return the facts under their terms, without the label."""
        return {term: getattr(self, field) for field, term in TERMS.items()}


def facts_from_terms(found: Mapping[str, object], *, label: AigcLabel | None) -> StampFacts:
    """Return the facts that a file carries under :data:`TERMS`.

    Raises:
        InputError: ``stamp_fact_invalid``, ``path_unsafe`` or ``source_type_unknown``.
    """
    values = {field: found.get(term) for field, term in TERMS.items()}
    return StampFacts(**values, label=label)  # type: ignore[arg-type]  # checked on creation
