"""AnonymizationService: wire in, wire out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import polars as pl
from google.protobuf import empty_pb2
from google.protobuf.duration_pb2 import Duration

from shoal.anonymization import messages
from shoal.anonymization.anonymize import Release, anonymize
from shoal.anonymization.explore import explore
from shoal.anonymization.frontier import compute_frontier
from shoal.anonymization.keep import Keeper
from shoal.anonymization.messages import Inputs, Order
from shoal.anonymization.policy import Policy
from shoal.anonymization.prepare import Prepared, prepare
from shoal.anonymization.records import SolutionRow
from shoal.anonymization.solutions import Provenance, frontier_to_wire, neighbourhood_to_wire, solution_to_wire
from shoal.api.anonymization.v1 import anonymization_service_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.api.datasets.v1.dataset_storage_service_pb2 import CommitDatasetRequest, DiscardDatasetRequest
from shoal.api.datasets.v1.dataset_storage_service_pb2_grpc import DatasetStorageServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.errors import NotFoundError
from shoal.kernels import Monitor
from shoal.privacy.hierarchies import HierarchySpec
from shoal.privacy.specs_from_wire import table_spec
from shoal.runtime import wire
from shoal.runtime.calls import Caller, Role, caller, draft
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import COLUMN_TYPES_TO_WIRE, FORMATS_TO_WIRE, OpenedTable, opener_of
from shoal.runtime.pages import page_size
from shoal.runtime.peers import answered
from shoal.runtime.threads import in_thread, to_the_end
from shoal.tables.facts import column_facts
from shoal.tables.formats import Limits, TableFormat, write_table
from shoal.tables.storage import StagedObject

MOST_PAGE_BYTES = 3 * 1024**2


@dataclass(frozen=True)
class Written:
    """A release in the staging area. separator: of a CSV, else None."""

    release: Release
    format: TableFormat
    separator: str | None
    input_sha256: str


@dataclass(frozen=True)
class Tables:
    """The tables of a request, opened. hierarchies: by attribute."""

    table: OpenedTable
    hierarchies: dict[str, OpenedTable]
    population: OpenedTable | None

    def specs(self, limits: Limits) -> dict[str, HierarchySpec]:
        """The hierarchies that are tables, read."""
        return {name: table_spec(name, opened, limits) for name, opened in self.hierarchies.items()}

    def outside(self, limits: Limits) -> pl.LazyFrame | None:
        """The rows of the population."""
        return self.population.scan(limits)[0] if self.population is not None else None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Work on the rows of table and population."""
        with self.table.reading(), self.population.reading() if self.population is not None else nullcontext():
            yield


