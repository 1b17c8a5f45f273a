"""The demonstration behind ``make demo``: seal, verify, change a copy by one byte, see it found.

Everything goes through the command line, as a person would do it, with a home
of its own in ``demo/home``. Each run gets a fresh folder, so nothing that was
made before is touched. Ends with 0 only if every step gave what it should.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from arp_bridge.cli import language

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURE = REPOSITORY / "examples" / "lantern.png"
HEIGHT = "0.35"

TEXTS: dict[str, tuple[str, str]] = {
    "seal": ("1. Turning {picture} into a sealed asset", "1. 把 {picture} 变成已封存的资产"),
    "verify": ("2. Checking what was made", "2. 核验生成的资产包"),
    "change": (
        "3. Changing one byte of {file} in a copy (byte {position}: {before:#04x} becomes {after:#04x})",
        "3. 在副本中改动 {file} 的一个字节（第 {position} 字节：{before:#04x} 变为 {after:#04x}）",
    ),
    "verify_copy": ("4. Checking the changed copy", "4. 核验改动后的副本"),
    "as_expected": (
        "All as it should be: the package holds, and the changed file was found by name.",
        "结果符合预期：原资产包核验通过，副本中被改动的文件已按名称指出。",
    ),
    "where": ("Where things are:", "文件位置："),
    "where_package": ("the sealed package", "已封存的资产包"),
    "where_preview": ("a picture of it", "预览图"),
    "where_copy": ("the changed copy", "改动后的副本"),
    "where_home": ("the demo's own home", "演示专用的数据目录"),
    "unexpected": ("Not as expected: {what}", "与预期不符：{what}"),
}


class UnexpectedError(Exception):
    """A step did not give what it should."""


def main() -> int:
    """Run the demonstration and return 0 if every step gave what it should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "demo", help="where everything goes; default: demo")
    folder: Path = parser.parse_args().folder.absolute()
    os.environ.update(_own_environment(home=folder / "home"))
    chosen = language.preferred()

    def say(key: str, **facts: object) -> None:
        print(TEXTS[key][chosen == "zh"].format(**facts), flush=True)

    try:
        run = _fresh_folder(folder)
        _paint_picture()
        package, copy = run / "lantern", run / "lantern-changed"

        say("seal", picture=_shown(PICTURE))
        command = ["image-to-3d", _shown(PICTURE), "--out", _shown(package), "--height", HEIGHT, "--origin", "mine"]
        _expect(_arpctl(*command), 0, "arpctl image-to-3d")

        print()
        say("verify")
        _expect(_arpctl("verify", "--steps", _shown(package)), 0, "arpctl verify")
        _expect_status(package, status="verified", failures=[])

        print()
        shutil.copytree(package, copy)
        position, before, after = _change_one_byte(copy / "lantern.glb")
        say("change", file="lantern.glb", position=position, before=before, after=after)

        print()
        say("verify_copy")
        _expect(_arpctl("verify", _shown(copy)), 1, "arpctl verify")
        _expect_status(copy, status="modified", failures=[("file_changed", "lantern.glb")])
    except UnexpectedError as error:
        print()
        say("unexpected", what=error)
        return 1

    print()
    say("as_expected")
    say("where")
    places = {"package": package, "preview": package / "lantern_preview.png", "copy": copy, "home": folder / "home"}
    for name, path in places.items():
        print(f"  {_shown(path):<42} {TEXTS['where_' + name][chosen == 'zh']}")
    return 0


def _own_environment(*, home: Path) -> dict[str, str]:
    """Forget whatever station, key and bridge this person has; return what makes the demo's own home count."""
    for name in [name for name in os.environ if name.startswith("ARP_") and name != "ARP_LANG"]:
        del os.environ[name]
    return {"ARP_HOME": str(home)}


def _fresh_folder(parent: Path) -> Path:
    """Make and return ``run-NNN`` in ``parent`` with the first number that is free."""
    parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = parent / f"run-{number:03d}"
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def _paint_picture() -> None:
    """Make the sample picture where a clone does not bring it."""
    if not PICTURE.is_file():
        script = PICTURE.with_name("make_sample.py")
        _expect(subprocess.run([sys.executable, str(script)], check=False).returncode, 0, script.name)


def _arpctl(*arguments: str) -> int:
    """Run the command line as a person would, its words and output shown, and return its exit code."""
    print("$ arpctl " + shlex.join(arguments), flush=True)
    return subprocess.run([*_command(), *arguments], check=False, cwd=REPOSITORY).returncode


def _expect_status(folder: Path, *, status: str, failures: list[tuple[str, str]]) -> None:
    """Hold the machine-readable verdict on a package against what it should be."""
    ran = subprocess.run([*_command(), "verify", "--json", str(folder)], check=False, stdout=subprocess.PIPE)
    results: list[dict[str, Any]] = json.loads(ran.stdout)["results"]
    found = [(result["status"], [(item["code"], item["file"]) for item in result["failures"]]) for result in results]
    if found != [(status, failures)]:
        raise UnexpectedError(f"{_shown(folder)}: {found}")


def _expect(code: int, wanted: int, what: str) -> None:
    if code != wanted:
        raise UnexpectedError(f"{what}: exit code {code}, not {wanted}")


def _change_one_byte(path: Path) -> tuple[int, int, int]:
    """Flip one bit in the middle of ``path`` and return its byte's position, old value and new value."""
    data = bytearray(path.read_bytes())
    position = len(data) // 2
    before = data[position]
    data[position] ^= 1
    path.write_bytes(data)
    return position, before, data[position]


def _command() -> list[str]:
    return [sys.executable, "-m", "arp_bridge"]


def _shown(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix() if path.is_relative_to(REPOSITORY) else str(path)


if __name__ == "__main__":
    sys.exit(main())
