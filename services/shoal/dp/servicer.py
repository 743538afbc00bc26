"""DifferentialPrivacyService: wire in, wire out.

The order of things is the promise: what is wrong is found before the budgets are charged, they are charged before a row enters
a computation, and from then on nothing is given back.
"""

from __future__ import annotations

import uuid
from typing import Any

from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.dp.v1 import dp_service_pb2
from shoal.dp import messages, records
from shoal.dp.compute import compute, preview
from shoal.dp.keep import Checked
from shoal.dp.plan import Plan, plan
from shoal.dp.query_from_wire import query as query_of
from shoal.dp.streams.servicer import StreamCalls
from shoal.errors import FieldViolation, invalid_fields
from shoal.kernels import Monitor
from shoal.runtime import outbox, wire
from shoal.runtime.calls import draft
from shoal.runtime.host import Built, Host
from shoal.runtime.stopping import Stop
from shoal.runtime.threads import in_thread


class DifferentialPrivacyServicer(StreamCalls):
    """Answers statistics with noise: of tables here, of streams in its other half."""

    async def Compute(self, request: dp_service_pb2.ComputeRequest, context: Any) -> dp_service_pb2.ComputeResponse:
        prepared = await self._planned(request)
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
        kept = await self.kept(request_id, digest)
        if kept is not None and kept.response is not None:
            draft().details["repeated"] = "true"
            return dp_service_pb2.ComputeResponse.FromString(kept.response)
        opened = await self._opener.open(request.table, "table")
        stop = Stop()
        checked = await self._workers.run(lambda: self.checked(opened, prepared.query, stop), stop)
        # Of the record, not of the caller: should the record be lost, a call with its request id is a new one, and is charged.
        spend_id = kept.id if kept is not None else uuid.uuid4().hex
        charged = await self.charge(messages.spend(prepared, [f"budgets/sha256-{checked.content}", *names], spend_id, digest))
        draft().resources.append(charged.spend.name)
        draft().details.update(epsilon=f"{charged.spend.epsilon:g}", delta=f"{charged.spend.delta:g}")
        monitor = Monitor()
        return await self._workers.run(lambda: self._answer(checked, prepared, charged, kept, monitor), monitor)

    async def _planned(self, request: dp_service_pb2.ComputeRequest) -> Plan:
        query, stop = await in_thread(query_of, request), Stop()
        if query.group_by is None or all(key.epsilon is None for key in query.group_by.keys):
            return await in_thread(plan, query)
        return await self._workers.run(lambda: plan(query, check=stop.check), stop)

    def _answer(
        self,
        checked: Checked,
        prepared: Plan,
        charged: budget_service_pb2.SpendResponse,
        kept: records.AnswerRow | None,
        monitor: Monitor,
    ) -> dp_service_pb2.ComputeResponse:
        with checked.reading():
            answers = compute(checked.table, prepared, monitor)
        response = messages.response(prepared, answers, charged)
        if kept is None:
            return response
        with self._database.begin() as session:
            first = records.keep(session, kept.id, response.SerializeToString(deterministic=True))
            outbox.add(session, draft())
        return dp_service_pb2.ComputeResponse.FromString(first)


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = DifferentialPrivacyServicer(host)
    return Built(servicers=[(dp_service_pb2.DESCRIPTOR.services_by_name["DifferentialPrivacyService"], servicer)])
