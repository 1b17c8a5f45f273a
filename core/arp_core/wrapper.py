"""``ARPPipelineWrapper``: identity, audit and a credential around any callable.

A shell, not an algorithm: it stands at the boundary where files go in and come
out, and the callable knows nothing of it. The outputs it hands on are the very
bytes that the callable wrote; only the delivered copies are stamped.

The straight way, numbered as it happens:

1. identify: the inputs are digested and registered under the stated rights.
2. orchestrate: a one-node graph is made, and the capability is filed here.
3. audit: the node runs through its four checkpoints.
4. credential: outputs are stamped, digested and signed, the sidecar last.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from arp_core import canonical, typeid
from arp_core.audit.run import Authority, InputFile, run_node
from arp_core.blobs import BlobStore
from arp_core.credential import provenance
from arp_core.credential.document import RECORDS_ENDING, SIDECAR_ENDING
from arp_core.credential.seal import SealedCredential, seal_package
from arp_core.digest import FileDigest, digest_bytes
from arp_core.identify.asset import AssetVersion, media_type
from arp_core.identify.environment import environment_digest, environment_record
from arp_core.identify.objects import RegisteredObject
from arp_core.identify.record import Mts
from arp_core.identify.rights_record import RightsRecord
from arp_core.orchestrate import filing as filings
from arp_core.orchestrate import fingerprint, parameters
from arp_core.orchestrate.capability import CapabilityCallable, CapabilitySpec, JsonScalar, ReportProgress
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.graph import BoundInput, GraphNode, JobGraph
from arp_core.orchestrate.recipe import Delivery
from arp_core.paths import StagedFolder, check_package_path, write_atomic
from arp_core.stamp import STAMPED_SUFFIXES, stamp_file
from arp_core.stamp.aigc import derive_label
from arp_core.stamp.facts import StampFacts
from arp_core.station import Station

_NODE = "run"


@dataclass(frozen=True)
class WrappedRun:
    """What a governed call made: the credential and where the package stands."""

    credential: SealedCredential
    folder: Path
    files: tuple[Path, ...]


def _silent(_fraction: float) -> None:
    """Report progress to nobody."""


class ARPPipelineWrapper:
    """A governed form of one callable.

    Args:
        call: The capability; see :data:`~arp_core.orchestrate.capability.CapabilityCallable`.
        spec: Its specification sheet.
        root: The folder that the specification's ``code`` and ``weights`` are relative to.
        station: Who files, audits and signs.
    """

    def __init__(self, call: CapabilityCallable, *, spec: CapabilitySpec, root: Path, station: Station) -> None:
        self._call = call
        self._spec = spec
        self._root = root
        self._station = station

    def __call__(
        self,
        inputs: Mapping[str, Path],
        *,
        out: Path,
        name: str,
        rights: RightsRecord,
        deliver: Mapping[str, str],
        settings: Mapping[str, JsonScalar] | None = None,
        seed: int = 0,
        progress: ReportProgress = _silent,
    ) -> WrappedRun:
        """Run the callable under audit and return its sealed package.

        Args:
            inputs: Files by port.
            out: Folder that the package is published into.
            name: Stem of the sidecar.
            rights: What the person who brings the inputs states about them.
            deliver: Output name -> package path, such as ``{"mesh": "prop.glb"}``.
            settings: Parameters; missing ones take their defaults.
            seed: The requested seed.
            progress: Called with a fraction from 0 to 1.

        Raises:
            InputError: An input, a parameter or a name cannot be used.
            AuditError: A checkpoint stopped the run; nothing was sealed.
            StorageError: The package cannot be written; nothing of it is left.
        """
        station = self._station
        measured = fingerprint.measure(self._spec, root=self._root)
        filing = filings.file_capability(station, self._spec, fingerprint=measured)
        blobs = BlobStore(station.home.blobs)
        bound = {port: self._register(path, blobs=blobs, rights=rights) for port, path in inputs.items()}
        graph = self._graph(name=name, filing=filing, bound=bound, settings=settings or {}, deliver=deliver, seed=seed)
        environment = environment_record()
        with tempfile.TemporaryDirectory(dir=station.home.scratch) as scratch:
            outcome = run_node(
                _NODE,
                spec=self._spec,
                call=self._call,
                authority=Authority(filing=filing, measured=measured, trust=station.trust()),
                inputs={port: InputFile(blobs.path(item.sha256), item.sha256) for port, item in bound.items()},
                parameters=graph.nodes[0].parameters,
                seed=seed,
                out=Path(scratch),
                environment=environment_digest(environment),
                clock=station.clock,
                progress=progress,
            )
            if outcome.error is not None:
                raise outcome.error
            record = outcome.record.to_json()
            made = {
                check_package_path(path): (outcome.outputs[output], outcome.digests[output])
                for output, path in deliver.items()
            }
            mts = provenance.records_of(
                graph,
                records=[record],
                rights=rights,
                environments={environment_digest(environment): environment},
                filings={filing.capability_id: filing},
            )
            with StagedFolder(out) as staged:
                sealed = self._seal(graph, folder=staged.path, record=record, made=made, mts=mts, filing=filing)
                names = [*made, f"{name}{RECORDS_ENDING}", f"{name}{SIDECAR_ENDING}"]
                files = staged.publish(names)
        standing = replace(sealed, sidecar=files[-1], records=files[-2])
        return WrappedRun(credential=standing, folder=out, files=files)

    def _register(self, path: Path, *, blobs: BlobStore, rights: RightsRecord) -> BoundInput:
        """Register one entering file and return its binding."""
        digest = blobs.put_file(path)
        entered = RegisteredObject.entering(
            digest,
            kind="material",
            media_type=media_type(path.name),
            name=path.name,
            origin=rights.origin,
            at=self._station.clock(),
        )
        record = self._station.home.objects / f"{entered.object_id}.json"
        if not record.exists():
            write_atomic(record, canonical.canonicalize(entered.to_json()), mode=0o600)
        return BoundInput(object_id=entered.object_id, sha256=digest.hex, media_type=entered.media_type)

    def _graph(
        self,
        *,
        name: str,
        filing: Filing,
        bound: Mapping[str, BoundInput],
        settings: Mapping[str, JsonScalar],
        deliver: Mapping[str, str],
        seed: int,
    ) -> JobGraph:
        """Return the graph of one node that this call is."""
        completed = parameters.complete(settings, declared=self._spec.parameters, where=self._spec.name)
        node = GraphNode(
            id=_NODE,
            capability_id=filing.capability_id,
            capability=self._spec.name,
            version=self._spec.version,
            fingerprint=filing.fingerprint,
            title=self._spec.title,
            inputs={port: port for port in bound},
            parameters=completed,
        )
        return JobGraph(
            recipe_id=self._spec.name,
            recipe_version=self._spec.version,
            recipe_digest=digest_bytes(canonical.canonicalize(fingerprint.interface(self._spec))).multibase,
            name=name,
            seed=seed,
            inputs=bound,
            parameters=completed,
            nodes=(node,),
            deliveries=tuple(
                Delivery(output=f"{_NODE}.{key}", path=path, role="model") for key, path in deliver.items()
            ),
        )

    def _seal(
        self,
        graph: JobGraph,
        *,
        folder: Path,
        record: Mapping[str, Any],
        made: Mapping[str, tuple[Path, FileDigest]],
        mts: Mts,
        filing: Filing,
    ) -> SealedCredential:
        """Stamp the delivered copies into ``folder`` and seal them."""
        station = self._station
        asset = AssetVersion.first()
        credential_id = typeid.new_id("cred")
        filed = {filing.capability_id: filing}
        types = provenance.source_types([record], filings=filed)
        source_type = provenance.strongest(types)
        label = derive_label(
            types, provenance.inherited_labels([record]), producer=station.producer, produce_id=asset.object_id
        )
        facts = StampFacts(
            asset_uri=asset.uri,
            version=str(asset.number),
            credential_uri=f"arp:///{credential_id}",
            sidecar_name=f"{graph.name}{SIDECAR_ENDING}",
            producer=station.producer,
            digital_source_type=source_type,
            label=label,
        )
        for path, (source, _digest) in made.items():
            target = folder.joinpath(*PurePosixPath(path).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.suffix.lower() in STAMPED_SUFFIXES:
                stamp_file(source, target, facts=facts)
            else:
                shutil.copyfile(source, target)
        return seal_package(
            folder,
            name=graph.name,
            station=station,
            asset=asset,
            mts=mts,
            nodes=[record],
            graph=graph.to_json(),
            job_id=typeid.new_id("job"),
            capability_ids=(filing.capability_id,),
            seed=provenance.seed_of(graph, [record]),
            label=label,
            credential_id=credential_id,
            source_type=source_type,
            unsealed={path: digest.multibase for path, (_source, digest) in made.items()},
        )
