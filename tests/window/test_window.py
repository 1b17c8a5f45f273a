"""A real Blender window: the panel draws without an error through the whole flow."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get("ARP_WINDOW_ROOT") or REPOSITORY / ".blender-window")


@pytest.mark.slow
def test_every_panel_draws_through_the_whole_flow(tmp_path: Path):
    if not (ROOT / "usr" / "bin" / "blender").is_file():
        pytest.skip("no windowed Blender here: run tools/blender_window.sh setup (root, debootstrap, Xvfb)")
    if os.geteuid() != 0:
        pytest.skip("the windowed Blender runs in a chroot, which needs root")
    for program in ("Xvfb", "scrot"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is absent (Debian: apt-get install xvfb scrot)")
    done = subprocess.run(
        [str(REPOSITORY / "tools" / "blender_window.sh"), "pictures", str(REPOSITORY / "examples" / "lantern.png")],
        env={**os.environ, "ARP_WINDOW_OUT": str(tmp_path), "ARP_WINDOW_DISPLAY": ":78", "ARP_WINDOW_LIGHT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-4000:]
    log = (ROOT / "arp-window" / "blender.log").read_text(encoding="utf-8", errors="replace")
    assert "Python script error" not in log, log[-4000:]
    assert "Traceback" not in log, log[-4000:]
    pictures = {path.stem.rpartition("-")[2]: path.read_bytes() for path in tmp_path.glob("*.png")}
    assert {"progress", "verified", "edited", "zh", "light"} <= pictures.keys()
    assert len(set(pictures.values())) == len(pictures), "each step looks different"
