"""Stamping a USD layer, and its exact unsealed form.

The unsealed form of a USD layer is what :func:`export_canonical` writes once
every stamp field is removed. Text (``.usda``) came out byte for byte the same
from USD 25.2, 26.3 and 26.11, so it is the form to deliver. The binary form
(``.usdc``) is exact only within one release of USD: its file version and
packing change between releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.errors import InputError, StorageError
from arp_core.geometry.usd_layer import open_layer, refusing_damage
from arp_core.stamp.aigc import AigcLabel, read_label_value
from arp_core.stamp.facts import StampFacts, facts_from_terms

if TYPE_CHECKING:
    from pxr import Sdf

#: Suffixes written.
SUFFIXES = (".usda", ".usdc")

#: Applied schemas, so that a reader sees at once what a prim carries: ours;
#: OpenUSD's own from 26.11 on (UsdMedia); and the proposal it grew out of, whose
#: field names differ, under the prefix for what is not released.
SCHEMAS = ("ArpCredentialAPI", "AuthorshipAPI:arp", "Preliminary_AuthorshipAPI:arp")

#: Every attribute a stamp authors; all are strings.
ATTRIBUTES = (
    "arp:aigc:label",
    "arp:asset:uri",
    "arp:asset:version",
    "arp:credential:id",
    "arp:credential:sidecar",
    "authorship:arp:digitalSourceType",
    "authorship:arp:instanceID",
    "authorship:arp:softwarePackage",
    "authorship:arp:softwareVersion",
    "preliminary:authorship:arp:digitalSourceType",
    "preliminary:authorship:arp:instanceID",
    "preliminary:authorship:arp:producer",
    "preliminary:authorship:arp:version",
)

#: Keys of assetInfo that a stamp writes beside its own ``arp``.
_ASSET_KEYS = ("identifier", "name", "version")


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


def stamp_usd(source: Path, target: Path, *, facts: StampFacts) -> None:
    """Write ``source`` with the stamp to ``target``; an earlier stamp of ours is replaced.

    Raises:
        InputError: ``usd_malformed``, ``usd_no_root``, ``usd_suffix``, ``stamp_occupied``.
        StorageError: The target cannot be written.
    """
    layer = open_layer(source)
    with refusing_damage(source.name):
        root = _root(layer, name=source.name)
        _remove(layer, root)
        _apply(layer, root, facts=facts, name=source.name)
    export_canonical(layer, target)


def unseal_usd(source: Path, target: Path) -> None:
    """Write the unsealed form of ``source`` to ``target``.

    Raises:
        InputError: ``usd_malformed``, ``usd_no_root``, ``usd_suffix``.
        StorageError: The target cannot be written.
    """
    layer = open_layer(source)
    with refusing_damage(source.name):
        _remove(layer, _root(layer, name=source.name))
    export_canonical(layer, target)


def read_usd_label(path: Path) -> AigcLabel | None:
    """Return the AI label a USD layer carries, ours or another's, or None.

    The layer's own dictionary is read first; it is lost on flattening, the root
    prims' ``assetInfo`` is not.

    Raises:
        InputError: ``usd_malformed``.
    """
    layer = open_layer(path)
    with refusing_damage(path.name):
        if "AIGC" in layer.customLayerData:
            return read_label_value(layer.customLayerData["AIGC"])
        for prim in layer.rootPrims:
            arp = _asset_info(prim).get("arp")
            if isinstance(arp, Mapping) and "aigc" in arp:
                return read_label_value(arp["aigc"])
    return None


def read_usd_facts(path: Path) -> StampFacts | None:
    """Return the stamp's facts, or None where the layer carries no stamp of ours.

    Raises:
        InputError: ``usd_malformed``, or a fact's own code.
    """
    layer = open_layer(path)
    with refusing_damage(path.name):
        for prim in layer.rootPrims:
            info = _asset_info(prim)
            arp = info.get("arp")
            if isinstance(arp, Mapping) and "credential" in arp:
                label = read_label_value(arp["aigc"]) if "aigc" in arp else None
                terms = {**arp, "asset": info.get("identifier"), "version": info.get("version")}
                return facts_from_terms(terms, label=label)
    return None


def _root(layer: Sdf.Layer, *, name: str) -> Sdf.PrimSpec:
    """Return the prim that stands for the asset: the default prim, else the first one."""
    named = layer.rootPrims.get(layer.defaultPrim) if layer.defaultPrim else None
    prim = named or next(iter(layer.rootPrims), None)
    if prim is None:
        raise InputError("usd_no_root", name=name)
    return prim


def _asset_info(prim: Sdf.PrimSpec) -> dict[str, object]:
    """Return a copy of the prim's assetInfo.

    Through GetInfo, because the ``assetInfo`` proxy of a spec turns nested
    dictionaries read-only in some releases.
    """
    return dict(prim.GetInfo("assetInfo")) if prim.HasInfo("assetInfo") else {}


def attributes(facts: StampFacts) -> dict[str, str]:
    """Return the attributes to author on a prim. Always authored: without the schema there are no fallbacks."""
    return {
        "arp:aigc:label": "" if facts.label is None else facts.label.label,
        "arp:asset:uri": facts.asset_uri,
        "arp:asset:version": facts.version,
        "arp:credential:id": facts.credential_id,
        "arp:credential:sidecar": facts.sidecar_name,
        "authorship:arp:digitalSourceType": facts.source_type_uri,
        "authorship:arp:instanceID": facts.credential_id,
        "authorship:arp:softwarePackage": facts.producer,
        "authorship:arp:softwareVersion": facts.producer_version,
        "preliminary:authorship:arp:digitalSourceType": facts.source_type_uri,
        "preliminary:authorship:arp:instanceID": facts.credential_id,
        "preliminary:authorship:arp:producer": facts.producer,
        "preliminary:authorship:arp:version": facts.producer_version,
    }


def _apply(layer: Sdf.Layer, root: Sdf.PrimSpec, *, facts: StampFacts, name: str) -> None:
    from pxr import Sdf

    info = _asset_info(root)
    if "arp" in info:
        raise InputError("stamp_occupied", name=name, place="assetInfo.arp")
    replaced = {key: info[key] for key in _ASSET_KEYS if key in info}
    terms = facts.to_terms()
    arp: dict[str, object] = {key: value for key, value in terms.items() if key not in ("asset", "version")}
    data = dict(layer.customLayerData)
    if "AIGC" in data:
        replaced["aigc"] = data.pop("AIGC")
    if facts.label is not None:
        arp["aigc"] = facts.label.to_json()
        data["AIGC"] = facts.label.to_json()
    if replaced:
        arp["replaced"] = replaced
    info.update(identifier=facts.asset_uri, name=facts.object_id, version=facts.version, arp=arp)
    root.SetInfo("assetInfo", info)
    _set_layer_data(layer, data)
    _edit_schemas(root, add=SCHEMAS)
    for attribute, value in attributes(facts).items():
        if attribute in root.properties:
            raise InputError("stamp_occupied", name=name, place=attribute)
        spec = Sdf.AttributeSpec(root, attribute, Sdf.ValueTypeNames.String, Sdf.VariabilityUniform)
        spec.default = value


def _remove(layer: Sdf.Layer, root: Sdf.PrimSpec) -> None:
    """Take our stamp out, giving back what it replaced."""
    info = _asset_info(root)
    arp = info.get("arp")
    if not isinstance(arp, Mapping) or "credential" not in arp:
        return
    replaced = dict(arp.get("replaced", {}))
    data = dict(layer.customLayerData)
    data.pop("AIGC", None)
    if "aigc" in replaced:
        data["AIGC"] = replaced.pop("aigc")
    for key in ("arp", *_ASSET_KEYS):
        info.pop(key, None)
    info.update(replaced)
    if info:
        root.SetInfo("assetInfo", info)
    else:
        root.ClearInfo("assetInfo")
    _set_layer_data(layer, data)
    _edit_schemas(root, remove=SCHEMAS)
    for spec in [each for each in root.properties if each.name in ATTRIBUTES]:
        root.RemoveProperty(spec)


def _set_layer_data(layer: Sdf.Layer, data: Mapping[str, object]) -> None:
    if data:
        layer.customLayerData = data
    elif layer.HasCustomLayerData():
        layer.ClearCustomLayerData()


def _edit_schemas(root: Sdf.PrimSpec, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
    """Add or remove applied schemas, every other opinion of the list left as it is."""
    from pxr import Sdf

    old = root.GetInfo("apiSchemas") if root.HasInfo("apiSchemas") else Sdf.TokenListOp()
    new = Sdf.TokenListOp()
    if old.isExplicit:
        new.explicitItems = [*(each for each in old.explicitItems if each not in remove), *add]
    else:
        for kind in ("deletedItems", "appendedItems", "addedItems", "orderedItems"):
            setattr(new, kind, list(getattr(old, kind)))
        new.prependedItems = [*(each for each in old.prependedItems if each not in remove), *add]
        if new == Sdf.TokenListOp():
            root.ClearInfo("apiSchemas")
            return
    root.SetInfo("apiSchemas", new)
