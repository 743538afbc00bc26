"""Tables in and out through the real server: bytes unchanged, limits while streaming, nothing left behind."""

from __future__ import annotations

import io
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import polars as pl
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_calls import pieces, status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.api.datasets.v1.datasets_service_pb2 import UploadDatasetRequest, UploadHeader
from shoal.api.tables.v1 import table_pb2
from shoal.runtime.embedded import EmbeddedServer, start_embedded
from shoal.runtime.settings import load_settings

PEOPLE = b'name;zip;born\nAda;01234;1815-12-10\n"Grace; B.";;1906-12-09\n*;"a""b";\n'


def failure(stubs: Stubs, data: bytes, **header: Any) -> tuple[str, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as caught:
        stubs.upload(data, **header)
    return status_of(caught.value)


def objects(server: EmbeddedServer) -> list[Path]:
    return [path for path in (server.data_dir / "objects").rglob("*") if path.is_file()]


def test_a_csv_leaves_as_it_came(stubs: Stubs) -> None:
    dataset = stubs.upload(PEOPLE, display_name="people")
    assert dataset.name.startswith("datasets/")
    assert (dataset.row_count, dataset.separator, dataset.display_name) == (3, ";", "people")
    assert [column.name for column in dataset.columns] == ["name", "zip", "born"]
    assert stubs.download(dataset.name) == PEOPLE


@pytest.mark.parametrize("name", ["PARQUET", "ARROW_IPC", "JSON_LINES"])
def test_other_formats_come_and_go_and_convert(stubs: Stubs, name: str) -> None:
    frame = pl.DataFrame({"age": [36, None], "name": ["Ada", "Grace"], "fine": [1.5, 2.0]})
    buffer = io.BytesIO()
    if name == "PARQUET":
        frame.write_parquet(buffer)
    elif name == "ARROW_IPC":
        frame.write_ipc_stream(buffer)
    else:
        frame.write_ndjson(buffer)
    kind = table_pb2.TableFormat.Value(f"TABLE_FORMAT_{name}")
    dataset = stubs.upload(buffer.getvalue(), format=kind)
    assert dataset.row_count == 2
    assert [each.type for each in dataset.columns] == [
        table_pb2.COLUMN_TYPE_INTEGER,
        table_pb2.COLUMN_TYPE_TEXT,
        table_pb2.COLUMN_TYPE_FLOAT,
    ]
    assert stubs.download(dataset.name) == buffer.getvalue()
    assert stubs.download(dataset.name, format=table_pb2.TABLE_FORMAT_CSV) == b"age,name,fine\n36,Ada,1.5\n,Grace,2.0\n"


def test_preview_shows_the_first_rows_as_text(stubs: Stubs) -> None:
    long = "x" * 500
    dataset = stubs.upload(f"a,b\n1,{long}\n2,\n3,z\n".encode())
    request = datasets_service_pb2.PreviewDatasetRequest(name=dataset.name, row_count=2)
    preview = stubs.datasets.PreviewDataset(request, metadata=stubs.metadata)
    cells = [[cell.text if cell.HasField("text") else None for cell in row.cells] for row in preview.rows]
    assert cells == [["1", "x" * 199 + "…"], ["2", None]]
    assert preview.total_rows == 3


def test_a_list_is_newest_first_and_paged(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        made = [stubs.upload(b"a\n1\n").name for _ in range(5)]
        request = datasets_service_pb2.ListDatasetsRequest(page_size=2)
        seen: list[str] = []
        while True:
            page = stubs.datasets.ListDatasets(request, metadata=stubs.metadata)
            seen += [each.name for each in page.datasets]
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        assert seen == made[::-1]


def test_a_deleted_dataset_is_gone_with_its_bytes(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        dataset = stubs.upload(PEOPLE)
        assert len(objects(own_server)) == 1
        request = datasets_service_pb2.DeleteDatasetRequest(name=dataset.name)
        stubs.datasets.DeleteDataset(request, metadata=stubs.metadata)
        assert objects(own_server) == []
        with pytest.raises(grpc.RpcError) as caught:
            stubs.datasets.DeleteDataset(request, metadata=stubs.metadata)
        assert status_of(caught.value)[0] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b"", "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b"a,b\n1,2,3\n", "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b"a,b\n1\n", "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b'a,b\n"1,2\n', "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b"a,a\n1,2\n", "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b"a,b\n\xff\xfe,2\n", "INVALID_ARGUMENT", "MALFORMED_TABLE"),
        (b",".join(b"c%d" % i for i in range(200_000)) + b"\n", "RESOURCE_EXHAUSTED", "LIMIT_EXCEEDED"),
        (b"a\n" + b"x" * (2 * 1024**2) + b"\n", "RESOURCE_EXHAUSTED", "LIMIT_EXCEEDED"),
    ],
    ids=[
        "empty",
        "too many cells",
        "too few cells",
        "open quote",
        "same names",
        "not UTF-8",
        "200,000 columns",
        "huge cell",
    ],
)
def test_a_broken_csv_gets_one_sentence_and_leaves_nothing(
    own_server: EmbeddedServer, data: bytes, code: str, reason: str
) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        with pytest.raises(grpc.RpcError) as caught:
            stubs.upload(data)
        assert status_of(caught.value)[:2] == (code, reason)
        assert caught.value.details().count("\n") == 0
    assert objects(own_server) == []


def test_limits_of_bytes_and_rows_hold_while_chunks_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_MAX_UPLOAD_BYTES", "3000000")
    monkeypatch.setenv("SHOAL_MAX_ROWS", "1000")
    with start_embedded(tmp_path / "data") as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        taken: list[int] = []

        def endless() -> Iterator[UploadDatasetRequest]:
            yield UploadDatasetRequest(header=UploadHeader(format=table_pb2.TABLE_FORMAT_PARQUET))
            for number in range(1000):
                taken.append(number)
                yield UploadDatasetRequest(chunk=b"\0" * 1024**2)

        with pytest.raises(grpc.RpcError) as caught:
            stubs.datasets.UploadDataset(endless(), metadata=stubs.metadata)
        assert status_of(caught.value)[2]["limit"] == "bytes"
        assert len(taken) < 100
        assert failure(stubs, b"a\n" + b"1\n" * 1001)[2] == {"limit": "rows", "maximum": "1000"}
        assert stubs.upload(b"a\n" + b"1\n" * 1000).row_count == 1000


def test_a_bad_header_lists_all_its_violations(stubs: Stubs) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stubs.upload(b"a\n", format=0, display_name="x" * 300, separator="ab", ttl=Duration(seconds=1), request_id="no")
    assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert set(violations_of(caught.value)) == {
        "header.format",
        "header.display_name",
        "header.separator",
        "header.ttl",
        "header.request_id",
    }


def test_an_upload_that_is_tried_again_makes_one_dataset(stubs: Stubs) -> None:
    request_id = str(uuid.uuid4())
    first = stubs.upload(PEOPLE, request_id=request_id)
    assert stubs.upload(PEOPLE, request_id=request_id) == first


def test_a_stream_that_ends_early_leaves_nothing(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)

        def broken() -> Iterator[UploadDatasetRequest]:
            yield UploadDatasetRequest(header=UploadHeader(format=table_pb2.TABLE_FORMAT_CSV))
            for piece in pieces(b"a,b\n" + b"1,2\n" * 500_000):
                yield UploadDatasetRequest(chunk=piece)
            call.cancel()
            time.sleep(0.2)

        call = stubs.datasets.UploadDataset.future(broken(), metadata=stubs.metadata)
        with pytest.raises((grpc.RpcError, grpc.FutureCancelledError)):
            call.result(timeout=30)
        deadline = time.monotonic() + 10
        while objects(own_server) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert objects(own_server) == []
        listed = stubs.datasets.ListDatasets(datasets_service_pb2.ListDatasetsRequest(), metadata=stubs.metadata)
        assert len(listed.datasets) == 0


def test_transient_datasets_end_with_their_server(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        kept = Stubs(channel, server.api_key).upload(PEOPLE)
    with start_embedded(folder) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        gone = stubs.upload(PEOPLE)
        assert stubs.download(gone.name) == PEOPLE
    with start_embedded(folder) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        assert stubs.download(kept.name) == PEOPLE
        with pytest.raises(grpc.RpcError):
            stubs.download(gone.name)
        assert len(objects(server)) == 1


def test_an_import_outside_the_allowed_folders_is_refused(stubs: Stubs) -> None:
    for uri in (
        "file:///etc/passwd",
        "/etc/passwd",
        "http://169.254.169.254/latest",
        "file://../../etc/passwd",
        "s3://b/k",
    ):
        request = datasets_service_pb2.ImportDatasetRequest(uri=uri, format=table_pb2.TABLE_FORMAT_CSV)
        with pytest.raises(grpc.RpcError) as caught:
            stubs.datasets.ImportDataset(request, metadata=stubs.metadata)
        assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "URI_NOT_ALLOWED")


def test_an_import_from_an_allowed_folder_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = tmp_path / "in"
    allowed.mkdir()
    (allowed / "people.csv").write_bytes(PEOPLE)
    (allowed / "link.csv").symlink_to("/etc/passwd")
    monkeypatch.setenv("SHOAL_IMPORT_ROOTS", f'["{allowed}"]')
    assert load_settings().import_roots == (allowed,)
    with start_embedded(tmp_path / "data") as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        request = datasets_service_pb2.ImportDatasetRequest(
            uri=f"file://{allowed}/people.csv", format=table_pb2.TABLE_FORMAT_CSV
        )
        dataset = stubs.datasets.ImportDataset(request, metadata=stubs.metadata)
        assert stubs.download(dataset.name) == PEOPLE
        request.uri = f"file://{allowed}/link.csv"
        with pytest.raises(grpc.RpcError) as caught:
            stubs.datasets.ImportDataset(request, metadata=stubs.metadata)
        assert status_of(caught.value)[1] == "URI_NOT_ALLOWED"


def test_a_headerless_csv_keeps_its_first_line(stubs: Stubs) -> None:
    table = b"A;x;x;*\nB;x;x;*\n;y;y;*\n"
    dataset = stubs.upload(table, headerless=True)
    assert dataset.row_count == 3
    assert [column.name for column in dataset.columns] == ["0", "1", "2", "3"]
    assert stubs.download(dataset.name) == table
    request = datasets_service_pb2.PreviewDatasetRequest(name=dataset.name, row_count=1)
    preview = stubs.datasets.PreviewDataset(request, metadata=stubs.metadata)
    assert [cell.text for cell in preview.rows[0].cells] == ["A", "x", "x", "*"]
    with pytest.raises(grpc.RpcError) as caught:
        stubs.upload(b"", headerless=True, format=table_pb2.TABLE_FORMAT_PARQUET)
    assert violations_of(caught.value) == ["header.headerless"]


def test_a_request_id_belongs_to_one_request(stubs: Stubs) -> None:
    request_id = str(uuid.uuid4())
    first = stubs.upload(PEOPLE, request_id=request_id, display_name="one")
    with pytest.raises(grpc.RpcError) as caught:
        stubs.upload(PEOPLE, request_id=request_id, display_name="two")
    assert status_of(caught.value) == ("ALREADY_EXISTS", "RESOURCE_EXISTS", {"resource": first.name})


def test_a_second_try_after_the_dataset_expired_makes_a_new_one(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        header = {"request_id": str(uuid.uuid4()), "ttl": Duration(seconds=60)}
        first = stubs.upload(PEOPLE, **header)
        with sqlite3.connect(own_server.data_dir / "datasets.db") as database:
            database.execute("UPDATE datasets SET expire_time = '2020-01-01 00:00:00.000000'")
        database.close()
        second = stubs.upload(PEOPLE, **header)
        assert second.name != first.name
        assert stubs.download(second.name) == PEOPLE


def test_a_cancelled_deletion_is_on_record_as_what_it_did(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        names = [stubs.upload(PEOPLE).name for _ in range(30)]
        for place, name in enumerate(names):
            request = datasets_service_pb2.DeleteDatasetRequest(name=name)
            call = stubs.datasets.DeleteDataset.future(request, metadata=stubs.metadata)
            time.sleep(place * 0.0004)
            call.cancel()
        time.sleep(1)
        listed = stubs.datasets.ListDatasets(datasets_service_pb2.ListDatasetsRequest(page_size=500), metadata=stubs.metadata)
        left = {each.name for each in listed.datasets}
        for name in names:
            request = audit_reader_service_pb2.ListEntriesRequest(resource=name, method="DeleteDataset")
            entries = stubs.audit.ListEntries(request, metadata=stubs.metadata).entries
            codes = [each.code for each in entries]
            assert codes in ([], ["CANCELLED"]) if name in left else codes == ["OK"], (name in left, codes)


def test_a_cancelled_conversion_leaves_no_copy(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        dataset = stubs.upload(b"a,b\n" + b"1,2\n" * 400_000)
        for place in range(6):
            request = datasets_service_pb2.DownloadDatasetRequest(name=dataset.name, format=table_pb2.TABLE_FORMAT_JSON_LINES)
            call = stubs.datasets.DownloadDataset(request, metadata=stubs.metadata)
            time.sleep(place * 0.02)
            call.cancel()
        deadline = time.monotonic() + 20
        while len(objects(own_server)) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(objects(own_server)) == 1


def test_a_date_out_of_range_is_a_sentence_and_not_a_hang(stubs: Stubs) -> None:
    frame = pl.DataFrame({"day": pl.Series([2**31 - 1, 0], dtype=pl.Int32).cast(pl.Date)})
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer)
    with pytest.raises(grpc.RpcError) as caught:  # noqa: PT012 (whichever of the two refuses it)
        dataset = stubs.upload(buffer.getvalue(), format=table_pb2.TABLE_FORMAT_ARROW_IPC)
        stubs.datasets.PreviewDataset(
            datasets_service_pb2.PreviewDatasetRequest(name=dataset.name), metadata=stubs.metadata, timeout=10
        )
    assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "MALFORMED_TABLE")
