"""Keeping solutions: an intent first, the solution with its audit entry when the output is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from shoal.anonymization import records
from shoal.anonymization.records import BatchRow, SolutionRow, SolutionState
from shoal.api.anonymization.v1 import anonymization_service_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.errors import AlreadyExistsError
from shoal.runtime import outbox, wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database, Session, now
from shoal.runtime.datadir import Presence


class Keeper:
    """Everything that solutions do with their database; one call, one unit of work."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence

    def earlier(self, request_id: str | None, request_sha256: str) -> anonymization_service_pb2.AnonymizeResponse | None:
        """The answer that this very request had before, when it is a second try; raises AlreadyExistsError while it runs."""
        if request_id is None:
            return None
        me = caller()
        with self._database.begin() as session:
            row = records.solution_by_request(session, me.organization, me.user, request_id)
        if row is None:
            return None
        wire.same_request(row.request_sha256, request_sha256, f"solutions/{row.id}")
        if row.state is SolutionState.WRITING:
            raise AlreadyExistsError(
                "a call with this request_id is still running", metadata={"resource": f"solutions/{row.id}"}
            )
        draft().resources.append(f"solutions/{row.id}")
        return anonymization_service_pb2.AnonymizeResponse(
            solution=solution_pb2.Solution.FromString(row.content),
            output=dataset_pb2.Dataset.FromString(row.output_content),
        )

    def intend(self, solution_id: str, output_id: str, request_id: str | None, request_sha256: str) -> None:
        """Notes what is about to be written, so that it can be taken back should this process die."""
        me = caller()
        with self._database.begin() as session:
            if request_id and records.solution_by_request(session, me.organization, me.user, request_id):
                raise AlreadyExistsError("a call with this request_id is still running")
            session.add(
                SolutionRow(
                    id=solution_id,
                    organization=me.organization,
                    creator=me.user,
                    state=SolutionState.WRITING,
                    owner=self._presence.id,
                    output=output_id,
                    request_id=request_id,
                    request_sha256=request_sha256,
                    create_time=now(),
                )
            )

    def finish(self, solution: solution_pb2.Solution, output: dataset_pb2.Dataset, also: Callable[[Session], None]) -> None:
        """Keeps the solution, in one transaction with the audit entry of its call and with what `also` writes."""
        entry = draft()
        entry.resources += [solution.name, output.name]
        entry.details.update(
            rows=str(solution.row_count),
            released=str(solution.released_count),
            suppressed=str(solution.suppressed_count),
            k=str(solution.risk_after.k),
            loss=repr(solution.loss),
            levels=" ".join(str(each.level) for each in solution.attributes),
            input_sha256=solution.input_sha256,
            output_sha256=solution.output_sha256,
        )
        with self._database.begin() as session:
            row = session.get_one(SolutionRow, solution.name.removeprefix("solutions/"))
            row.state = SolutionState.DONE
            row.content = solution.SerializeToString(deterministic=True)
            row.output_content = output.SerializeToString(deterministic=True)
            session.add(row)
            also(session)
            outbox.add(session, entry)

    def is_writing(self, solution_id: str) -> bool:
        """Whether the solution is still an intent."""
        with self._database.begin() as session:
            row = session.get(SolutionRow, solution_id)
        return row is not None and row.state is SolutionState.WRITING

    def forget(self, solution_id: str) -> None:
        """Removes an intent whose output was taken back."""
        with self._database.begin() as session:
            row = session.get(SolutionRow, solution_id)
            if row is not None and row.state is SolutionState.WRITING:
                session.delete(row)

    def abandoned(self) -> list[SolutionRow]:
        """The intents of processes that are dead."""
        with self._database.begin() as session:
            return [row for row in records.unfinished(session) if not self._presence.is_alive(row.owner)]

    def find(self, solution_id: str) -> solution_pb2.Solution | None:
        """The caller's organisation's solution of that id."""
        with self._database.begin() as session:
            row = records.solution_of(session, caller().organization, solution_id)
        return None if row is None else solution_of(row)

    def page(self, after: tuple[dt.datetime, str] | None, size: int) -> list[SolutionRow]:
        """Up to `size` solutions, newest first."""
        with self._database.begin() as session:
            return records.solutions_page(session, caller().organization, after=after, size=size)

    def delete(self, solution_id: str) -> bool:
        """Deletes a solution; False when the organisation has none of that id."""
        with self._database.begin() as session:
            row = records.solution_of(session, caller().organization, solution_id)
            if row is None:
                return False
            records.delete_solution(session, row)
            outbox.add(session, draft())
        return True


