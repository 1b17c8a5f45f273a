"""A throw-away home, a sample picture, and a sealed package to measure with."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from arp_core.client import BridgeClient
from arp_core.home import Home

ROOT = Path(__file__).resolve().parents[1]
RECIPE = "image-to-3d"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder with ``ARP_HOME`` set inside it."""
    with tempfile.TemporaryDirectory(prefix="arp-bench-") as folder:
        before = os.environ.get("ARP_HOME")
        os.environ["ARP_HOME"] = str(Path(folder) / "home")
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["ARP_HOME"]
            else:
                os.environ["ARP_HOME"] = before


def sample(folder: Path, *, side: int = 512) -> Path:
    """Return the project's sample picture at ``side`` × ``side`` pixels."""
    from PIL import Image

    source = sorted((ROOT / "examples").glob("*.png"))[0]
    target = folder / "sample.png"
    with Image.open(source) as picture:
        picture.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS).save(target)
    return target


def arpctl(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a shell would."""
    command = [str(Path(sys.executable).parent / "arpctl"), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True)


@contextlib.contextmanager
def bridge() -> Iterator[BridgeClient]:
    """Yield a client of a bridge that runs as an artist's does, with a warm worker in reserve."""
    home = Home.default()
    process = subprocess.Popen([sys.executable, "-m", "arp_bridge", "bridge"], stdout=subprocess.DEVNULL)
    try:
        while (client := BridgeClient.discover(home)) is None:
            assert process.poll() is None, "the bridge ended"
            time.sleep(0.1)
        yield client
    finally:
        process.terminate()
        process.wait(timeout=30)
