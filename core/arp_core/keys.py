"""The station's Ed25519 key, in a file encrypted with Argon2id and SecretBox.

When a key is made, its passphrase comes, in this order, from the caller (a
prompt), from ``ARP_PASSPHRASE``, or from the operating system's keyring. Where
there is none, a random one is written beside the key (mode 0600) and the key
counts as "protected by file permissions only", which callers must say aloud.
The key file says which of these protects it, so setting ``ARP_PASSPHRASE``
later neither helps nor hurts; :func:`protect` is how a passphrase is added.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from arp_core import canonical, multiformats
from arp_core.errors import InputError, StorageError
from arp_core.home import Home
from arp_core.paths import write_atomic

if TYPE_CHECKING:
    from nacl.signing import SigningKey

Protection = Literal["passphrase", "keyring", "file_permissions"]

ALGORITHM = "Ed25519"

_BY_PERMISSIONS: Protection = "file_permissions"
_KEY_FILE = "station.key.json"
_PASS_FILE = "station.pass"  # noqa: S105  # a file's name, not a password
_KEYRING_SERVICE = "asset-routing-pipeline"
#: Upper bounds on what a key file may ask of us (libsodium's "sensitive" level).
_MOST_OPERATIONS = 4
_MOST_MEMORY = 1 << 30


@dataclass(frozen=True)
class StationKey:
    """An Ed25519 key pair whose secret half is held in memory only."""

    did: str
    public: bytes
    protection: Protection
    _seed: bytes = field(repr=False)
    # Kept, because deriving the public half again costs as much as a signature.
    _signer: SigningKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes, *, protection: Protection = "file_permissions") -> StationKey:
        """Return the key of a 32-byte seed."""
        from nacl.signing import SigningKey

        signer = SigningKey(seed)
        public = bytes(signer.verify_key)
        return cls(did=multiformats.did_key(public), public=public, protection=protection, _seed=seed, _signer=signer)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over ``message``."""
        return bytes(self._signer.sign(message).signature)


