"""The released table: written aside, given its name by the datasets service, taken back when its call fails."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import polars as pl
from google.protobuf.duration_pb2 import Duration

from shoal.api.datasets.v1 import dataset_pb2
from shoal.api.datasets.v1.dataset_storage_service_pb2 import CommitDatasetRequest, DiscardDatasetRequest
from shoal.api.datasets.v1.dataset_storage_service_pb2_grpc import DatasetStorageServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.runtime.calls import Caller, caller
from shoal.runtime.opened import COLUMN_TYPES_TO_WIRE, FORMATS_TO_WIRE
from shoal.runtime.peers import Peers, answered
from shoal.runtime.threads import in_thread
from shoal.tables.facts import column_facts
from shoal.tables.formats import TableFormat, write_table
from shoal.tables.storage import StagedObject


@dataclass(frozen=True, eq=False)
class Output:
    """A released table in the staging area. separator: of a CSV, else None."""

    frame: pl.DataFrame
    format: TableFormat
    separator: str | None


def write_output(
    frame: pl.DataFrame, staged: StagedObject, wanted: TableFormat | None, input_format: TableFormat, separator: str | None
) -> Output:
    """Writes a released table. wanted: its format, None for the input's. separator: the input's."""
    chosen = wanted or input_format
    is_csv = chosen is TableFormat.CSV
    write_table(frame, staged.path, chosen, separator if is_csv else None)
    return Output(frame, chosen, (separator or ",") if is_csv else None)


class Intents(Protocol):
    """Who keeps notes of tables that are being written."""

    def is_writing(self, row_id: str, /) -> bool:
        """Whether the table is still being written."""

    def forget(self, row_id: str, /) -> None:
        """Removes the note of a table that was taken back."""


class Outputs:
    """Released tables and the datasets service."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def commit(
        self,
        output: Output,
        staged: StagedObject,
        *,
        output_id: str,
        solution_id: str,
        display_name: str,
        ttl: dt.timedelta | None,
    ) -> dataset_pb2.Dataset:
        """Gives a written table its name; on behalf of the caller."""
        description = dataset_pb2.Dataset(
            display_name=display_name,
            format=FORMATS_TO_WIRE[output.format],
            separator=output.separator,
            columns=[
                table_pb2.Column(name=each.name, type=COLUMN_TYPES_TO_WIRE[each.type])
                for each in column_facts(output.frame.schema)
            ],
            row_count=output.frame.height,
            source=f"solutions/{solution_id}",
        )
        request = CommitDatasetRequest(dataset_id=output_id, staged_object=staged.path.name, dataset=description)
        if ttl is not None:
            request.ttl.CopyFrom(Duration(seconds=int(ttl.total_seconds())))
        stub = self._peers.stub(DatasetStorageServiceStub)
        return await answered(stub.CommitDataset(request, metadata=self._peers.credential()))

    async def discard(self, output_id: str, owner: Caller) -> None:
        """Takes a table back, on behalf of its owner; one that is not there is fine."""
        request = DiscardDatasetRequest(name=f"datasets/{output_id}")
        stub = self._peers.stub(DatasetStorageServiceStub)
        await answered(stub.DiscardDataset(request, metadata=self._peers.credential(owner)))

    async def take_back(self, keeper: Intents, row_id: str, output_id: str) -> None:
        """Takes back the table of a call that failed, and its intent."""
        # A cancellation may arrive while the release is committed: then it is done, and stays.
        if await in_thread(keeper.is_writing, row_id):
            await self.discard(output_id, caller())
            await in_thread(keeper.forget, row_id)
