"""Opening one USD layer, never what it refers to.

Composition is not run: sublayers, references, payloads and value clips are not
followed, so that reading a foreign file touches no other file and no network.

Not done: bounding what single values of a binary (``.usdc``) file unpack to
(:mod:`arp_core.geometry.usd_crate` bounds its structure); USD's own reader
unpacks them whole.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from arp_core.errors import InputError
from arp_core.geometry.usd_crate import check_crate

if TYPE_CHECKING:
    from pxr import Sdf

MAX_FILE_BYTES = 1 << 30
_MAGIC = {b"#usda": ".usda", b"PXR-USDC": ".usdc"}


def open_layer(path: Path) -> Sdf.Layer:
    """Return the layer of a USD file (of a ``.usdz``: its root layer), detached from the file.

    Raises:
        InputError: ``path_unreadable``, ``file_too_large``, ``usd_malformed``,
            or ``usd_missing`` where this Python has no USD.
    """
    try:
        from pxr import Sdf
    except ImportError as error:
        raise InputError("usd_missing") from error

    if path.suffix.lower() == ".usdz":
        return _open_package(path)
    _check_start(path)
    with refusing_damage(path.name):
        # Anonymous, so that a host's open copy of the same file, with unsaved
        # edits, is never taken for the file.
        layer = Sdf.Layer.OpenAsAnonymous(str(path))
    if layer is None:
        raise InputError("usd_malformed", name=path.name, reason="USD cannot open it")
    return layer


@contextmanager
def refusing_damage(name: str) -> Iterator[None]:
    """Turn what USD raises while a damaged layer's values are read into ``usd_malformed``.

    Values are unpacked when they are asked for, so opening alone proves little.
    A UnicodeDecodeError stands where USD quotes damaged text in its own error.
    """
    from pxr import Tf

    try:
        yield
    except (Tf.ErrorException, RuntimeError, UnicodeDecodeError, MemoryError) as error:
        raise InputError("usd_malformed", name=name, reason=_reason(error)) from error


def _check_start(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            start = stream.read(16)
            size = stream.seek(0, 2)
    except OSError as error:
        raise InputError("path_unreadable", path=path, reason=error.strerror or type(error).__name__) from error
    if size > MAX_FILE_BYTES:
        raise InputError("file_too_large", name=path.name, limit=MAX_FILE_BYTES)
    if not start.startswith(tuple(_MAGIC)):
        raise InputError("usd_malformed", name=path.name, reason="it does not start as a USD file does")
    if start.startswith(b"PXR-USDC"):
        check_crate(path)


def _open_package(path: Path) -> Sdf.Layer:
    """Open the first file of a USDZ package, its root layer by definition."""
    try:
        with zipfile.ZipFile(path) as package:
            entry = package.infolist()[0]
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MAX_FILE_BYTES:
                raise InputError("usd_malformed", name=path.name, reason="its first file is compressed or too large")
            data = package.read(entry)
    except FileNotFoundError as error:
        raise InputError("path_unreadable", path=path, reason=error.strerror) from error
    except (OSError, zipfile.BadZipFile, IndexError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError("usd_malformed", name=path.name, reason=_reason(error)) from error
    suffix = next((suffix for magic, suffix in _MAGIC.items() if data.startswith(magic)), None)
    if suffix is None or PurePosixPath(entry.filename).suffix not in (".usd", suffix):
        raise InputError("usd_malformed", name=path.name, reason="its first file is not a USD layer")
    # On Windows USD may still hold the file when the folder goes.
    with tempfile.TemporaryDirectory(prefix="arp-usdz-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / f"root{suffix}"
        root.write_bytes(data)
        return open_layer(root)


def _reason(error: BaseException) -> str:
    try:
        lines = [line.strip(" \t'") for line in str(error).splitlines()]
    except UnicodeDecodeError:  # USD quotes the damaged text
        return "its text is not UTF-8"
    return next((line for line in reversed(lines) if line), type(error).__name__)
