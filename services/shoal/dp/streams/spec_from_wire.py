"""A stream's spec, from its message and back: with every limit looked at, and every default filled in."""

from __future__ import annotations

import re

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.api.dp.v1 import dp_service_pb2, query_pb2, stream_pb2
from shoal.dp.messages import NOISES_TO_WIRE, named_budgets, unit_to_wire
from shoal.dp.query import Statistic, Unlisted
from shoal.dp.query_from_wire import query as query_of
from shoal.dp.streams.spec import Spec, Window, WindowKind
from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError, UnimplementedError, invalid_fields

MOST_RELEASES = 1_048_576
DEFAULT_RELEASES = 4096
LONGEST_WINDOW = 65_536

_NAME = re.compile(r"streams/([A-Za-z0-9][A-Za-z0-9._-]{0,127})")
_KINDS = {
    stream_pb2.WINDOW_KIND_SLIDING: WindowKind.SLIDING,
    stream_pb2.WINDOW_KIND_TUMBLING: WindowKind.TUMBLING,
}


def stream_id(name: str) -> str:
    """The last part of a stream's name; raises InvalidArgumentError."""
    found = _NAME.fullmatch(name)
    if found is None:
        says = "must be of the form streams/ and 1 to 128 letters, digits, '.', '_' or '-', a letter or a digit first"
        raise invalid_fields([FieldViolation("name", says)])
    return found.group(1)


def spec_of(message: stream_pb2.StreamSpec) -> Spec:
    """The spec; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    request = _as_question(message, wrong)
    window = _window(message, wrong)
    releases = message.max_releases if message.HasField("max_releases") and window is None else DEFAULT_RELEASES
    if not 1 <= releases <= MOST_RELEASES:
        wrong.append(FieldViolation("spec.max_releases", f"must be between 1 and {MOST_RELEASES:,}"))
    budgets: list[str] = []
    query = None
    try:
        query = query_of(request)
        budgets = named_budgets(request)
    except InvalidArgumentError as error:
        if not error.violations:
            raise
        wrong += [FieldViolation(f"spec.{each.field}", each.description) for each in error.violations]
    if query is not None and query.statistic is Statistic.VARIANCE and window is not None:
        wrong.append(FieldViolation("spec.window", "does not go with a variance"))
    if wrong or query is None:
        raise invalid_fields(wrong)
    if query.group_by is not None and query.group_by.unlisted is Unlisted.DISCOVER:
        raise UnimplementedError("groups are not discovered in streams yet: list them as spec.group_by.keys")
    return Spec(query, window, releases, tuple(budgets))


def _as_question(message: stream_pb2.StreamSpec, wrong: list[FieldViolation]) -> dp_service_pb2.ComputeRequest:
    """What a single release would ask: the same fields, under the same rules."""
    request = dp_service_pb2.ComputeRequest(
        noise=message.noise, where=message.where, budgets=message.budgets, delta=message.delta
    )
    kind = message.WhichOneof("query")
    if kind is not None:
        getattr(request, kind).CopyFrom(getattr(message, kind))
        own = any(each.HasField("epsilon") for each in getattr(message, kind).columns)
        if not own and not message.HasField("epsilon"):
            wrong.append(FieldViolation("spec.epsilon", "is required where the columns have none of their own"))
    if message.HasField("epsilon"):
        request.epsilon = message.epsilon
    if message.HasField("privacy_unit"):
        request.privacy_unit.CopyFrom(message.privacy_unit)
    if message.HasField("group_by"):
        request.group_by.CopyFrom(message.group_by)
        if message.group_by.unlisted == query_pb2.UNLISTED_GROUPS_UNSPECIFIED and message.group_by.keys:
            request.group_by.unlisted = query_pb2.UNLISTED_GROUPS_OTHER
    return request


def _window(message: stream_pb2.StreamSpec, wrong: list[FieldViolation]) -> Window | None:
    if not message.HasField("window"):
        return None
    window = message.window
    if window.kind not in _KINDS:
        wrong.append(FieldViolation("spec.window.kind", "is required: SLIDING or TUMBLING"))
    if not 1 <= window.batch_count <= LONGEST_WINDOW:
        wrong.append(FieldViolation("spec.window.batch_count", f"must be between 1 and {LONGEST_WINDOW:,}"))
    return Window(_KINDS.get(window.kind, WindowKind.SLIDING), window.batch_count)


def completed(message: stream_pb2.StreamSpec, spec: Spec) -> stream_pb2.StreamSpec:
    """The message with every default filled in; two that mean the same are the same."""
    found = stream_pb2.StreamSpec()
    found.CopyFrom(message)
    query = spec.query
    found.noise, found.delta = NOISES_TO_WIRE[query.noise], query.delta / DELTA_UNITS
    if not query.has_own_epsilons:
        found.epsilon = query.epsilon / EPSILON_UNITS
    found.privacy_unit.CopyFrom(unit_to_wire(query.unit))
    if query.group_by is not None:
        found.group_by.unlisted = (
            query_pb2.UNLISTED_GROUPS_OTHER if query.group_by.unlisted is Unlisted.OTHER else query_pb2.UNLISTED_GROUPS_DROP
        )
        found.group_by.min_group_size = query.group_by.min_size
    if spec.window is None:
        found.max_releases = spec.max_releases
    else:
        found.ClearField("max_releases")
    return found


def need_something(request: dp_service_pb2.UpdateStreamRequest) -> None:
    """Raises InvalidArgumentError for an update that asks for nothing."""
    if not (request.HasField("batch") or request.HasField("spec") or request.release):
        raise InvalidArgumentError(
            "batch: give a batch, a spec or release: there is nothing to do", reason=ErrorReason.INVALID_FIELD
        )
    if not request.name and not request.HasField("spec"):
        raise invalid_fields([FieldViolation("name", "is required, unless a spec makes a new stream")])
