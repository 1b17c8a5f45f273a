"""USD that a person exports from a host: the prims of sealed assets carry their metadata.

Such a file is no sealed file; it says what it was made from. Essentials stand
in ``assetInfo``, which survives referencing and flattening; the AI label also
stands in the layer's own dictionary, where readers look first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from arp_core.scene.asset import SceneAsset
from arp_core.scene.mark import CREDENTIAL

if TYPE_CHECKING:
    from pxr import Usd

    from arp_core.stamp import AigcLabel, StampFacts

#: Hosts write an object's own properties under this namespace.
_PROPERTY = f"userProperties:{CREDENTIAL}"


def write(stage: Usd.Stage, *, assets: Sequence[SceneAsset]) -> int:
    """Write identifiers, version and label onto the prims of marked objects; return how many.

    Args:
        stage: The stage being exported; only its root layer is edited.
        assets: What the last check found.

    Raises:
        InputError: a label or identifier cannot be written.
    """
    known = {asset.mark.credential: asset for asset in assets if asset.mark is not None}
    labels: list[AigcLabel] = []
    count = 0
    for prim, credential in _marked(stage):
        asset = known.get(credential)
        facts = None if asset is None else facts_of(asset)
        if facts is None:
            continue
        _author(prim, facts=facts)
        count += 1
        if facts.label is not None:
            labels.append(facts.label)
    if labels:
        # One label per file: the strongest ("1" is AI-made) speaks for all of it.
        strongest = min(labels, key=lambda label: label.label)
        stage.SetMetadataByDictKey("customLayerData", "AIGC", strongest.to_json())
    return count


def facts_of(asset: SceneAsset) -> StampFacts | None:
    """Return what a file made from this asset says of it, or None where its credential was not read."""
    from arp_core.stamp import StampFacts, parse_label

    found = asset.verification
    if found is None or found.document is None or found.sidecar is None or not found.credential_id:
        return None
    subject = found.document["credentialSubject"]
    producer = next(iter(subject.get("capabilityIds", ())), None)
    return StampFacts(
        asset_uri=f"arp:///{found.object_id}",
        version=str(found.version),
        credential_uri=f"arp:///{found.credential_id}",
        sidecar_name=found.sidecar.name,
        producer=str(producer or found.issuer),
        digital_source_type=str(subject["digitalSourceType"]),
        label=None if found.label is None else parse_label(dict(found.label)),
    )


def _author(prim: Usd.Prim, *, facts: StampFacts) -> None:
    """Write one prim's metadata, in the terms and under the schemas of a sealed file's stamp."""
    from pxr import Sdf

    from arp_core.stamp.usd import SCHEMAS, attributes

    terms = facts.to_terms()
    arp: dict[str, object] = {key: value for key, value in terms.items() if key not in ("asset", "version")}
    if facts.label is not None:
        arp["aigc"] = facts.label.to_json()
    prim.SetAssetInfo({"identifier": facts.asset_uri, "name": facts.object_id, "version": facts.version, "arp": arp})
    for schema in SCHEMAS:
        prim.AddAppliedSchema(schema)
    for name, value in attributes(facts).items():
        prim.CreateAttribute(name, Sdf.ValueTypeNames.String, custom=False, variability=Sdf.VariabilityUniform).Set(
            value
        )


def _marked(stage: Usd.Stage) -> Iterator[tuple[Usd.Prim, str]]:
    for prim in stage.Traverse():
        attribute = prim.GetAttribute(_PROPERTY)
        value = attribute.Get() if attribute else None
        if value:
            yield prim, str(value)
