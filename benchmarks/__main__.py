"""Run every benchmark, or those named on the command line, one after the other."""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = ("credential", "verify_shell", "governed", "default_graph")

if __name__ == "__main__":
    chosen = sys.argv[1:] or BENCHMARKS
    within = [importlib.import_module(f"benchmarks.{name}").main() for name in chosen]
    sys.exit(0 if all(within) else 1)
