"""Rebuild docs/spec/vectors/credential/: good and bad credentials, named by their defect.

Run ``python tests/vectors/build_credential.py [FOLDER]``. Everything that is
random elsewhere (key, salts, identifiers, time, status index) is fixed here,
so that two runs give the same bytes. The key is published: never trust it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arp_core import canonical, multiformats, proof, trust, typeid
from arp_core.audit.humanact import record_act
from arp_core.clock import to_text
from arp_core.credential.document import Seed
from arp_core.credential.register import register_file
from arp_core.credential.seal import Randomness, seal_package
from arp_core.credential.status import set_status
from arp_core.home import Home
from arp_core.identify.asset import AssetVersion
from arp_core.identify.record import Mts
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.keys import StationKey
from arp_core.stamp.aigc import AigcLabel
from arp_core.station import Station

OUT = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors" / "credential"
NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
KEY = StationKey.from_seed(bytes(range(32)))
OTHER_KEY = StationKey.from_seed(bytes(range(32, 64)))

_ENVIRONMENT = {"type": "EnvironmentRecord", "python": "3.11.7", "machine": "x86_64", "cpuLevel": "x86-64-v3"}


@dataclass
class Bench:
    """The station that seals the vectors, and the list of cases."""

    out: Path
    station: Station
    cases: list[dict[str, str]] = field(default_factory=list)
    counter: int = 0

    def number(self) -> int:
        self.counter += 1
        return self.counter

    def identifier(self, prefix: str) -> str:
        return typeid.derived_id(prefix, hashlib.sha256(f"{prefix} {self.number()}".encode()).digest())

    def salt(self) -> str:
        return multiformats.multibase_u_encode(hashlib.sha256(f"salt {self.number()}".encode()).digest()[:16])

    @property
    def randomness(self) -> Randomness:
        return Randomness(salts=self.salt, choose_index=lambda size: self.number() * 7919 % size)

    def case(self, name: str, *, target: str, status: str, code: str = "") -> Path:
        self.cases.append({"name": name, "target": f"{name}/{target}".rstrip("/"), "status": status, "code": code})
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def copy(self, source: str, name: str, *, target: str = "", status: str, code: str = "") -> Path:
        folder = self.case(name, target=target, status=status, code=code)
        shutil.copytree(self.out / source, folder, dirs_exist_ok=True)
        return folder


def build(out: Path) -> None:
    """Write every vector below ``out``, which must be empty or absent."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home = Home(Path(temporary) / "home").create()
        station = Station(home=home, key=KEY, clock=lambda: NOW)
        trust.accept(home, KEY.did, roles=("station",), at=datetime(2025, 1, 1, tzinfo=UTC))
        bench = Bench(out=out, station=station)
        _good(bench)
        _bad_bytes(bench)
        _bad_signed(bench)
        _bad_folders(bench)
        _bad_records(bench)
        _bad_status(bench)
        (out / "status").mkdir()
        for path in sorted(home.status.glob("*.json")):
            shutil.copyfile(path, out / "status" / path.name)
    _write_json(out / "context.json", {"now": to_text(NOW), "trusted": [KEY.did], "statusLists": "status"})
    _write_json(out / "cases.json", {"cases": bench.cases})


def _package(bench: Bench, folder: Path, *, name: str = "chair") -> None:
    (folder / "textures").mkdir(exist_ok=True)
    (folder / f"{name}.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", encoding="ascii", newline="\n")
    (folder / "textures" / f"{name}_notes.txt").write_text("oak\n", encoding="ascii", newline="\n")
    station = bench.station
    rights = rights_for("mine", profile=RightsProfile.load(station.home))
    salts = bench.salt
    listed = [f"{name}.obj", f"textures/{name}_notes.txt"]
    seal_package(
        folder,
        name=name,
        station=station,
        asset=AssetVersion.first(object_id=bench.identifier("obj")),
        mts=Mts.of(
            content={"type": "ContentRecord", "height": 0.9},
            rights=rights.to_json(),
            capability={"type": "CapabilityRecord"},
            environment=_ENVIRONMENT,
            salts=salts,
        ),
        nodes=[{"type": "NodeRecord", "node": "inflate"}, {"type": "NodeRecord", "node": "approve"}],
        graph={"nodes": ["inflate", "approve"]},
        job_id=bench.identifier("job"),
        capability_ids=(bench.identifier("cap"),),
        seed=Seed(requested=2**60, effective=2**60),
        label=AigcLabel(label="1", content_producer="arp-station-test", produce_id="obj-1"),
        source_type="trainedAlgorithmicMedia",
        credential_id=bench.identifier("cred"),
        meshes={},
        unsealed={listed[0]: multiformats.multihash_u(hashlib.sha256(b"unsealed").digest())},
        files=listed,
        randomness=bench.randomness,
    )


