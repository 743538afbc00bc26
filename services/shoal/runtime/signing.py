"""The signature of a data folder: an Ed25519 key (RFC 8032), made once, and what it signs.

The private key is `signing.key` in the data folder, in PKCS #8 PEM, so that `openssl pkey -in signing.key -pubout` prints the
public one. A key is named by its `key_id`, the SHA-256 of the 32 bytes of the public key.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from shoal.errors import FailedPreconditionError
from shoal.runtime.datadir import made_once

__all__ = ["ALGORITHM", "KEY_FILE", "Signer", "key_id", "verify"]

ALGORITHM = "Ed25519"
KEY_FILE = "signing.key"


class Signer:
    """Signs with the key of a data folder; makes the key at the folder's first use.

    public_key: 32 bytes. key_id: SHA-256 of the public key, hexadecimal.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / KEY_FILE
        try:
            key = load_pem_private_key(made_once(path, _new_key), password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise FailedPreconditionError(f"{path} is damaged: it should hold an Ed25519 private key in PEM")
        self._key = key
        self.public_key = key.public_key().public_bytes_raw()
        self.key_id = key_id(self.public_key)

    def sign(self, payload: bytes) -> bytes:
        """The signature of the payload, 64 bytes; the same every time."""
        return self._key.sign(payload)


def key_id(public_key: bytes) -> str:
    """The name of a public key: the SHA-256 of its 32 bytes, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def verify(public_key: bytes, payload: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's, of these very bytes; False also for a key that is none."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
