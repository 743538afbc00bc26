"""The calls about streams: wire in, wire out, in the order that is promised: checked, charged, and only then taken in."""

from __future__ import annotations

import uuid
from typing import Any

from google.protobuf import empty_pb2

from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.dp.v1 import dp_service_pb2, stream_pb2
from shoal.dp import records, scan
from shoal.dp.keep import Charged, Checked
from shoal.dp.messages import described, warnings
from shoal.dp.streams import messages
from shoal.dp.streams.keep import StreamKeeper, Update
from shoal.dp.streams.layout import layout
from shoal.dp.streams.spec_from_wire import completed, need_something, spec_of, stream_id
from shoal.errors import FieldViolation, invalid_fields
from shoal.kernels import Monitor
from shoal.runtime import wire
from shoal.runtime.calls import draft
from shoal.runtime.host import Host
from shoal.runtime.stopping import Stop
from shoal.runtime.threads import in_thread


class StreamCalls(Charged):
    """Answers about streams."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._streams = StreamKeeper(host.database, host.folder, host.secret, host.pages)

    async def UpdateStream(
        self, request: dp_service_pb2.UpdateStreamRequest, context: Any
    ) -> dp_service_pb2.UpdateStreamResponse:
        need_something(request)
        name = stream_id(request.name) if request.name else uuid.uuid4().hex
        given: stream_pb2.StreamSpec | None = None
        if request.HasField("spec"):
            given = await in_thread(lambda: completed(request.spec, spec_of(request.spec)))
        wrong: list[FieldViolation] = []
        request_id = wire.request_id(request.request_id, "request_id", wrong)
        if wrong:
            raise invalid_fields(wrong)
        digest = wire.digest(request)
        kept = await self.kept(request_id, digest)
        if kept is not None and kept.response is not None:
            return _repeated(kept.response)
        async with self._streams.turn(name):
            return await self._update(request, name, given, kept, digest)

    async def _update(
        self,
        request: dp_service_pb2.UpdateStreamRequest,
        name: str,
        given: stream_pb2.StreamSpec | None,
        kept: records.AnswerRow | None,
        digest: str,
    ) -> dp_service_pb2.UpdateStreamResponse:
        found = await in_thread(self._streams.find, name, given)
        spec = await in_thread(spec_of, found.spec)
        noise = await in_thread(layout, spec)
        query = spec.query
        draft().details.update(described(query) | {"release": str(request.release).lower()})
        checked: Checked | None = None
        names = list(spec.budgets) if found.is_new else []
        if request.HasField("batch"):
            batch = await self._opener.open(request.batch, "batch")
            stop = Stop()
            checked = await self._workers.run(lambda: self.checked(batch, query, stop, given="batch", path="spec."), stop)
            names = [f"budgets/sha256-{checked.content}", *names]
        response = dp_service_pb2.UpdateStreamResponse(warnings=warnings(query))
        if names:
            # Of the record, not of the caller: should the record be lost, a call with its request id is a new one.
            spend_id = kept.id if kept is not None else uuid.uuid4().hex
            charged = await self.charge(messages.charge(noise.plan(0), spec, names, spend_id, digest))
            _note(response, charged)
        monitor = Monitor()

        def work() -> dp_service_pb2.UpdateStreamResponse:
            added = None
            if checked is not None:
                with checked.reading():
                    totals = scan.totals(scan.read(checked.table, query), noise.plan(0).columns, monitor)
                added = [int(part) for group in totals for column in group for part in column if isinstance(part, int)]
            update = Update(found, noise, added, request.release)
            return self._streams.update(update, response, kept.id if kept is not None else None, monitor)

        return await self._workers.run(work, monitor)

    async def GetStream(self, request: dp_service_pb2.GetStreamRequest, context: Any) -> stream_pb2.Stream:
        return await in_thread(self._streams.get, request.name)

    async def ListStreams(self, request: dp_service_pb2.ListStreamsRequest, context: Any) -> dp_service_pb2.ListStreamsResponse:
        return await in_thread(self._streams.list, request)

    async def DeleteStream(self, request: dp_service_pb2.DeleteStreamRequest, context: Any) -> empty_pb2.Empty:
        await in_thread(self._streams.delete, request.name)
        return empty_pb2.Empty()


def _repeated(response: bytes) -> dp_service_pb2.UpdateStreamResponse:
    draft().details["repeated"] = "true"
    return dp_service_pb2.UpdateStreamResponse.FromString(response)


def _note(response: dp_service_pb2.UpdateStreamResponse, charged: budget_service_pb2.SpendResponse) -> None:
    """Puts what was charged into the response and on the record."""
    response.epsilon, response.delta = charged.spend.epsilon, charged.spend.delta
    response.budgets.extend(charged.budgets)
    draft().resources.append(charged.spend.name)
    draft().details.update(epsilon=f"{charged.spend.epsilon:g}", delta=f"{charged.spend.delta:g}")
