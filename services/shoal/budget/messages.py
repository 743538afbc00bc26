"""Budget's wire: requests become checked values, rows become messages."""

from __future__ import annotations

import re

from google.protobuf.message import Message

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.api.budget.v1 import advice_pb2, budget_pb2, budget_service_pb2, spend_pb2
from shoal.budget.advise import MOST_EPSILON, Advice, Plan, Question
from shoal.budget.events import Composition, Event, Mechanism
from shoal.budget.ledger import CONTENT_PREFIX, Limits, NewBudget, Order
from shoal.budget.records import BudgetKind, BudgetRow, SpendRow, event_of_row
from shoal.errors import FieldViolation, invalid_fields
from shoal.runtime import wire

LONGEST_TEXT = 1000
MOST_BUDGETS = 100
MOST_EVENTS = 1000
MOST_COUNT = 1_000_000
LEAST_EPSILON, MOST_EPSILON_BUDGET = 1e-6, 1000.0
LEAST_CURVE_DELTA, LEAST_QUERY_DELTA = 1e-15, 1e-18
LEAST_STEPS, MOST_STEPS = 1e-9, 1e18

_BUDGET_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_CONTENT_ID = re.compile(CONTENT_PREFIX + r"[0-9a-f]{64}")
COMPOSITIONS = {
    budget_pb2.COMPOSITION_UNSPECIFIED: Composition.BASIC,
    budget_pb2.COMPOSITION_BASIC: Composition.BASIC,
    budget_pb2.COMPOSITION_RDP: Composition.RDP,
    budget_pb2.COMPOSITION_ZCDP: Composition.ZCDP,
    budget_pb2.COMPOSITION_GDP: Composition.GDP,
}
COMPOSITIONS_TO_WIRE = {value: name for name, value in COMPOSITIONS.items() if name != budget_pb2.COMPOSITION_UNSPECIFIED}
_KINDS = {
    budget_pb2.BUDGET_KIND_UNSPECIFIED: None,
    budget_pb2.BUDGET_KIND_NAMED: BudgetKind.NAMED,
    budget_pb2.BUDGET_KIND_CONTENT: BudgetKind.CONTENT,
}
_KINDS_TO_WIRE = {value: name for name, value in _KINDS.items() if value is not None}
_MECHANISMS = {
    None: Mechanism.UNKNOWN,
    "pure": Mechanism.PURE,
    "gaussian": Mechanism.GAUSSIAN,
    "bounded_range": Mechanism.BOUNDED_RANGE,
}


def new_budget(request: budget_service_pb2.CreateBudgetRequest) -> NewBudget:
    """The request's content; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    budget_id = request.budget_id or None
    if budget_id is not None and (not _BUDGET_ID.fullmatch(budget_id) or budget_id.startswith(CONTENT_PREFIX)):
        says = "must have 1 to 128 letters, digits, '.', '_' and '-', begin with a letter or a digit, and not with 'sha256-'"
        wrong.append(FieldViolation("budget_id", says))
    if not request.HasField("budget"):
        wrong.append(FieldViolation("budget", "is required"))
        raise invalid_fields(wrong)
    budget = request.budget
    if len(budget.description) > LONGEST_TEXT:
        wrong.append(FieldViolation("budget.description", f"must have at most {LONGEST_TEXT} characters"))
    limits = _limits(budget, wrong)
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return NewBudget(budget_id, budget.description, limits, request_id, _digest(request), request.reuse_deleted_id)


def _limits(budget: budget_pb2.Budget, wrong: list[FieldViolation]) -> Limits:
    composition = COMPOSITIONS.get(budget.composition)
    if composition is None:
        wrong.append(FieldViolation("budget.composition", "must be one of BASIC, RDP, ZCDP and GDP"))
        composition = Composition.BASIC
    if not LEAST_EPSILON <= budget.epsilon_budget <= MOST_EPSILON_BUDGET:
        wrong.append(FieldViolation("budget.epsilon_budget", "is required, between 0.000001 and 1000"))
    delta, approximate = budget.delta_budget, budget.approximate_delta
    if not 0.0 <= delta < 1.0:
        wrong.append(FieldViolation("budget.delta_budget", "must be at least 0 and below 1"))
    elif composition is Composition.BASIC:
        if approximate != 0.0:
            wrong.append(FieldViolation("budget.approximate_delta", "is not for COMPOSITION_BASIC, which keeps nothing apart"))
    elif delta < LEAST_CURVE_DELTA:
        wrong.append(
            FieldViolation("budget.delta_budget", "must be at least 1e-15 unless the composition is COMPOSITION_BASIC")
        )
    elif not 0.0 <= approximate <= delta - LEAST_CURVE_DELTA:
        wrong.append(FieldViolation("budget.approximate_delta", "must be between 0 and delta_budget less 1e-15"))
    return Limits(composition, budget.epsilon_budget, delta, approximate)


def order(request: budget_service_pb2.SpendRequest) -> Order:
    """The request's content; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if not request.request_id:
        wrong.append(FieldViolation("request_id", "is required: a UUID"))
    if not 1 <= len(request.budgets) <= MOST_BUDGETS:
        wrong.append(FieldViolation("budgets", f"must name 1 to {MOST_BUDGETS} budgets"))
    budgets = [_budget_id(name, f"budgets[{place}]", wrong) for place, name in enumerate(request.budgets[:MOST_BUDGETS])]
    if len(set(budgets)) < len(budgets):
        wrong.append(FieldViolation("budgets", "must name each budget once"))
    if not 1 <= len(request.events) <= MOST_EVENTS:
        wrong.append(FieldViolation("events", f"must have 1 to {MOST_EVENTS} events"))
    events = [_event(event, f"events[{place}]", wrong) for place, event in enumerate(request.events[:MOST_EVENTS])]
    if len(request.purpose) > LONGEST_TEXT:
        wrong.append(FieldViolation("purpose", f"must have at most {LONGEST_TEXT} characters"))
    if wrong:
        raise invalid_fields(wrong)
    return Order(request_id or "", _digest(request), tuple(budgets), tuple(events), request.purpose, request.validate_only)


