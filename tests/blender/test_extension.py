"""The extension in real Blenders, installed from the built zip."""

from __future__ import annotations

from pathlib import Path


def test_it_installs_brings_its_own_libraries_and_leaves_nothing_behind(blender, tmp_path: Path):
    outcome = blender.run("installs", work=tmp_path / "w", home=tmp_path / "home")
    assert outcome.status == 0, outcome.output