def verify(public: bytes, *, message: bytes, signature: bytes) -> bool:
    """Return whether ``signature`` is this key's over ``message`` (RFC 8032, libsodium's strict rules)."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        VerifyKey(public).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True


def load_or_create(home: Home, *, passphrase: str | None = None) -> StationKey:
    """Return the station's key, made on first use.

    Args:
        home: The station's home; its folders must exist.
        passphrase: What the person typed, if asked.

    Raises:
        InputError: ``key_locked`` for a wrong passphrase, ``key_file_invalid``
            for a damaged file.
        StorageError: the key cannot be written.
    """
    path = home.keys / _KEY_FILE
    if not path.exists():
        _create(path, home=home, passphrase=passphrase)
    return _load(path, home=home, passphrase=passphrase)


def protect(home: Home, *, passphrase: str) -> StationKey:
    """Encrypt the station's key with ``passphrase`` from now on and return it; the key stays the same.

    Raises:
        InputError: ``key_locked``: the present protection cannot be opened.
        StorageError: the key file cannot be written; the old one stands.
    """
    key = load_or_create(home)
    document = _encrypt(key._seed, passphrase=passphrase, protection="passphrase")  # our own class
    write_atomic(home.keys / _KEY_FILE, canonical.canonicalize(document), mode=0o600)
    (home.keys / _PASS_FILE).unlink(missing_ok=True)
    return _load(home.keys / _KEY_FILE, home=home, passphrase=passphrase)


def _create(path: Path, *, home: Home, passphrase: str | None) -> None:
    secret, protection = _find_passphrase(passphrase)
    if secret is None:
        secret = secrets.token_urlsafe(32)
        protection = _BY_PERMISSIONS
        try:
            write_atomic(home.keys / _PASS_FILE, secret.encode("ascii"), mode=0o600, overwrite=False)
        except StorageError as error:
            if error.code != "file_in_the_way":
                raise
            # Another process is making the same key at this moment: use its passphrase.
            secret = _read_pass_file(home) or secret
    document = _encrypt(secrets.token_bytes(32), passphrase=secret, protection=protection)
    try:
        write_atomic(path, canonical.canonicalize(document), mode=0o600, overwrite=False)
    except StorageError as error:
        if error.code != "file_in_the_way":  # the other process was first: its key counts
            raise


def _encrypt(seed: bytes, *, passphrase: str, protection: Protection) -> dict[str, object]:
    from nacl import pwhash, utils
    from nacl.secret import SecretBox

    # A random 256-bit passphrase cannot be guessed, so stretching it only costs start-up time.
    human = protection != "file_permissions"
    operations = pwhash.argon2id.OPSLIMIT_MODERATE if human else pwhash.argon2id.OPSLIMIT_MIN
    memory = pwhash.argon2id.MEMLIMIT_MODERATE if human else pwhash.argon2id.MEMLIMIT_MIN
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    key = pwhash.argon2id.kdf(SecretBox.KEY_SIZE, passphrase.encode("utf-8"), salt, operations, memory)
    return {
        "type": "EncryptedKey",
        "version": 1,
        "algorithm": ALGORITHM,
        "protection": protection,
        "did": StationKey.from_seed(seed).did,
        "kdf": {
            "name": "argon2id",
            "operations": operations,
            "memory": memory,
            "salt": multiformats.multibase_u_encode(salt),
        },
        "cipher": "xsalsa20-poly1305",
        "ciphertext": multiformats.multibase_u_encode(bytes(SecretBox(key).encrypt(seed))),
    }


def _load(path: Path, *, home: Home, passphrase: str | None) -> StationKey:
    from nacl import pwhash
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        document = canonical.read_json(path.read_bytes(), name=path.name, limit=16384)
        kdf = document["kdf"]
        operations, memory = int(kdf["operations"]), int(kdf["memory"])
        salt = multiformats.multibase_u_decode(kdf["salt"])
        ciphertext = multiformats.multibase_u_decode(document["ciphertext"])
        if operations > _MOST_OPERATIONS or memory > _MOST_MEMORY:
            raise InputError("key_file_invalid", name=path.name, reason="it asks for too much memory or time")
        if document["algorithm"] != ALGORITHM:
            raise InputError("key_file_invalid", name=path.name, reason="unknown algorithm")
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError("key_file_invalid", name=path.name, reason=str(error)) from error
    from_file = _read_pass_file(home) if document.get("protection") == "file_permissions" else None
    found = (from_file, _BY_PERMISSIONS) if passphrase is None and from_file else _find_passphrase(passphrase)
    secret, protection = found
    if secret is None:
        raise InputError("key_locked", name=path.name)
    try:
        key = pwhash.argon2id.kdf(SecretBox.KEY_SIZE, secret.encode("utf-8"), salt, operations, memory)
        seed = SecretBox(key).decrypt(ciphertext)
    except (CryptoError, ValueError) as error:
        raise InputError("key_locked", name=path.name) from error
    loaded = StationKey.from_seed(bytes(seed), protection=protection)
    if loaded.did != document.get("did"):
        raise InputError("key_file_invalid", name=path.name, reason="it names another key than it holds")
    return loaded


def _find_passphrase(given: str | None) -> tuple[str | None, Protection]:
    if given is not None:
        return given, "passphrase"
    from_environment = os.environ.get("ARP_PASSPHRASE")
    if from_environment:
        return from_environment, "passphrase"
    return _from_keyring(), "keyring"


def _read_pass_file(home: Home) -> str | None:
    path = home.keys / _PASS_FILE
    if not path.exists():
        return None
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise InputError("key_file_invalid", name=path.name, reason=str(error)) from error


def _from_keyring() -> str | None:
    """Ask the operating system's keyring, where that optional package and a backend are there."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(_KEYRING_SERVICE, "station")
    except KeyringError:  # a headless machine has no backend: the same as no entry
        return None
    return found
