"""A content-addressed store of files: ``sha256/ab/cd/<64 hex>``, read-only, and their owner's only, once whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from arp_core.digest import FileDigest
from arp_core.errors import InputError, UsageError
from arp_core.paths import fsync_folder, storage_error

_CHUNK = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_HEX = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """Files by the SHA-256 of their bytes. Any number of processes may add at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the blob of this lower-case hex digest stands, or would stand.

        Raises:
            InputError: ``digest_invalid`` if it is not 64 lower-case hex digits.
        """
        if not _HEX.fullmatch(sha256):
            raise InputError("digest_invalid", value=sha256[:80])
        return self.root / "sha256" / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Return whether the blob is here."""
        return self.path(sha256).is_file()

    def put_bytes(self, data: bytes) -> FileDigest:
        """Store ``data`` and return its digest."""
        return self.put_chunks((data,))

    def put_file(self, source: Path) -> FileDigest:
        """Store a copy of ``source``, hashed while it is copied, and return its digest.

        Raises:
            UsageError: ``path_absent``. InputError: ``path_unreadable``.
            StorageError: ``disk_full``, ``folder_read_only``, ``write_failed``.
        """
        try:
            stream = source.open("rb")
        except FileNotFoundError as error:
            raise UsageError("path_absent", path=source) from error
        except OSError as error:
            raise InputError("path_unreadable", path=source, reason=error.strerror or str(error)) from error
        with stream:
            return self.put_chunks(iter(lambda: stream.read(_CHUNK), b""))

    def put_chunks(self, chunks: Iterable[bytes], *, expected: str | None = None) -> FileDigest:
        """Store the concatenation of ``chunks`` and return its digest.

        Args:
            chunks: The bytes, in order.
            expected: Hex digest that the bytes must have.

        Raises:
            InputError: ``digest_mismatch`` if they have another; nothing is kept.
            StorageError: ``disk_full``, ``folder_read_only``, ``write_failed``.
        """
        incoming = self.root / "incoming"
        temporary = incoming / secrets.token_hex(12)
        state = hashlib.sha256()
        size = 0
        try:
            _make_private(incoming)
            with os.fdopen(os.open(temporary, _NEW, 0o600), "wb") as stream:
                for chunk in chunks:
                    state.update(chunk)
                    size += len(chunk)
                    stream.write(chunk)
                stream.flush()
                os.fsync(stream.fileno())
            digest = FileDigest(state.digest(), size)
            if expected is not None and digest.hex != expected:
                raise InputError("digest_mismatch", expected=expected, arrived=digest.hex)
            final = self.path(digest.hex)
            if not final.exists():
                _make_private(final.parent)
                temporary.chmod(0o400)
                temporary.replace(final)
                fsync_folder(final.parent)
        except OSError as error:
            raise storage_error(error, path=temporary) from error
        finally:
            with contextlib.suppress(OSError):  # moved into place, or never made
                temporary.unlink()
        return digest


def _make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only."""
    missing: list[Path] = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
