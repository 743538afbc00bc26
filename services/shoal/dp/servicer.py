"""DifferentialPrivacyService: wire in, wire out.

The order of things is the promise: what is wrong is found before the budgets are charged, they are charged before a row enters
a computation, and from then on nothing is given back.
"""

from __future__ import annotations

import uuid
from typing import Any

import polars as pl

from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.budget.v1.budget_service_pb2_grpc import BudgetServiceStub
from shoal.api.dp.v1 import dp_service_pb2
from shoal.dp import messages, records
from shoal.dp.cells import holds_numbers
from shoal.dp.compute import compute, preview
from shoal.dp.plan import Plan, plan
from shoal.dp.query import Query
from shoal.dp.query_from_wire import query as query_of
from shoal.errors import FieldViolation, invalid_fields
from shoal.kernels import Monitor
from shoal.runtime import outbox, wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import OpenedTable, opener_of, unknown_column
from shoal.runtime.peers import answered
from shoal.runtime.stopping import Stop
from shoal.runtime.threads import in_thread
from shoal.tables.formats import TableFormat

TYPED = frozenset({TableFormat.PARQUET, TableFormat.ARROW_IPC})
"""Formats whose columns have types of their own, which no row changes."""


class DifferentialPrivacyServicer:
    """Answers statistics with noise."""

    def __init__(self, host: Host) -> None:
        self._database: Database = host.database
        self._opener = opener_of(host)
        self._workers = host.workers
        self._peers = host.peers

    async def Compute(self, request: dp_service_pb2.ComputeRequest, context: Any) -> dp_service_pb2.ComputeResponse:
        prepared = await in_thread(lambda: plan(query_of(request)))
        names = messages.named_budgets(request)
        expected = messages.expected_rows(request)
        wrong: list[FieldViolation] = []
        request_id = wire.request_id(request.request_id, "request_id", wrong)
        if wrong:
            raise invalid_fields(wrong)
        draft().details.update(messages.described(prepared.query))
        if request.validate_only:
            draft().details["validate_only"] = "true"
            return messages.response(prepared, preview(prepared, expected), None)
        digest = wire.digest(request)
        kept = await self._kept(request_id, digest)
        if kept is not None and kept.response is not None:
            draft().details["repeated"] = "true"
            return dp_service_pb2.ComputeResponse.FromString(kept.response)
        opened = await self._opener.open(request.table, "table")
        stop = Stop()
        table, content = await self._workers.run(lambda: self._checked(opened, prepared.query, stop), stop)
        # Of the record, not of the caller: should the record be lost, a call with its request id is a new one, and is charged.
        spend_id = kept.id if kept is not None else uuid.uuid4().hex
        charged = await self._charge(messages.spend(prepared, [f"budgets/sha256-{content}", *names], spend_id, digest))
        draft().resources.append(charged.spend.name)
        draft().details.update(epsilon=f"{charged.spend.epsilon:g}", delta=f"{charged.spend.delta:g}")
        monitor = Monitor()
        return await self._workers.run(lambda: self._answer(opened, table, prepared, charged, kept, monitor), monitor)

    async def _kept(self, request_id: str | None, digest: str) -> records.AnswerRow | None:
        """The record of the request id, made if there was none; raises AlreadyExistsError if it is another request's."""
        if request_id is None:
            return None
        me = caller()
        row = await in_thread(records.begin, self._database, records.Asked(me.organization, me.user, request_id, digest))
        wire.same_request(row.request_sha256, digest, "an answer")
        return row

    def _checked(self, opened: OpenedTable, query: Query, stop: Stop) -> tuple[pl.LazyFrame, str]:
        """The table and its content's digest; raises InvalidArgumentError for columns that it has not, or not as numbers."""
        if opened.format is TableFormat.JSON_LINES:
            # The type of a column, and with it the text of every cell, would depend on each row: one that holds 5.5 makes of
            # everybody's 5 a 5.0, and of a group named 5 an empty one.
            says = "must not be JSON lines, in which one row can change how all others read: send CSV, Parquet or Arrow"
            raise invalid_fields([FieldViolation("table", says)])
        with opened.reading():
            table, _ = opened.scan(self._opener.limits)
            schema = table.collect_schema()
            for name, field in query.read_columns.items():
                if name not in schema:
                    raise unknown_column(name, field)
            if opened.format in TYPED:
                _check_numbers(schema, query)
            stop.check()
            return table, opened.digest()

    async def _charge(self, request: budget_service_pb2.SpendRequest) -> budget_service_pb2.SpendResponse:
        stub = self._peers.stub(BudgetServiceStub)
        return await answered(stub.Spend(request, metadata=self._peers.credential()))

    def _answer(
        self,
        opened: OpenedTable,
        table: pl.LazyFrame,
        prepared: Plan,
        charged: budget_service_pb2.SpendResponse,
        kept: records.AnswerRow | None,
        monitor: Monitor,
    ) -> dp_service_pb2.ComputeResponse:
        with opened.reading():
            answers = compute(table, prepared, monitor)
        response = messages.response(prepared, answers, charged)
        if kept is None:
            return response
        with self._database.begin() as session:
            first = records.keep(session, kept.id, response.SerializeToString(deterministic=True))
            outbox.add(session, draft())
        return dp_service_pb2.ComputeResponse.FromString(first)


def _check_numbers(schema: pl.Schema, query: Query) -> None:
    wrong = [
        FieldViolation(field, f"the column '{name}' holds no numbers: it is of another type")
        for name, field in query.number_columns.items()
        if not holds_numbers(schema[name])
    ]
    if wrong:
        raise invalid_fields(wrong)


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = DifferentialPrivacyServicer(host)
    return Built(servicers=[(dp_service_pb2.DESCRIPTOR.services_by_name["DifferentialPrivacyService"], servicer)])