def _good(bench: Bench) -> None:
    _package(bench, bench.case("good-package", target="", status="verified"))

    folder = bench.case("good-file", target="prop.obj", status="verified")
    prop = folder / "prop.obj"
    prop.write_text("v 0 0 0\n", encoding="ascii", newline="\n")
    first = register_file(
        prop,
        station=bench.station,
        object_id=bench.identifier("obj"),
        credential_id=bench.identifier("cred"),
        environment=_ENVIRONMENT,
        randomness=bench.randomness,
    )
    folder = bench.case("good-next-version", target="prop.obj", status="verified")
    edited = folder / "prop.obj"
    edited.write_text("v 0 0 1\n", encoding="ascii", newline="\n")
    act = record_act("edit", actor=bench.identifier("act"), tool="blender", clock=bench.station.clock, note="raised")
    register_file(
        edited,
        station=bench.station,
        parent=first.sidecar,
        human_act=act,
        credential_id=bench.identifier("cred"),
        environment=_ENVIRONMENT,
        randomness=bench.randomness,
    )

    folder = bench.copy("good-package", "good-records-withheld", status="verified")
    (folder / "chair_mts.records.json").unlink()
    folder = bench.copy("good-package", "good-rights-withheld", status="verified")
    _edit_records(folder, lambda records: records["records"].pop("rights"))
    folder = bench.copy("good-package", "good-system-dropping", status="verified")
    (folder / "textures" / "desktop.ini").write_bytes(b"[.ShellClassInfo]\n")
    folder = bench.copy("good-package", "good-package-beside", status="verified")
    _package(bench, folder, name="table")


