"""Tables in and out: inline or uploaded, whole or not at all, and nothing left behind."""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from pathlib import Path

import grpc
import pytest

from shoal import errors
from shoal.api.tables.v1 import table_pb2
from shoal.client import AsyncClient, Client, read_policy
from shoal.client.files import whole_file

from .fake_server import FakeServer, shoal_status

POLICY = {
    "attributes": [{"name": "age", "role": "QUASI_IDENTIFIER"}],
    "privacy_models": [{"k_anonymity": {"k": 5}}],
}


def csv_file(folder: Path, size: int, name: str = "t.csv") -> Path:
    path = folder / name
    line = b"41,69003\n"
    path.write_bytes(b"age,zip\n" + line * (size // len(line)))
    return path


def test_small_table_travels_inline(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    path = csv_file(tmp_path, 1000)
    release = fake_client.anonymization.anonymize(path, POLICY, separator=",", output_format=table_pb2.TABLE_FORMAT_PARQUET)
    request = fake.requests[0]
    assert request.table.inline.data == path.read_bytes()
    assert request.table.inline.format == table_pb2.TABLE_FORMAT_CSV
    assert request.table.inline.separator == ","
    assert request.output_format == table_pb2.TABLE_FORMAT_PARQUET
    assert request.request_id
    assert fake.keys == ["Bearer shoal_key"]
    assert fake.stored.keys() == {"datasets/released"}
    assert (release.levels, release.loss, release.solution.suppressed_count) == ({"age": 2}, 0.25, 2)
    assert release.download(tmp_path / "out.csv").read_bytes() == b"a,b\n1,2\n"


def test_larger_table_is_uploaded_and_deleted(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    path = csv_file(tmp_path, 2_500_000)
    moved: list[tuple[int, int]] = []
    fake_client.anonymization.anonymize(path, POLICY, progress=lambda done, total: moved.append((done, total)))
    assert fake.requests[0].table.dataset == "datasets/d1"
    assert fake.stored["datasets/d1"] == path.read_bytes()
    assert fake.headers[0].ttl.seconds == 24 * 3600
    assert fake.deleted == ["datasets/d1"]
    size = path.stat().st_size
    assert moved == [(1048576, size), (2097152, size), (size, size)]


def test_uploads_are_deleted_when_the_call_fails(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    fake.failures = [shoal_status(grpc.StatusCode.FAILED_PRECONDITION, "PRIVACY_INFEASIBLE", "No.")]
    with pytest.raises(errors.InfeasibleError):
        fake_client.anonymization.anonymize(csv_file(tmp_path, 300_000), POLICY)
    assert fake.deleted == ["datasets/d1"]


def test_large_hierarchy_files_are_uploaded_small_ones_inline(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text("41;40-49;*\n")
    csv_file(tmp_path, 300_000, "large.csv")
    (tmp_path / "policy.yaml").write_text(
        "attributes:\n"
        "  - {name: age, role: QUASI_IDENTIFIER, hierarchy: {table: {file: small.csv}}}\n"
        "  - {name: zip, role: QUASI_IDENTIFIER, hierarchy: {table: {file: large.csv}}}\n"
        "privacy_models: [{k_anonymity: {k: 5}}]\n"
    )
    fake_client.anonymization.anonymize("datasets/x", tmp_path / "policy.yaml", k=7)
    policy = fake.requests[0].policy
    assert policy.attributes[0].hierarchy.table.inline.data == b"41;40-49;*\n"
    assert policy.attributes[1].hierarchy.table.dataset == "datasets/d1"
    assert fake.deleted == ["datasets/d1"]
    assert policy.privacy_models[0].k_anonymity.k == 7


def test_a_population_has_a_header_a_hierarchy_has_none(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    csv_file(tmp_path, 300_000, "population.csv")
    csv_file(tmp_path, 300_000, "hierarchy.csv")
    (tmp_path / "policy.yaml").write_text(
        "attributes: [{name: zip, role: QUASI_IDENTIFIER, hierarchy: {table: {file: hierarchy.csv}}}]\n"
        "privacy_models: [{k_map: {k: 5}}]\n"
        "population: {file: population.csv}\n"
    )
    fake_client.anonymization.anonymize("datasets/x", tmp_path / "policy.yaml")
    assert {each.display_name: each.headerless for each in fake.headers} == {"population.csv": False, "hierarchy.csv": True}
    policy = fake.requests[0].policy
    assert fake.stored[policy.population.dataset] == (tmp_path / "population.csv").read_bytes()
    assert sorted(fake.deleted) == ["datasets/d1", "datasets/d2"]


def test_a_policy_s_missing_files_are_all_named_by_their_fields(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    (tmp_path / "h.xlsx").write_text("41;*\n")
    (tmp_path / "policy.yaml").write_text(
        "attributes:\n"
        "  - {name: age, role: QUASI_IDENTIFIER, hierarchy: {table: {file: none.csv}}}\n"
        "  - {name: zip, role: QUASI_IDENTIFIER, hierarchy: {table: {file: h.xlsx}}}\n"
        "population: {file: .}\n"
        "privacy_models: [{k_map: {k: 5}}]\n"
    )
    with pytest.raises(errors.InvalidArgumentError) as caught:
        fake_client.anonymization.compute_frontier("datasets/x", tmp_path / "policy.yaml")
    assert [each.field for each in caught.value.violations] == [
        "attributes[0].hierarchy.table.file",
        "attributes[1].hierarchy.table.file",
        "population.file",
    ]
    assert str(tmp_path / "none.csv") in caught.value.violations[0].description
    assert fake.attempts == 0


def test_a_read_policy_serves_more_than_one_call(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    """One call's k and one call's uploads are not the next one's."""
    csv_file(tmp_path, 300_000, "h.csv")
    read = read_policy(
        {
            "attributes": [
                {"name": "zip", "role": "QUASI_IDENTIFIER", "hierarchy": {"table": {"file": str(tmp_path / "h.csv")}}}
            ],
            "privacy_models": [{"k_anonymity": {"k": 5}}],
        }
    )
    for k in (9, None):
        fake_client.anonymization.anonymize("datasets/x", read, k=k)
    policies = [each.policy for each in fake.requests]
    assert [each.privacy_models[0].k_anonymity.k for each in policies] == [9, 5]
    assert len({each.attributes[0].hierarchy.table.dataset for each in policies}) == 2


def test_inline_tables_stay_below_the_limit_of_a_message(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    attributes = []
    for number in range(30):
        csv_file(tmp_path, 200_000, f"h{number}.csv")
        table = {"file": str(tmp_path / f"h{number}.csv")}
        attributes.append({"name": f"a{number}", "role": "QUASI_IDENTIFIER", "hierarchy": {"table": table}})
    fake_client.anonymization.anonymize("datasets/x", POLICY | {"attributes": attributes})
    assert fake.requests[0].ByteSize() < 2.5e6
    assert 15 < len(fake.deleted) < 25


def test_missing_file_is_refused_before_anything_is_sent(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fake_client.anonymization.anonymize(tmp_path / "nothing.csv", POLICY)
    with pytest.raises(errors.InvalidArgumentError, match="format"):
        fake_client.datasets.upload(tmp_path / "table.xlsx")
    assert not fake.requests


def test_error_while_reading_is_raised_as_it_is(
    fake: FakeServer, fake_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(done: int, total: int) -> None:
        raise OSError(5, "the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        fake_client.datasets.upload(csv_file(tmp_path, 2_500_000), progress=broken)


async def test_async_error_while_reading_is_raised_as_it_is(
    fake: FakeServer, fake_async_client: AsyncClient, tmp_path: Path
) -> None:
    def broken(done: int, total: int) -> None:
        raise OSError(5, "the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        await fake_async_client.datasets.upload(csv_file(tmp_path, 2_500_000), progress=broken)


@pytest.mark.parametrize("way", ["short", "changed", "dropped"])
def test_bad_download_leaves_what_was_there(way: str, fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    fake.download = way
    target = tmp_path / "out.csv"
    target.write_text("precious")
    with pytest.raises(errors.UnavailableError):
        fake_client.datasets.download("datasets/d", target)
    assert target.read_text() == "precious"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


async def test_async_bad_download_leaves_what_was_there(
    fake: FakeServer, fake_async_client: AsyncClient, tmp_path: Path
) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    fake.download = "dropped"
    with pytest.raises(errors.UnavailableError):
        await fake_async_client.datasets.download("datasets/d", tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_server_killed_in_the_middle_of_a_download(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    fake.download = "dropped"
    fake.block.clear()

    def kill() -> None:
        fake.started.wait(10)
        fake.stop()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(errors.UnavailableError):
        fake_client.datasets.download("datasets/d", tmp_path / "out.csv")
    killer.join()
    assert list(tmp_path.iterdir()) == []


def test_good_download_replaces_and_keeps_the_mode(fake: FakeServer, fake_client: Client, tmp_path: Path) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    target = tmp_path / "out.csv"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    assert fake_client.datasets.download("datasets/d", link) == link
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(fake.stored["datasets/d"]).digest()
    assert target.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    with pytest.raises(errors.AlreadyExistsError):
        fake_client.datasets.download("datasets/d", target, overwrite=False)
    assert len(list(tmp_path.iterdir())) == 2


def test_only_ordinary_files_are_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path, tmp_path / "missing" / "out.csv"):
        with pytest.raises(errors.InvalidArgumentError), whole_file(place):
            pass
    assert pipe.is_fifo()


def test_lists_are_read_to_the_end(fake: FakeServer, fake_client: Client) -> None:
    fake.stored = {f"datasets/d{number}": b"" for number in range(5)}
    assert [each.name for each in fake_client.datasets.list()] == sorted(fake.stored)
    assert len(fake_client.datasets.list(limit=3)) == 3
    assert len(fake_client.datasets.list(limit=None)) == 5


async def test_cancelling_a_task_cancels_the_call(fake: FakeServer, fake_async_client: AsyncClient, tmp_path: Path) -> None:
    fake.block.clear()
    task = asyncio.create_task(fake_async_client.anonymization.anonymize(csv_file(tmp_path, 300_000), POLICY))
    assert await asyncio.to_thread(fake.started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(fake.cancelled.wait, 10)
    assert fake.deleted == ["datasets/d1"]
