"""A warm process that runs the default graph bare, once for each line it reads.

It has loaded what a worker has loaded and runs under the same settings, so
that the comparison is about governance and not about imports.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "capabilities"))


def main() -> None:
    """Answer ``IMAGE<tab>OUT`` lines with ``done``."""
    from arp_bridge.capabilities import determinism

    determinism.apply()
    import run_graph

    print("ready", flush=True)
    for request in sys.stdin:
        image, out = request.rstrip("\n").split("\t")
        shutil.rmtree(out, ignore_errors=True)
        run_graph.run_bare(Path(image), Path(out), name="sample")
        print("done", flush=True)


if __name__ == "__main__":
    main()