def _bad_bytes(bench: Bench) -> None:
    """Sidecars changed without a signature, as anyone could."""
    table: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "bad-signature-letter": ("signature_invalid", _other_letter),
        "bad-signature-spelling": (
            "signature_invalid",
            lambda data: data.replace(b'proofValue":"z', b'proofValue":"z1'),
        ),
        "bad-signature-scalar": ("signature_invalid", _larger_scalar),
        "bad-multibase-spare-bits": ("credential_malformed", _spare_bits),
        "bad-not-canonical": ("json_not_canonical", lambda data: data + b"\n"),
        "bad-duplicate-key": ("json_duplicate_key", lambda data: data.replace(b"{", b'{"name":"chair",', 1)),
        "bad-nan": ("json_not_a_number", lambda data: data.replace(b'"schemaVersion":1', b'"schemaVersion":NaN')),
        "bad-nested": ("json_too_deep", lambda data: b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}"),
        "bad-truncated": ("json_malformed", lambda data: data[: len(data) // 2]),
        "bad-usage-widened": (
            "signature_invalid",
            lambda data: data.replace(b'"sell"', b'"use"').replace(b"distribute", b"Distribute"),
        ),
        "bad-two-proofs": ("proof_missing", _two_proofs),
    }
    for name, (code, change) in table.items():
        folder = bench.copy("good-package", name, status="modified", code=code)
        sidecar = folder / "chair_mts.json"
        data = sidecar.read_bytes()
        changed = change(data)
        if changed == data:
            raise SystemExit(f"{name} changes nothing")
        sidecar.write_bytes(changed)


def _other_letter(data: bytes) -> bytes:
    document = json.loads(data)
    value = document["proof"]["proofValue"]
    document["proof"]["proofValue"] = value[:40] + ("A" if value[40] != "A" else "B") + value[41:]
    return canonical.canonicalize(document)


def _larger_scalar(data: bytes) -> bytes:
    """Add the group order to S: RFC 8032 verifiers must refuse this second spelling of a signature."""
    order = 2**252 + 27742317777372353535851937790883648493
    document = json.loads(data)
    signature = multiformats.base58btc_decode(document["proof"]["proofValue"])
    scalar = int.from_bytes(signature[32:], "little") + order
    document["proof"]["proofValue"] = multiformats.base58btc_encode(signature[:32] + scalar.to_bytes(32, "little"))
    return canonical.canonicalize(document)


def _spare_bits(data: bytes) -> bytes:
    """Set bits of the last base64url letter that no byte uses, in a 34-byte multihash (two are spare)."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    start = data.index(b'"digestMultibase":"', data.index(b'"relatedResource"')) + len(b'"digestMultibase":"')
    end = data.index(b'"', start) - 1
    return data[:end] + bytes([letters[letters.index(data[end]) | 1]]) + data[end + 1 :]


def _two_proofs(data: bytes) -> bytes:
    document = json.loads(data)
    document["proof"] = [document["proof"], document["proof"]]
    return canonical.canonicalize(document)


def _bad_signed(bench: Bench) -> None:
    """Documents that somebody signed: the signature holds, what is signed must not pass."""

    def listed(document: dict[str, Any], position: int, path: str) -> None:
        item = document["relatedResource"][position]
        item["id"] = item["id"].partition("/v1/")[0] + "/v1/" + path

    def collide(document: dict[str, Any]) -> None:
        listed(document, 1, "Chair.obj")

    def sri_differs(document: dict[str, Any]) -> None:
        document["relatedResource"][0]["digestSRI"] = document["relatedResource"][1]["digestSRI"]

    table: dict[str, tuple[str, str, Callable[[dict[str, Any]], object]]] = {
        "bad-critical-unknown": (
            "modified",
            "credential_critical_unknown",
            lambda d: d["critical"].append("watermark"),
        ),
        "bad-schema-version": ("modified", "credential_version_unknown", lambda d: d.update(schemaVersion=2)),
        "bad-context-inline": ("modified", "credential_malformed", lambda d: d["@context"].append({"x": "urn:x"})),
        "bad-scope": ("modified", "credential_malformed", lambda d: d.update(scope="folder")),
        "bad-path-upward": ("modified", "path_unsafe", lambda d: listed(d, 0, "../chair.obj")),
        "bad-path-absolute": ("modified", "path_unsafe", lambda d: listed(d, 0, "/etc/passwd")),
        "bad-path-spelling": ("modified", "credential_malformed", lambda d: listed(d, 0, "ch%61ir.obj")),
        "bad-path-case-fold": ("modified", "paths_collide", collide),
        "bad-sri-differs": ("modified", "credential_malformed", sri_differs),
        "bad-other-asset-listed": (
            "modified",
            "credential_malformed",
            lambda d: d["relatedResource"][0].update(id="arp:///obj_7zzzzzzzzzzzzzzzzzzzzzzzzz/v1/chair.obj"),
        ),
        "bad-label-removed": ("modified", "label_missing", lambda d: d["credentialSubject"].pop("aiLabel")),
        "bad-evidence": (
            "modified",
            "evidence_mismatch",
            lambda d: d["credentialSubject"]["evidence"].update(
                digestMultibase=d["credentialSubject"]["mts"]["rights"]
            ),
        ),
        "bad-log-proof-due": ("modified", "log_proof_missing", lambda d: d["due"].update(logProof=True)),
        "bad-timestamp-due": ("modified", "timestamp_missing", lambda d: d["due"].update(timestamp=True)),
        "bad-expired": ("expired", "credential_expired", lambda d: d.update(validUntil="2026-01-31T12:00:00Z")),
        "bad-not-yet-valid": (
            "unknown",
            "credential_not_yet_valid",
            lambda d: d.update(validFrom="2026-02-01T00:00:00Z"),
        ),
    }
    for name, (status, code, change) in table.items():
        folder = bench.copy("good-package", name, status=status, code=code)
        _resign(folder, change, key=KEY)
    folder = bench.copy("good-package", "bad-forged-with-own-key", status="modified", code="issuer_not_signer")
    _resign(folder, lambda d: None, key=OTHER_KEY)
    folder = bench.copy("good-package", "bad-untrusted-issuer", status="untrusted", code="issuer_untrusted")
    _resign(folder, lambda d: d.update(issuer=OTHER_KEY.did), key=OTHER_KEY)
    folder = bench.copy("good-package", "bad-untrusted-and-changed", status="modified", code="file_changed")
    _resign(folder, lambda d: d.update(issuer=OTHER_KEY.did), key=OTHER_KEY)
    (folder / "chair.obj").write_bytes(b"v 9 9 9\n")


def _resign(folder: Path, change: Callable[[dict[str, Any]], object], *, key: StationKey) -> None:
    sidecar = folder / "chair_mts.json"
    document = json.loads(sidecar.read_bytes())
    del document["proof"]
    change(document)
    sidecar.write_bytes(canonical.canonicalize(proof.add_proof(document, key=key, created=NOW)))


def _bad_folders(bench: Bench) -> None:
    folder = bench.copy("good-package", "bad-file-changed", status="modified", code="file_changed")
    data = bytearray((folder / "chair.obj").read_bytes())
    data[3] ^= 1
    (folder / "chair.obj").write_bytes(data)
    folder = bench.copy("good-package", "bad-file-missing", status="modified", code="file_missing")
    (folder / "textures" / "chair_notes.txt").unlink()
    folder = bench.copy("good-package", "bad-file-unlisted", status="modified", code="file_unlisted")
    (folder / "textures" / "extra.txt").write_bytes(b"extra\n")
    folder = bench.copy("good-package", "bad-files-swapped", status="modified", code="file_swapped")
    one, other = folder / "chair.obj", folder / "textures" / "chair_notes.txt"
    data_one, data_other = one.read_bytes(), other.read_bytes()
    one.write_bytes(data_other)
    other.write_bytes(data_one)
    folder = bench.copy("good-package", "bad-sidecar-renamed", status="modified", code="sidecar_renamed")
    (folder / "chair_mts.json").rename(folder / "stool_mts.json")
    folder = bench.copy(
        "good-file", "bad-credential-of-another-file", target="lamp.obj", status="modified", code="sidecar_renamed"
    )
    (folder / "lamp.obj").write_bytes(b"v 5 5 5\n")
    shutil.copyfile(folder / "prop.obj_mts.json", folder / "lamp.obj_mts.json")
    folder = bench.copy("good-file", "bad-no-sidecar", target="prop.obj", status="unsigned", code="sidecar_missing")
    (folder / "prop.obj_mts.json").unlink()


def _bad_records(bench: Bench) -> None:
    def reword(records: dict[str, Any]) -> None:
        records["records"]["rights"]["record"]["holder"] = "somebody-else"

    def resalt(records: dict[str, Any]) -> None:
        records["records"]["content"]["salt"] = bench.salt()

    def add_node(records: dict[str, Any]) -> None:
        records["records"]["nodes"]["retake"] = {"salt": bench.salt(), "record": {"node": "retake"}}

    table: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
        "bad-record-reworded": ("record_changed", reword),
        "bad-record-resalted": ("record_changed", resalt),
        "bad-record-added": ("record_unlisted", add_node),
        "bad-records-of-another": (
            "records_of_another_credential",
            lambda records: records.update(credentialId=bench.identifier("cred")),
        ),
    }
    for name, (code, change) in table.items():
        folder = bench.copy("good-package", name, status="modified", code=code)
        _edit_records(folder, change)
    folder = bench.copy("good-package", "bad-records-not-canonical", status="modified", code="json_not_canonical")
    path = folder / "chair_mts.records.json"
    path.write_bytes(path.read_bytes().replace(b"{", b"{ ", 1))


def _edit_records(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "chair_mts.records.json"
    records = json.loads(path.read_bytes())
    change(records)
    path.write_bytes(canonical.canonicalize(records))


def _bad_status(bench: Bench) -> None:
    for name, change, code in (
        ("bad-revoked", "revoked", "credential_revoked"),
        ("bad-suspended", "suspended", "credential_suspended"),
    ):
        folder = bench.case(name, target="", status=change, code=code)
        _package(bench, folder)
        identifier = json.loads((folder / "chair_mts.json").read_bytes())["id"].removeprefix("arp:///")
        set_status(bench.station, identifier, change=change, reason="test vector")  # type: ignore[arg-type]  # from the table
    folder = bench.copy("good-package", "bad-status-list-absent", status="unknown", code="status_list_absent")

    def elsewhere(document: dict[str, Any]) -> None:
        for entry in document["credentialStatus"]:
            entry["statusListCredential"] = "arp:///status/0000000000000000/" + entry["statusPurpose"]

    _resign(folder, elsewhere, key=KEY)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    if target.exists():
        shutil.rmtree(target)
    build(target)
