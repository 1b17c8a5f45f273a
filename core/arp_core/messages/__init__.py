"""The catalogue: every sentence a person reads, in English and Simplified Chinese.

Each area has a module with one literal ``TEXTS`` table ``key -> (English, 中文)``.
A key stands in exactly one table. Placeholders use :meth:`str.format` syntax.
What fills them is often foreign, so it is made printable here, once for all.
"""

from __future__ import annotations

from collections.abc import Mapping

from arp_core.messages import audit, bridge, capability, cli, core, scene, verify
from arp_core.printable import printable

LANGUAGES = ("en", "zh")

_TABLES: tuple[dict[str, tuple[str, str]], ...] = (
    core.TEXTS,
    audit.TEXTS,
    verify.TEXTS,
    capability.TEXTS,
    bridge.TEXTS,
    cli.TEXTS,
    scene.TEXTS,
)
_CATALOGUE: dict[str, tuple[str, str]] = {key: pair for table in _TABLES for key, pair in table.items()}


class _Missing(dict[str, object]):
    """Leaves an unfilled placeholder visible instead of hiding the whole sentence."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def text(key: str, /, facts: Mapping[str, object] | None = None, *, language: str = "en", **more: object) -> str:
    """Return the sentence for ``key`` with its placeholders filled in.

    Args:
        key: Catalogue key; an error's code is its key.
        language: One of :data:`LANGUAGES`; anything else reads English.
        facts: Placeholder values.
        more: The same, by keyword.

    Returns:
        The sentence, or the key itself where the catalogue has none (a test
        holds that every code in the source has a sentence).
    """
    pair = _CATALOGUE.get(key)
    if pair is None:
        return key
    template = pair[1] if language.startswith("zh") else pair[0]
    shown = {name: _shown(fact) for name, fact in {**(facts or {}), **more}.items()}
    return template.format_map(_Missing(shown))


def _shown(fact: object) -> object:
    """Numbers keep their kind for the sentence's format; everything else becomes printable text."""
    return fact if isinstance(fact, int | float) else printable(str(fact))


def keys() -> frozenset[str]:
    """Return every key of the catalogue."""
    return frozenset(_CATALOGUE)
