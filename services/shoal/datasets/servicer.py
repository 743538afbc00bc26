"""DatasetService and DatasetStorageService: wire in, wire out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2

from shoal.api.datasets.v1 import dataset_pb2, dataset_storage_service_pb2, datasets_service_pb2
from shoal.datasets import messages
from shoal.datasets.keep import CHUNK_BYTES, Intake, Keeper
from shoal.datasets.records import DatasetRow
from shoal.errors import FieldViolation, NotFoundError, invalid_fields
from shoal.runtime import wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import limits_of
from shoal.runtime.pages import page_size
from shoal.runtime.threads import in_thread
from shoal.tables.uris import resolve_uri

log = logging.getLogger(__name__)

MOST_CHUNK_BYTES = 2 * 1024**2
SWEEP_SECONDS = 60.0


class DatasetServicer:
    """What users do with their tables."""

    def __init__(self, keeper: Keeper, host: Host) -> None:
        self._keeper = keeper
        self._storage = host.storage
        self._limits = limits_of(host.settings)
        self._roots = host.settings.import_roots
        self._pages = host.pages
        self._workers = host.workers

    async def UploadDataset(
        self, requests: AsyncIterator[datasets_service_pb2.UploadDatasetRequest], context: Any
    ) -> dataset_pb2.Dataset:
        first = await anext(requests, None)
        if first is None or first.WhichOneof("part") != "header":
            raise invalid_fields([FieldViolation("header", "must be in the first message of an upload")])
        return await self._take_in(messages.upload_header(first.header), _chunks(requests))

    async def ImportDataset(self, request: datasets_service_pb2.ImportDatasetRequest, context: Any) -> dataset_pb2.Dataset:
        incoming = messages.import_request(request)
        path = resolve_uri(request.uri, self._roots)
        return await self._take_in(incoming, _file_chunks(path))

    async def GetDataset(self, request: datasets_service_pb2.GetDatasetRequest, context: Any) -> dataset_pb2.Dataset:
        return messages.dataset_to_wire(await self._named(request.name))

    async def ListDatasets(
        self, request: datasets_service_pb2.ListDatasetsRequest, context: Any
    ) -> datasets_service_pb2.ListDatasetsResponse:
        size = page_size(request.page_size, default=50, most=500)
        organization = caller().organization
        binding = ("ListDatasets", organization, request.source)
        after = wire.position(self._pages.position(request.page_token, *binding))
        rows = await in_thread(self._keeper.page, organization, request.source, after, size + 1)
        response = datasets_service_pb2.ListDatasetsResponse(datasets=[messages.dataset_to_wire(row) for row in rows[:size]])
        if len(rows) > size:
            last = rows[size - 1]
            response.next_page_token = self._pages.token(wire.position_of(last.create_time, last.id), *binding)
        return response

    async def DeleteDataset(self, request: datasets_service_pb2.DeleteDatasetRequest, context: Any) -> empty_pb2.Empty:
        dataset_id = wire.resource_id(request.name, "datasets")
        draft().resources.append(request.name)
        if not await in_thread(self._keeper.delete, caller().organization, dataset_id):
            raise _no_dataset(request.name)
        return empty_pb2.Empty()

    async def DownloadDataset(
        self, request: datasets_service_pb2.DownloadDatasetRequest, context: Any
    ) -> AsyncIterator[datasets_service_pb2.DownloadDatasetResponse]:
        row = await self._named(request.name)
        wanted = messages.wanted_format(request.format, row.format)
        with self._keeper.staged_for(row, wanted) as staged:
            outgoing = await self._workers.run(lambda: self._keeper.outgoing(row, wanted, staged))
            yield datasets_service_pb2.DownloadDatasetResponse(
                header=datasets_service_pb2.DownloadHeader(
                    dataset=messages.dataset_to_wire(row),
                    format=messages.format_to_wire(wanted),
                    size_bytes=outgoing.size_bytes,
                    sha256=outgoing.sha256,
                )
            )
            chunks = outgoing.chunks()
            while (chunk := await in_thread(next, chunks, None)) is not None:
                yield datasets_service_pb2.DownloadDatasetResponse(chunk=chunk)

    async def PreviewDataset(
        self, request: datasets_service_pb2.PreviewDatasetRequest, context: Any
    ) -> datasets_service_pb2.PreviewDatasetResponse:
        count = messages.preview_rows(request.row_count)
        row = await self._named(request.name)
        rows = await self._workers.run(lambda: self._keeper.preview(row, count))
        return datasets_service_pb2.PreviewDatasetResponse(
            columns=messages.columns_to_wire(row.columns[: len(rows[0]) if rows else None]),
            rows=[
                datasets_service_pb2.PreviewRow(cells=[datasets_service_pb2.PreviewCell(text=text) for text in cells])
                for cells in rows
            ],
            total_rows=row.row_count,
        )

    async def _take_in(self, incoming: messages.Incoming, chunks: AsyncIterator[bytes]) -> dataset_pb2.Dataset:
        row = await in_thread(self._keeper.earlier, incoming)
        if row is not None:
            return messages.dataset_to_wire(row)
        intake = Intake(self._storage, incoming, self._limits)
        with intake.staged as staged:
            async for chunk in chunks:
                await in_thread(intake.take, chunk)
            row = await self._workers.run(intake.finish)
            row = await in_thread(self._keeper.keep, row, staged)
        return messages.dataset_to_wire(row)

    async def _named(self, name: str) -> DatasetRow:
        return await find(self._keeper, name)


class DatasetStorageServicer:
    """How the other services reach the bytes behind a name."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def OpenDataset(
        self, request: dataset_storage_service_pb2.OpenDatasetRequest, context: Any
    ) -> dataset_storage_service_pb2.OpenDatasetResponse:
        row = await find(self._keeper, request.name)
        return dataset_storage_service_pb2.OpenDatasetResponse(dataset=messages.dataset_to_wire(row), object=row.object)

    async def CommitDataset(
        self, request: dataset_storage_service_pb2.CommitDatasetRequest, context: Any
    ) -> dataset_pb2.Dataset:
        row = await in_thread(self._keeper.commit, messages.commit(request))
        return messages.dataset_to_wire(row)

    async def DiscardDataset(
        self, request: dataset_storage_service_pb2.DiscardDatasetRequest, context: Any
    ) -> dataset_storage_service_pb2.DiscardDatasetResponse:
        dataset_id = wire.resource_id(request.name, "datasets")
        draft().resources.append(request.name)
        await in_thread(self._keeper.delete, caller().organization, dataset_id)
        return dataset_storage_service_pb2.DiscardDatasetResponse()


