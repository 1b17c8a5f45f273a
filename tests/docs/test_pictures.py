"""The picture of the result is what the product made: sealed, stamped and labelled."""

from __future__ import annotations

from xml.etree import ElementTree

from arp_core.stamp import read_facts, read_label


def test_the_picture_of_the_result_bears_the_products_stamp_and_label(repository) -> None:
    picture = repository / "docs" / "pictures" / "sample-result.png"
    assert read_facts(picture).sidecar_name == "lantern_mts.json"
    assert read_label(picture).label == "1"


def test_the_drawing_keeps_its_words_as_text_and_has_a_dark_form(repository) -> None:
    source = (repository / "docs" / "pictures" / "data-flow.svg").read_text(encoding="utf-8")
    words = " ".join(ElementTree.fromstring(source).itertext())
    for word in ("identify", "orchestrate", "audit", "credential", "verify", "出门带凭证"):
        assert word in words
    assert "prefers-color-scheme: dark" in source
