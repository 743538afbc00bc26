"""Answers as messages, and what is asked of the budget service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.api.budget.v1 import budget_service_pb2, spend_pb2
from shoal.api.dp.v1 import answer_pb2, dp_service_pb2, query_pb2
from shoal.dp.compute import Answer, Group, Histogram
from shoal.dp.estimates import Estimate
from shoal.dp.plan import MOST_REPEATED, Event, Plan
from shoal.dp.query import Choice, Neighbouring, NoiseType, Query, Statistic, Unit, Unlisted
from shoal.errors import FieldViolation, invalid_fields

MOST_NAMED_BUDGETS = 20

LARGE_EPSILON = 10.0

NOISES_TO_WIRE = {
    NoiseType.LAPLACE: query_pb2.NOISE_TYPE_LAPLACE,
    NoiseType.GAUSSIAN: query_pb2.NOISE_TYPE_GAUSSIAN,
    NoiseType.DISCRETE_LAPLACE: query_pb2.NOISE_TYPE_DISCRETE_LAPLACE,
    NoiseType.DISCRETE_GAUSSIAN: query_pb2.NOISE_TYPE_DISCRETE_GAUSSIAN,
}
_NEIGHBOURING_TO_WIRE = {
    Neighbouring.ADD_REMOVE: query_pb2.NEIGHBOURING_RELATION_ADD_REMOVE,
    Neighbouring.SUBSTITUTE: query_pb2.NEIGHBOURING_RELATION_SUBSTITUTE,
}


def named_budgets(request: dp_service_pb2.ComputeRequest) -> list[str]:
    """The budgets that the request names; raises InvalidArgumentError. What a name must be is the budget service's to say."""
    names = list(request.budgets)
    if len(names) > MOST_NAMED_BUDGETS or len(set(names)) < len(names):
        raise invalid_fields([FieldViolation("budgets", f"must name at most {MOST_NAMED_BUDGETS} budgets, each once")])
    for place, name in enumerate(names):
        if not name.startswith("budgets/") or name.startswith("budgets/sha256-"):
            says = (
                "must be of the form budgets/ and the id of a named budget: that of the table's content is charged in any case"
            )
            raise invalid_fields([FieldViolation(f"budgets[{place}]", says)])
    return names


def expected_rows(request: dp_service_pb2.ComputeRequest) -> int | None:
    """About how many rows there are, for a preview; raises InvalidArgumentError."""
    if not request.HasField("expected_row_count"):
        return None
    if not request.validate_only or request.expected_row_count < 1:
        raise invalid_fields([FieldViolation("expected_row_count", "must be 1 or more, and goes with validate_only")])
    return request.expected_row_count


def spend(plan: Plan, budgets: Sequence[str], request_id: str, digest: str) -> budget_service_pb2.SpendRequest:
    """What the answers cost. digest: of the request, so that the spend of one is never taken for another's."""
    return budget_service_pb2.SpendRequest(
        request_id=request_id,
        budgets=budgets,
        events=[message for event, count in plan.events for message in _events_to_wire(event, count)],
        purpose=f"{purpose(plan.query)}, request {digest[:16]}",
    )


def purpose(query: Query) -> str:
    """What a query is, without a name of a column or anything of the data."""
    if query.choice is not None:
        asked = f"a choice among {len(query.choice.candidates)} candidates"
    else:
        columns = f" of {len(query.columns)} column{'s' if len(query.columns) > 1 else ''}" if query.read_columns else ""
        asked = f"{query.statistic}{columns}, {query.noise} noise"
    grouped = ", by group" if query.group_by is not None else ""
    return asked + grouped + (", of some rows" if query.where else "")


def _events_to_wire(event: Event, count: int) -> Iterator[spend_pb2.PrivacyEvent]:
    while count > 0:
        message = spend_pb2.PrivacyEvent(
            epsilon=event.epsilon / EPSILON_UNITS, delta=event.delta / DELTA_UNITS, count=min(count, MOST_REPEATED)
        )
        if event.bounded_range:
            message.bounded_range.SetInParent()
        elif event.sigma > 0.0:
            message.gaussian.sigma, message.gaussian.sensitivity = event.sigma, event.sensitivity
        elif event.delta == 0:
            message.pure.SetInParent()
        count -= message.count
        yield message


