"""Fixtures of the capability tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from arp_bridge.capabilities import determinism, load

determinism.apply()

Runner = Callable[..., Any]


@pytest.fixture
def capability(tmp_path: Path) -> Runner:
    """Return a function that runs one capability in a fresh folder with its defaults."""
    count = iter(range(1000))

    def run(capability_name: str, inputs: dict[str, Path], /, *, seed: int = 0, **parameters: object) -> Any:
        spec, call = load(capability_name)
        out = tmp_path / f"out{next(count)}"
        out.mkdir()
        given = {item.name: item.default for item in spec.parameters} | parameters
        return call(inputs, given, out, seed, lambda _fraction: None)

    return run
