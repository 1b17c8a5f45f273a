"""``python -m arp_bridge.worker``: the worker process."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def _private_stdout() -> int:
    """Keep the protocol's pipe to ourselves: what libraries print goes to the log."""
    private = os.dup(1)
    os.dup2(2, 1)
    return private


def main() -> int:
    """Run until the bridge closes the pipe."""
    parser = argparse.ArgumentParser(prog="arp_bridge.worker")
    parser.add_argument("--home", type=Path, required=True)
    arguments = parser.parse_args()
    os.umask(0o077)  # in case the bridge was not what started us
    answers = _private_stdout()
    # Before anything numeric is imported, for the same reason.
    from arp_bridge.capabilities import determinism

    determinism.apply()
    from arp_bridge.worker.serve import serve

    serve(home=arguments.home, commands=sys.stdin.buffer, answers=os.fdopen(answers, "wb", buffering=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
