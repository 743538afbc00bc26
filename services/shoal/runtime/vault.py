"""Small state encrypted at rest: what lies in a database can be read with the folder's server secret only.

AES-256-GCM (NIST SP 800-38D) under a key that HKDF-SHA256 (RFC 5869) derives from the secret for one purpose. An envelope is

    1 byte     version, 1
    12 bytes   nonce, random
    the rest   ciphertext and its tag of 16 bytes

The version, the organisation and the record's id are authenticated with it: an envelope that is moved to another record, or to
another organisation, does not open. Random nonces are good for 2^32 envelopes under one key, far more than a folder gets.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shoal.errors import FailedPreconditionError, ResourceExhaustedError

__all__ = ["MOST_CONTENT_BYTES", "Vault", "derived_key"]

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
MOST_CONTENT_BYTES = 2**31 - 1 - TAG_BYTES
"""The most bytes of one envelope's content: the library's limit."""


def derived_key(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; keys of two purposes tell nothing of each other or of the secret."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shoal " + purpose.encode()).derive(secret)


class Vault:
    """Seals and opens envelopes of one purpose. secret: the data folder's."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._cipher = AESGCM(derived_key(secret, f"vault: {purpose}"))

    def seal(self, content: bytes, *, organization: str, record: str) -> bytes:
        """The content, encrypted for the record of that id; 29 bytes longer than it."""
        if len(content) > MOST_CONTENT_BYTES:
            raise ResourceExhaustedError(
                f"what would be kept encrypted has more than {MOST_CONTENT_BYTES} bytes", metadata={"limit": "vault_bytes"}
            )
        nonce = secrets.token_bytes(NONCE_BYTES)
        return bytes([VERSION]) + nonce + self._cipher.encrypt(nonce, content, _bound(VERSION, organization, record))

    def open(self, envelope: bytes, *, organization: str, record: str) -> bytes:
        """The content of an envelope that was sealed for this record; raises FailedPreconditionError for any other bytes."""
        if len(envelope) < 1 + NONCE_BYTES + TAG_BYTES or envelope[0] != VERSION:
            raise _damaged()
        nonce, sealed = envelope[1 : 1 + NONCE_BYTES], envelope[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, _bound(VERSION, organization, record))
        except InvalidTag:
            raise _damaged() from None


def _bound(version: int, organization: str, record: str) -> bytes:
    """The associated data; lengths first, so that no two pairs of names make the same bytes."""
    names = [name.encode() for name in (organization, record)]
    return bytes([version]) + b"".join(len(name).to_bytes(4, "big") + name for name in names)


def _damaged() -> FailedPreconditionError:
    return FailedPreconditionError(
        "what was kept encrypted cannot be opened: it is damaged, or the data folder's server.secret is no longer the same"
    )
