"""Reading foreign geometry has a ceiling of memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = (
    "import resource\n"
    "from arp_bridge import memory\n"
    "memory.limit_to_half()\n"
    "ceiling = resource.getrlimit(resource.RLIMIT_AS)[0]\n"
    "try:\n"
    "    bytearray(ceiling + 1)\n"
    "except MemoryError:\n"
    "    print('refused')\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_more_than_the_ceiling_is_refused_by_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
