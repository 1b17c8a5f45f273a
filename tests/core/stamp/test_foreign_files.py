"""Files that others made: their metadata is kept, their labels are read, their place is not taken."""

from __future__ import annotations

import json
import struct
import zlib

import pytest

from arp_core.errors import InputError
from arp_core.geometry.glb_container import parse_glb
from arp_core.stamp import AigcLabel, read_facts, read_label, stamp_file, unsealed_digest

INNER = {"Label": "2", "ContentProducer": "X"}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" {}></rdf:RDF></x:xmpmeta>'
)
AS_ELEMENT = XMP.format('rdf:about=""><T:AIGC>' + json.dumps(INNER) + "</T:AIGC></rdf:Description>")
AS_ATTRIBUTE = XMP.format("T:AIGC='" + json.dumps(INNER) + "'/>")


def pack_glb(document) -> bytes:
    text = json.dumps(document, indent=2).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<III", 0x46546C67, 2, len(text) + 20) + struct.pack("<II", len(text), 0x4E4F534A) + text


def png_chunk(kind, body) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(path, kind, body):
    data = path.read_bytes()
    path.write_bytes(data[:33] + png_chunk(kind, body) + data[33:])
    return path


GLB = {
    "plain": {"asset": {"version": "2.0"}},
    "written_with_spaces_and_floats": {"asset": {"version": "2.0"}, "extras": {"b": 1.0, "a": [1e-7, 2.50]}},
    "own_extras": {"asset": {"version": "2.0", "extras": {"title": "椅"}}},
    "own_label": {"asset": {"version": "2.0", "extras": {"AIGC": INNER}}},
    "own_packet": {
        "asset": {"version": "2.0", "extensions": {"KHR_xmp_json_ld": {"packet": 0}}},
        "extensions": {
            "KHR_xmp_json_ld": {
                "packets": [
                    {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:title": "chair"},
                    {"@context": {}, "other": 1},
                ]
            }
        },
        "extensionsUsed": ["KHR_xmp_json_ld", "KHR_materials_ior"],
    },
    "packet_not_used": {
        "asset": {"version": "2.0"},
        "extensions": {"KHR_xmp_json_ld": {"packets": [{"@context": {}}]}, "EXT_x": {}},
        "extensionsUsed": ["EXT_x"],
    },
}


@pytest.mark.parametrize("name", GLB)
def test_a_foreign_glb_comes_back_as_its_canonical_form(tmp_path, facts, name):
    path = tmp_path / "foreign.glb"
    path.write_bytes(pack_glb(GLB[name]))
    before = unsealed_digest(path)
    stamp_file(path, path, facts=facts)
    assert read_facts(path) == facts
    assert read_label(path) == facts.label
    assert unsealed_digest(path) == before
    packets = parse_glb(path.read_bytes(), name="x").document["extensions"]["KHR_xmp_json_ld"]["packets"]
    assert ("dc:title" in packets[-1]) == (name == "own_packet")


LABELLED_GLB = {
    "inner": {"asset": {"version": "2.0", "extras": {"AIGC": INNER}}},
    "wrapped_twice": {"asset": {"version": "2.0", "extras": {"AIGC": {"AIGC": INNER}}}},
    "text": {"asset": {"version": "2.0", "extras": {"AIGC": json.dumps(INNER)}}},
    "at_the_root": {"asset": {"version": "2.0"}, "extras": {"AIGC": INNER}},
    "in_a_packet": {
        "asset": {"version": "2.0"},
        "extensions": {"KHR_xmp_json_ld": {"packets": [{"TC260:AIGC": json.dumps(INNER)}]}},
    },
}


@pytest.mark.parametrize("name", LABELLED_GLB)
def test_reads_foreign_glb_labels(tmp_path, name):
    path = tmp_path / "foreign.glb"
    path.write_bytes(pack_glb(LABELLED_GLB[name]))
    assert read_label(path) == AigcLabel("2", "X")


OCCUPIED_GLB = {
    "extras_is_text": {"asset": {"version": "2.0", "extras": "mine"}},
    "packets_is_an_object": {"asset": {"version": "2.0"}, "extensions": {"KHR_xmp_json_ld": {"packets": {"a": 1}}}},
    "prefix_means_something_else": {
        "asset": {"version": "2.0", "extensions": {"KHR_xmp_json_ld": {"packet": 0}}},
        "extensions": {"KHR_xmp_json_ld": {"packets": [{"@context": {"arp": "http://other/"}}]}},
    },
}


@pytest.mark.parametrize("name", OCCUPIED_GLB)
def test_refuses_where_the_place_is_taken(tmp_path, facts, name):
    path = tmp_path / "foreign.glb"
    path.write_bytes(pack_glb(OCCUPIED_GLB[name]))
    with pytest.raises(InputError) as caught:
        stamp_file(path, path, facts=facts)
    assert caught.value.code == "stamp_occupied"


def test_a_glb_stamp_with_a_missing_half_is_reported(tmp_path, facts):
    path = tmp_path / "half.glb"
    path.write_bytes(pack_glb({"asset": {"version": "2.0", "extras": {"ARP": facts.to_terms()}}}))
    with pytest.raises(InputError) as caught:
        unsealed_digest(path)
    assert caught.value.code == "stamp_damaged"


PNG_LABELS = {
    "text": (b"tEXt", b"AIGC\0" + json.dumps(INNER).encode()),
    "wrapped_text": (b"tEXt", b"AIGC\0" + json.dumps({"AIGC": INNER}).encode()),
    "packed_text": (b"zTXt", b"AIGC\0\0" + zlib.compress(json.dumps(INNER).encode())),
    "xmp_element": (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + AS_ELEMENT.encode()),
    "xmp_attribute": (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + AS_ATTRIBUTE.encode()),
    "packed_xmp": (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(AS_ELEMENT.encode())),
}


@pytest.mark.parametrize("name", PNG_LABELS)
def test_reads_foreign_png_labels_and_does_not_write_over_them(unsealed, facts, name):
    path = with_chunk(unsealed(".png"), *PNG_LABELS[name])
    assert read_label(path) == AigcLabel("2", "X")
    assert read_facts(path) is None
    with pytest.raises(InputError) as caught:
        stamp_file(path, path, facts=facts)
    assert caught.value.code == "stamp_occupied"


def test_reads_foreign_jpeg_labels_and_does_not_write_over_them(unsealed, facts):
    path = unsealed(".jpg")
    body = b"http://ns.adobe.com/xap/1.0/\0" + AS_ELEMENT.encode()
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:])
    assert read_label(path) == AigcLabel("2", "X")
    with pytest.raises(InputError) as caught:
        stamp_file(path, path, facts=facts)
    assert caught.value.code == "stamp_occupied"


