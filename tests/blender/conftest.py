"""Real Blenders (the bpy wheels), the built zip, and a real bridge for them to talk to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).parent / "inside"

#: Short name -> (environment variable naming its Python, default, the zip's Python)
BLENDERS = {
    "4.5": ("ARP_BPY45", ".venv-blender-4.5/bin/python", "311"),
    "5.2": ("ARP_BPY52", ".venv-blender-5.2/bin/python", "313"),
}
_TIMEOUT = 240


@dataclass(frozen=True)
class Outcome:
    status: int
    output: str
    result: object


@dataclass(frozen=True)
class Blender:
    version: str
    python: Path
    zip: Path

    def run(self, scenario: str, *, work: Path, home: Path, image: Path | None = None, **environment: str) -> Outcome:
        """Run one scenario of ``inside`` in a fresh Blender with fresh user files."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ARP_", "BLENDER_"))}
        work.mkdir(parents=True, exist_ok=True)
        named = {
            **kept,
            **environment,
            "BLENDER_USER_RESOURCES": str(work / f"user-{scenario}"),
            "PYTHONPATH": str(INSIDE),
            "ARP_HOME": str(home),
            "ARP_TEST_WORK": str(work),
            "ARP_TEST_ZIP": str(self.zip),
            "ARP_TEST_IMAGE": str(image) if image else "",
        }
        done = subprocess.run(
            [str(self.python), str(INSIDE / f"{scenario}.py")],
            env=named,
            cwd=work,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_TIMEOUT,
            check=False,
        )
        found = work / "result.json"
        return Outcome(
            status=done.returncode,
            output=done.stdout.decode("utf-8", "replace")[-6000:],
            result=json.loads(found.read_text(encoding="utf-8")) if found.is_file() else None,
        )


@pytest.fixture(scope="session")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, built by Blender's own command line, once."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, str(REPOSITORY / "tools" / "build_extension.py"), "--out", str(out)],
        check=True,
        capture_output=True,
        timeout=_TIMEOUT,
    )
    return out


@pytest.fixture(scope="session", params=list(BLENDERS))
def blender(request: pytest.FixtureRequest) -> Blender:
    variable, default, suffix = BLENDERS[request.param]
    python = Path(os.environ.get(variable) or REPOSITORY / default)
    if not python.is_file():
        pytest.skip(f"Blender {request.param} is not installed: {python} is absent (make it, or set {variable})")
    folder = request.getfixturevalue("zips")
    (found,) = folder.glob(f"*-py{suffix}.zip")
    return Blender(version=request.param, python=python, zip=found)


@pytest.fixture(scope="session")
def bridge_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a real bridge that runs in a process of its own."""
    home = tmp_path_factory.mktemp("station")
    environment = {
        **os.environ,
        "ARP_HOME": str(home),
        "PYTHONPATH": f"{REPOSITORY / 'core'}:{REPOSITORY / 'server_bridge'}",
    }
    log = (home / "test-bridge.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "bridge"], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + 30
    while not (home / "bridge.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"the bridge did not start: {(home / 'test-bridge.log').read_text()[-2000:]}")
        time.sleep(0.05)
    yield home
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
    log.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A drawing of a lamp on white, made here, so that no sample has to be at hand."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (160, 160), "white")
    draw = ImageDraw.Draw(image)
    draw.polygon([(55, 20), (105, 20), (125, 75), (35, 75)], fill=(190, 60, 40))
    draw.rectangle((74, 75, 86, 135), fill=(90, 70, 50))
    draw.ellipse((45, 125, 115, 150), fill=(60, 50, 45))
    path = tmp_path / "lamp.png"
    image.save(path)
    return path
