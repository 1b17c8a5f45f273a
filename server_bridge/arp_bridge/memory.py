"""A ceiling on this process's memory while it reads foreign geometry.

A hostile binary USD file of two kilobytes can make USD's own reader ask for
tens of gigabytes. With a ceiling the request fails and the file counts as
malformed; without one the whole machine suffers.
"""

from __future__ import annotations

import os
import sys

_LEAST = 4 << 30


def limit_to_half() -> None:
    """Limit this process to half of the machine's memory, and to no less than 4 GiB.

    Does nothing where the platform has no such limit (Windows).
    """
    if sys.platform == "win32":
        return
    import resource

    ceiling = max(_LEAST, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
