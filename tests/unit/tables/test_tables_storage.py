"""Objects in a folder: atomic, durable, confined."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import polars as pl
import pytest

from shoal.errors import ErrorReason, InternalError, InvalidArgumentError
from shoal.tables.formats import TableFormat, read_table, write_table
from shoal.tables.storage import LocalStorage
from shoal.tables.uris import resolve_uri


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def store(storage: LocalStorage, key: str, data: bytes) -> None:
    with storage.stage() as staged:
        staged.write(data)
        staged.commit(key)


def test_an_object_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "root")
    with storage.stage() as staged:
        staged.write(b"half")
        assert not storage.exists("a/b")
        staged.write(memoryview(b" whole"))
        path = staged.commit("a/b")
    assert path.read_bytes() == b"half whole"
    assert storage.exists("a/b")
    assert storage.size("a/b") == 10
    assert list((tmp_path / "root/staging").iterdir()) == []


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        storage = LocalStorage(tmp_path / "root")
        store(storage, "organizations/o/datasets/d", b"x")
    finally:
        os.umask(before)
    for folder in ("", "staging", "organizations", "organizations/o", "organizations/o/datasets"):
        assert mode(tmp_path / "root" / folder) == 0o700
    assert mode(storage.path("organizations/o/datasets/d")) == 0o600


def test_what_is_not_committed_is_discarded(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    staged = storage.stage()

    def interrupted() -> None:
        with staged:
            staged.write(b"x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not staged.path.exists()
    staged.discard()
    with pytest.raises(InternalError):
        staged.write(b"y")
    with pytest.raises(InternalError):
        staged.commit("a")


def test_a_table_written_to_a_staged_path_is_committed(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    frame = pl.DataFrame({"a": ["1", None], "b": ["x", "y"]})
    with storage.stage() as staged:
        write_table(frame, staged.path, TableFormat.PARQUET)
        path = staged.commit("t")
    assert mode(path) == 0o600
    assert read_table(path, TableFormat.PARQUET).equals(frame)


def test_objects_are_replaced_listed_and_deleted(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    for key in ("o/b", "o/a", "p/c", "top"):
        store(storage, key, b"1")
    store(storage, "o/a", b"22")
    assert storage.size("o/a") == 2
    assert sorted(storage.keys()) == ["o/a", "o/b", "p/c", "top"]
    assert list(storage.keys("o")) == ["o/a", "o/b"]
    assert list(storage.keys("absent")) == []
    storage.delete("o/a")
    storage.delete("o/a")
    assert list(storage.keys("o/")) == ["o/b"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "..",
        "a/../../b",
        "a/..",
        "./a",
        "a//b",
        "a/",
        "a\0b",
        "a b",
        "a\\b",
        ".hidden",
        "staging/x",
        "é",
        "a*",
    ],
)
def test_keys_that_could_lead_elsewhere_are_refused(tmp_path: Path, key: str) -> None:
    storage = LocalStorage(tmp_path)
    for call in (storage.path, storage.exists, storage.size, storage.delete):
        with pytest.raises(InvalidArgumentError) as caught:
            call(key)
        assert caught.value.reason is ErrorReason.URI_NOT_ALLOWED
    with pytest.raises(InvalidArgumentError), storage.stage() as staged:
        staged.commit(key)


def test_symbolic_links_do_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("x")
    storage = LocalStorage(tmp_path / "root")
    (tmp_path / "root/link").symlink_to(outside)
    (tmp_path / "root/file").symlink_to(outside / "secret")
    for key in ("link/secret", "file"):
        with pytest.raises(InvalidArgumentError):
            storage.path(key)
    with pytest.raises(InvalidArgumentError), storage.stage() as staged:
        staged.commit("link/new")
    assert sorted(path.name for path in outside.iterdir()) == ["secret"]
    assert list(storage.keys()) == []


def test_leftovers_of_dead_owners_are_swept(tmp_path: Path) -> None:
    live, dead = LocalStorage(tmp_path, owner="live-1"), LocalStorage(tmp_path, owner="dead_2")
    kept, lost = live.stage(), dead.stage()
    (tmp_path / "staging/README").write_text("not ours")
    assert live.sweep_staging(lambda owner: owner == "live-1") == 1
    assert kept.path.exists()
    assert not lost.path.exists()
    assert (tmp_path / "staging/README").exists()
    assert live.sweep_staging(lambda owner: False) == 1
    kept.discard()
    lost.discard()


def test_an_owner_is_a_plain_token(tmp_path: Path) -> None:
    with pytest.raises(InternalError):
        LocalStorage(tmp_path, owner="a.b/c")


def test_uris_under_an_allowed_folder(tmp_path: Path) -> None:
    file = tmp_path / "in/my table.csv"
    file.parent.mkdir()
    file.write_text("a\n")
    assert resolve_uri(f"file://{tmp_path}/in/my%20table.csv", [tmp_path / "in"]) == file.resolve()
    assert resolve_uri(f"file://localhost{file}", [tmp_path / "other", tmp_path]) == file.resolve()


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "file:///{root}/../outside.csv",
        "file://{root}/%2e%2e/outside.csv",
        "file://{root}/link.csv",
        "file://{root}",
        "file://{root}/absent.csv",
        "file://{root}/a.csv?x=1",
        "file://{root}/a.csv#x",
        "file://host{root}/a.csv",
        "file:{root}/a.csv",
        "file:a.csv",
        "file://{root}/a.csv\0",
        "file://{root}/a.csv%00",
        "file://{root}/" + "x" * 5000,
        "file://[",
        "http://169.254.169.254/latest",
        "https://example.com/a.csv",
        "s3://bucket/a.csv",
        "data.csv",
        "/etc/passwd",
        "{root}/a.csv",
        "",
        "\0",
    ],
)
def test_other_uris_are_refused(tmp_path: Path, uri: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.csv").write_text("a\n")
    (tmp_path / "outside.csv").write_text("a\n")
    (root / "link.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(InvalidArgumentError) as caught:
        resolve_uri(uri.replace("{root}", str(root)), [root])
    assert caught.value.reason is ErrorReason.URI_NOT_ALLOWED
    assert str(root) not in caught.value.message
    assert "passwd" not in caught.value.message


def test_no_folder_is_allowed_by_default(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n")
    with pytest.raises(InvalidArgumentError):
        resolve_uri(f"file://{tmp_path}/a.csv", [])
