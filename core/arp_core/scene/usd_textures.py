"""Textures beside an exported USD file, under names that no other asset uses."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from arp_core.errors import InputError, StorageError

FOLDER = "textures"


def rename(staged: Path, *, stem: str) -> tuple[Path, ...]:
    """Give every texture beside ``staged`` a name that begins with ``stem``, and return their paths.

    Two assets next to one scene would otherwise share ``textures/Image_0.png``.

    Args:
        staged: A USD file with its textures in ``textures/``; both are changed.
        stem: What the names begin with.

    Raises:
        InputError: ``scene_usd_failed``. StorageError: ``write_failed``.
    """
    folder = staged.parent / FOLDER
    if not folder.is_dir():
        return ()
    names = {path.name: path.name if path.name.startswith(stem) else f"{stem}_{path.name}" for path in folder.iterdir()}
    _rewrite(staged, names=names)
    try:
        for old, new in names.items():
            (folder / old).rename(folder / new)
    except OSError as error:
        raise StorageError("write_failed", path=folder, reason=error.strerror or str(error)) from error
    return tuple(sorted(folder / name for name in names.values()))


def _rewrite(staged: Path, *, names: dict[str, str]) -> None:
    from pxr import Sdf, Tf, UsdUtils

    def renamed(asset: str) -> str:
        where = PurePosixPath(asset)
        if where.parent.name == FOLDER and where.name in names:
            return f"./{FOLDER}/{names[where.name]}"
        return asset

    try:
        layer = Sdf.Layer.OpenAsAnonymous(str(staged))
        UsdUtils.ModifyAssetPaths(layer, renamed)
        if not layer.Export(str(staged)):
            raise InputError("scene_usd_failed", reason="the textures' names could not be written")
    except Tf.ErrorException as error:
        raise InputError("scene_usd_failed", reason=str(error).strip().splitlines()[-1]) from error
