"""Where a station keeps its keys, trust, credentials and blobs: ``ARP_HOME``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from arp_core.errors import StorageError

_LAYOUT_VERSION = "1"


@dataclass(frozen=True)
class Home:
    """The folder layout of one station. Paths are only named here, not made."""

    root: Path

    @classmethod
    def default(cls) -> Home:
        """Return the home that ``ARP_HOME`` names, else the platform's data folder."""
        named = os.environ.get("ARP_HOME")
        if named:
            return cls(Path(named).expanduser().absolute())
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Application Support"
        else:
            base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
        return cls(base / "asset-routing-pipeline")

    @property
    def keys(self) -> Path:
        """Key files, mode 0700."""
        return self.root / "keys"

    @property
    def trust_json(self) -> Path:
        """The list of issuers this station trusts."""
        return self.root / "trust.json"

    @property
    def blobs(self) -> Path:
        """Content-addressed files."""
        return self.root / "blobs"

    @property
    def objects(self) -> Path:
        """Registered objects, one JSON record each."""
        return self.root / "objects"

    @property
    def credentials(self) -> Path:
        """Every credential sealed here, with its records file, by credential ID."""
        return self.root / "credentials"

    @property
    def capabilities(self) -> Path:
        """Signed filing records, one per capability ID."""
        return self.root / "capabilities"

    @property
    def status(self) -> Path:
        """Status lists: this station's own, and those fetched from others."""
        return self.root / "status"

    @property
    def rights_toml(self) -> Path:
        """The project's rights profile."""
        return self.root / "rights.toml"

    @property
    def ledger(self) -> Path:
        """The bridge's database."""
        return self.root / "ledger.sqlite"

    @property
    def bridge_json(self) -> Path:
        """URL, token and pid of the running bridge, mode 0600."""
        return self.root / "bridge.json"

    @property
    def lock(self) -> Path:
        """Held by the one bridge of this home."""
        return self.root / "bridge.lock"

    @property
    def scratch(self) -> Path:
        """Temporary folders, on the same file system as the blobs."""
        return self.root / "scratch"

    def create(self) -> Home:
        """Make the folders that are missing, readable by their owner only, and return self.

        Raises:
            StorageError: ``folder_read_only``, ``home_from_the_future`` or ``write_failed``.
        """
        try:
            for folder in (self.root, self.keys, self.blobs, self.objects, self.credentials):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.capabilities, self.status, self.scratch):
                folder.mkdir(mode=0o700, exist_ok=True)
            marker = self.root / "layout"
            if not marker.exists():
                marker.touch(mode=0o600)
                marker.write_text(_LAYOUT_VERSION, encoding="ascii")
            layout = marker.read_text(encoding="ascii").strip()
        except PermissionError as error:
            raise StorageError("folder_read_only", path=self.root) from error
        except OSError as error:
            raise StorageError("write_failed", path=self.root, reason=error.strerror or str(error)) from error
        if layout != _LAYOUT_VERSION:
            raise StorageError("home_from_the_future", path=self.root)
        return self