def _event(event: spend_pb2.PrivacyEvent, field: str, wrong: list[FieldViolation]) -> Event:
    found = Event(
        epsilon=event.epsilon,
        delta=event.delta,
        count=event.count if event.HasField("count") else 1,
        mechanism=_MECHANISMS[event.WhichOneof("mechanism")],
        sigma=event.gaussian.sigma,
        sensitivity=event.gaussian.sensitivity,
    )
    before = len(wrong)
    if not 0.0 <= found.epsilon <= MOST_EPSILON:
        wrong.append(FieldViolation(f"{field}.epsilon", "must be between 0 and 100"))
    if not 0.0 <= found.delta < 1.0:
        wrong.append(FieldViolation(f"{field}.delta", "must be at least 0 and below 1"))
    elif found.epsilon == 0.0 and found.delta == 0.0:
        wrong.append(FieldViolation(f"{field}.epsilon", "must be above 0 where delta is 0"))
    elif found.delta > 0.0 and found.mechanism in (Mechanism.PURE, Mechanism.BOUNDED_RANGE):
        wrong.append(
            FieldViolation(f"{field}.delta", "must be 0 for this mechanism: say a delta beside it as an event of its own")
        )
    if not 1 <= found.count <= MOST_COUNT:
        wrong.append(FieldViolation(f"{field}.count", f"must be between 1 and {MOST_COUNT}"))
    if found.mechanism is Mechanism.GAUSSIAN:
        for name, value in (("sigma", found.sigma), ("sensitivity", found.sensitivity)):
            if not LEAST_STEPS <= value <= MOST_STEPS:
                wrong.append(FieldViolation(f"{field}.gaussian.{name}", "is required, between 1e-9 and 1e18"))
    if len(wrong) == before and not found.claims_enough():
        wrong.append(FieldViolation(f"{field}.epsilon", "and delta claim less than this Gaussian noise costs"))
    return found