async def find(keeper: Keeper, name: str) -> DatasetRow:
    """The caller's dataset of that name; raises NotFoundError, also for another organisation's."""
    dataset_id = wire.resource_id(name, "datasets")
    draft().resources.append(name)
    row = await in_thread(keeper.find, caller().organization, dataset_id)
    if row is None:
        raise _no_dataset(name)
    return row


def _no_dataset(name: str) -> NotFoundError:
    return NotFoundError(f"there is no dataset {name}", metadata={"resource": name})


async def _chunks(requests: AsyncIterator[datasets_service_pb2.UploadDatasetRequest]) -> AsyncIterator[bytes]:
    async for request in requests:
        if request.WhichOneof("part") != "chunk":
            raise invalid_fields([FieldViolation("chunk", "must be in every message of an upload but the first")])
        if len(request.chunk) > MOST_CHUNK_BYTES:
            raise invalid_fields([FieldViolation("chunk", f"must have at most {MOST_CHUNK_BYTES} bytes")])
        yield request.chunk


async def _file_chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await in_thread(file.read, CHUNK_BYTES):
            yield chunk


def build(host: Host) -> Built:
    """Makes the service."""
    keeper = Keeper(host.database, host.storage, host.presence, host.settings.transient)

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await in_thread(keeper.sweep)
            except Exception as error:
                # The next round tries again: a dead sweeper would keep tables for ever.
                log.warning("sweeping datasets failed (%s); trying again", type(error).__name__)

    async def sweep_once() -> None:
        await in_thread(keeper.sweep)

    async def release() -> None:
        await in_thread(keeper.release_owned)

    users = DatasetServicer(keeper, host)
    return Built(
        servicers=[
            (datasets_service_pb2.DESCRIPTOR.services_by_name["DatasetService"], users),
            (
                dataset_storage_service_pb2.DESCRIPTOR.services_by_name["DatasetStorageService"],
                DatasetStorageServicer(keeper),
            ),
        ],
        on_start=sweep_once,
        background=(sweep,),
        on_stop=release,
    )
