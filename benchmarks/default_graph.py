"""The whole default graph on a 512² picture, from the shell, nothing warm."""

from __future__ import annotations

from benchmarks import report, station

ROUNDS = 3


def main() -> bool:
    """Print the median of whole ``arpctl image-to-3d`` runs, process starts included."""
    with station.scratch() as folder:
        picture = station.sample(folder)
        times = [
            report.seconds(
                lambda number=number: station.arpctl(
                    "image-to-3d", picture, "--out", folder / str(number), "--origin", "mine"
                )
            )
            for number in range(ROUNDS)
        ]
    return report.line("arpctl image-to-3d, 512² picture, cold", report.middle(times), unit="s", bound=12, most=True)