def question(request: budget_service_pb2.AdviseCompositionRequest) -> Question:
    """The request's content; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    if not LEAST_EPSILON <= request.epsilon_budget <= MOST_EPSILON_BUDGET:
        wrong.append(FieldViolation("epsilon_budget", "is required, between 0.000001 and 1000"))
    if request.delta_budget != 0.0 and not LEAST_CURVE_DELTA <= request.delta_budget < 1.0:
        wrong.append(FieldViolation("delta_budget", "must be 0, or at least 1e-15 and below 1"))
    if not 1 <= request.query_count <= MOST_COUNT:
        wrong.append(FieldViolation("query_count", f"is required, between 1 and {MOST_COUNT}"))
    if request.delta_per_query != 0.0 and not LEAST_QUERY_DELTA <= request.delta_per_query < 1.0:
        wrong.append(FieldViolation("delta_per_query", "must be 0, or at least 1e-18 and below 1"))
    elif request.delta_per_query > 0.0 and request.delta_budget == 0.0:
        wrong.append(FieldViolation("delta_per_query", "must be 0 where delta_budget is"))
    if wrong:
        raise invalid_fields(wrong)
    return Question(request.epsilon_budget, request.delta_budget, request.query_count, request.delta_per_query)


def advice_to_wire(advice: Advice) -> budget_service_pb2.AdviseCompositionResponse:
    """Advice as a message."""
    plans = {composition: _plan_to_wire(plan) for composition, plan in advice.plans.items()}
    return budget_service_pb2.AdviseCompositionResponse(
        basic=plans.get(Composition.BASIC),
        rdp=plans.get(Composition.RDP),
        exact_gaussian=plans.get(Composition.GDP),
        privacy_loss=None if advice.privacy_loss is None else _plan_to_wire(advice.privacy_loss),
        recommendation=COMPOSITIONS_TO_WIRE[advice.recommended],
        explanation=advice.explanation,
        savings_percent=advice.savings_percent,
        noise_ratio=advice.noise_ratio,
    )


def _plan_to_wire(plan: Plan) -> advice_pb2.CompositionAnalysis:
    return advice_pb2.CompositionAnalysis(
        epsilon_per_query=plan.epsilon_per_query,
        delta_per_query=plan.delta_per_query,
        total_epsilon=plan.total_epsilon,
        total_delta=plan.total_delta,
        noise_standard_deviation=plan.noise,
    )


def budget_id(name: str, field: str = "name") -> str:
    """The id in `budgets/{budget}`; raises InvalidArgumentError that names the field."""
    wrong: list[FieldViolation] = []
    found = _budget_id(name, field, wrong)
    if wrong:
        raise invalid_fields(wrong)
    return found


def _budget_id(name: str, field: str, wrong: list[FieldViolation]) -> str:
    prefix, _, found = name.partition("/")
    right = _CONTENT_ID if found.startswith(CONTENT_PREFIX) else _BUDGET_ID
    if prefix != "budgets" or not right.fullmatch(found):
        wrong.append(FieldViolation(field, "must be of the form budgets/ and a budget's id"))
    return found


def kind(number: int) -> BudgetKind | None:
    """The kind that a list is narrowed to, None for all; raises InvalidArgumentError for a number without a meaning."""
    known = {int(each): found for each, found in _KINDS.items()}
    if number not in known:
        raise invalid_fields([FieldViolation("kind", "must be NAMED or CONTENT")])
    return known[number]


def _digest(request: Message) -> str:
    """The digest of what a request asks for: output-only fields and the wish to only look do not count."""
    asked = type(request)()
    asked.CopyFrom(request)
    if isinstance(asked, budget_service_pb2.SpendRequest):
        asked.ClearField("validate_only")
    elif isinstance(asked, budget_service_pb2.CreateBudgetRequest):
        for name in (
            "name",
            "kind",
            "spent_epsilon",
            "spent_delta",
            "remaining_epsilon",
            "remaining_delta",
            "query_count",
            "creator",
            "create_time",
            "update_time",
            "delete_time",
        ):
            asked.budget.ClearField(name)
    return wire.digest(asked)


def budget_to_wire(row: BudgetRow) -> budget_pb2.Budget:
    """A budget's record as a message."""
    return budget_pb2.Budget(
        name=f"budgets/{row.budget_id}",
        description=row.description,
        kind=_KINDS_TO_WIRE[row.kind],
        epsilon_budget=row.epsilon_limit / EPSILON_UNITS,
        delta_budget=row.delta_limit / DELTA_UNITS,
        approximate_delta=row.approximate_delta_limit / DELTA_UNITS,
        composition=COMPOSITIONS_TO_WIRE[row.composition],
        spent_epsilon=row.spent_epsilon / EPSILON_UNITS,
        spent_delta=row.spent_delta / DELTA_UNITS,
        remaining_epsilon=(row.epsilon_limit - row.spent_epsilon) / EPSILON_UNITS,
        remaining_delta=(row.delta_limit - row.spent_delta) / DELTA_UNITS,
        query_count=row.query_count,
        creator=f"users/{row.creator}",
        create_time=wire.timestamp(row.create_time),
        update_time=wire.timestamp(row.update_time),
        delete_time=wire.timestamp(row.delete_time),
    )


def spend_to_wire(row: SpendRow, *, named: bool = True) -> spend_pb2.Spend:
    """An entry of the ledger as a message. named: False for one that was not made."""
    return spend_pb2.Spend(
        name=f"spends/{row.id}" if named else "",
        request_id=row.request_id,
        charges=[_charge_to_wire(*kept) for kept in row.charges],
        events=[_event_to_wire(event_of_row(kept)) for kept in row.events],
        epsilon=int(row.epsilon) / EPSILON_UNITS,
        delta=int(row.delta) / DELTA_UNITS,
        purpose=row.purpose,
        creator=f"users/{row.creator}",
        create_time=wire.timestamp(row.create_time),
    )


def _charge_to_wire(name: str, _row: str, epsilon: int, delta: int, left_epsilon: int, left_delta: int) -> spend_pb2.Charge:
    return spend_pb2.Charge(
        budget=name,
        epsilon=epsilon / EPSILON_UNITS,
        delta=delta / DELTA_UNITS,
        remaining_epsilon=left_epsilon / EPSILON_UNITS,
        remaining_delta=left_delta / DELTA_UNITS,
    )


def _event_to_wire(event: Event) -> spend_pb2.PrivacyEvent:
    message = spend_pb2.PrivacyEvent(epsilon=event.epsilon, delta=event.delta, count=event.count)
    if event.mechanism is Mechanism.PURE:
        message.pure.SetInParent()
    elif event.mechanism is Mechanism.BOUNDED_RANGE:
        message.bounded_range.SetInParent()
    elif event.mechanism is Mechanism.GAUSSIAN:
        message.gaussian.sigma, message.gaussian.sensitivity = event.sigma, event.sensitivity
    return message
