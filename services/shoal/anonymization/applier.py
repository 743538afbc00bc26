"""The call ApplySolution, from a checked order to its answer."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from shoal import __version__, kernels
from shoal.anonymization.apply import Applied, apply_solution
from shoal.anonymization.apply_state import state_from_bytes, state_to_bytes
from shoal.anonymization.certificate import batch_statement, signed
from shoal.anonymization.keep import BatchKeeper, Keeper
from shoal.anonymization.memory import MOST_GROWN_BYTES, KeptState, Memory
from shoal.anonymization.messages import ApplyOrder, kept_policy
from shoal.anonymization.outputs import Output, Outputs, write_output
from shoal.anonymization.repeats import Trace, trace_release, warn_of_repeats
from shoal.anonymization.solutions import batch_to_wire
from shoal.api.anonymization.v1 import anonymization_service_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.errors import FailedPreconditionError, NotFoundError, ResourceExhaustedError
from shoal.kernels import Monitor
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Session
from shoal.runtime.host import Host
from shoal.runtime.opened import OpenedTable, opener_of
from shoal.runtime.signing import Signer
from shoal.runtime.threads import in_thread, to_the_end
from shoal.tables.storage import StagedObject


@dataclass(frozen=True, eq=False)
class Written:
    """New rows in the staging area. state: with them, as bytes."""

    applied: Applied
    output: Output
    trace: Trace
    state: bytes
    warnings: tuple[str, ...]


class Applier:
    """Releases new rows by solutions. batches: what is kept of these releases."""

    def __init__(self, host: Host, keeper: Keeper, memory: Memory, outputs: Outputs, signer: Signer) -> None:
        self._host = host
        self._keeper = keeper
        self._memory = memory
        self._outputs = outputs
        self._signer = signer
        self._opener = opener_of(host)
        self.batches = BatchKeeper(host.database, host.presence)
        # Calls that apply one solution go one after the other: each must count the rows of the one before. Those of another
        # process on the same folder are found out when the state is replaced.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def apply(self, order: ApplyOrder) -> anonymization_service_pb2.ApplySolutionResponse:
        """The answer; raises NotFoundError, FailedPreconditionError when the solution cannot be applied any more."""
        name = f"solutions/{order.solution_id}"
        draft().resources.append(name)
        earlier = await in_thread(self.batches.earlier, order.request_id, order.request_sha256)
        if earlier is not None:
            return earlier
        solution = await in_thread(self._keeper.find, order.solution_id)
        if solution is None:
            raise no_solution(name)
        table = await self._opener.open(order.table, "table")
        batch_id, output_id = uuid.uuid4().hex, uuid.uuid4().hex
        turn = self._turns.setdefault(order.solution_id, asyncio.Lock())
        try:
            await in_thread(self.batches.intend, batch_id, order.solution_id, output_id, order.request_id, order.request_sha256)
            async with turn:
                return await self._released(table, order, solution, batch_id, output_id)
        except BaseException:
            # To the end: also when the caller went away, what was written is taken back before the call is over.
            await to_the_end(self._outputs.take_back(self.batches, batch_id, output_id))
            raise

    async def _released(
        self, table: OpenedTable, order: ApplyOrder, solution: solution_pb2.Solution, batch_id: str, output_id: str
    ) -> anonymization_service_pb2.ApplySolutionResponse:
        state = await in_thread(self._memory.state, caller().organization, order.solution_id)
        if state is None:
            raise _not_kept(solution)
        with self._host.storage.stage() as staged:
            written = await self._write(table, order, solution, state, staged)
            output = await to_the_end(
                self._outputs.commit(
                    written.output,
                    staged,
                    output_id=output_id,
                    solution_id=order.solution_id,
                    display_name="",
                    ttl=order.output_ttl,
                )
            )
        response = self._response(written, solution, output)
        await in_thread(self.batches.finish, batch_id, response, self._counting(written, order.solution_id, batch_id, state))
        return response

    async def _write(
        self, table: OpenedTable, order: ApplyOrder, solution: solution_pb2.Solution, kept: KeptState, staged: StagedObject
    ) -> Written:
        monitor = Monitor()
        organization = caller().organization

        def work() -> Written:
            key = self._memory.key(organization)
            with table.reading():
                lazy, separator = table.scan(self._opener.limits)
                applied = apply_solution(lazy, kept_policy(solution), state_from_bytes(kept.content), key, monitor)
                output = write_output(applied.frame, staged, order.output_format, table.format, separator)
                trace = trace_release(table.digest(), applied.quasi, applied.sensitive, applied.people, key)
            state = state_to_bytes(applied.state)
            if len(state) > MOST_GROWN_BYTES:
                raise ResourceExhaustedError(
                    f"applying {solution.name} needs more than {MOST_GROWN_BYTES >> 20} MiB to be kept: make a new solution",
                    metadata={"limit": "apply_state_bytes"},
                )
            warnings = warn_of_repeats(self._memory.earlier(organization, trace))
            return Written(applied, output, trace, state, tuple(warnings))

        return await self._host.workers.run(work, monitor)

    def _response(
        self, written: Written, solution: solution_pb2.Solution, output: dataset_pb2.Dataset
    ) -> anonymization_service_pb2.ApplySolutionResponse:
        applied = written.applied
        response = batch_to_wire(applied, solution, output, written.warnings)
        statement = batch_statement(
            solution,
            core_version=kernels.VERSION,
            shoal_version=__version__,
            create_time=output.create_time.ToJsonString(),
            input_sha256=written.trace.input_sha256,
            output_sha256=output.sha256,
            rows={
                "input": applied.rows,
                "released": applied.frame.height,
                "unseen": applied.unseen,
                "violating": applied.violating,
            },
            batch=response.batch_models,
            union=response.union_models,
            union_rows=applied.union_rows,
        )
        response.certificate.CopyFrom(signed(statement, self._signer))
        return response

    def _counting(self, written: Written, solution_id: str, batch_id: str, before: KeptState) -> Callable[[Session], None]:
        """Keeps the trace of the new rows and the state with them, in the transaction that keeps the answer."""
        organization = caller().organization

        def write(session: Session) -> None:
            self._memory.replace_state(session, organization, solution_id, before, written.state)
            self._memory.remember(session, organization, solution_id, batch_id, written.trace)

        return write


def no_solution(name: str) -> NotFoundError:
    """The error for a solution that the organisation does not have."""
    return NotFoundError(f"there is no solution {name}", metadata={"resource": name})


def _not_kept(solution: solution_pb2.Solution) -> FailedPreconditionError:
    why = "what that needs was not kept, or its time is over: see apply_ttl of Anonymize"
    if solution.recoding not in (solution_pb2.RECODING_UNSPECIFIED, solution_pb2.RECODING_GLOBAL):
        why = "its classes have labels of their own, and only levels that all classes share can be applied"
    return FailedPreconditionError(
        f"{solution.name} cannot be applied to new rows: {why}", metadata={"resource": solution.name}
    )
