"""Read a file that a person named: absent or unreadable, it is the argument that is wrong."""

from __future__ import annotations

from pathlib import Path

from arp_core.errors import InputError, UsageError
from arp_core.regular import read_regular


def read_named(path: Path, *, limit: int) -> bytes:
    """Return the bytes of an ordinary file, at most one more than ``limit``.

    Raises:
        UsageError: ``path_absent``, ``path_unreadable`` or ``file_not_regular``.
    """
    try:
        return read_regular(path, limit=limit)
    except InputError as error:
        raise UsageError(error.code, **error.facts) from error
