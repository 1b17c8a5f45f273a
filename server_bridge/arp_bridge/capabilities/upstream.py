"""What a picture says about its own origin: an AIGC label, a C2PA manifest.

Both are upstream provenance that must outlive the stripping of metadata. A
manifest that cannot be read is reported, never fatal: it is foreign data, and
the picture itself may be perfectly good. Nothing is fetched from the network.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import cast

from arp_core.errors import ArpError

#: Only what lies in the file counts; trust in the signer is a question for whoever reads the record.
_SETTINGS: dict[str, object] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": False},
}
_LABEL_SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg"}
_MAX_TEXT = 200


def read_aigc_label(path: Path, *, media_type: str, scratch: Path) -> dict[str, object]:
    """Return ``{"label": …}``, ``{}`` when there is none, or ``{"unreadable": code}``.

    Args:
        path: The picture; its name may lack a suffix (blobs do).
        media_type: Its real type, by content.
        scratch: A folder for a copy with the suffix that the reader goes by;
            removed again.
    """
    from arp_core import stamp

    suffix = _LABEL_SUFFIX.get(media_type)
    if suffix is None:
        return {}
    copy = scratch / f"upstream{suffix}"
    copy.write_bytes(path.read_bytes())
    try:
        label = stamp.read_label(copy)
    except ArpError as error:
        return {"unreadable": error.code}
    finally:
        copy.unlink()
    return {} if label is None else {"label": label.to_json()}


def read_c2pa(data: bytes, *, media_type: str) -> dict[str, object]:
    """Return a summary of the picture's embedded C2PA manifest.

    Args:
        data: The whole file.
        media_type: Its type, by content.

    Returns:
        ``{}`` without a manifest; ``{"unreadable": reason}`` when the library
        is absent or refuses; else ``state``, ``claim_generator``, ``issuer``,
        ``title`` and ``digital_source_types``, as far as they are stated.
    """
    if b"c2pa" not in data:
        return {}
    try:
        import c2pa
    except ImportError:
        return {"unreadable": "c2pa-python is not installed"}
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        reader = c2pa.Reader.try_create(media_type, io.BytesIO(data), context=context)
        if reader is None:
            return {}
        with reader:
            report = json.loads(reader.json())
    except (c2pa.C2paError, ValueError) as error:
        return {"unreadable": str(error)[:_MAX_TEXT]}
    return _summary(report) if isinstance(report, dict) else {"unreadable": "the report is not an object"}


def _summary(report: dict[str, object]) -> dict[str, object]:
    manifests = report.get("manifests")
    active = manifests.get(str(report.get("active_manifest"))) if isinstance(manifests, dict) else None
    manifest = active if isinstance(active, dict) else {}
    found: dict[str, object] = {"state": _text(report.get("validation_state"))}
    info = manifest.get("claim_generator_info")
    generator = info[0] if isinstance(info, list) and info and isinstance(info[0], dict) else {}
    named = " ".join(str(generator[key]) for key in ("name", "version") if key in generator)
    found["claim_generator"] = _text(named or manifest.get("claim_generator"))
    signature = manifest.get("signature_info")
    found["issuer"] = _text(signature.get("issuer")) if isinstance(signature, dict) else None
    found["digital_source_types"] = sorted(_source_types(manifest))
    return {key: value for key, value in found.items() if value}


def _source_types(manifest: dict[str, object]) -> set[str]:
    """Return every digital source type that the manifest's actions state."""
    types: set[str] = set()
    assertions = manifest.get("assertions")
    for assertion in assertions if isinstance(assertions, list) else ():
        data = assertion.get("data") if isinstance(assertion, dict) else None
        actions = data.get("actions") if isinstance(data, dict) else None
        for action in actions if isinstance(actions, list) else ():
            value = action.get("digitalSourceType") if isinstance(action, dict) else None
            if isinstance(value, str):
                types.add(cast(str, _text(value)))
    return types


def _text(value: object) -> str | None:
    return str(value)[:_MAX_TEXT] if value else None
