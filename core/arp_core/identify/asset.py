"""Asset, version, representation: what is stable, what was sealed, what is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from arp_core import typeid
from arp_core.identify.tier import STATIC

#: Media types of delivered files by suffix (IANA where one is registered).
MEDIA_TYPES: dict[str, str] = {
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".usd": "model/vnd.usd",
    ".usda": "model/vnd.usda",
    ".usdc": "model/vnd.usdc",
    ".usdz": "model/vnd.usdz+zip",
    ".obj": "model/obj",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".exr": "image/x-exr",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".json": "application/json",
    ".txt": "text/plain",
    ".toml": "application/toml",
    ".onnx": "application/octet-stream",
    ".c2pa": "application/c2pa",
}

#: Files whose meshes are digested: the scene in a DCC is checked against these.
GEOMETRY_SUFFIXES = frozenset((".glb", ".usd", ".usda", ".usdc", ".usdz"))

ASSET_URI = "arp:///"


def media_type(path: str) -> str:
    """Return the media type of a file by its suffix."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def has_geometry(path: str) -> bool:
    """Return whether files of this suffix carry meshes that are digested."""
    return PurePosixPath(path).suffix.lower() in GEOMETRY_SUFFIXES


def role_of(path: str) -> str:
    """Return the representation role that a delivered file plays, by its name."""
    name = PurePosixPath(path)
    suffix = name.suffix.lower()
    if name.parts[0] == "textures" and len(name.parts) > 1:
        return "texture:" + name.stem.rpartition("_")[2]
    if name.stem.endswith("_preview"):
        return "preview"
    if suffix in (".usd", ".usda", ".usdc", ".usdz"):
        return "usd"
    return suffix.removeprefix(".") or "file"


@dataclass(frozen=True)
class ParentLink:
    """The sealed version that another one was made from.

    ``digest`` is the ``uEi…`` multihash of the parent's sidecar bytes.
    """

    credential_id: str
    digest: str
    number: int


@dataclass(frozen=True)
class AssetVersion:
    """One version of an asset. ``number`` is for display; identity is the parent's digest."""

    object_id: str
    number: int = 1
    parent: ParentLink | None = None
    tier: str = STATIC

    @classmethod
    def first(cls, *, object_id: str | None = None, tier: str = STATIC) -> AssetVersion:
        """Return version 1 of a new asset, or of the asset already named in its files."""
        return cls(object_id=object_id or typeid.new_id("obj"), tier=tier)

    @property
    def uri(self) -> str:
        """``arp:///obj_…``: a bare identifier is no URI."""
        return ASSET_URI + self.object_id


@dataclass(frozen=True)
class Representation:
    """One delivered file of a version, with the digest its payload had before sealing."""

    role: str
    path: str
    media_type: str
    digest: str
    unsealed: str | None = None
