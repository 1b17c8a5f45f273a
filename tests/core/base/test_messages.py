"""Every code in the source has a sentence in both languages, with the same placeholders."""

from __future__ import annotations

import re
import string
from pathlib import Path

from arp_core import messages

_ROOT = Path(__file__).resolve().parents[3]
_KEYS = messages.keys()
_RAISED = re.compile(r"\b(?:Usage|Input|Integrity|Audit|Storage|Bridge)Error\(\s*\"([a-z0-9_]+)\"")


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_raised_code_has_a_sentence() -> None:
    raised: dict[str, Path] = {}
    for folder in ("core", "server_bridge", "blender_addon"):
        for path in (_ROOT / folder).rglob("*.py"):
            raised.update(dict.fromkeys(_RAISED.findall(path.read_text(encoding="utf-8")), path))
    assert len(raised) > 40
    assert {code: str(path) for code, path in raised.items() if code not in _KEYS} == {}


def test_both_languages_say_it_with_the_same_facts() -> None:
    for key in _KEYS:
        english, chinese = (messages._CATALOGUE[key][index] for index in (0, 1))
        assert english.strip(), key
        assert chinese.strip(), key
        assert _fields(chinese) <= _fields(english), key


def test_no_key_stands_in_two_tables() -> None:
    total = sum(len(table) for table in messages._TABLES)
    assert total == len(messages.keys())


def test_nothing_accuses_or_exclaims() -> None:
    for key in _KEYS:
        for text in messages._CATALOGUE[key]:
            assert "篡改" not in text, key
            assert "!" not in text.replace("!=", ""), key
            assert "！" not in text, key
