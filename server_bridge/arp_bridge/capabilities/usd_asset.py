"""The USD form of a finished asset: a component that any DCC can reference.

Points are welded and texture coordinates stand per face corner, so that an
artist can go on modelling; the polygons are those of the GLB file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from arp_bridge.capabilities.glb_asset import ROUGHNESS
from arp_bridge.capabilities.solidity import smooth_normals, weld
from arp_core.stamp.usd import export_canonical

if TYPE_CHECKING:
    from arp_bridge.capabilities.meshfile import TriangleMesh


def prim_name(name: str) -> str:
    """Return ``name`` as a prim name that every USD release reads: ASCII letters, digits and underscores."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    if not plain.strip("_"):
        return "asset"
    return f"_{plain}" if plain[0].isdigit() else plain


def write_usd_asset(path: Path, mesh: TriangleMesh, *, texture: str, name: str) -> None:
    """Write the unsealed USD layer.

    Args:
        path: The file to write (``.usda`` or ``.usdc``).
        mesh: With texture coordinates.
        texture: The texture's path relative to the layer, ``./…``.
        name: The asset's name; kept as display name where USD's own names cannot hold it.
    """
    from pxr import Gf, Kind, Sdf, Usd, UsdGeom, UsdShade, Vt

    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageMetersPerUnit(stage, UsdGeom.LinearUnits.meters)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    ascii_name = prim_name(name)
    root = UsdGeom.Xform.Define(stage, f"/{ascii_name}")
    prim = root.GetPrim()
    stage.SetDefaultPrim(prim)
    Usd.ModelAPI(prim).SetKind(Kind.Tokens.component)
    prim.SetMetadata("displayName", name)
    material = _material(stage, f"/{ascii_name}/Looks/{ascii_name}_material", texture=texture)
    shape = UsdGeom.Mesh.Define(stage, f"/{ascii_name}/{ascii_name}_mesh")
    points, faces = weld(mesh.points, mesh.faces)
    normals = smooth_normals(points.astype(np.float64), faces).astype(np.float32)
    shape.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(points))
    shape.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(faces), 3, np.int32)))
    shape.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(faces.reshape(-1))))
    shape.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    shape.CreateOrientationAttr(UsdGeom.Tokens.rightHanded)
    shape.CreateDoubleSidedAttr(False)
    extent = [Gf.Vec3f(*(float(value) for value in bound)) for bound in (points.min(axis=0), points.max(axis=0))]
    shape.CreateExtentAttr(extent)
    UsdGeom.ModelAPI.Apply(prim).SetExtentsHint(extent)
    shape.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(normals))
    shape.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    coordinates = UsdGeom.PrimvarsAPI(shape).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
    )
    coordinates.Set(Vt.Vec2fArray.FromNumpy(mesh.texcoords))
    coordinates.SetIndices(Vt.IntArray.FromNumpy(np.ascontiguousarray(mesh.faces.reshape(-1))))
    UsdShade.MaterialBindingAPI.Apply(shape.GetPrim()).Bind(material)
    export_canonical(stage.GetRootLayer(), path)


def _material(stage: Usd.Stage, path: str, *, texture: str) -> UsdShade.Material:  # type: ignore[name-defined]  # noqa: F821 - pxr loads inside functions only
    """Return a preview surface that reads its colour from ``texture``."""
    from pxr import Gf, Sdf, UsdGeom, UsdShade

    UsdGeom.Scope.Define(stage, Sdf.Path(path).GetParentPath())
    material = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(ROUGHNESS)
    surface.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(0.0)
    reader = UsdShade.Shader.Define(stage, f"{path}/st_reader")
    reader.CreateIdAttr("UsdPrimvarReader_float2")
    reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
    picture = UsdShade.Shader.Define(stage, f"{path}/basecolor")
    picture.CreateIdAttr("UsdUVTexture")
    picture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath(texture))
    picture.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set("sRGB")
    picture.CreateInput("fallback", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(0.5, 0.5, 0.5, 1.0))
    for wrap in ("wrapS", "wrapT"):
        picture.CreateInput(wrap, Sdf.ValueTypeNames.Token).Set("clamp")
    result = reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
    picture.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(result)
    colour = picture.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)
    surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).ConnectToSource(colour)
    material.CreateSurfaceOutput().ConnectToSource(surface.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    return material
