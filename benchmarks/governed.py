"""The governed default graph, against the same tools called bare, in turns in one run."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import report, station

ROUNDS = 7
#: Between two runs the bridge warms its next worker, as it does while an artist looks at a result.
PAUSE = 4.0


def main() -> bool:
    """Print governed time over bare time.

    Governed: upload, submit, every audit checkpoint, records, evidence, stamps,
    credential, download of the whole package. Bare: the same capability
    functions in a warm process, files written and copied out, nothing else.
    """
    with station.scratch() as folder:
        picture = station.sample(folder)
        bare = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
            cwd=station.ROOT,
        )
        assert bare.stdin is not None
        assert bare.stdout is not None
        assert bare.stdout.readline() == "ready\n"
        stdin, stdout = bare.stdin, bare.stdout
        numbers = itertools.count()

        def run_bare() -> None:
            stdin.write(f"{picture}\t{folder / 'bare'}\n")
            stdin.flush()
            assert stdout.readline() == "done\n"

        with station.bridge() as client:

            def run_governed() -> None:
                request = {
                    "recipe": station.RECIPE,
                    "inputs": {"image": client.upload(picture)},
                    "name": "sample",
                    "parameters": {},
                    "seed": "0",
                    "origin": "mine",
                }
                job = client.submit(request)
                states = [event["state"] for event in client.events(job) if event["type"] == "job"]
                assert states[-1] == "succeeded", states
                client.download_all(job, Path(folder / f"governed-{next(numbers)}"))

            run_bare()
            run_governed()
            bare_time, governed_time = report.interleaved(run_bare, run_governed, rounds=ROUNDS, pause=PAUSE)
        stdin.close()
        bare.wait(timeout=30)
    print(f"  bare {bare_time:.2f} s, governed {governed_time:.2f} s")
    return report.line("governed / bare, default graph", governed_time / bare_time, unit="", bound=1.10, most=True)
