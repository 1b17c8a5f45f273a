"""Registering one file: a new asset, or the next version of a sealed one.

The file is signed as it stands; its bytes change only where the caller asks
for a lost AI label to be restored. An edit in place replaces the parent's
sidecar after it was kept in the home, and names it by digest.
"""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arp_core import __version__, typeid
from arp_core.audit.humanact import HumanAct, record_act
from arp_core.blobs import BlobStore
from arp_core.clock import to_text
from arp_core.credential import labels
from arp_core.credential.document import SIDECAR_ENDING
from arp_core.credential.parent import Parent, drop_attachments, keep_parent, read_parent
from arp_core.credential.seal import Randomness, SealedCredential, seal_package
from arp_core.digest import FileDigest, digest_file
from arp_core.errors import InputError, StorageError, UsageError
from arp_core.home import Home
from arp_core.identify import tier as tiers
from arp_core.identify.asset import AssetVersion, media_type
from arp_core.identify.environment import environment_record
from arp_core.identify.record import Mts, new_salt
from arp_core.identify.rights import RightsProfile, RightsRecord, rights_for
from arp_core.paths import check_package_path, write_atomic
from arp_core.station import Station


def register_file(
    path: Path,
    *,
    station: Station,
    tier: str | None = None,
    rights: RightsRecord | None = None,
    parent: Path | None = None,
    note: str = "",
    human_act: HumanAct | Sequence[HumanAct] | None = None,
    records: Mapping[str, Any] | None = None,
    object_id: str | None = None,
    credential_id: str | None = None,
    source_type: str | None = None,
    restore_label: bool = False,
    keep_copy: bool = True,
    companions: Sequence[str] = (),
    environment: dict[str, Any] | None = None,
    randomness: Randomness | None = None,
) -> SealedCredential:
    """Write ``<file>_mts.json`` and its records file beside ``path`` and return the credential.

    Args:
        path: The file to register.
        station: Who signs.
        tier: One of ``TIERS``; inherited from a parent, else static.
        rights: None: inherited from the parent, else "mine" by the profile.
        parent: Sidecar of the version that was edited; makes this the next version.
        note: What changed, in the person's words; kept in a record that may be withheld.
        human_act: What people did, as recorded when it happened.
        records: The records that the tier demands, one mapping each.
        object_id: The asset's identifier where the file already bears one (no parent).
        credential_id: The credential's identifier where the file already bears one.
        source_type: IPTC digital source type; by default what the file or parent says.
        restore_label: Write the parent's AI label into the file if it was lost on the way.
        keep_copy: Keep the registered bytes in the home, so that an edit in place loses nothing.
        companions: Further files of the same asset, such as textures, by their
            paths relative to the file's folder; they are signed with it.
        environment: The environment record; None: this process's.
        randomness: Fixed only where golden vectors are built.

    Raises:
        UsageError: ``path_absent``, ``not_a_file``, ``tier_unknown``.
        InputError: ``sidecar_exists`` without a parent; ``tier_record_missing``;
            ``path_unsafe``; ``same_as_parent``; a geometry or label that cannot be read.
        IntegrityError: the parent does not hold; ``label_lost``.
        StorageError: ``file_in_the_way`` and everything about the disk.
    """
    path = path.absolute()
    name = _checked_name(path)
    origin = None if parent is None else read_parent(parent.absolute(), station=station)
    replacing = _may_replace(path, name=name, parent=origin)
    asset, kept_records = _asset(origin, tier=tier, records=records, object_id=object_id)
    chosen = rights or (origin.rights if origin else rights_for("mine", profile=RightsProfile.load(station.home)))
    credential_id = credential_id or typeid.new_id("cred")
    label, source_type = labels.label_and_source(
        path,
        parent=origin,
        source_type=source_type,
        restored_as=labels.Restored(asset, credential_id, name + SIDECAR_ENDING, station) if restore_label else None,
    )
    digests = {
        each: BlobStore(station.home.blobs).put_file(path.parent / each)
        if keep_copy
        else digest_file(path.parent / each)
        for each in (name, *(check_package_path(companion) for companion in companions))
    }
    digest = digests[name]
    if origin is not None and origin.digest_of(name) == digest.multibase:
        raise InputError("same_as_parent", name=name)
    acts = _acts(human_act, parent=origin, name=name, digest=digest, note=note, station=station)
    if replacing and origin is not None:
        keep_parent(origin, home=station.home)
    sealed = seal_package(
        path.parent,
        name=name,
        station=station,
        asset=asset,
        mts=Mts.of(
            content=_content(digests, tier_records=kept_records, note=note),
            rights=chosen.to_json(),
            capability=_capability(origin, at=to_text(station.clock())),
            environment=environment_record() if environment is None else environment,
            salts=randomness.salts if randomness else new_salt,
        ),
        nodes=[act.to_json() for act in acts],
        label=label,
        credential_id=credential_id,
        scope="files",
        source_type=source_type,
        files=list(digests),
        expected=digests,
        replacing=replacing,
        randomness=randomness,
    )
    if replacing and origin is not None:
        drop_attachments(origin)
    return sealed


