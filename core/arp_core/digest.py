"""One SHA-256 pass over a file gives every form of its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from arp_core import multiformats
from arp_core.errors import InputError
from arp_core.regular import open_regular


@dataclass(frozen=True)
class FileDigest:
    """A SHA-256 digest with the size of what was digested, in bytes."""

    sha256: bytes
    size: int

    @property
    def hex(self) -> str:
        """Lower-case hexadecimal: HTTP, log and paths."""
        return self.sha256.hex()

    @property
    def multibase(self) -> str:
        """``digestMultibase``: multihash in base64url multibase."""
        return multiformats.multihash_u(self.sha256)

    @property
    def sri(self) -> str:
        """``digestSRI``."""
        return multiformats.sri(self.sha256)


def digest_bytes(data: bytes) -> FileDigest:
    """Return the digest of ``data``."""
    return FileDigest(hashlib.sha256(data).digest(), len(data))


def digest_file(path: Path, *, follow: bool = True) -> FileDigest:
    """Return the digest of the ordinary file at ``path``, read once.

    Args:
        path: What to digest.
        follow: Whether ``path`` itself may be a link to such a file.

    Raises:
        UsageError: ``path_absent`` when there is no such file.
        InputError: ``file_not_regular``, or ``path_unreadable`` when it cannot be read.
    """
    with open_regular(path, follow=follow) as stream:
        try:
            state = hashlib.file_digest(stream, "sha256")
            size = stream.tell()
        except OSError as error:
            raise InputError("path_unreadable", path=path, reason=error.strerror or type(error).__name__) from error
    return FileDigest(state.digest(), size)
