"""The extension in real Blenders, installed from the built zip as a user would."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

#: One worker runs them all, so that one bridge and one build of the zips serve every scenario.
pytestmark = pytest.mark.xdist_group("blender")


def _arpctl(folder: Path) -> Path:
    """Return a program that runs this checkout's command line, whether or not it is installed."""
    program = folder / "arpctl"
    paths = os.pathsep.join((str(REPOSITORY / "core"), str(REPOSITORY / "server_bridge")))
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" -m arp_bridge "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return program


def test_it_installs_brings_its_own_libraries_and_leaves_nothing_behind(blender, tmp_path: Path):
    outcome = blender.run("installs", work=tmp_path / "w", home=tmp_path / "home")
    assert outcome.status == 0, outcome.output


def test_it_speaks_both_languages_and_remembers_the_last_answer(blender, tmp_path: Path):
    outcome = blender.run("speaks", work=tmp_path / "w", home=tmp_path / "home")
    assert outcome.status == 0, outcome.output


def test_a_picture_becomes_a_verified_asset_and_every_change_shows(blender, bridge_home, picture, tmp_path: Path):
    outcome = blender.run("flow", work=tmp_path / "w", home=bridge_home, image=picture)
    assert outcome.status == 0, outcome.output


def test_selected_objects_are_registered_next_to_the_scene(blender, tmp_path: Path):
    outcome = blender.run("registers", work=tmp_path / "w", home=tmp_path / "home")
    assert outcome.status == 0, outcome.output


def test_a_job_can_be_cancelled_and_another_is_found_again_after_blender_was_closed(
    blender, bridge_home, picture, tmp_path: Path
):
    for scenario in ("cancels", "returns"):
        outcome = blender.run(scenario, work=tmp_path / "w", home=bridge_home, image=picture)
        assert outcome.status == 0, outcome.output


@pytest.mark.skipif(shutil.which("sh") is None, reason="the stand-in for arpctl is a shell script")
def test_without_a_bridge_it_says_so_and_can_start_one(blender, picture, tmp_path: Path):
    outcome = blender.run(
        "bridge_away",
        work=tmp_path / "w",
        home=tmp_path / "home",
        image=picture,
        ARP_TEST_ARPCTL=str(_arpctl(tmp_path)),
    )
    assert outcome.status == 0, outcome.output


def test_the_badge_follows_an_edit_in_edit_mode_and_a_copy(blender, tmp_path: Path):
    outcome = blender.run("edit_mode", work=tmp_path / "w", home=tmp_path / "home")
    assert outcome.status == 0, outcome.output
