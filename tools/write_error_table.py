"""Write docs/errors.md: every code that a person can meet, with its sentence in both languages.

    python tools/write_error_table.py [--check]

The sentences are those of :mod:`arp_core.messages`; labels, headings and other
words of a user interface are left out. ``--check`` writes nothing and ends
with 1 if the page is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from arp_core import messages
from arp_core.verify.result import PRECEDENCE

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "errors.md"

SOURCES = ("core/arp_core", "server_bridge/arp_bridge", "blender_addon/arp_blender")

#: How the source raises a code.
RAISED = re.compile(r"\b(?P<kind>Arp|Usage|Input|Integrity|Audit|Storage|Bridge|WorkerGone)Error\(\s*\"(?P<code>\w+)\"")

#: What a user interface says by itself: headings, labels, words of a state, lines of success.
WORD_PREFIXES = (
    *("cli_", "hint_", "image_", "job_", "origin_", "outcome_", "register_", "reproduce", "rights_verdict_"),
    *("scene_", "stage_", "step_", "trust_", "verify_"),
)
WORDS = frozenset(
    (
        *("bridge_running", "key_by_permissions", "not_asked", "signed_elsewhere", "status_changed", "status_lifted"),
        *("status_exported", "status_imported"),
        *(f"status_{word}" for word in (*PRECEDENCE, "edited", "reexported", "pending", "not_compared")),
    )
)

HEAD = """\
# Codes and their sentences

Written by `tools/write_error_table.py` from the message catalogue; do not edit by hand.

A code is stable; its sentence may improve. Words in braces are filled in. Exit code 2 belongs to the kind *usage*, 1 to
all others.
"""

ERRORS = "## Errors\n\n| code | kind | English | 中文 |\n|---|---|---|---|\n"
OUTCOMES = """
## What verification and checkpoints find

These are outcomes and not errors: they stand under `failures` of `arpctl verify --json`, in node records, or beside an
asset.

| code | English | 中文 |
|---|---|---|
"""


def main() -> int:
    """Write or check the page and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if the page is out of date")
    arguments = parser.parse_args()
    page = table()
    if arguments.check:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page
        if not current:
            print(f"{PAGE.name} is out of date: run tools/write_error_table.py", file=sys.stderr)
        return 0 if current else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


def table() -> str:
    """Return the page as it should be."""
    known = messages.keys()
    kinds = {code: kind for code, kind in _kinds(_texts()).items() if code in known}
    errors = [
        f"| `{code}` | {kind} | {_cell(code, 'en')} | {_cell(code, 'zh')} |\n" for code, kind in sorted(kinds.items())
    ]
    outcomes = [f"| `{code}` | {_cell(code, 'en')} | {_cell(code, 'zh')} |\n" for code in _outcomes(errors=set(kinds))]
    return HEAD + "\n" + ERRORS + "".join(errors) + OUTCOMES + "".join(outcomes)


def _texts() -> list[str]:
    paths = [path for folder in SOURCES for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    catalogue = Path(messages.__file__).parent
    return [path.read_text(encoding="utf-8") for path in paths if not path.is_relative_to(catalogue)]


def _kinds(texts: list[str]) -> dict[str, str]:
    """Return every raised code with its kind; one that is raised in several kinds names them all."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for match in RAISED.finditer(text):
            kind = {"WorkerGone": "bridge", "Arp": "other"}.get(match["kind"], match["kind"].lower())
            found.setdefault(match["code"], set()).add(kind)
    return {code: ", ".join(sorted(kinds)) for code, kinds in found.items()}


def _outcomes(*, errors: set[str]) -> list[str]:
    """Return the codes of the catalogue that are no errors and not words of a user interface."""
    return sorted(key for key in messages.keys() - errors if key not in WORDS and not key.startswith(WORD_PREFIXES))


def _cell(code: str, language: str) -> str:
    return messages.text(code, language=language).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main())