def station_actor(home: Home) -> str:
    """Return the pseudonym of whoever works at this station, made on first use.

    Who that is stays with the studio; nothing in it says so.

    Raises:
        InputError: ``id_invalid`` if the file was damaged. StorageError: it cannot be written.
    """
    path = home.root / "actor"
    if not path.is_file():
        try:
            write_atomic(path, typeid.new_id("act").encode("ascii"), mode=0o600, overwrite=False)
        except StorageError as error:
            if error.code != "file_in_the_way":  # another process was first: its answer counts
                raise
    try:
        return typeid.check_id(path.read_text(encoding="ascii").strip(), prefix="act")
    except (OSError, ValueError) as error:
        raise InputError("path_unreadable", path=path, reason=str(error)) from error


def _checked_name(path: Path) -> str:
    """Return the file's name as it is signed: a regular file, NFC, safe on every platform."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except OSError as error:
        raise UsageError("path_unreadable", path=path, reason=error.strerror or str(error)) from error
    if not stat.S_ISREG(mode):
        raise UsageError("not_a_file", path=path)
    name = unicodedata.normalize("NFC", path.name)
    # Where the file system tells encodings apart, the file itself must bear the signed one.
    if not path.with_name(name).exists():
        raise InputError("path_unsafe", name=path.name, reason="not in Unicode NFC")
    return check_package_path(name)


def _may_replace(path: Path, *, name: str, parent: Parent | None) -> bool:
    """Return whether the sidecar already beside the file is the parent's own.

    Raises:
        InputError: ``sidecar_exists`` if there is one of another version.
    """
    sidecar = path.with_name(name + SIDECAR_ENDING)
    if not sidecar.exists() and not sidecar.is_symlink():
        return False
    if parent is None or sidecar.is_symlink() or not sidecar.samefile(parent.sidecar):
        raise InputError("sidecar_exists", name=sidecar.name)
    return True


def _asset(
    parent: Parent | None, *, tier: str | None, records: Mapping[str, Any] | None, object_id: str | None
) -> tuple[AssetVersion, Mapping[str, Any]]:
    if parent is None:
        asset = AssetVersion.first(object_id=object_id, tier=tier or tiers.STATIC)
        known: Mapping[str, Any] = records or {}
    else:
        if object_id is not None and object_id != parent.object_id:
            raise InputError("object_differs", name=parent.sidecar.name)
        if tier is not None and tier != parent.tier:
            raise InputError("tier_differs", tier=parent.tier)
        asset = parent.next_version()
        known = {**parent.tier_records, **(records or {})}
    tiers.require_records(asset.tier, records=known)
    return asset, known


def _content(digests: Mapping[str, FileDigest], *, tier_records: Mapping[str, Any], note: str) -> dict[str, Any]:
    return {
        "type": "ContentRecord",
        "files": [
            {"path": name, "sha256": digest.hex, "size": digest.size, "mediaType": media_type(name)}
            for name, digest in digests.items()
        ],
        "tierRecords": dict(tier_records),
        "note": note,
    }


def _capability(parent: Parent | None, *, at: str) -> dict[str, Any]:
    return {"type": "CapabilityRecord", "method": "registration" if parent is None else "edit", "at": at}


def _acts(
    given: HumanAct | Sequence[HumanAct] | None,
    *,
    parent: Parent | None,
    name: str,
    digest: FileDigest,
    note: str,
    station: Station,
) -> Sequence[HumanAct]:
    """Return what people did; registering an edit without saying more is itself an edit by someone.

    Approvals of the parent are not among them: they are reset with every version.
    """
    if given is not None:
        return (given,) if isinstance(given, HumanAct) else given
    if parent is None:
        return ()
    before = parent.digest_of(name)
    return (
        record_act(
            "edit",
            actor=station_actor(station.home),
            tool=f"arpctl {__version__}",
            clock=station.clock,
            inputs={"parent": parent.link.digest, **({name: before} if before else {})},
            outputs={name: digest.multibase},
            note=note,
        ),
    )
