"""Stamping a GLB file, and its exact unsealed form.

The unsealed form of a GLB file is its canonical serialisation
(:func:`arp_core.geometry.glb_container.serialize_glb`) with every stamp field,
and every container left empty by that, removed. For a file made by
:func:`write_glb` it is the very file that was stamped; a foreign file is
brought into canonical form first, so its unsealed digest is the digest of that
form (docs/spec/stamp.md).

No standard places the AI label in 3D files: ``asset.extras.AIGC`` and the
packet's ``TC260:AIGC`` are our own mapping of GB 45438-2025.
"""

from __future__ import annotations

import copy
from pathlib import Path

from arp_core.errors import InputError
from arp_core.geometry.glb_container import malformed, parse_glb, serialize_glb
from arp_core.paths import write_atomic
from arp_core.stamp.aigc import AigcLabel, read_label_value
from arp_core.stamp.facts import STAMP_NAMESPACE, StampFacts, facts_from_terms
from arp_core.stamp.xmp import AIGC_NAMESPACE, IPTC_NAMESPACE

_XMP = "KHR_xmp_json_ld"
_Json = dict[str, object]


def write_glb(path: Path, *, document: _Json, binary: bytes) -> None:
    """Write an unsealed GLB file in canonical form.

    Args:
        path: The file to write (atomically; an existing file is replaced).
        document: The glTF document, with ``buffers[0].byteLength`` agreeing with
            ``binary``. It is not changed. Containers that glTF does not allow
            empty (``asset.extras``, ``asset.extensions``, ``extensions``,
            ``extensionsUsed``) are left out when empty.
        binary: The binary chunk without padding.

    Raises:
        InputError: ``glb_malformed`` or ``json_unrepresentable``.
        StorageError: The file cannot be written.
    """
    document = copy.deepcopy(document)
    _drop_empty(document)
    write_atomic(path, serialize_glb(document, binary=binary, name=path.name))


def stamp_glb(data: bytes, *, facts: StampFacts, name: str) -> bytes:
    """Return the file with the stamp written in; an earlier stamp of ours is replaced.

    Raises:
        InputError: ``glb_malformed``, ``stamp_occupied`` where a container that
            the stamp needs holds something that is not an object.
    """
    container = parse_glb(data, name=name)
    document = container.document
    _remove(document, name=name)
    asset = _object(document, "asset", name=name)
    extras = _object(asset, "extras", name=name)
    ours: _Json = {**facts.to_terms()}
    packet = _packet(facts)
    packets = _packets(document, name=name, create=True)
    reference = _object(_object(asset, "extensions", name=name), _XMP, name=name)
    if "packet" in reference:  # theirs stays readable in the new packet and comes back on unsealing
        theirs = _referred(packets, reference["packet"], name=name)
        ours["replacedPacket"] = reference["packet"]
        packet = {**theirs, **packet, "@context": _joined_context(theirs, packet, name=name)}
    packets.append(packet)
    reference["packet"] = len(packets) - 1
    used = document.setdefault("extensionsUsed", [])
    if not isinstance(used, list):
        raise malformed(name, "extensionsUsed is not a list")
    if _XMP not in used:
        used.append(_XMP)
        ours["addedExtension"] = True
    if "AIGC" in extras:
        ours["replacedLabel"] = extras.pop("AIGC")
    if facts.label is not None:
        extras["AIGC"] = facts.label.to_json()
    extras["ARP"] = ours
    return serialize_glb(document, binary=container.binary, name=name)


def unseal_glb(data: bytes, *, name: str) -> bytes:
    """Return the file's unsealed form.

    Raises:
        InputError: ``glb_malformed``, ``stamp_damaged`` where the stamp is not whole.
    """
    container = parse_glb(data, name=name)
    _remove(container.document, name=name)
    _drop_empty(container.document)
    return serialize_glb(container.document, binary=container.binary, name=name)


def read_glb_label(data: bytes, *, name: str) -> AigcLabel | None:
    """Return the AI label a GLB file carries, ours or another's, or None.

    Raises:
        InputError: ``glb_malformed``.
    """
    document = parse_glb(data, name=name).document
    asset = document.get("asset")
    extras = asset.get("extras") if isinstance(asset, dict) else None
    for owner in (extras, document.get("extras")):
        if isinstance(owner, dict) and "AIGC" in owner:
            return read_label_value(owner["AIGC"])
    for packet in _packets(document, name=name, create=False):
        if isinstance(packet, dict) and "TC260:AIGC" in packet:
            return read_label_value(packet["TC260:AIGC"])
    return None


