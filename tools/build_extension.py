"""Build the Blender extension: one zip for each Python and platform, by Blender's own command line.

Usage: python tools/build_extension.py [--python 3.11 --python 3.13] [--platform linux-x64] [--out dist]

Each zip bundles the wheel of this repository and the few libraries a Blender
does not have; numpy, requests and pxr are the host's. Building and validating
is done by ``blender_ext.py``, which ships with Blender and with the ``bpy``
wheel and needs neither to run (``--blender-cli``, else the bpy virtual
environments beside this repository are searched).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "blender_addon" / "arp_blender"

#: Bundled libraries, pinned so that a build is the same tomorrow.
LIBRARIES = ("PyNaCl==1.6.2", "cffi==2.1.1", "pycparser==3.12", "rfc8785==0.1.4")

#: Python -> the Blender versions that carry it (first, first no longer).
BLENDERS: dict[str, tuple[str, str | None]] = {
    "3.11": ("4.5.0", "5.1.0"),
    "3.13": ("5.1.0", None),
    "3.14": ("5.1.0", None),  # distributions that build Blender with their own Python
}

#: Blender's name of a platform -> the wheel tags that run there.
PLATFORMS: dict[str, tuple[str, ...]] = {
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_11_0_arm64",),
    "macos-x64": ("macosx_10_13_x86_64", "macosx_10_12_x86_64", "macosx_10_10_x86_64"),
}


def main() -> None:
    """Build what the arguments name and print each zip's path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", choices=sorted(BLENDERS), help="default: 3.11 and 3.13")
    parser.add_argument("--platform", default="linux-x64", choices=sorted(PLATFORMS))
    parser.add_argument("--out", type=Path, default=REPOSITORY / "dist")
    parser.add_argument("--blender-cli", type=Path, default=None, help="path of blender_ext.py")
    arguments = parser.parse_args()
    command_line = arguments.blender_cli or find_blender_cli()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="arp-extension-") as temporary:
        own = build_own_wheel(Path(temporary) / "own")
        for python in arguments.python or ["3.11", "3.13"]:
            print(
                build(
                    own,
                    python=python,
                    platform=arguments.platform,
                    work=Path(temporary) / python,
                    out=arguments.out,
                    command_line=command_line,
                )
            )


def find_blender_cli() -> Path:
    """Return blender_ext.py of a bpy wheel beside this repository.

    Raises:
        SystemExit: there is none.
    """
    pattern = ".venv-blender-*/lib/python3.*/site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"
    found = sorted(REPOSITORY.glob(pattern))
    if not found:
        raise SystemExit("blender_ext.py was not found: install the bpy wheel, or name it with --blender-cli")
    return found[-1]


def build_own_wheel(folder: Path) -> Path:
    """Return the wheel of this repository, built into ``folder``."""
    folder.mkdir(parents=True)
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=REPOSITORY)
    (wheel,) = folder.glob("*.whl")
    return wheel


def build(own: Path, *, python: str, platform: str, work: Path, out: Path, command_line: Path) -> Path:
    """Return one zip, built and validated by Blender's command line."""
    source = work / "source"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    wheels = source / "wheels"
    wheels.mkdir()
    shutil.copy2(own, wheels)
    download(wheels, python=python, platform=platform)
    version = write_manifest(source, python=python, platform=platform)
    target = out / f"asset_routing-{version}-{platform}-py{python.replace('.', '')}.zip"
    blender = [sys.executable, str(command_line)]
    _run([*blender, "build", "--source-dir", str(source), "--output-filepath", str(target)], cwd=work)
    _run([*blender, "validate", str(target)], cwd=work)
    return target


def download(wheels: Path, *, python: str, platform: str) -> None:
    """Put the wheels of :data:`LIBRARIES` for this Python and platform into ``wheels``."""
    tags = [piece for tag in PLATFORMS[platform] for piece in ("--platform", tag)]
    _run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--no-deps"),
            *("--python-version", python, "--implementation", "cp", *tags, "--dest", str(wheels), *LIBRARIES),
        ],
        cwd=wheels,
    )


def write_manifest(source: Path, *, python: str, platform: str) -> str:
    """Complete the manifest in ``source`` for one Python and platform; return the version."""
    path = source / "blender_manifest.toml"
    text = path.read_text(encoding="utf-8")
    first, beyond = BLENDERS[python]
    lines = [f'blender_version_max = "{beyond}"'] if beyond else []
    lines.append(f'platforms = ["{platform}"]')
    lines.append("wheels = [")
    lines.extend(f'  "./wheels/{wheel.name}",' for wheel in sorted((source / "wheels").glob("*.whl")))
    lines.append("]")
    head, marker, tail = text.partition('blender_version_min = "4.5.0"\n')
    if not marker:
        raise SystemExit("the manifest no longer names the oldest Blender where this script expects it")
    path.write_text(f'{head}blender_version_min = "{first}"\n' + "\n".join(lines) + "\n" + tail, encoding="utf-8")
    return str(tomllib.loads(path.read_text(encoding="utf-8"))["version"])


def _run(command: list[str], *, cwd: Path) -> None:
    print("$", " ".join(command), file=sys.stderr)
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