HOSTILE_XMP = {
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + AS_ELEMENT,
    "unclosed": AS_ELEMENT[:-5],
    "utf_16": AS_ELEMENT.encode("utf-16"),
    "huge": AS_ELEMENT + " " * (1 << 20),
}


@pytest.mark.parametrize("name", HOSTILE_XMP)
def test_refuses_hostile_xmp(unsealed, name):
    packet = HOSTILE_XMP[name]
    packet = packet if isinstance(packet, bytes) else packet.encode()
    path = with_chunk(unsealed(".png"), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
    with pytest.raises(InputError) as caught:
        read_label(path)
    assert caught.value.code == "xmp_malformed"


def test_a_packed_text_does_not_unpack_without_bounds(unsealed):
    path = with_chunk(unsealed(".png"), b"zTXt", b"AIGC\0\0" + zlib.compress(b" " * (64 << 20)))
    with pytest.raises(InputError) as caught:
        read_label(path)
    assert caught.value.code == "png_malformed"


def test_pillow_finds_the_stamp_and_a_plain_xml_parser_reads_it(unsealed, facts):
    from xml.etree import ElementTree

    from PIL import Image

    for suffix in (".png", ".jpg"):
        path = unsealed(suffix)
        stamp_file(path, path, facts=facts)
        with Image.open(path) as picture:
            if suffix == ".png":
                assert json.loads(picture.text["AIGC"]) == facts.label.to_json()
            tree = ElementTree.fromstring(picture.info["xmp"])
        label = tree.find(".//{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC")
        assert json.loads(label.text) == facts.label.to_json()
        source = tree.find(".//{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
        assert source.text == "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