class BatchKeeper:
    """The same for releases of new rows by a solution."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence

    def earlier(self, request_id: str | None, request_sha256: str) -> anonymization_service_pb2.ApplySolutionResponse | None:
        """The answer that this very request had before, when it is a second try; raises AlreadyExistsError while it runs."""
        if request_id is None:
            return None
        me = caller()
        with self._database.begin() as session:
            row = records.batch_by_request(session, me.organization, me.user, request_id)
        if row is None:
            return None
        wire.same_request(row.request_sha256, request_sha256, f"datasets/{row.output}")
        if row.state is SolutionState.WRITING:
            raise AlreadyExistsError(
                "a call with this request_id is still running", metadata={"resource": f"datasets/{row.output}"}
            )
        draft().resources.append(f"datasets/{row.output}")
        return anonymization_service_pb2.ApplySolutionResponse.FromString(row.content)

    def intend(self, batch_id: str, solution_id: str, output_id: str, request_id: str | None, request_sha256: str) -> None:
        """Notes what is about to be written, so that it can be taken back should this process die."""
        me = caller()
        with self._database.begin() as session:
            if request_id and records.batch_by_request(session, me.organization, me.user, request_id):
                raise AlreadyExistsError("a call with this request_id is still running")
            session.add(
                BatchRow(
                    id=batch_id,
                    organization=me.organization,
                    creator=me.user,
                    solution=solution_id,
                    state=SolutionState.WRITING,
                    owner=self._presence.id,
                    output=output_id,
                    request_id=request_id,
                    request_sha256=request_sha256,
                    create_time=now(),
                )
            )

    def finish(
        self, batch_id: str, response: anonymization_service_pb2.ApplySolutionResponse, also: Callable[[Session], None]
    ) -> None:
        """Keeps the answer, in one transaction with the audit entry of its call and with what `also` writes."""
        entry = draft()
        entry.resources.append(response.output.name)
        entry.details.update(
            rows=str(response.row_count),
            released=str(response.released_count),
            unseen=str(response.unseen_count),
            violating=str(response.violating_count),
            output_sha256=response.output.sha256,
        )
        with self._database.begin() as session:
            row = session.get_one(BatchRow, batch_id)
            row.state = SolutionState.DONE
            row.content = response.SerializeToString(deterministic=True)
            session.add(row)
            also(session)
            outbox.add(session, entry)

    def is_writing(self, batch_id: str) -> bool:
        """Whether the batch is still an intent."""
        with self._database.begin() as session:
            row = session.get(BatchRow, batch_id)
        return row is not None and row.state is SolutionState.WRITING

    def forget(self, batch_id: str) -> None:
        """Removes an intent whose output was taken back."""
        with self._database.begin() as session:
            row = session.get(BatchRow, batch_id)
            if row is not None and row.state is SolutionState.WRITING:
                session.delete(row)

    def abandoned(self) -> list[BatchRow]:
        """The intents of processes that are dead."""
        with self._database.begin() as session:
            return [row for row in records.unfinished_batches(session) if not self._presence.is_alive(row.owner)]


def solution_of(row: SolutionRow) -> solution_pb2.Solution:
    """The solution as it is now: what applying it needs may have expired since."""
    solution = solution_pb2.Solution.FromString(row.content)
    if solution.HasField("apply_expire_time") and solution.apply_expire_time.ToDatetime(tzinfo=dt.UTC) <= now():
        solution.ClearField("apply_expire_time")
    return solution
