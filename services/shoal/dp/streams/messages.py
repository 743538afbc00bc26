"""Streams as messages."""

from __future__ import annotations

from collections.abc import Sequence

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.dp.v1 import stream_pb2
from shoal.dp.compute import Answer
from shoal.dp.messages import answer_to_wire, purpose, spend
from shoal.dp.plan import Plan
from shoal.dp.streams.records import StreamRow, StreamState
from shoal.dp.streams.spec import Spec
from shoal.runtime import wire
from shoal.runtime.database import now

STATES = {
    StreamState.ACTIVE: stream_pb2.STREAM_STATE_ACTIVE,
    StreamState.FENCED: stream_pb2.STREAM_STATE_FENCED,
}


def stream(row: StreamRow, *, whole: bool) -> stream_pb2.Stream:
    """A stream. whole: with the keys of its groups and its last release."""
    spec = stream_pb2.StreamSpec.FromString(row.spec)
    if not whole:
        spec.group_by.ClearField("keys") if spec.HasField("group_by") else None
    found = stream_pb2.Stream(
        name=f"streams/{row.former_name}",
        spec=spec,
        state=STATES[row.state],
        batch_count=row.batch_count,
        release_count=row.release_count,
        spent_epsilon=row.spent_epsilon / EPSILON_UNITS,
        spent_delta=row.spent_delta / DELTA_UNITS,
        creator=f"users/{row.creator}",
        create_time=wire.timestamp(row.create_time),
        update_time=wire.timestamp(row.update_time),
    )
    if whole and row.last_release is not None:
        found.last_release.MergeFromString(row.last_release)
    return found


def release(number: int, batches: int, answers: Sequence[Answer]) -> stream_pb2.StreamRelease:
    """A release that was made just now."""
    return stream_pb2.StreamRelease(
        release_number=number,
        batch_count=batches,
        answers=[answer_to_wire(each, None) for each in answers],
        release_time=wire.timestamp(now()),
    )


def charge(plan: Plan, spec: Spec, budgets: list[str], request_id: str, digest: str) -> budget_service_pb2.SpendRequest:
    """What a stream costs each budget that it is charged to."""
    found = spend(plan, budgets, request_id, digest)
    found.purpose = f"stream of {purpose(spec.query)}, request {digest[:16]}"
    return found