def response(
    plan: Plan, answers: Sequence[Answer], charged: budget_service_pb2.SpendResponse | None
) -> dp_service_pb2.ComputeResponse:
    """The whole answer. charged: None for a preview."""
    query = plan.query
    epsilon, delta = plan.epsilon / EPSILON_UNITS, plan.delta / DELTA_UNITS
    if charged is not None:
        epsilon, delta = charged.spend.epsilon, charged.spend.delta
    found = dp_service_pb2.ComputeResponse(
        answers=[answer_to_wire(each, query.choice) for each in answers],
        noise=NOISES_TO_WIRE[query.noise] if query.choice is None else query_pb2.NOISE_TYPE_UNSPECIFIED,
        spend=charged.spend.name if charged is not None else "",
        epsilon=epsilon,
        delta=delta,
        budgets=charged.budgets if charged is not None else (),
        privacy_unit=unit_to_wire(query.unit),
        warnings=warnings(query),
    )
    if plan.threshold is not None:
        found.group_threshold = plan.threshold.size
    return found


def warnings(query: Query) -> list[str]:
    """What is to be said about the request; nothing of it looks at the rows."""
    found = []
    unit, by = query.unit, query.group_by
    if unit.max_contributions > 1 and unit.column is None:
        found.append(
            f"that nobody has more than {unit.max_contributions} rows is taken as declared: name the column of persons as "
            "privacy_unit.unit_column to have it enforced"
        )
    discovers = by is not None and by.unlisted is Unlisted.DISCOVER
    if query.delta and not query.noise.is_gaussian and not discovers:
        found.append(f"delta is not used: {query.noise} noise needs none")
    if query.dataset_size is not None and query.delta / DELTA_UNITS >= 1.0 / query.dataset_size and query.noise.is_gaussian:
        found.append("delta is not below one in the number of rows: it allows somebody's row to be given away whole")
    own = [column.epsilon for column in query.columns if column.epsilon is not None]
    if (sum(own) or query.epsilon) / EPSILON_UNITS > LARGE_EPSILON:
        found.append(f"an epsilon above {LARGE_EPSILON:g} promises little: answers may become e^epsilon times as likely")
    return found


def answer_to_wire(answer: Answer, choice: Choice | None) -> answer_pb2.Answer:
    """One answer."""
    found = answer_pb2.Answer(
        column=answer.column.name if answer.column is not None else "",
        group=_group_to_wire(answer.group),
        noise_scale=answer.noise_scale,
        noise_standard_deviation=answer.noise_deviation,
        epsilon=answer.epsilon / EPSILON_UNITS,
        delta=answer.delta / DELTA_UNITS,
    )
    result = answer.result
    if isinstance(result, Estimate):
        found.value = result.value
        found.interval.lower, found.interval.upper = result.interval
        if result.rows is not None:
            found.noisy_row_count = result.rows
    elif isinstance(result, Histogram):
        edges = result.bins.edges if result.shows_edges else ()
        message = answer_pb2.Histogram(counts=result.counts, edges=edges, interval_half_width=result.reach)
        found.histogram.CopyFrom(message)
    elif result is not None and choice is not None:
        chosen = choice.candidates[result]
        if isinstance(chosen, str):
            found.selected.text = chosen
        else:
            found.selected.number = chosen
    return found


def _group_to_wire(group: Group | None) -> answer_pb2.Group | None:
    if group is None:
        return None
    return answer_pb2.Group(other=True) if group.key is None else answer_pb2.Group(key=group.key)


def unit_to_wire(unit: Unit) -> query_pb2.PrivacyUnit:
    """Who is protected, with every default filled in."""
    return query_pb2.PrivacyUnit(
        neighbouring=_NEIGHBOURING_TO_WIRE[unit.neighbouring],
        max_contributions=unit.max_contributions,
        max_groups=unit.max_groups,
        unit_column=unit.column,
    )


def described(query: Query) -> dict[str, str]:
    """What the record says of a query: its shape, no value of it."""
    found = {"query": purpose(query), "neighbouring": query.unit.neighbouring.value}
    if query.statistic is not Statistic.CHOICE:
        found["columns"] = str(len(query.columns))
    return found
