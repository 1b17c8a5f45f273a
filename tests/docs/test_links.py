"""Every relative link and picture of every page leads somewhere."""

from __future__ import annotations

import re

import pytest

_LINK = re.compile(r"!?\[(?:[^\]\\]|\\.)*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)

#: Links that a reader would miss in a page, so that the reader below is not an empty one.
MUST_HOLD = {
    "README.md": {"docs/architecture.md", "docs/pictures/sample-result.png", "README.zh-CN.md"},
    "README.zh-CN.md": {"README.md", "docs/pictures/sample-result.png"},
    "docs/architecture.md": {"pictures/data-flow.svg"},
}


def _targets(text: str) -> list[str]:
    return [found["target"] for found in _LINK.finditer(text)]


def _anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as they are commonly made."""
    kept = (re.sub(r"[^\w\- ]", "", found["title"].lower()) for found in _HEADING.finditer(text))
    return {title.strip().replace(" ", "-") for title in kept}


def test_links_and_pictures_exist(page) -> None:
    broken = []
    for target in _targets(page.prose()):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.path.parent / name) if name else page.path
        if not path.exists() or (anchor and anchor not in _anchors(path.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", MUST_HOLD)
def test_the_pages_hold_the_links_they_are_there_for(page_of, name) -> None:
    assert MUST_HOLD[name] <= set(_targets(page_of(name).prose()))


def test_every_page_of_the_docs_is_reachable_from_the_index(repository, page_of) -> None:
    reached, waiting = set(), [repository / "docs" / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for target in _targets(page_of(path.relative_to(repository).as_posix()).prose()):
            linked = (path.parent / target.partition("#")[0]).resolve()
            if linked.suffix == ".md" and linked.is_file():
                waiting.append(linked)
    every = {path for path in (repository / "docs").rglob("*.md") if "vectors" not in path.parts}
    assert every - reached == set()


def test_nothing_exclaims(page) -> None:
    assert not re.search(r"[\w)]!(\s|$)", page.prose()), "an exclamation mark"
    assert "！" not in page.text
    assert "篡改" not in page.text
