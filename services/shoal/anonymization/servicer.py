"""AnonymizationService: wire in, wire out."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from google.protobuf import empty_pb2

from shoal import kernels
from shoal.anonymization import messages
from shoal.anonymization.aftermath import Aftermath, aftermath_of, sensitive_digests
from shoal.anonymization.anonymize import Release, anonymize
from shoal.anonymization.applier import Applier, no_solution
from shoal.anonymization.apply_state import state_to_bytes
from shoal.anonymization.certificate import release_statement, signed
from shoal.anonymization.explore import explore
from shoal.anonymization.frontier import compute_frontier
from shoal.anonymization.keep import Keeper, solution_of
from shoal.anonymization.memory import MOST_STATE_BYTES, Memory
from shoal.anonymization.messages import Inputs, Order
from shoal.anonymization.outputs import Output, Outputs, write_output
from shoal.anonymization.policy import Policy
from shoal.anonymization.prepare import Prepared, prepare
from shoal.anonymization.records import BatchRow, SolutionRow
from shoal.anonymization.repeats import warn_of_repeats
from shoal.anonymization.solutions import (
    Provenance,
    frontier_to_wire,
    neighbourhood_to_wire,
    profiles_to_wire,
    solution_to_wire,
)
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.api.detection.v1.detection_service_pb2_grpc import DetectionServiceStub
from shoal.kernels import Monitor
from shoal.privacy.hierarchies import HierarchySpec
from shoal.privacy.specs_from_wire import table_spec
from shoal.runtime import wire
from shoal.runtime.calls import Caller, Role, caller, draft
from shoal.runtime.database import Session
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import OpenedTable, opener_of
from shoal.runtime.pages import MOST_PAGE_BYTES, page_size
from shoal.runtime.peers import answered
from shoal.runtime.signing import Signer
from shoal.runtime.threads import in_thread, to_the_end
from shoal.tables.formats import Limits
from shoal.tables.storage import StagedObject

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0


@dataclass(frozen=True, eq=False)
class Written:
    """A release in the staging area, and what is kept of it. state: None when nothing is kept for ApplySolution."""

    release: Release
    output: Output
    aftermath: Aftermath
    state: bytes | None
    warnings: tuple[str, ...]
    table_digests: dict[str, str]
    population_sha256: str


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

    def __init__(self, host: Host) -> None:
        self._host = host
        self._keeper = Keeper(host.database, host.presence)
        self._memory = Memory(host.database, host.secret)
        self._signer = Signer(host.folder)
        self._opener = opener_of(host)
        self._outputs = Outputs(host.peers)
        self._applier = Applier(host, self._keeper, self._memory, self._outputs, self._signer)

    async def Anonymize(
        self, request: anonymization_service_pb2.AnonymizeRequest, context: Any
    ) -> anonymization_service_pb2.AnonymizeResponse:
        order = messages.order(request)
        earlier = await in_thread(self._keeper.earlier, order.request_id, order.request_sha256)
        return earlier if earlier is not None else await self._anonymize(order, request.policy)

    async def AutoAnonymize(
        self, request: anonymization_service_pb2.AutoAnonymizeRequest, context: Any
    ) -> anonymization_service_pb2.AutoAnonymizeResponse:
        request_id, digest = messages.auto_request_id(request), wire.digest(request)
        answer = await in_thread(self._keeper.earlier, request_id, digest)
        if answer is None:
            stub = self._host.peers.stub(DetectionServiceStub)
            wanted = messages.config_request(request)
            with messages.without_template():
                made = await answered(stub.GenerateConfig(wanted, metadata=self._host.peers.credential()))
            order = messages.order(messages.auto_order(request, made.policy))
            order = replace(order, request_sha256=digest)
            answer = await self._anonymize(order, made.policy, messages.auto_warnings(made))
        return anonymization_service_pb2.AutoAnonymizeResponse(
            policy=answer.solution.policy, solution=answer.solution, output=answer.output
        )

    async def _anonymize(
        self, order: Order, policy: policy_pb2.AnonymizationPolicy, warnings: Sequence[str] = ()
    ) -> anonymization_service_pb2.AnonymizeResponse:
        tables = await self._open(order.inputs)
        solution_id, output_id = uuid.uuid4().hex, uuid.uuid4().hex
        try:
            await in_thread(self._keeper.intend, solution_id, output_id, order.request_id, order.request_sha256)
            with self._host.storage.stage() as staged:
                written = await self._write(tables, order, staged, warnings)
                output = await to_the_end(
                    self._outputs.commit(
                        written.output,
                        staged,
                        output_id=output_id,
                        solution_id=solution_id,
                        display_name=order.output_display_name,
                        ttl=order.output_ttl,
                    )
                )
            solution = self._solution(written, policy, order, solution_id, output)
            await in_thread(self._keeper.finish, solution, output, self._remembering(written, solution))
        except BaseException:
            # To the end: also when the caller went away, what was written is taken back before the call is over.
            await to_the_end(self._outputs.take_back(self._keeper, solution_id, output_id))
            raise
        return anonymization_service_pb2.AnonymizeResponse(solution=solution, output=output)

    async def ApplySolution(
        self, request: anonymization_service_pb2.ApplySolutionRequest, context: Any
    ) -> anonymization_service_pb2.ApplySolutionResponse:
        return await self._applier.apply(messages.apply_order(request))

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
            raise no_solution(request.name)
        return found

    async def ListSolutions(
        self, request: anonymization_service_pb2.ListSolutionsRequest, context: Any
    ) -> anonymization_service_pb2.ListSolutionsResponse:
        size = page_size(request.page_size, default=20, most=100)
        binding = ("ListSolutions", caller().organization)
        after = wire.position(self._host.pages.position(request.page_token, *binding))
        rows = await in_thread(self._keeper.page, after, size + 1)
        fitting = _fitting(rows[:size])
        response = anonymization_service_pb2.ListSolutionsResponse(solutions=[solution_of(row) for row in fitting])
        if len(rows) > len(fitting):
            last = fitting[-1]
            response.next_page_token = self._host.pages.token(wire.position_of(last.create_time, last.id), *binding)
        return response

    async def DeleteSolution(self, request: anonymization_service_pb2.DeleteSolutionRequest, context: Any) -> empty_pb2.Empty:
        solution_id = wire.resource_id(request.name, "solutions")
        draft().resources.append(request.name)
        if not await in_thread(self._keeper.delete, solution_id):
            raise no_solution(request.name)
        return empty_pb2.Empty()

    async def recover(self) -> None:
        """Takes back what processes that were killed had begun to write, and forgets what has expired."""
        batches = self._applier.batches
        await self._recover(await in_thread(self._keeper.abandoned), self._keeper.forget)
        await self._recover(await in_thread(batches.abandoned), batches.forget)
        await in_thread(self._memory.sweep)

    async def sweep(self) -> None:
        """Forgets, for ever, what has expired."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await in_thread(self._memory.sweep)
            except Exception as error:
                # The next round tries again: what was to be forgotten would else stay for ever.
                log.warning("sweeping what was kept for applying solutions failed (%s); trying again", type(error).__name__)

    async def _recover(self, rows: Sequence[SolutionRow | BatchRow], forget: Callable[[str], None]) -> None:
        for row in rows:
            owner = Caller(role=Role.SERVICE, organization=row.organization, user=row.creator, api_key="")
            await self._outputs.discard(row.output, owner)
            await in_thread(forget, row.id)

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

    async def _write(self, tables: Tables, order: Order, staged: StagedObject, earlier: Sequence[str]) -> Written:
        monitor = Monitor()
        organization = caller().organization

        def work() -> Written:
            limits = self._opener.limits
            with tables.reading():
                lazy, separator = tables.table.scan(limits)
                specs = tables.specs(limits)
                release = anonymize(lazy, order.policy, specs, monitor, population=tables.outside(limits))
                output = write_output(release.frame, staged, order.output_format, tables.table.format, separator)
                digest = tables.table.digest()
                aftermath = aftermath_of(
                    release, specs, digest, self._memory.key(organization), keep_state=order.apply_ttl is not None
                )
                state = None if aftermath.state is None else state_to_bytes(aftermath.state)
            warnings = [*earlier, *warn_of_repeats(self._memory.earlier(organization, aftermath.trace))]
            if state is not None and len(state) > MOST_STATE_BYTES:
                warnings.append(
                    f"the solution cannot be applied to new rows: what that needs takes {len(state) >> 20} MiB, and at most "
                    f"{MOST_STATE_BYTES >> 20} are kept"
                )
                state = None
            return Written(
                release=release,
                output=output,
                aftermath=aftermath,
                state=state,
                warnings=tuple(warnings),
                table_digests=sensitive_digests(order.policy, specs),
                population_sha256=tables.population.digest() if tables.population is not None else "",
            )

        return await self._host.workers.run(work, monitor)

    def _solution(
        self,
        written: Written,
        asked: policy_pb2.AnonymizationPolicy,
        order: Order,
        solution_id: str,
        output: dataset_pb2.Dataset,
    ) -> solution_pb2.Solution:
        create_time = output.create_time.ToDatetime(tzinfo=wire.UTC)
        origin = Provenance(
            solution_id=solution_id,
            creator=caller().user,
            create_time=create_time,
            input_sha256=written.aftermath.trace.input_sha256,
            output=output.name,
            output_sha256=output.sha256,
        )
        solution = solution_to_wire(written.release, asked, origin)
        solution.warnings.extend(written.warnings)
        solution.suppressed_profiles.extend(profiles_to_wire(written.aftermath.profiles))
        if written.state is not None and order.apply_ttl is not None:
            solution.apply_expire_time.FromDatetime(create_time + order.apply_ttl)
        statement = release_statement(
            solution,
            core_version=kernels.VERSION,
            table_digests=written.table_digests,
            population_sha256=written.population_sha256,
        )
        solution.certificate.CopyFrom(signed(statement, self._signer))
        return solution

    def _remembering(self, written: Written, solution: solution_pb2.Solution) -> Callable[[Session], None]:
        """Keeps the trace and the state of a release, in the transaction that keeps its solution."""
        organization, solution_id = caller().organization, solution.name.removeprefix("solutions/")

        def write(session: Session) -> None:
            self._memory.remember(session, organization, solution_id, solution_id, written.aftermath.trace)
            if written.state is not None:
                until = solution.apply_expire_time.ToDatetime(tzinfo=wire.UTC)
                self._memory.keep_state(session, organization, solution_id, written.state, until)

        return write


def _fitting(rows: list[SolutionRow]) -> list[SolutionRow]:
    """As many of the rows, at least one, as fit into a message of 4 MiB."""
    size, count = 0, 0
    for row in rows:
        size += len(row.content) + 16
        if count and size > MOST_PAGE_BYTES:
            break
        count += 1
    return rows[:count]


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = AnonymizationServicer(host)
    descriptor = anonymization_service_pb2.DESCRIPTOR.services_by_name["AnonymizationService"]
    return Built(servicers=[(descriptor, servicer)], on_start=servicer.recover, background=(servicer.sweep,))
