"""Open and read ordinary files only: a pipe, a device or a socket would never end.

A name is looked at before it is opened, opened without waiting for anybody, and
what was opened is looked at again, since the two may differ.
"""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from arp_core.errors import InputError, UsageError

#: These exist on POSIX only. Elsewhere nothing in a folder blocks on being opened.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """Return the ordinary file at ``path``, opened for reading.

    Args:
        path: What to open.
        follow: Whether ``path`` itself may be a link to such a file.

    Raises:
        UsageError: ``path_absent``.
        InputError: ``file_not_regular``, or ``path_unreadable`` with the reason.
    """
    try:
        _require_regular(path.stat() if follow else path.lstat(), path=path)
        handle = os.open(path, os.O_RDONLY | _BINARY | _NO_WAIT | (0 if follow else _NO_LINK))
        stream = os.fdopen(handle, "rb")
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError("path_unreadable", path=path, reason=reason) from error
    try:
        _require_regular(os.fstat(stream.fileno()), path=path)
    except InputError:
        stream.close()
        raise
    return stream


def read_regular(path: Path, *, limit: int, follow: bool = True) -> bytes:
    """Return the bytes of the ordinary file at ``path``, at most one more than ``limit``.

    That one more is enough for a reader to know that the file is too large.

    Raises:
        UsageError: ``path_absent``.
        InputError: ``file_not_regular``, or ``path_unreadable`` with the reason.
    """
    with open_regular(path, follow=follow) as stream:
        try:
            return stream.read(limit + 1)
        except OSError as error:
            raise InputError("path_unreadable", path=path, reason=error.strerror or str(error)) from error


def _require_regular(status: os.stat_result, *, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError("file_not_regular", file=path)
