"""The ledger's units of work: making, ending and charging budgets, each inside one transaction that the caller opened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS, units_down
from shoal.budget import records
from shoal.budget.composition import READING_ORDERS, Position, charge, position, terms
from shoal.budget.events import Bill, Composition, Event
from shoal.budget.records import BudgetKind, BudgetRow, SpendRow
from shoal.errors import (
    AlreadyExistsError,
    BudgetExhaustedError,
    FailedPreconditionError,
    NotFoundError,
    PermissionDeniedError,
)
from shoal.runtime import wire
from shoal.runtime.calls import Caller, Role
from shoal.runtime.database import Session, now

CONTENT_PREFIX = "sha256-"
FEW_EVENTS = 20


@dataclass(frozen=True)
class Limits:
    """What a budget allows, as the wire says it."""

    composition: Composition
    epsilon: float
    delta: float
    approximate_delta: float


@dataclass(frozen=True)
class NewBudget:
    """A named budget to make. budget_id: None for one that the server chooses."""

    budget_id: str | None
    description: str
    limits: Limits
    request_id: str | None
    request_sha256: str
    reuse_deleted_id: bool


@dataclass(frozen=True)
class Order:
    """A spend to make. budgets: ids, each once."""

    request_id: str
    request_sha256: str
    budgets: tuple[str, ...]
    events: tuple[Event, ...]
    purpose: str
    validate_only: bool


@dataclass(frozen=True)
class Spent:
    """A spend and its budgets as they stand now, in the order asked. repeated: an earlier call made it."""

    spend: SpendRow
    budgets: list[BudgetRow]
    repeated: bool


def create(session: Session, me: Caller, wanted: NewBudget) -> tuple[BudgetRow, bool]:
    """Makes a named budget; returns it and whether this call made it, not an earlier one with its request id."""
    if wanted.request_id:
        earlier = records.budget_by_request(session, me.organization, me.user, wanted.request_id)
        if earlier is not None:
            wire.same_request(earlier.request_sha256, wanted.request_sha256, _name(earlier.budget_id))
            return earlier, False
    if wanted.reuse_deleted_id and me.role is not Role.ADMIN:
        raise PermissionDeniedError("only administrators may use the id of a deleted budget again (reuse_deleted_id)")
    budget_id = wanted.budget_id or uuid.uuid4().hex
    taken = records.newest_budget(session, me.organization, budget_id)
    if taken is not None and taken.delete_time is None:
        raise AlreadyExistsError(f"{_name(budget_id)} exists already", metadata={"resource": _name(budget_id)})
    if taken is not None and not wanted.reuse_deleted_id:
        raise AlreadyExistsError(
            f"{_name(budget_id)} was deleted, and its id stays taken so that nobody starts again from nothing; "
            "choose another, or let an administrator set reuse_deleted_id",
            metadata={"resource": _name(budget_id)},
        )
    row = _new_row(me, budget_id, BudgetKind.NAMED, wanted.limits, now())
    row.generation = taken.generation + 1 if taken is not None else 1
    row.description, row.request_id, row.request_sha256 = wanted.description, wanted.request_id, wanted.request_sha256
    session.add(row)
    session.flush()
    return row, True


def get(session: Session, organization: str, budget_id: str) -> BudgetRow:
    """The newest budget under the id, deleted or not; raises NotFoundError."""
    row = records.newest_budget(session, organization, budget_id)
    if row is None:
        raise no_budget(budget_id)
    return row


def delete(session: Session, me: Caller, budget_id: str) -> BudgetRow:
    """Ends a named budget; its record stays."""
    row = get(session, me.organization, budget_id)
    if row.delete_time is not None:
        raise no_budget(budget_id)
    if row.kind is BudgetKind.CONTENT:
        raise FailedPreconditionError(f"{_name(budget_id)} is the budget of a dataset's content, which nobody may delete")
    if me.role is not Role.ADMIN and row.creator != me.user:
        raise PermissionDeniedError(f"{_name(budget_id)} may be deleted by whoever made it and by administrators only")
    row.delete_time = now()
    session.add(row)
    session.flush()
    return row


def spend(session: Session, me: Caller, order: Order, bill: Bill, content: Limits) -> Spent:
    """Charges every budget or none. content: the limits of contents' budgets that are made here.

    Raises BudgetExhaustedError that names every budget which does not cover the bill.
    """
    # The locks come first: a second call with the same request id waits here and then finds what the first one did.
    found = records.newest_budgets(session, me.organization, order.budgets)
    earlier = records.spend_by_request(session, me.organization, me.user, order.request_id)
    if earlier is not None:
        return _repeated(session, earlier, order)
    moment = now()
    charged = [_to_charge(me, budget_id, found.get(budget_id), content, moment) for budget_id in order.budgets]
    before = [Position(row.spent_epsilon, row.spent_delta) for row in charged]
    after = [charge(row.terms, row.where_it_stands(), bill) for row in charged]
    granted = [standing for standing in after if standing is not None]
    if len(granted) < len(after):
        raise _exhausted([row for row, standing in zip(charged, after, strict=True) if standing is None], bill)
    for row, standing in zip(charged, granted, strict=True):
        row.move(standing, position(row.terms, standing), moment)
    made = SpendRow(
        id=uuid.uuid4().hex,
        organization=me.organization,
        creator=me.user,
        request_id=order.request_id,
        request_sha256=order.request_sha256,
        epsilon=str(bill.epsilon),
        delta=str(bill.delta),
        purpose=order.purpose,
        events=[records.event_to_row(each) for each in order.events],
        charges=sorted(_charge_to_row(row, old) for row, old in zip(charged, before, strict=True)),
        create_time=moment,
    )
    if order.validate_only:
        session.expunge_all()  # what was moved only to be shown
        return Spent(made, charged, repeated=False)
    records.save(session, charged, made)
    return Spent(made, charged, repeated=False)


def bill_of(events: Sequence[Event]) -> Bill:
    """The bill for the events. Of many events the divergences are computed here, before the database is locked for it."""
    bill = Bill(events)
    if len(events) > FEW_EVENTS:
        for order in READING_ORDERS:
            bill.divergence(order)
    return bill


def no_budget(budget_id: str) -> NotFoundError:
    """The error for a budget that does not exist, or takes no spends any more."""
    return NotFoundError(f"there is no budget {_name(budget_id)}", metadata={"resource": _name(budget_id)})


def _name(budget_id: str) -> str:
    return f"budgets/{budget_id}"


def _new_row(me: Caller, budget_id: str, kind: BudgetKind, limits: Limits, moment: dt.datetime) -> BudgetRow:
    allowed = terms(
        limits.composition,
        units_down(limits.epsilon, EPSILON_UNITS),
        units_down(limits.delta, DELTA_UNITS),
        units_down(limits.approximate_delta, DELTA_UNITS),
    )
    return BudgetRow(
        id=uuid.uuid4().hex,
        organization=me.organization,
        budget_id=budget_id,
        generation=1,
        kind=kind,
        description="",
        creator=me.user,
        composition=allowed.composition,
        epsilon_limit=allowed.epsilon,
        delta_limit=allowed.delta,
        approximate_delta_limit=allowed.approximate_delta,
        curve_order=allowed.order,
        curve_limit=allowed.curve,
        create_time=moment,
    )


def _to_charge(me: Caller, budget_id: str, row: BudgetRow | None, content: Limits, moment: dt.datetime) -> BudgetRow:
    if row is not None and row.delete_time is None:
        return row
    if row is None and budget_id.startswith(CONTENT_PREFIX):
        return _new_row(me, budget_id, BudgetKind.CONTENT, content, moment)
    raise no_budget(budget_id)


def _charge_to_row(row: BudgetRow, before: Position) -> list[str | int]:
    return [
        _name(row.budget_id),
        row.id,
        row.spent_epsilon - before.epsilon,
        row.spent_delta - before.delta,
        row.epsilon_limit - row.spent_epsilon,
        row.delta_limit - row.spent_delta,
    ]


def _repeated(session: Session, earlier: SpendRow, order: Order) -> Spent:
    wire.same_request(earlier.request_sha256, order.request_sha256, f"spends/{earlier.id}")
    rows = records.budgets_by_row(session, [str(each[1]) for each in earlier.charges])
    by_id = {row.budget_id: row for row in rows.values()}
    return Spent(earlier, [by_id[budget_id] for budget_id in order.budgets], repeated=True)


def _exhausted(rows: list[BudgetRow], bill: Bill) -> BudgetExhaustedError:
    names = [_name(row.budget_id) for row in rows]
    row, more = rows[0], f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    kept = row.where_it_stands().delta + bill.kept_delta(row.composition)
    if row.composition is not Composition.BASIC and kept > row.approximate_delta_limit:
        why = "its approximate_delta, which the events' own deltas add up to, is too small"
    else:
        left = (row.epsilon_limit - row.spent_epsilon) / EPSILON_UNITS, (row.delta_limit - row.spent_delta) / DELTA_UNITS
        why = f"it has epsilon {left[0]:.9g} and delta {left[1]:.3g} left"
    return BudgetExhaustedError(f"{names[0]}{more} does not cover this spend: {why}; nothing was charged", budgets=names)
