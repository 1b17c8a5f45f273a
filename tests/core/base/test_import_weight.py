"""A DCC's start-up pays nothing for the core."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_core_loads_nothing_heavy() -> None:
    code = (
        "import sys, arp_core, arp_core.errors, arp_core.home, arp_core.station, arp_core.verify\n"
        "print(','.join(n for n in ('numpy', 'requests', 'pxr', 'c2pa', 'nacl') if n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
