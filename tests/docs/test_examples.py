"""The examples run: the command line's page from top to bottom, and the contributor's capability."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_EXIT_CODE = re.compile(r"#.*?exit code (\d+)")


@pytest.fixture
def with_sample(tmp_path: Path, repository: Path) -> Path:
    """A folder that holds the sample picture as ``lantern.png``."""
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copyfile(repository / "examples" / "lantern.png", folder / "lantern.png")
    return folder


@pytest.mark.slow
def test_the_command_line_page_runs_as_it_stands(page_of, with_sample, tmp_path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    arpctl = tools / "arpctl"
    arpctl.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m arp_bridge "$@"\n', encoding="utf-8")
    arpctl.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "ARP_LANG": "en"}
    ran = 0
    for block in page_of("docs/command-line.md").blocks("sh"):
        for line in filter(None, block.splitlines()):
            wanted = _EXIT_CODE.search(line)
            done = subprocess.run(
                ["sh", "-c", line], cwd=with_sample, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == int(wanted[1] if wanted else 0), f"{line}\n{done.stdout}\n{done.stderr}"
            ran += 1
    assert ran > 15


def test_the_contributors_capability_runs_governed(page_of, with_sample, tmp_path, monkeypatch) -> None:
    import arp_bridge.capabilities as package

    module_text, script = page_of("CONTRIBUTING.md").blocks("python")
    path = tmp_path / "arp_bridge" / "capabilities" / "grey.py"
    path.parent.mkdir(parents=True)
    path.write_text(module_text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("arp_bridge.capabilities.grey", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, spec.name, module)
    monkeypatch.setattr(package, "grey", module, raising=False)
    monkeypatch.chdir(with_sample)
    names: dict[str, object] = {}
    exec(compile(script, "CONTRIBUTING.md", "exec"), names)
    assert sorted(item.name for item in names["made"].folder.iterdir()) == [
        "lantern_grey.png",
        "lantern_mts.json",
        "lantern_mts.records.json",
    ]


def test_the_contributors_capability_is_as_strict_as_the_others(page_of, tmp_path, repository) -> None:
    path = tmp_path / "grey.py"
    path.write_text(page_of("CONTRIBUTING.md").blocks("python")[0], encoding="utf-8")
    settings = repository / "pyproject.toml"
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", str(settings), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_demonstration_ends_well_twice(repository, tmp_path) -> None:
    command = [sys.executable, str(repository / "tools" / "demo.py"), "--folder", str(tmp_path / "demo")]
    for number in (1, 2):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "ARP_LANG": "en"}
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "[file_changed]" in done.stdout
        assert (tmp_path / "demo" / f"run-{number:03d}" / "lantern" / "lantern_mts.json").is_file()