class AnonymizationServicer:
    """Makes releases and keeps their solutions."""

    def __init__(self, host: Host, keeper: Keeper) -> None:
        self._host = host
        self._keeper = keeper
        self._opener = opener_of(host)

    async def Anonymize(
        self, request: anonymization_service_pb2.AnonymizeRequest, context: Any
    ) -> anonymization_service_pb2.AnonymizeResponse:
        order = messages.order(request)
        earlier = await in_thread(self._keeper.earlier, order.request_id, order.request_sha256)
        if earlier is not None:
            return earlier
        tables = await self._open(order.inputs)
        solution_id, output_id = uuid.uuid4().hex, uuid.uuid4().hex
        try:
            await in_thread(self._keeper.intend, solution_id, output_id, order.request_id, order.request_sha256)
            with self._host.storage.stage() as staged:
                written = await self._write(tables, order, staged)
                output = await to_the_end(self._commit(written, order, solution_id, output_id, staged))
            origin = Provenance(
                solution_id=solution_id,
                creator=caller().user,
                create_time=output.create_time.ToDatetime(tzinfo=wire.UTC),
                input_sha256=written.input_sha256,
                output=output.name,
                output_sha256=output.sha256,
            )
            solution = solution_to_wire(written.release, request.policy, origin)
            await in_thread(self._keeper.finish, solution, output)
        except BaseException:
            # To the end: also when the caller went away, what was written is taken back before the call is over.
            await to_the_end(self._take_back(solution_id, output_id))
            raise
        return anonymization_service_pb2.AnonymizeResponse(solution=solution, output=output)

    async def ComputeFrontier(
        self, request: anonymization_service_pb2.ComputeFrontierRequest, context: Any
    ) -> anonymization_service_pb2.ComputeFrontierResponse:
        order = messages.frontier_order(request)
        tables = await self._open(order.inputs)
        monitor = Monitor()

        def work() -> anonymization_service_pb2.ComputeFrontierResponse:
            with tables.reading():
                prepared = self._prepared(tables, order.policy, monitor)
                frontier = compute_frontier(prepared, order.settings, monitor)
            return frontier_to_wire(prepared, frontier)

        return await self._host.workers.run(work, monitor)

    async def ExploreLattice(
        self, request: anonymization_service_pb2.ExploreLatticeRequest, context: Any
    ) -> anonymization_service_pb2.ExploreLatticeResponse:
        order = messages.explore_order(request)
        tables = await self._open(order.inputs)
        monitor = Monitor()

        def work() -> anonymization_service_pb2.ExploreLatticeResponse:
            with tables.reading():
                prepared = self._prepared(tables, order.policy, monitor)
                near = explore(prepared, order.levels, order.radius, monitor)
            return neighbourhood_to_wire(prepared, near)

        return await self._host.workers.run(work, monitor)

    async def GetSolution(self, request: anonymization_service_pb2.GetSolutionRequest, context: Any) -> solution_pb2.Solution:
        solution_id = wire.resource_id(request.name, "solutions")
        draft().resources.append(request.name)
        found = await in_thread(self._keeper.find, solution_id)
        if found is None:
            raise _no_solution(request.name)
        return found

    async def ListSolutions(
        self, request: anonymization_service_pb2.ListSolutionsRequest, context: Any
    ) -> anonymization_service_pb2.ListSolutionsResponse:
        size = page_size(request.page_size, default=20, most=100)
        binding = ("ListSolutions", caller().organization)
        after = wire.position(self._host.pages.position(request.page_token, *binding))
        rows = await in_thread(self._keeper.page, after, size + 1)
        fitting = _fitting(rows[:size])
        response = anonymization_service_pb2.ListSolutionsResponse(
            solutions=[solution_pb2.Solution.FromString(row.content) for row in fitting]
        )
        if len(rows) > len(fitting):
            last = fitting[-1]
            response.next_page_token = self._host.pages.token(wire.position_of(last.create_time, last.id), *binding)
        return response

    async def DeleteSolution(self, request: anonymization_service_pb2.DeleteSolutionRequest, context: Any) -> empty_pb2.Empty:
        solution_id = wire.resource_id(request.name, "solutions")
        draft().resources.append(request.name)
        if not await in_thread(self._keeper.delete, solution_id):
            raise _no_solution(request.name)
        return empty_pb2.Empty()

    async def recover(self) -> None:
        """Takes back what processes that were killed had begun to write."""
        for row in await in_thread(self._keeper.abandoned):
            owner = Caller(role=Role.SERVICE, organization=row.organization, user=row.creator, api_key="")
            await self._discard(row.output, owner)
            await in_thread(self._keeper.forget, row.id)

    async def _open(self, inputs: Inputs) -> Tables:
        return Tables(
            table=await self._opener.open(inputs.table, "table"),
            hierarchies={name: await self._opener.open(source, field) for name, (field, source) in inputs.hierarchies.items()},
            population=await self._opener.open(inputs.population, "policy.population") if inputs.population else None,
        )

    def _prepared(self, tables: Tables, policy: Policy, monitor: Monitor) -> Prepared:
        limits = self._opener.limits
        lazy, _ = tables.table.scan(limits)
        return prepare(lazy, policy, tables.specs(limits), tables.outside(limits), monitor, measuring=True)

    async def _write(self, tables: Tables, order: Order, staged: StagedObject) -> Written:
        monitor = Monitor()

        def work() -> Written:
            with tables.reading():
                lazy, separator = tables.table.scan(self._opener.limits)
                release = anonymize(
                    lazy,
                    order.policy,
                    tables.specs(self._opener.limits),
                    monitor,
                    population=tables.outside(self._opener.limits),
                )
                chosen = order.output_format or tables.table.format
                is_csv = chosen is TableFormat.CSV
                write_table(release.frame, staged.path, chosen, separator if is_csv else None)
            return Written(release, chosen, (separator or ",") if is_csv else None, tables.table.digest())

        return await self._host.workers.run(work, monitor)

    async def _commit(
        self, written: Written, order: Order, solution_id: str, output_id: str, staged: StagedObject
    ) -> dataset_pb2.Dataset:
        frame = written.release.frame
        description = dataset_pb2.Dataset(
            display_name=order.output_display_name,
            format=FORMATS_TO_WIRE[written.format],
            separator=written.separator,
            columns=[
                table_pb2.Column(name=each.name, type=COLUMN_TYPES_TO_WIRE[each.type]) for each in column_facts(frame.schema)
            ],
            row_count=frame.height,
            source=f"solutions/{solution_id}",
        )
        request = CommitDatasetRequest(dataset_id=output_id, staged_object=staged.path.name, dataset=description)
        if order.output_ttl is not None:
            request.ttl.CopyFrom(Duration(seconds=int(order.output_ttl.total_seconds())))
        stub = self._host.peers.stub(DatasetStorageServiceStub)
        return await answered(stub.CommitDataset(request, metadata=self._host.peers.credential()))

    async def _take_back(self, solution_id: str, output_id: str) -> None:
        # A cancellation may arrive while the solution is committed: then it is done, and stays.
        if await in_thread(self._keeper.is_writing, solution_id):
            await self._discard(output_id, caller())
            await in_thread(self._keeper.forget, solution_id)

    async def _discard(self, output_id: str, owner: Caller) -> None:
        request = DiscardDatasetRequest(name=f"datasets/{output_id}")
        stub = self._host.peers.stub(DatasetStorageServiceStub)
        await answered(stub.DiscardDataset(request, metadata=self._host.peers.credential(owner)))


def _fitting(rows: list[SolutionRow]) -> list[SolutionRow]:
    """As many of the rows, at least one, as fit into a message of 4 MiB."""
    size, count = 0, 0
    for row in rows:
        size += len(row.content) + 16
        if count and size > MOST_PAGE_BYTES:
            break
        count += 1
    return rows[:count]


def _no_solution(name: str) -> NotFoundError:
    return NotFoundError(f"there is no solution {name}", metadata={"resource": name})


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = AnonymizationServicer(host, Keeper(host.database, host.presence))
    descriptor = anonymization_service_pb2.DESCRIPTOR.services_by_name["AnonymizationService"]
    return Built(servicers=[(descriptor, servicer)], on_start=servicer.recover)
