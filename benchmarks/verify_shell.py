"""``arpctl verify`` of a small package under the standard policy, timed from the shell."""

from __future__ import annotations

import sys

from benchmarks import report, station

ROUNDS = 15


def main() -> bool:
    """Print the median, beside what an empty Python start costs."""
    import subprocess

    with station.scratch() as folder:
        out = folder / "out"
        station.arpctl("image-to-3d", station.sample(folder), "--out", out, "--origin", "mine")
        times, floor = [], []
        for _ in range(ROUNDS):
            times.append(report.seconds(lambda: station.arpctl("verify", out)))
            floor.append(report.seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)))
    print(f"  an empty Python start: {report.middle(floor) * 1e3:.0f} ms")
    return report.line(
        "arpctl verify of a package, from the shell", report.middle(times) * 1e3, unit="ms", bound=300, most=True
    )
