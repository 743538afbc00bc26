"""The signing key: one a folder, whoever comes first; what it signs verifies, what was changed does not."""

from __future__ import annotations

import hashlib
import multiprocessing
import subprocess
from pathlib import Path

import pytest

from shoal.errors import FailedPreconditionError
from shoal.runtime.datadir import made_once, server_secret
from shoal.runtime.signing import KEY_FILE, Signer, key_id, verify


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first, second = Signer(tmp_path), Signer(tmp_path)
    assert first.public_key == second.public_key
    assert len(first.public_key) == 32
    assert first.key_id == hashlib.sha256(first.public_key).hexdigest() == key_id(first.public_key)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]


def test_another_folder_has_another_key(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    assert len({Signer(folder).key_id for folder in folders}) == 2


def public_key_of(folder: Path) -> bytes:
    return Signer(folder).public_key


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(public_key_of, [tmp_path] * 8)
    assert len(set(keys)) == 1
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]


def test_signatures_verify_and_changes_are_found(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    payload = b"a statement"
    signature = signer.sign(payload)
    assert len(signature) == 64
    assert signer.sign(payload) == signature
    assert verify(signer.public_key, payload, signature)
    assert not verify(signer.public_key, payload + b" ", signature)
    for place in range(64):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not verify(signer.public_key, payload, bytes(changed))
    other = bytearray(signer.public_key)
    other[0] ^= 1
    assert not verify(bytes(other), payload, signature)
    assert not verify(b"short", payload, signature)
    assert not verify(signer.public_key, payload, signature[:63])


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(FailedPreconditionError, match="damaged"):
        Signer(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "X25519"], capture_output=True, check=True)
    (tmp_path / KEY_FILE).write_bytes(made.stdout)
    with pytest.raises(FailedPreconditionError, match="Ed25519"):
        Signer(tmp_path)


def test_openssl_reads_the_key_and_verifies_the_signature(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    command = ["openssl", "pkey", "-in", str(tmp_path / KEY_FILE), "-pubout", "-outform", "DER"]
    public = subprocess.run(command, capture_output=True, check=True).stdout
    assert public[-32:] == signer.public_key
    files = {"payload": b"a statement", "signature": signer.sign(b"a statement"), "public.der": public}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    verified = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "public.der"]  # noqa: RUF005
        + ["-rawin", "-in", "payload", "-sigfile", "signature"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stderr


def test_what_is_made_once_is_never_read_half(tmp_path: Path) -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"content"

    assert [made_once(tmp_path / "file", make) for _ in range(2)] == [b"content"] * 2
    assert len(made) == 1
    (tmp_path / "server.secret").write_bytes(b"half")
    with pytest.raises(FailedPreconditionError, match="32 bytes"):
        server_secret(tmp_path)
