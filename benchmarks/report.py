"""How a figure is printed: what, how much, the bound, and whether it holds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def line(what: str, value: float, *, unit: str, bound: float, most: bool) -> bool:
    """Print one figure and return whether it is on the right side of its bound."""
    holds = value <= bound if most else value >= bound
    sign = "≤" if most else "≥"
    print(f"{what:<58} {value:9.3f} {unit:<5} ({sign} {bound:g}) {'holds' if holds else 'DOES NOT HOLD'}", flush=True)
    return holds


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def interleaved(
    first: Callable[[], object], second: Callable[[], object], *, rounds: int, pause: float = 0.0
) -> tuple[float, float]:
    """Return the medians of two calls measured in turns, so that both meet the same machine.

    ``pause`` seconds of rest go before each call.
    """

    def rested(call: Callable[[], object]) -> float:
        time.sleep(pause)
        return seconds(call)

    pairs = [(rested(first), rested(second)) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
