"""Stamping a USD layer, and its exact unsealed form.

The unsealed form of a USD layer is what :func:`export_canonical` writes once
every stamp field is removed. Text (``.usda``) came out byte for byte the same
from USD 25.2, 26.3 and 26.11, so it is the form to deliver. The binary form
(``.usdc``) is exact only within one release of USD: its file version and
packing change between releases.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.errors import InputError, StorageError

if TYPE_CHECKING:
    from pxr import Sdf

#: Suffixes written, with Sdf's format arguments.
SUFFIXES = (".usda", ".usdc")


def export_canonical(layer: Sdf.Layer, path: Path) -> None:
    """Write a layer so that the bytes depend on its content only.

    The content passes through a fresh layer: editing history, comments of the
    text form, and the packing of an earlier file leave no trace.

    Args:
        layer: The layer; it is not changed, and its relative asset paths are
            written as they are.
        path: The file to write, ``.usda`` (byte-exact across USD releases) or
            ``.usdc`` (byte-exact within one release).

    Raises:
        InputError: ``usd_suffix`` for any other suffix.
        StorageError: ``write_failed`` when USD cannot write the file.
    """
    from pxr import Sdf, Tf

    if path.suffix not in SUFFIXES:
        raise InputError("usd_suffix", name=path.name)
    # The staging name is the final name in a hidden sibling, so that a failed
    # write leaves no half file under the name asked for.
    fresh = Sdf.Layer.CreateAnonymous(path.name)
    fresh.TransferContent(layer)
    staged = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        if not fresh.Export(str(staged)):
            raise StorageError("write_failed", path=str(path), reason="USD refused to write")
        staged.replace(path)
    except (Tf.ErrorException, OSError) as error:
        raise StorageError("write_failed", path=str(path), reason=str(error).strip().splitlines()[-1]) from error
    finally:
        staged.unlink(missing_ok=True)
