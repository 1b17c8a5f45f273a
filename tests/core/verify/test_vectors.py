"""Our verifier says of every golden vector what the vector says, and names its code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arp_core import statuslist, trust
from arp_core.clock import from_text
from arp_core.home import Home
from arp_core.verify import verify_path

_ROOT = Path(__file__).resolve().parents[3]
_VECTORS = _ROOT / "docs" / "spec" / "vectors" / "credential"
_CASES = json.loads((_VECTORS / "cases.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture
def receiver(tmp_path: Path) -> Home:
    """A home that trusts the vectors' key and has its status lists."""
    context = json.loads((_VECTORS / "context.json").read_text(encoding="utf-8"))
    home = Home(tmp_path / "receiver").create()
    for did in context["trusted"]:
        trust.accept(home, did, roles=("station",), at=datetime(2025, 1, 1, tzinfo=UTC))
    for path in (_VECTORS / context["statusLists"]).iterdir():
        shutil.copyfile(path, home.status / path.name)
    return home


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_vector(case, receiver: Home) -> None:
    context = json.loads((_VECTORS / "context.json").read_text(encoding="utf-8"))
    found = verify_path(_VECTORS / case["target"], home=receiver, clock=lambda: from_text(context["now"]))
    assert found.status == case["status"]
    codes = {failure.code for failure in found.failures}
    assert case["code"] in codes if case["code"] else not codes


def test_the_script_rebuilds_the_vectors_byte_for_byte(tmp_path: Path) -> None:
    script = _ROOT / "tests" / "vectors" / "build_credential.py"
    subprocess.run([sys.executable, script, tmp_path / "again"], check=True)
    again = {path.relative_to(tmp_path / "again"): _comparable(path) for path in _files(tmp_path / "again")}
    kept = {path.relative_to(_VECTORS): _comparable(path) for path in _files(_VECTORS)}
    assert again == kept


def _comparable(path: Path) -> object:
    """A status list by its bits, since compressors differ (and its signature with them); all else by its bytes."""
    if path.parent.name != "status":
        return path.read_bytes()
    document = json.loads(path.read_bytes())
    document["credentialSubject"]["encodedList"] = statuslist.decode(document["credentialSubject"]["encodedList"])
    del document["proof"]["proofValue"]
    return document


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]
