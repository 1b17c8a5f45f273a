"""The XMP packet (ISO 16684-1) of a stamp, written and read.

Read with the standard library's XML parser after refusing any document type
declaration, so that no entity can expand or reach outside.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import escape

from arp_core.errors import InputError
from arp_core.stamp.aigc import AigcLabel, read_label_value
from arp_core.stamp.facts import STAMP_NAMESPACE, TERMS, StampFacts, facts_from_terms

AIGC_NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
IPTC_NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
MAX_PACKET_BYTES = 1 << 20

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: The value that the XMP specification fixes for every packet's ``id``.
_PACKET_ID = "W5M0MpCehiHzreSzNTczkc9d"


def write_packet(facts: StampFacts) -> bytes:
    """Return the packet, UTF-8, read-only (no padding)."""
    properties = {f"arp:{term}": value for term, value in facts.to_terms().items()}
    properties["Iptc4xmpExt:DigitalSourceType"] = facts.source_type_uri
    if facts.label is not None:
        properties["TC260:AIGC"] = facts.label.to_text()
    body = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in properties.items())
    return (
        f'<?xpacket begin="\ufeff" id="{_PACKET_ID}"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""'
        f' xmlns:arp="{STAMP_NAMESPACE}" xmlns:TC260="{AIGC_NAMESPACE}" xmlns:Iptc4xmpExt="{IPTC_NAMESPACE}">'
        f'{body}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def is_ours(packet: bytes) -> bool:
    """Return whether a packet is one of our stamps."""
    return f'xmlns:arp="{STAMP_NAMESPACE}"'.encode() in packet


def packet_label(packet: bytes, *, name: str) -> AigcLabel | None:
    """Return the AI label in a packet, ours or another's, or None.

    Raises:
        InputError: ``xmp_malformed``.
    """
    value = _properties(packet, name=name).get(f"{{{AIGC_NAMESPACE}}}AIGC")
    return None if value is None else read_label_value(value)


def packet_facts(packet: bytes, *, name: str) -> StampFacts:
    """Return the facts of a packet of ours.

    Raises:
        InputError: ``xmp_malformed``, or a fact's own code.
    """
    found = _properties(packet, name=name)
    terms = {term: found.get(f"{{{STAMP_NAMESPACE}}}{term}") for term in TERMS.values()}
    return facts_from_terms(terms, label=packet_label(packet, name=name))


def _properties(packet: bytes, *, name: str) -> dict[str, str]:
    """Return the simple properties of all descriptions, elements and attributes alike."""
    if len(packet) > MAX_PACKET_BYTES or b"<!" in packet:
        raise InputError("xmp_malformed", name=name)
    try:
        # Decoded first: in UTF-16 a declaration would slip past the search above.
        text = packet.strip(b"\0 \r\n\t").decode("utf-8")
        tree = ElementTree.fromstring(text)  # noqa: S314  # declarations are refused above
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise InputError("xmp_malformed", name=name) from error
    found: dict[str, str] = {}
    for description in tree.iter(f"{{{_RDF}}}Description"):
        found.update(description.attrib)
        found.update({child.tag: child.text or "" for child in description})
    return found
