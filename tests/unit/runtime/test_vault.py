"""The vault: what it seals opens for its own record only, and no changed byte goes unnoticed."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from shoal.errors import FailedPreconditionError, ResourceExhaustedError
from shoal.runtime import vault as module
from shoal.runtime.vault import Vault, derived_key

SECRET = bytes(range(32))
NAMES = {"organization": "o1", "record": "r1"}


@given(st.binary(max_size=4096))
def test_what_is_sealed_opens_again(content: bytes) -> None:
    sealed = Vault(SECRET, "test").seal(content, **NAMES)
    assert Vault(SECRET, "test").open(sealed, **NAMES) == content
    assert len(sealed) == len(content) + 29


def test_the_content_cannot_be_read_and_never_looks_the_same_twice() -> None:
    vault = Vault(SECRET, "test")
    content = b"canary" * 100
    first, second = (vault.seal(content, **NAMES) for _ in range(2))
    assert b"canary" not in first
    assert first[1:13] != second[1:13]
    assert first[13:] != second[13:]


def test_the_envelope_is_what_the_docstring_says() -> None:
    """By the book, with nothing of ours: RFC 5869 and AES-256-GCM."""
    sealed = Vault(SECRET, "test").seal(b"content", **NAMES)
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shoal vault: test").derive(SECRET)
    bound = b"\x01" + b"\x00\x00\x00\x02o1" + b"\x00\x00\x00\x02r1"
    assert sealed[0] == 1
    assert AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound) == b"content"


def test_every_changed_byte_is_found() -> None:
    vault = Vault(SECRET, "test")
    sealed = vault.seal(b"some content", **NAMES)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(FailedPreconditionError):
            vault.open(bytes(changed), **NAMES)


@pytest.mark.parametrize("cut", [0, 1, 12, 28, -1])
def test_a_cut_envelope_does_not_open(cut: int) -> None:
    vault = Vault(SECRET, "test")
    with pytest.raises(FailedPreconditionError):
        vault.open(vault.seal(b"some content", **NAMES)[:cut], **NAMES)


@pytest.mark.parametrize(
    "names",
    [
        {"organization": "o2", "record": "r1"},
        {"organization": "o1", "record": "r2"},
        {"organization": "o1r", "record": "1"},
        {"organization": "", "record": "o1r1"},
    ],
)
def test_an_envelope_opens_for_its_own_record_only(names: dict[str, str]) -> None:
    vault = Vault(SECRET, "test")
    with pytest.raises(FailedPreconditionError):
        vault.open(vault.seal(b"content", **NAMES), **names)


def test_another_purpose_and_another_secret_are_other_keys() -> None:
    sealed = Vault(SECRET, "test").seal(b"content", **NAMES)
    for other in (Vault(SECRET, "other"), Vault(os.urandom(32), "test")):
        with pytest.raises(FailedPreconditionError) as caught:
            other.open(sealed, **NAMES)
        assert "content" not in caught.value.message
    assert derived_key(SECRET, "a") != derived_key(SECRET, "b")


def test_too_much_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONTENT_BYTES", 10)
    with pytest.raises(ResourceExhaustedError):
        Vault(SECRET, "test").seal(b"x" * 11, **NAMES)
