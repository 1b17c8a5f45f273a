"""The independent reader agrees with the golden vectors, and with our verifier, without our code."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_VECTORS = _HERE.parents[1] / "docs" / "spec" / "vectors" / "credential"
_CASES = json.loads((_VECTORS / "cases.json").read_text(encoding="utf-8"))["cases"]


def _reader():
    spec = importlib.util.spec_from_file_location("independent_reader", _HERE / "reader.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_the_reader_says_what_the_vector_says(case) -> None:
    assert _reader().read(_VECTORS / case["target"], _VECTORS / "context.json") == case["status"]


def test_the_reader_imports_nothing_of_ours_and_is_short() -> None:
    source = (_HERE / "reader.py").read_text(encoding="utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not any(name.startswith("arp") for name in imported)
    assert len(source.splitlines()) < 300
