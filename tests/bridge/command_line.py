"""The command line as tests run it: a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def arpctl(*arguments: str | Path, home: Path, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ARP_HOME": str(home), "ARP_LANG": "en"}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "arp_bridge", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
        **options,
    )


def error_code(text: str) -> str:
    return str(json.loads(text)["error"]["code"])
