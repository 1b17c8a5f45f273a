"""Binary-to-text forms: base58btc, multibase, multihash, subresource integrity, did:key.

Each value has exactly one accepted spelling, so that no flipped bit of an
encoded value is harmless.

Sources: W3C Controlled Identifiers 1.0 §2.4 (multibase, multihash), W3C SRI,
W3C CCG did:key (multicodec 0xed01 for Ed25519 public keys).
"""

from __future__ import annotations

import base64
import binascii
import functools

from arp_core import base58
from arp_core.errors import InputError

_SHA256_MULTIHASH = bytes((0x12, 0x20))
_ED25519_MULTICODEC = bytes((0xED, 0x01))


def base58btc_encode(data: bytes) -> str:
    """Return ``z`` followed by the base58btc form of ``data``."""
    return "z" + base58.encode(data)


def base58btc_decode(text: str, *, limit: int = 256) -> bytes:
    """Return the bytes of a ``z…`` multibase value.

    Raises:
        InputError: ``encoding_invalid`` if the prefix, alphabet or length is wrong.
    """
    if not text.startswith("z") or len(text) > limit:
        raise InputError("encoding_invalid", reason="base58btc expected")
    try:
        # The digits of a number are unique, so this text is the only spelling of these bytes.
        return base58.decode(text[1:])
    except ValueError as error:
        raise InputError("encoding_invalid", reason="base58btc alphabet") from error


def multibase_u_encode(data: bytes) -> str:
    """Return ``u`` followed by unpadded base64url of ``data``."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def multibase_u_decode(text: str) -> bytes:
    """Return the bytes of a ``u…`` multibase value.

    Raises:
        InputError: ``encoding_invalid`` if it is not the one canonical spelling.
    """
    if not text.startswith("u") or not text.isascii():
        raise InputError("encoding_invalid", reason="base64url multibase expected")
    body = text[1:]
    try:
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (ValueError, binascii.Error) as error:
        raise InputError("encoding_invalid", reason="base64url alphabet") from error
    if multibase_u_encode(data) != text:
        raise InputError("encoding_invalid", reason="base64url spelling")
    return data


def multihash_u(sha256: bytes) -> str:
    """Return the multibase-u multihash (``uEi…``) of a 32-byte SHA-256 digest."""
    if len(sha256) != 32:
        raise InputError("encoding_invalid", reason="a SHA-256 digest has 32 bytes")
    return multibase_u_encode(_SHA256_MULTIHASH + sha256)


def sha256_from_multihash(text: str) -> bytes:
    """Return the 32-byte SHA-256 digest of a ``uEi…`` multihash.

    Raises:
        InputError: ``encoding_invalid`` for another hash, length or spelling.
    """
    data = multibase_u_decode(text)
    if len(data) != 34 or not data.startswith(_SHA256_MULTIHASH):
        raise InputError("encoding_invalid", reason="SHA-256 multihash expected")
    return data[2:]


def sri(sha256: bytes) -> str:
    """Return the subresource-integrity form ``sha256-…`` of a 32-byte digest."""
    return "sha256-" + base64.b64encode(sha256).decode("ascii")


def did_key(public: bytes) -> str:
    """Return the ``did:key:z6Mk…`` of a 32-byte Ed25519 public key."""
    if len(public) != 32:
        raise InputError("encoding_invalid", reason="an Ed25519 public key has 32 bytes")
    return "did:key:" + base58btc_encode(_ED25519_MULTICODEC + public)


@functools.lru_cache(maxsize=256)  # the same few issuers sign everything a station reads
def public_from_did(did: str) -> bytes:
    """Return the 32-byte Ed25519 public key of a ``did:key``.

    Raises:
        InputError: ``encoding_invalid`` for another method, key type or spelling.
    """
    if not did.startswith("did:key:"):
        raise InputError("encoding_invalid", reason="did:key expected")
    data = base58btc_decode(did.removeprefix("did:key:"))
    if len(data) != 34 or not data.startswith(_ED25519_MULTICODEC):
        raise InputError("encoding_invalid", reason="Ed25519 did:key expected")
    return data[2:]


def verification_method(did: str) -> str:
    """Return ``did:key:z…#z…``, the identifier of the one key a did:key holds."""
    return f"{did}#{did.removeprefix('did:key:')}"
