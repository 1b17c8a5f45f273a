"""Sentences of the cli area: ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {}
