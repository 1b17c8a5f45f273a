"""A log proof or a timestamp beside a sidecar."""

from __future__ import annotations

import stat
from pathlib import Path

from arp_core.verify.view import AttachmentState

#: Largest one that may stand beside a sidecar, in bytes.
ATTACHMENT_LIMIT = 64 << 10


def attachment(path: Path) -> AttachmentState:
    """Return how a log proof or timestamp stands there; nothing in it is read."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return "absent"
    except OSError:
        return "bad"
    return "present" if stat.S_ISREG(status.st_mode) and status.st_size <= ATTACHMENT_LIMIT else "bad"