def read_glb_facts(data: bytes, *, name: str) -> StampFacts | None:
    """Return the stamp's facts, or None where the file carries no stamp of ours.

    Raises:
        InputError: ``glb_malformed``, or a fact's own code.
    """
    document = parse_glb(data, name=name).document
    asset = document.get("asset")
    extras = asset.get("extras") if isinstance(asset, dict) else None
    ours = extras.get("ARP") if isinstance(extras, dict) else None
    if not isinstance(extras, dict) or not isinstance(ours, dict):
        return None
    label = read_label_value(extras["AIGC"]) if "AIGC" in extras else None
    return facts_from_terms(ours, label=label)


def _packet(facts: StampFacts) -> _Json:
    packet: _Json = {
        "@context": {"Iptc4xmpExt": IPTC_NAMESPACE, "arp": STAMP_NAMESPACE},
        "@id": "",
        "Iptc4xmpExt:DigitalSourceType": facts.source_type_uri,
        **{f"arp:{term}": value for term, value in facts.to_terms().items()},
    }
    if facts.label is not None:
        packet["@context"] = {"Iptc4xmpExt": IPTC_NAMESPACE, "TC260": AIGC_NAMESPACE, "arp": STAMP_NAMESPACE}
        packet["TC260:AIGC"] = facts.label.to_text()
    return packet


def _joined_context(theirs: _Json, packet: _Json, *, name: str) -> _Json:
    context = theirs.get("@context", {})
    own = packet["@context"]
    if not isinstance(context, dict) or not isinstance(own, dict):
        raise InputError("stamp_occupied", name=name, place=_XMP)
    if any(context.get(prefix, address) != address for prefix, address in own.items()):
        raise InputError("stamp_occupied", name=name, place=_XMP)
    return {**context, **own}


def _remove(document: _Json, *, name: str) -> None:
    """Take our stamp out, giving back what it replaced."""
    asset = document.get("asset")
    extras = asset.get("extras") if isinstance(asset, dict) else None
    ours = extras.get("ARP") if isinstance(extras, dict) else None
    if not isinstance(asset, dict) or not isinstance(extras, dict) or not isinstance(ours, dict):
        return
    packets = _packets(document, name=name, create=False)
    extensions = asset.get("extensions")
    reference = extensions.get(_XMP) if isinstance(extensions, dict) else None
    last = packets[-1] if packets else None
    if (
        not isinstance(extensions, dict)
        or not isinstance(reference, dict)
        or reference.get("packet") != len(packets) - 1
        or not isinstance(last, dict)
        or "arp:credential" not in last
    ):
        raise InputError("stamp_damaged", name=name)
    packets.pop()
    if "replacedPacket" in ours:
        reference["packet"] = ours["replacedPacket"]
    else:
        del extensions[_XMP]
    used = document.get("extensionsUsed")
    if "addedExtension" in ours and isinstance(used, list) and _XMP in used:
        used.remove(_XMP)
    del extras["ARP"]
    extras.pop("AIGC", None)
    if "replacedLabel" in ours:
        extras["AIGC"] = ours["replacedLabel"]


def _drop_empty(document: _Json) -> None:
    """Remove the containers a stamp may add when nothing is left in them."""
    asset = document.get("asset")
    extensions = document.get("extensions")
    places = (
        (extensions, _XMP),
        (asset, "extras"),
        (asset, "extensions"),
        (document, "extensions"),
        (document, "extensionsUsed"),
    )
    for owner, key in places:
        if isinstance(owner, dict) and owner.get(key) in ({}, [], {"packets": []}):
            del owner[key]


def _object(owner: _Json, key: str, *, name: str) -> _Json:
    """Return the object under ``key``, made where there is none."""
    found = owner.setdefault(key, {})
    if not isinstance(found, dict):
        raise InputError("stamp_occupied", name=name, place=key)
    return found


def _packets(document: _Json, *, name: str, create: bool) -> list[object]:
    if create:
        found = _object(_object(document, "extensions", name=name), _XMP, name=name).setdefault("packets", [])
    else:
        extensions = document.get("extensions")
        xmp = extensions.get(_XMP) if isinstance(extensions, dict) else None
        found = xmp.get("packets", []) if isinstance(xmp, dict) else []
    if not isinstance(found, list):
        raise InputError("stamp_occupied", name=name, place=_XMP)
    return found


def _referred(packets: list[object], index: object, *, name: str) -> _Json:
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(packets):
        raise malformed(name, "the XMP packet of the asset is not there")
    found = packets[index]
    if not isinstance(found, dict):
        raise malformed(name, "an XMP packet is not an object")
    return found
