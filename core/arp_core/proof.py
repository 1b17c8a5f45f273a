"""Data Integrity proofs with the cryptosuite ``eddsa-jcs-2022``.

Source: W3C Data Integrity EdDSA Cryptosuites 1.0, §3.3; the numbered comments
follow its algorithms. This module checks the signature and its form only.
Whether the signer is the issuer, and whether anyone trusts it, are separate
questions (:mod:`arp_core.verify`): a verifier without them accepts forgeries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arp_core import canonical, clock, keys, multiformats
from arp_core.errors import InputError

CRYPTOSUITE = "eddsa-jcs-2022"

#: Everything a proof may hold: other verifiers refuse more.
_REQUIRED = frozenset(("type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"))
_ALLOWED = _REQUIRED | {"@context"}


@dataclass(frozen=True)
class ProofCheck:
    """Outcome of checking one proof; truthy when the signature holds.

    ``code`` is empty or names the failure; ``did`` is the signer the proof names.
    """

    ok: bool
    code: str = ""
    did: str = ""

    def __bool__(self) -> bool:
        return self.ok


def hash_data(document: Mapping[str, Any], *, config: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: proof configuration's hash, then the document's (§3.3.4)."""
    return (
        hashlib.sha256(canonical.canonicalize(config)).digest()
        + hashlib.sha256(canonical.canonicalize(document)).digest()
    )


def add_proof(document: Mapping[str, Any], *, key: keys.StationKey, created: datetime) -> dict[str, Any]:
    """Return ``document`` with one proof by ``key`` added (§3.3.1).

    Raises:
        InputError: ``json_unrepresentable``; ``proof_present`` if it has one already.
    """
    if "proof" in document:
        raise InputError("proof_present")
    config: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": clock.to_text(created),
        "verificationMethod": multiformats.verification_method(key.did),
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        config["@context"] = document["@context"]
    signature = key.sign(hash_data(document, config=config))
    return {**document, "proof": {**config, "proofValue": multiformats.base58btc_encode(signature)}}


def check_proof(document: Mapping[str, Any]) -> ProofCheck:
    """Return whether the one proof in ``document`` holds (§3.3.2). Never raises for bad content."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping):
        return ProofCheck(ok=False, code="proof_missing")
    if not _REQUIRED <= proof.keys() <= _ALLOWED or {type(proof[name]) for name in _REQUIRED} != {str}:
        return ProofCheck(ok=False, code="proof_malformed")
    if (
        proof["type"] != "DataIntegrityProof"
        or proof["cryptosuite"] != CRYPTOSUITE
        or proof["proofPurpose"] != "assertionMethod"
    ):
        return ProofCheck(ok=False, code="proof_unsupported")
    # §3.3.2 step 4: the proof's context must be the document's (JCS: equality instead of prefix).
    if proof.get("@context") != document.get("@context"):
        return ProofCheck(ok=False, code="proof_context_differs")
    did = proof["verificationMethod"].partition("#")[0]
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        clock.from_text(proof["created"])
        public = multiformats.public_from_did(did)
        if proof["verificationMethod"] != multiformats.verification_method(did):
            return ProofCheck(ok=False, code="proof_malformed")
        signature = multiformats.base58btc_decode(proof["proofValue"])
        message = hash_data(unsigned, config=config)
    except InputError:
        return ProofCheck(ok=False, code="proof_malformed")
    if not keys.verify(public, message=message, signature=signature):
        return ProofCheck(ok=False, code="signature_invalid", did=did)
    return ProofCheck(ok=True, did=did)
