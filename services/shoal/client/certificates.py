"""Checking the certificate of a release, without a server: the signature, whose key it is, and whether the file is the one.

The key that a certificate carries proves nothing by itself, for anybody can make a key and sign with it. So a check is always
against a key, or the digest of one, that came another way: from the administrator of the server that made the release.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf import json_format

from shoal.api.anonymization.v1 import solution_pb2
from shoal.errors import InvalidArgumentError

__all__ = ["Certificate", "read_certificate", "verify_certificate"]

Certificate: TypeAlias = "solution_pb2.Certificate | str | os.PathLike[str]"
"""The message of an answer, or the path of a certificate's file (its protobuf-JSON form)."""

ALGORITHM = "Ed25519"
TYPES = frozenset({"shoal.release", "shoal.batch"})
FORMAT_VERSION = 1
MOST_BYTES = 16 * 1024**2


def verify_certificate(
    certificate: Certificate, key: bytes | str, released: bytes | str | os.PathLike[str] | None = None
) -> dict[str, Any]:
    """The statement of a certificate whose signature holds; docs/certificates.md describes its fields.

    key: the public key that is trusted, its 32 bytes, or its key_id, the SHA-256 of them in hexadecimal. released: the
    released file, or its bytes, to be compared with the statement. Raises InvalidArgumentError with a sentence that says what
    does not hold.
    """
    message = certificate if isinstance(certificate, solution_pb2.Certificate) else read_certificate(certificate)
    if message.algorithm != ALGORITHM:
        raise InvalidArgumentError(f"the certificate's algorithm is not {ALGORITHM}")
    found = hashlib.sha256(message.public_key).hexdigest()
    if message.key_id != found:
        raise InvalidArgumentError("the certificate's key_id is not the digest of its public key")
    if found != _trusted(key):
        raise InvalidArgumentError("the certificate was signed with another key than the one that is trusted")
    try:
        Ed25519PublicKey.from_public_bytes(message.public_key).verify(message.signature, message.payload)
    except (InvalidSignature, ValueError):
        raise InvalidArgumentError("the signature does not hold: certificate or signature were changed") from None
    statement = _statement(message.payload)
    if released is not None and _digest(released) != statement["output"]["sha256"]:
        raise InvalidArgumentError("the file is not the one that was released: its SHA-256 is not the certificate's")
    return statement


def read_certificate(path: str | os.PathLike[str]) -> solution_pb2.Certificate:
    """A certificate from its file; raises InvalidArgumentError when it is none, OSError when it cannot be read."""
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        if len(data) > MOST_BYTES:
            raise InvalidArgumentError(f"{path} is larger than {MOST_BYTES} bytes: it is no certificate")
        return json_format.Parse(data.decode(), solution_pb2.Certificate())
    except (json_format.ParseError, UnicodeDecodeError, RecursionError):
        raise InvalidArgumentError(f"{path} is not a certificate: a JSON object with payload and signature") from None


def _trusted(key: bytes | str) -> str:
    """The key_id of the key that is trusted."""
    if isinstance(key, str):
        text = key.strip().lower()
        if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise InvalidArgumentError("the key_id must be 64 hexadecimal digits")
        return text
    if len(key) != 32:
        raise InvalidArgumentError("the public key must have 32 bytes")
    return hashlib.sha256(key).hexdigest()


def _statement(payload: bytes) -> dict[str, Any]:
    try:
        statement = json.loads(payload)
        known = statement["type"] in TYPES and statement["format_version"] == FORMAT_VERSION
        digest = statement["output"]["sha256"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise InvalidArgumentError("what was signed is not the statement of a release") from None
    if not known or not isinstance(digest, str):
        raise InvalidArgumentError("what was signed is a statement of a kind or version that this client does not know")
    return dict(statement)


def _digest(released: bytes | str | os.PathLike[str]) -> str:
    if isinstance(released, bytes):
        return hashlib.sha256(released).hexdigest()
    with Path(released).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
