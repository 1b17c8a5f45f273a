"""The official vectors of the formats the credential stands on, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arp_core import canonical, clock, keys, multiformats, proof


@pytest.fixture(scope="module")
def eddsa(vectors: Path) -> Path:
    return vectors / "vc-di-eddsa" / "TestVectors"


def test_eddsa_jcs_2022_signs_the_official_document_byte_for_byte(eddsa: Path) -> None:
    pair = json.loads((eddsa / "keyPair.json").read_text())
    secret = multiformats.base58btc_decode(pair["privateKeyMultibase"])
    assert secret[:2] == bytes((0x80, 0x26)), "multicodec of an Ed25519 secret key"
    key = keys.StationKey.from_seed(secret[2:])
    document = json.loads((eddsa / "unsigned.json").read_text())
    expected = json.loads((eddsa / "eddsa-jcs-2022" / "signedJCS.json").read_text())
    signed = proof.add_proof(document, key=key, created=clock.from_text(expected["proof"]["created"]))
    assert signed == expected
    assert key.did == "did:key:" + pair["publicKeyMultibase"]


def test_eddsa_jcs_2022_hashes_are_the_official_ones(eddsa: Path) -> None:
    folder = eddsa / "eddsa-jcs-2022"
    document = json.loads((eddsa / "unsigned.json").read_text())
    config = json.loads((folder / "proofConfigJCS.json").read_text())
    assert canonical.canonicalize(document).decode() == (folder / "canonDocJCS.txt").read_text()
    assert canonical.canonicalize(config).decode() == (folder / "proofCanonJCS.txt").read_text()
    combined = (folder / "combinedHashJCS.txt").read_text().strip()
    assert proof.hash_data(document, config=config).hex() == combined


def test_eddsa_jcs_2022_accepts_the_official_signature_and_no_change_of_it(eddsa: Path) -> None:
    signed = json.loads((eddsa / "eddsa-jcs-2022" / "signedJCS.json").read_text())
    assert proof.check_proof(signed)
    assert proof.check_proof({**signed, "name": "another"}).code == "signature_invalid"


def test_did_key_vectors(vectors: Path) -> None:
    table = json.loads((vectors / "did-key" / "test-vectors" / "ed25519-x25519.json").read_text())
    assert table
    for did in table:
        public = multiformats.public_from_did(did)
        assert multiformats.did_key(public) == did


def test_rfc_8785_vectors(vectors: Path) -> None:
    names = sorted(path.name for path in (vectors / "jcs" / "testdata" / "input").glob("*.json"))
    assert len(names) >= 5
    for name in names:
        value = json.loads((vectors / "jcs" / "testdata" / "input" / name).read_bytes())
        expected = (vectors / "jcs" / "testdata" / "output" / name).read_bytes()
        assert canonical.canonicalize(value) == expected, name


def test_wycheproof_ed25519(vectors: Path) -> None:
    suite = json.loads((vectors / "wycheproof" / "testvectors_v1" / "ed25519_test.json").read_text())
    counted = 0
    for group in suite["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            answer = keys.verify(public, message=bytes.fromhex(case["msg"]), signature=bytes.fromhex(case["sig"]))
            assert answer == (case["result"] == "valid"), case
            counted += 1
    assert counted == suite["numberOfTests"] >= 150
