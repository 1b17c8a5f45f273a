"""Restore from credential: write the AI label of the parent back into a file that lost it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.blobs import BlobStore
from arp_core.home import Home
from arp_core.paths import storage_error

if TYPE_CHECKING:
    from arp_core.stamp.facts import StampFacts


def restore_label(path: Path, *, facts: StampFacts, home: Home) -> None:
    """Stamp ``path`` in place with ``facts``; the bytes it had are kept in the home's blobs.

    Raises:
        InputError: the file cannot be stamped.
        StorageError: it cannot be written; the file is then as it was.
    """
    from arp_core.stamp import stamp_file

    BlobStore(home.blobs).put_file(path)
    # The suffix stays last: it decides how the copy is stamped.
    stamped = path.with_name(f".arp-{secrets.token_hex(6)}{path.suffix}")
    try:
        stamp_file(path, stamped, facts=facts)
        stamped.replace(path)
    except OSError as error:
        raise storage_error(error, path=path) from error
    finally:
        stamped.unlink(missing_ok=True)
