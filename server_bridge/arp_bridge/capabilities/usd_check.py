"""What USD itself says about a layer: stage metadata, references, shading, validators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class UsdReading:
    """Facts of one layer.

    ``errors`` is None where this USD release has no validators (before 25.x).
    ``texcoords`` is (n, 2) float32.
    """

    meters_per_unit: float
    up_axis: str
    default_prim: str
    kind: str
    asset_paths: tuple[str, ...]
    unresolved: tuple[str, ...]
    texcoords: NDArray[np.float32]
    errors: tuple[str, ...] | None


def texture_paths(path: Path) -> tuple[str, ...]:
    """Return every asset path that the layer names, in order."""
    from pxr import Sdf, UsdUtils

    found: list[str] = []

    def note(asset_path: str) -> str:
        found.append(asset_path)
        return asset_path

    layer = Sdf.Layer.OpenAsAnonymous(str(path))
    UsdUtils.ModifyAssetPaths(layer, note)
    return tuple(sorted(set(found)))


def read_usd(path: Path) -> UsdReading:
    """Return the facts of the layer at ``path``, whose textures stand beside it."""
    from pxr import Usd, UsdGeom, UsdUtils

    stage = Usd.Stage.Open(str(path))
    root = stage.GetDefaultPrim()
    coordinates = [
        np.asarray(UsdGeom.PrimvarsAPI(prim).GetPrimvar("st").Get() or [], np.float32).reshape(-1, 2)
        for prim in stage.Traverse()
        if prim.IsA(UsdGeom.Mesh)
    ]
    _, _, unresolved = UsdUtils.ComputeAllDependencies(str(path))
    return UsdReading(
        meters_per_unit=UsdGeom.GetStageMetersPerUnit(stage),
        up_axis=str(UsdGeom.GetStageUpAxis(stage)),
        default_prim=root.GetName() if root else "",
        kind=Usd.ModelAPI(root).GetKind() if root else "",
        asset_paths=texture_paths(path),
        unresolved=tuple(sorted(str(each) for each in unresolved)),
        texcoords=np.concatenate(coordinates) if coordinates else np.empty((0, 2), np.float32),
        errors=_validate(stage),
    )


def _validate(stage: object) -> tuple[str, ...] | None:
    try:
        from pxr import UsdValidation
    except ImportError:
        return None
    registry = UsdValidation.ValidationRegistry()
    names = sorted(entry.name for entry in registry.GetAllValidatorMetadata() if not entry.isSuite)
    validators = registry.GetOrLoadValidatorsByName(names)
    found = UsdValidation.ValidationContext(validators).Validate(stage)
    serious = [error for error in found if error.GetType() == UsdValidation.ValidationErrorType.Error]
    return tuple(sorted(f"{error.GetName()}: {error.GetMessage()}" for error in serious))
