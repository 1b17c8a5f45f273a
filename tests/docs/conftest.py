"""The pages as they stand in the repository, and the code blocks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One Markdown page."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def name(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()

    def blocks(self, *languages: str) -> list[str]:
        return [found["text"] for found in _FENCE.finditer(self.text) if found["language"] in languages]

    def prose(self) -> str:
        return _FENCE.sub("", self.text)


def pages() -> list[Page]:
    """Return every page that people are sent to."""
    found = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]
    folders = ("houdini_hda", "maya_plugin", "requirements", "server_bridge", "examples")
    found += [path for folder in folders for path in (REPOSITORY / folder).rglob("*.md")]
    return [Page(path) for path in sorted(found)]


@pytest.fixture(params=pages(), ids=lambda page: page.name)
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


@pytest.fixture
def page_of():
    return lambda name: Page(REPOSITORY / name)


@pytest.fixture
def repository() -> Path:
    return REPOSITORY
