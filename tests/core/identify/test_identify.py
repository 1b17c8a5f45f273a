"""Objects, records, rights profile, environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from arp_core import canonical, multiformats, typeid
from arp_core.digest import digest_bytes
from arp_core.errors import ArpError, InputError, UsageError
from arp_core.identify.asset import media_type, role_of
from arp_core.identify.environment import cpu_level, environment_digest, environment_record
from arp_core.identify.objects import KINDS, RegisteredObject
from arp_core.identify.record import SaltedRecord, new_salt
from arp_core.identify.rights import (
    ORIGINS,
    RightsProfile,
    RightsRecord,
    last_origin,
    remember_origin,
    rights_for,
)
from arp_core.identify.tier import TIERS, missing_records, read_records
from arp_core.station import Station


def test_the_same_bytes_are_the_same_object_everywhere(station: Station) -> None:
    digest = digest_bytes(b"sketch")
    facts = {"kind": "material", "media_type": "image/png", "name": "a.png", "origin": "mine", "at": station.clock()}
    one, other = (RegisteredObject.entering(digest, **facts) for _ in range(2))
    assert one == other
    assert typeid.check_id(one.object_id, prefix="obj")
    mts = one.mts(rights=RightsRecord(origin="mine"), environment={})
    assert set(mts.digests()) == {"content", "rights", "capability", "environment"}
    assert mts.to_json(withhold=("rights",)).keys() == {"content", "capability", "environment"}


def test_every_kind_enters_and_nothing_else(station: Station) -> None:
    for kind in KINDS:
        RegisteredObject.entering(
            digest_bytes(b""), kind=kind, media_type="x/y", name="n", origin="mine", at=station.clock()
        )
    with pytest.raises(UsageError) as caught:
        RegisteredObject.entering(
            digest_bytes(b""), kind="rumour", media_type="x/y", name="n", origin="mine", at=station.clock()
        )
    assert caught.value.code == "object_kind_unknown"


def test_a_salted_digest_is_that_of_the_page() -> None:
    record = SaltedRecord(salt="uAAAAAAAAAAAAAAAAAAAAAA", record={"b": 1, "a": "é"})
    expected = digest_bytes('{"record":{"a":"é","b":1},"salt":"uAAAAAAAAAAAAAAAAAAAAAA"}'.encode())
    assert record.digest == expected.multibase


def test_salts_have_128_random_bits() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(multiformats.multibase_u_decode(salt)) for salt in salts} == {16}


@pytest.mark.parametrize("origin", ORIGINS)
def test_one_question_gives_a_whole_record(origin: str, station: Station) -> None:
    record = rights_for(origin, profile=RightsProfile.load(station.home))
    assert record.origin == origin
    assert record.publishable == (origin in ("mine", "production"))
    assert RightsRecord.from_json(json.loads(canonical.canonicalize(record.to_json()))) == record
    usage = record.usage(uid="arp:///obj_x")
    back = RightsRecord.from_usage(usage, origin=record.origin, publishable=record.publishable)
    assert back.usage(uid="arp:///obj_x") == usage


def test_found_material_cannot_be_declared_publishable() -> None:
    with pytest.raises(InputError) as caught:
        RightsRecord(origin="found", publishable=True)
    assert caught.value.code == "rights_invalid"


def test_a_profile_is_written_once_and_then_obeyed(station: Station) -> None:
    RightsProfile.load(station.home)
    text = station.home.rights_toml.read_text(encoding="utf-8")
    station.home.rights_toml.write_text(
        text.replace('project = ""', 'project = "moon"').replace(
            '[client]\nlicence = ""', '[client]\nlicence = "C-7"\nnotAfter = 2027-01-01T00:00:00Z'
        ),
        encoding="utf-8",
    )
    record = rights_for("client", profile=RightsProfile.load(station.home))
    assert (record.project, record.licence, record.publishable) == ("moon", "C-7", True)
    assert record.not_after == "2027-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "permissions = [",
        'permissions = ["fly"]',
        "mine = 1",
        'notAfter = "soon"',
        "territories = 1",
        'territories = "CN"',
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(text: str, station: Station) -> None:
    station.home.rights_toml.write_text(text, encoding="utf-8")
    with pytest.raises(ArpError) as caught:
        rights_for("mine", profile=RightsProfile.load(station.home))
    assert caught.value.code in ("rights_invalid", "time_invalid")


def test_the_last_answer_is_remembered(station: Station) -> None:
    assert last_origin(station.home) is None
    remember_origin(station.home, "client")
    assert last_origin(station.home) == "client"


def test_tier_records_are_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "records.toml"
    path.write_text('[environment]\nlock = "1"\n[licence]\nreference = "2"\n', encoding="utf-8")
    assert missing_records("computable", records=read_records(path)) == ("version",)
    path.write_text("loose = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_records(path)
    assert caught.value.code == "record_file_invalid"
    assert set(TIERS) == {"static", "computable", "interactive"}


def test_the_environment_record_names_no_person_or_machine() -> None:
    record = environment_record()
    text = canonical.canonicalize(record).decode()
    names = {os.uname().nodename, str(Path.home()), os.environ.get("USER", "")} - {"", "/", "root"}
    assert not [name for name in names if len(name) > 3 and name in text]
    assert environment_digest(record) == environment_digest(environment_record())


def test_the_environment_record_loads_nothing() -> None:
    code = (
        "import sys; from arp_core.identify.environment import environment_record; environment_record();"
        "sys.exit(bool({'numpy','cv2','onnxruntime','pxr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


_EVERY_FLAG = """cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 abm avx avx2 bmi1 bmi2 f16c fma movbe
avx512f avx512bw avx512cd avx512dq avx512vl"""


@pytest.mark.parametrize(
    ("removed", "expected"),
    [("", "x86-64-v4"), ("avx512f", "x86-64-v3"), ("avx2", "x86-64-v2"), ("ssse3", "x86-64-v1")],
)
def test_cpu_levels_follow_their_flags(removed: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    flags = frozenset(_EVERY_FLAG.split()) - {removed}
    assert cpu_level(flags=flags) == expected


def test_roles_and_media_types_follow_names() -> None:
    assert [role_of(name) for name in ("a.glb", "a.usda", "textures/a_basecolor.png", "a_preview.png", "LICENSE")] == [
        "glb",
        "usd",
        "texture:basecolor",
        "preview",
        "file",
    ]
    assert media_type("A.GLB") == "model/gltf-binary"
