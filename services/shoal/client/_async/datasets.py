"""Tables in, tables out: uploads in chunks, and downloads that are verified before anybody sees them."""

from __future__ import annotations

import hashlib
import io
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf import duration_pb2

from shoal.api.datasets.v1 import dataset_pb2, datasets_service_pb2, datasets_service_pb2_grpc
from shoal.api.tables.v1 import table_pb2
from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel
from shoal.client.files import whole_file
from shoal.client.tables import (
    CHUNK_BYTES,
    Payload,
    Table,
    named_source,
    payload,
    read_frame,
    to_arrow,
    to_pandas,
)
from shoal.errors import InvalidArgumentError, UnavailableError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""

UNCHANGED = table_pb2.TABLE_FORMAT_UNSPECIFIED


class AsyncDatasets:
    """`client.datasets`: the tables that the server keeps for the caller's organisation."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._stub = datasets_service_pb2_grpc.DatasetServiceStub(channel)

    async def upload(
        self,
        table: Table,
        *,
        display_name: str | None = None,
        separator: str | None = None,
        headerless: bool = False,
        ttl: timedelta | None = None,
        progress: Progress | None = None,
    ) -> dataset_pb2.Dataset:
        """Sends a table and returns the dataset that it became; `ttl` is how long the server keeps it, None:
        until it is deleted; `headerless` says that a CSV's first line is a row."""
        if named_source(table) is not None:
            raise InvalidArgumentError("the server can reach this table by itself; only files and frames are uploaded")
        content = await self._calls.blocking(payload, table, separator)
        header = datasets_service_pb2.UploadHeader(
            display_name=content.display_name if display_name is None else display_name,
            format=content.format,
            separator=content.separator,
            headerless=headerless and content.format == table_pb2.TABLE_FORMAT_CSV,
            ttl=duration_of(ttl),
            request_id=str(uuid.uuid4()),
        )
        return await self._calls.upload(self._stub.UploadDataset, _upload_messages(header, content, progress))

    async def get(self, name: str) -> dataset_pb2.Dataset:
        """Returns one dataset's description."""
        request = datasets_service_pb2.GetDatasetRequest(name=name)
        return await self._calls.unary(self._stub.GetDataset, request)

    async def preview(self, name: str, row_count: int = 10) -> datasets_service_pb2.PreviewDatasetResponse:
        """Returns the first rows as text, for people."""
        request = datasets_service_pb2.PreviewDatasetRequest(name=name, row_count=row_count)
        return await self._calls.unary(self._stub.PreviewDataset, request)

    async def delete(self, name: str) -> None:
        """Deletes a dataset and its rows."""
        request = datasets_service_pb2.DeleteDatasetRequest(name=name)
        await self._calls.unary(self._stub.DeleteDataset, request)

    async def download(
        self,
        name: str,
        path: str | os.PathLike[str],
        *,
        as_format: table_pb2.TableFormat = UNCHANGED,
        overwrite: bool = True,
        progress: Progress | None = None,
    ) -> Path:
        """Writes a dataset to a file, in its own format unless another is given, and returns the path.

        The file appears at `path` when all bytes are there and their SHA-256 is right; until then, and after
        any failure, what stood there before is untouched.
        """
        target = Path(path)
        with whole_file(target, overwrite=overwrite) as file:
            await self._receive(name, as_format, file.write, progress)
        return target

    async def read(self, name: str, *, as_format: table_pb2.TableFormat = UNCHANGED, progress: Progress | None = None) -> bytes:
        """Returns a dataset's bytes, in its own format unless another is given."""
        buffer = io.BytesIO()
        await self._receive(name, as_format, buffer.write, progress)
        return buffer.getvalue()

    async def to_polars(self, name: str) -> pl.DataFrame:
        """Returns a dataset as a polars DataFrame."""
        data = await self.read(name, as_format=table_pb2.TABLE_FORMAT_ARROW_IPC)
        return await self._calls.blocking(read_frame, data)

    async def to_pandas(self, name: str) -> pd.DataFrame:
        """Returns a dataset as a pandas DataFrame."""
        return to_pandas(await self.to_polars(name))

    async def to_arrow(self, name: str) -> pa.Table:
        """Returns a dataset as a pyarrow Table."""
        return to_arrow(await self.to_polars(name))

    async def list(self, *, limit: int | None = 100, source: str | None = None) -> list[dataset_pb2.Dataset]:
        """Returns the newest datasets, at most `limit` (None: all); `source` keeps those that one solution
        made."""
        request = datasets_service_pb2.ListDatasetsRequest(source=source or "")
        found: list[dataset_pb2.Dataset] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = await self._calls.unary(self._stub.ListDatasets, request)
            found += page.datasets
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

    async def _receive(
        self,
        name: str,
        as_format: table_pb2.TableFormat,
        write: Callable[[bytes], int],
        progress: Progress | None,
    ) -> None:
        """Passes a dataset's bytes to `write`; raises UnavailableError unless all of them came, unchanged."""
        request = datasets_service_pb2.DownloadDatasetRequest(name=name, format=as_format)
        header: datasets_service_pb2.DownloadHeader | None = None
        digest = hashlib.sha256()
        done = 0
        async with self._calls.stream(self._stub.DownloadDataset, request) as messages:
            async for message in messages:
                if message.WhichOneof("part") == "header":
                    header = message.header
                    continue
                await self._calls.blocking(write, message.chunk)
                digest.update(message.chunk)
                done += len(message.chunk)
                if progress is not None and header is not None:
                    progress(done, header.size_bytes)
        if header is None or done != header.size_bytes or digest.hexdigest() != header.sha256:
            expected = "a header" if header is None else f"{header.size_bytes} bytes"
            raise UnavailableError(
                f"the download of {name} is not what the server announced ({done} bytes came, {expected} "
                "expected, or their SHA-256 differs); nothing was kept, try again",
                metadata={"resource": name},
            )


def duration_of(ttl: timedelta | None) -> duration_pb2.Duration | None:
    """The contract's duration, None for None."""
    if ttl is None:
        return None
    message = duration_pb2.Duration()
    message.FromTimedelta(ttl)
    return message


def _upload_messages(
    header: datasets_service_pb2.UploadHeader, content: Payload, progress: Progress | None
) -> Iterator[datasets_service_pb2.UploadDatasetRequest]:
    yield datasets_service_pb2.UploadDatasetRequest(header=header)
    done = 0
    with content.open() as file:
        while chunk := file.read(CHUNK_BYTES):
            yield datasets_service_pb2.UploadDatasetRequest(chunk=chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, content.size)
