"""Sentences of the scene area: ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {}
