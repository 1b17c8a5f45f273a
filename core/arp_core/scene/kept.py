"""Sealed bytes by what a mark names: beside the file, else in the home, else at the bridge.

Everything is found by digest, so it does not matter who kept it. What a bridge
hands over is kept in the home, and asked for once. Runs off the main thread.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from arp_core.blobs import BlobStore
from arp_core.digest import digest_bytes, digest_file
from arp_core.errors import ArpError, BridgeError
from arp_core.home import Home
from arp_core.paths import write_atomic
from arp_core.scene.mark import Mark

if TYPE_CHECKING:
    from arp_core.client import BridgeClient
    from arp_core.verify.signed import ListedFile

T = TypeVar("T")
Connect = Callable[[], "BridgeClient"]

_LOG = logging.getLogger(__name__)
_SIDECAR_ENDING = "_mts.json"
_LEVELS_UP = 2  # how far above a file its package's sidecar may stand, as in verification
_LIMIT = 1 << 20


class Kept:
    """Where one check looks for what is not at its place.

    Args:
        home: The station's own store.
        connect: How to reach the bridge; None where none answers. A bridge that
            fails once is not asked again by this check.
    """

    def __init__(self, home: Home, *, connect: Connect | None) -> None:
        self._home = home
        self._blobs = BlobStore(home.blobs)
        self._connect = connect

    def credential(self, mark: Mark, *, file: Path) -> bytes | None:
        """Return the bytes of the credential that ``mark`` names, or None where nobody has them."""
        for place in self._places(mark, file=file):
            data = _read(place)
            if data is not None and digest_bytes(data).hex == mark.sidecar_sha256:
                return data
        data = self._asked(lambda client: client.credential(mark.credential))
        if data is None or digest_bytes(data).hex != mark.sidecar_sha256:
            return None
        self._keep(f"{mark.credential}.json", data)
        return data

    def records(self, mark: Mark, *, beside: Path) -> bytes | None:
        """Return the bytes of the records file, or None where it is withheld or lost; verification judges them."""
        kept = self._home.credentials / f"{mark.credential}.records.json"
        data = _read(beside) or _read(kept)
        if data is None:
            data = self._asked(lambda client: client.records(mark.credential))
            if data is not None:
                self._keep(kept.name, data)
        return data

    def payload(self, listed: ListedFile, *, at: Path, job_id: str) -> Path | None:
        """Return a file that has the signed bytes: the one at its place, else a kept copy, or None.

        Args:
            listed: What the credential signs.
            at: Its place.
            job_id: The job that made it, which the bridge knows it by; may be empty.
        """
        if at.is_file() and digest_file(at).sha256 == listed.sha256:
            return at
        blob = self._blobs.path(listed.sha256.hex())
        if not blob.is_file() and job_id:
            self._asked(lambda client: self._fetch(client, job_id, listed))
        # Read again even from our own store: a disk may have changed under it.
        return blob if blob.is_file() and digest_file(blob).sha256 == listed.sha256 else None

    def _places(self, mark: Mark, *, file: Path) -> Iterator[Path]:
        folder = file.parent
        for _ in range(_LEVELS_UP + 1):
            yield from sorted(folder.glob("*" + _SIDECAR_ENDING))
            folder = folder.parent
        yield self._home.credentials / f"{mark.credential}.json"

    def _asked(self, question: Callable[[BridgeClient], T]) -> T | None:
        """Return the bridge's answer, or None where it has none."""
        if self._connect is None:
            return None
        try:
            return question(self._connect())
        except BridgeError as error:
            if error.code != "bridge_refused":  # it is not there, so it need not be asked for the next asset
                self._connect = None
            _LOG.info("The bridge could not hand over what is missing: %s", error)
            return None

    def _fetch(self, client: BridgeClient, job_id: str, listed: ListedFile) -> None:
        with tempfile.TemporaryDirectory(prefix="arp-") as folder:
            target = Path(folder) / "payload"
            client.download(job_id, listed.path, target)
            with target.open("rb") as stream:
                self._blobs.put_chunks(iter(lambda: stream.read(_LIMIT), b""), expected=listed.sha256.hex())

    def _keep(self, name: str, data: bytes) -> None:
        try:
            self._home.create()
            write_atomic(self._home.credentials / name, data, mode=0o600)
        except ArpError:  # a full disk does not make what was found untrue
            _LOG.warning("What the bridge handed over could not be kept", exc_info=True)


def _read(path: Path) -> bytes | None:
    """Return a small file's bytes, or None where it is absent, a link, too large or cannot be opened."""
    try:
        if path.is_symlink() or path.stat().st_size > _LIMIT * 16:
            return None
        return path.read_bytes()
    except OSError:
        return None
