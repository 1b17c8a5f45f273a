"""The records file beside a sidecar: read it, and hold it against what was signed (docs/spec/records.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arp_core import canonical, multiformats
from arp_core.digest import digest_bytes
from arp_core.errors import ArpError, InputError
from arp_core.identify import tier as tiers
from arp_core.regular import read_regular
from arp_core.verify.result import Failure
from arp_core.verify.signed import MTS_PARTS, RECORDS_ENDING, SignedCredential
from arp_core.verify.view import RecordsFact

#: Largest records file that is read, in bytes.
RECORDS_LIMIT = 4 << 20
_DEPTH = 64


def read_records(signed: SignedCredential, *, root: Path) -> RecordsFact:
    """Return the records file of a credential in ``root`` as found."""
    name = signed.name + RECORDS_ENDING
    path = root / name
    if path.is_symlink():
        return RecordsFact(name, "bad", code="link_in_package")
    if not path.exists():
        return RecordsFact(name, "absent")
    try:
        data = read_regular(path, limit=RECORDS_LIMIT, follow=False)
        document = canonical.read_json(data, name=name, limit=RECORDS_LIMIT, depth=_DEPTH, canonical=True)
    except ArpError as error:
        code = "file_unreadable" if error.code in ("path_unreadable", "path_absent") else error.code
        return RecordsFact(name, "bad", code=code, detail=fact_told(error))
    records = document.get("records")
    version = document.get("schemaVersion")
    if (
        document.get("type") != "MtsRecords"
        or type(version) is not int
        or version != 1
        or not isinstance(records, dict)
        or not isinstance(records.get("nodes", {}), dict)
        or set(document) != {"type", "schemaVersion", "credentialId", "records"}
    ):
        return RecordsFact(name, "bad", code="records_malformed")
    return RecordsFact(name, "read", document=document)


def fact_told(error: ArpError) -> str:
    """Return the one fact beside the file's name that the sentence of an error's code tells."""
    told = ("field", "version", "key", "value", "limit", "reason")
    return next((str(error.facts[fact]) for fact in told if fact in error.facts), "")


def record_failures(signed: SignedCredential, records: RecordsFact) -> tuple[list[Failure], list[str]]:
    """Return what does not hold in a records file that was read, and the names of what is withheld."""
    document = records.document or {}
    failures: list[Failure] = []
    if document.get("credentialId") != signed.id:
        failures.append(Failure("records_of_another_credential", records.name))
    parts = document["records"]
    nodes = parts.get("nodes", {})
    hidden: list[str] = []
    table = [(part, parts.get(part), signed.mts[part]) for part in MTS_PARTS]
    table += [(f"nodes.{node}", nodes.get(node), digest) for node, digest in signed.nodes.items()]
    for name, entry, digest in table:
        if entry is None:
            hidden.append(name)
        elif not _digest_matches(entry, digest):
            failures.append(Failure("record_changed", records.name, name))
    known = {*MTS_PARTS, "nodes"}
    strange = [*(name for name in parts if name not in known), *(n for n in nodes if n not in signed.nodes)]
    failures += [Failure("record_unlisted", records.name, name) for name in strange]
    if evidence_digest(signed.nodes) != signed.evidence:
        failures.append(Failure("evidence_mismatch", records.name))
    failures += _tier_failures(signed, parts, name=records.name)
    return failures, hidden


def evidence_digest(nodes: Mapping[str, str]) -> str:
    """Return the digest of a job's log: of the JCS object of its node records' digests."""
    return digest_bytes(canonical.canonicalize(dict(nodes))).multibase


def _digest_matches(entry: object, digest: str) -> bool:
    """Return whether ``entry`` is a salt of 16 bytes and a record that have this digest together."""
    if not isinstance(entry, dict) or set(entry) != {"salt", "record"} or not isinstance(entry["salt"], str):
        return False
    try:
        if len(multiformats.multibase_u_decode(entry["salt"])) != 16:
            return False
        return digest_bytes(canonical.canonicalize(entry)).multibase == digest
    except InputError:
        return False


def _tier_failures(signed: SignedCredential, parts: Mapping[str, Any], *, name: str) -> list[Failure]:
    """A disclosed content record shows the records that the asset's tier demands."""
    if signed.tier not in tiers.TIERS:
        return [Failure("credential_tier_unknown", name, signed.tier)]
    content = parts.get("content")
    record = content.get("record") if isinstance(content, dict) else None
    if not isinstance(record, dict):
        return []
    shown = record.get("tierRecords", {})
    missing = tiers.missing_records(signed.tier, records=shown if isinstance(shown, dict) else {})
    return [Failure("tier_record_absent", name, each) for each in missing]
