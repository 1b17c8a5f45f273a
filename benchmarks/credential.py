"""Sign and verify a credential, against bare rfc8785 and PyNaCl on the same document."""

from __future__ import annotations

import hashlib

import rfc8785
from nacl.signing import SigningKey, VerifyKey

from arp_core import canonical, clock, keys, proof
from benchmarks import report, station

ROUNDS = 40
BATCH = 50


def main() -> bool:
    """Print both ratios, bare time over ours: 1 means no overhead."""
    with station.scratch() as folder:
        out = folder / "out"
        station.arpctl("image-to-3d", station.sample(folder), "--out", out, "--origin", "mine")
        document = canonical.read_json(next(out.glob("*_mts.json")).read_bytes(), name="sidecar")
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    seed = bytes(range(32))
    key = keys.StationKey.from_seed(seed)
    signed = proof.add_proof(unsigned, key=key, created=clock.system_clock())
    signing, verifying = SigningKey(seed), VerifyKey(key.public)
    config = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    signature = signing.sign(proof.hash_data(unsigned, config=config)).signature

    def hashed() -> bytes:
        return hashlib.sha256(rfc8785.dumps(config)).digest() + hashlib.sha256(rfc8785.dumps(unsigned)).digest()

    def bare_sign() -> None:
        for _ in range(BATCH):
            signing.sign(hashed())

    def our_sign() -> None:
        for _ in range(BATCH):
            proof.add_proof(unsigned, key=key, created=clock.system_clock())

    def bare_verify() -> None:
        for _ in range(BATCH):
            verifying.verify(hashed(), signature)

    def our_verify() -> None:
        for _ in range(BATCH):
            assert proof.check_proof(signed)

    results = []
    for name, bare, ours in (("sign", bare_sign, our_sign), ("verify", bare_verify, our_verify)):
        bare_time, our_time = report.interleaved(bare, ours, rounds=ROUNDS)
        print(f"  {name}: bare {bare_time / BATCH * 1e6:.0f} µs, ours {our_time / BATCH * 1e6:.0f} µs")
        results.append(
            report.line(f"credential {name}: bare / ours", bare_time / our_time, unit="", bound=0.9, most=False)
        )
    return all(results)
