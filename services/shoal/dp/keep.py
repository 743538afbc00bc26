"""What every answer needs before its noise: the record of its request id, a table that can be read, and its charge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.budget.v1.budget_service_pb2_grpc import BudgetServiceStub
from shoal.dp import records
from shoal.dp.cells import holds_numbers
from shoal.dp.query import Query
from shoal.errors import FailedPreconditionError, FieldViolation, invalid_fields
from shoal.runtime import wire
from shoal.runtime.calls import caller
from shoal.runtime.database import Database
from shoal.runtime.host import Host
from shoal.runtime.opened import OpenedTable, opener_of, unknown_column
from shoal.runtime.peers import answered
from shoal.runtime.stopping import Stop
from shoal.runtime.threads import in_thread
from shoal.tables.formats import TableFormat

TYPED = frozenset({TableFormat.PARQUET, TableFormat.ARROW_IPC})
"""Formats whose columns have types of their own, which no row changes."""


@dataclass(frozen=True, eq=False)
class Checked:
    """A table whose content is known. state: of its file, before it was looked at."""

    opened: OpenedTable
    table: pl.LazyFrame
    content: str
    state: tuple[int, ...]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Work on the rows whose content was charged; raises FailedPreconditionError when these may have been others."""
        with self.opened.reading():
            yield
            if self.opened.state() != self.state:
                raise FailedPreconditionError(
                    "the file changed while it was read, so nothing is answered; what was charged stays charged: ask again "
                    "when nobody writes it, or upload it as a dataset"
                )


class Charged:
    """A service whose answers are charged before a row is looked at."""

    def __init__(self, host: Host) -> None:
        self._database: Database = host.database
        self._opener = opener_of(host)
        self._workers = host.workers
        self._peers = host.peers

    async def kept(self, request_id: str | None, digest: str) -> records.AnswerRow | None:
        """The record of the request id, made if there was none; raises AlreadyExistsError if it is another request's."""
        if request_id is None:
            return None
        me = caller()
        row = await in_thread(records.begin, self._database, records.Asked(me.organization, me.user, request_id, digest))
        wire.same_request(row.request_sha256, digest, "an answer")
        return row

    def checked(self, opened: OpenedTable, query: Query, stop: Stop, *, given: str = "table", path: str = "") -> Checked:
        """The table and its content's digest; raises InvalidArgumentError for columns that it has not, or not as numbers.

        given, path: where the table and the query are in the request.
        """
        if opened.format is TableFormat.JSON_LINES:
            # The type of a column, and with it the text of every cell, would depend on each row: one that holds 5.5 makes of
            # everybody's 5 a 5.0, and of a group named 5 an empty one.
            says = "must not be JSON lines, in which one row can change how all others read: send CSV, Parquet or Arrow"
            raise invalid_fields([FieldViolation(given, says)])
        with opened.reading():
            state = opened.state()
            table, _ = opened.scan(self._opener.limits)
            schema = table.collect_schema()
            for name, field in query.read_columns.items():
                if name not in schema:
                    raise unknown_column(name, path + field)
            if opened.format in TYPED:
                _check_numbers(schema, query, path)
            stop.check()
            return Checked(opened, table, opened.digest(), state)

    async def charge(self, request: budget_service_pb2.SpendRequest) -> budget_service_pb2.SpendResponse:
        """Charges the budgets, all or none; what is charged stays charged."""
        stub = self._peers.stub(BudgetServiceStub)
        return await answered(stub.Spend(request, metadata=self._peers.credential()))


def _check_numbers(schema: pl.Schema, query: Query, path: str) -> None:
    wrong = [
        FieldViolation(path + field, f"the column '{name}' holds no numbers: it is of another type")
        for name, field in query.number_columns.items()
        if not holds_numbers(schema[name])
    ]
    if wrong:
        raise invalid_fields(wrong)
