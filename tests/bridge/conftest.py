"""Real bridges on loopback, each a process of its own with a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from arp_core.client import BridgeClient
from arp_core.home import Home

# Tests are imported by file, so what they share is found here by its folder.
sys.path.insert(0, str(Path(__file__).resolve().parent))

#: The cheapest graph that the recipe's bounds allow.
SMALL = {"height": 0.5, "faces": 500, "texture_size": 256}


@dataclass
class RunningBridge:
    """A bridge process and what is needed to talk to it."""

    home: Home
    process: subprocess.Popen[bytes]
    url: str
    token: str

    @property
    def client(self) -> BridgeClient:
        return BridgeClient(self.url, token=self.token)

    def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: object
    ) -> requests.Response:
        """Send a raw request with the right token, unless ``headers`` say otherwise."""
        chosen = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return requests.request(method, self.url + path, headers=chosen, timeout=60, **options)  # type: ignore[arg-type]

    def kill(self) -> None:
        """End the bridge as a power failure would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> int:
        """Ask the bridge to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def _start(root: Path, *options: str) -> RunningBridge:
    """Start a bridge for the home at ``root`` and wait until it says where it is."""
    environment = {**os.environ, "ARP_HOME": str(root)}
    process = subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "bridge", "--json", "--home", str(root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    home = Home(root)
    entry = json.loads(home.bridge_json.read_bytes())
    assert entry["url"] == said["url"]
    return RunningBridge(home=home, process=process, url=entry["url"], token=entry["token"])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningBridge]]:
    """Return a function that starts a bridge; every one is ended after the test."""
    started: list[RunningBridge] = []

    def starting(root: Path | None = None, *options: str) -> RunningBridge:
        started.append(_start(root or tmp_path / "home", *options))
        return started[-1]

    yield starting
    for bridge in started:
        if bridge.process.poll() is None:
            bridge.kill()
        if bridge.process.stdout is not None:
            bridge.process.stdout.close()


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """One bridge for the tests that only talk to it."""
    running = _start(tmp_path_factory.mktemp("shared") / "home")
    yield running
    assert running.stop() == 0
    assert running.process.stdout is not None
    running.process.stdout.close()


def _draw(path: Path, *, side: int = 96) -> Path:
    """Draw a green disc with a foot on nothing, and return the path."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((side * 0.2, side * 0.1, side * 0.8, side * 0.7), fill=(60, 160, 90, 255))
    draw.rectangle((side * 0.4, side * 0.6, side * 0.6, side * 0.9), fill=(120, 90, 60, 255))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _draw(tmp_path_factory.mktemp("pictures") / "lamp.png")


def _job_request(sha256: str, **changes: object) -> dict[str, object]:
    return {
        "recipe": "image-to-3d",
        "inputs": {"image": sha256},
        "name": "lamp",
        "parameters": SMALL,
        "seed": "0",
        "origin": "mine",
        **changes,
    }


@pytest.fixture(scope="session")
def job_request() -> Callable[..., dict[str, object]]:
    """A function that returns the body of a small job for an uploaded picture."""
    return _job_request


@pytest.fixture(scope="session")
def draw_picture() -> Callable[..., Path]:
    """A function that draws a small picture at a path."""
    return _draw


@pytest.fixture(scope="session")
def finished(bridge: RunningBridge, picture: Path) -> str:
    """The ID of a job that ran to its end on the shared bridge."""
    client = bridge.client
    job_id = client.submit(_job_request(client.upload(picture)))
    states = [event["state"] for event in client.events(job_id) if event["type"] == "job"]
    assert states[-1] == "succeeded", client.job(job_id)
    return job_id
