"""docs/errors.md says what the catalogue says."""

from __future__ import annotations

import subprocess
import sys

from arp_core import messages


def _run(repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(repository / "tools" / "write_error_table.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_page_is_up_to_date(repository) -> None:
    done = _run(repository, "--check")
    assert done.returncode == 0, done.stderr


def test_the_page_names_both_languages(page_of) -> None:
    text = page_of("docs/errors.md").text
    for code in ("file_changed", "path_absent", "key_locked"):
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{code}` |")]
        assert messages.text(code) in row
        assert messages.text(code, language="zh") in row
