"""The tables of budgets and of what was spent from them, and every query on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, bindparam, insert, update
from sqlalchemy import inspect as sa_inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from shoal.budget.composition import Position, Standing, Terms
from shoal.budget.events import Composition, Event, Mechanism
from shoal.runtime.database import Database, UtcTime, name_enum

T = TypeVar("T")


class BudgetKind(StrEnum):
    """NAMED: made by somebody. CONTENT: of one dataset content, made at its first spend."""

    NAMED = "NAMED"
    CONTENT = "CONTENT"


class BudgetRow(SQLModel, table=True):
    """One budget. A deleted one stays as a tombstone; generation counts those under one name, from 1.

    Amounts are in the ledger's units. The constraint stands behind the ledger's own arithmetic: no bug above may overspend.
    """

    __tablename__ = "budgets"
    __table_args__ = (
        UniqueConstraint("organization", "budget_id", "generation"),
        UniqueConstraint("organization", "creator", "request_id"),
        CheckConstraint("spent_epsilon <= epsilon_limit AND spent_delta <= delta_limit", name="never_overspent"),
    )

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    budget_id: str = Field(max_length=128)
    generation: int
    kind: BudgetKind = Field(sa_type=name_enum(BudgetKind))
    description: str
    creator: str = Field(max_length=64)
    composition: Composition = Field(sa_type=name_enum(Composition))
    epsilon_limit: int = Field(sa_type=BigInteger)
    delta_limit: int = Field(sa_type=BigInteger)
    approximate_delta_limit: int = Field(sa_type=BigInteger)
    curve_order: float
    curve_limit: int = Field(sa_type=BigInteger)
    spent_epsilon: int = Field(default=0, sa_type=BigInteger)
    spent_delta: int = Field(default=0, sa_type=BigInteger)
    standing: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    query_count: int = Field(default=0, sa_type=BigInteger)
    format_version: int = Field(default=1)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    update_time: dt.datetime | None = Field(default=None, sa_type=UtcTime)
    delete_time: dt.datetime | None = Field(default=None, sa_type=UtcTime)
    request_id: str | None = Field(default=None, max_length=64)
    request_sha256: str | None = Field(default=None, max_length=64)

    @property
    def terms(self) -> Terms:
        """What the budget allows."""
        return Terms(
            self.composition,
            self.epsilon_limit,
            self.delta_limit,
            self.approximate_delta_limit,
            self.curve_order,
            self.curve_limit,
        )

    def where_it_stands(self) -> Standing:
        """What was spent, as the ledger adds it up."""
        if not self.standing:
            return Standing()
        return Standing(**{**self.standing, "readings": tuple(self.standing["readings"])})

    def move(self, standing: Standing, spent: Position, moment: dt.datetime) -> None:
        """Puts the budget where a granted spend leaves it."""
        self.standing = {**vars(standing), "readings": list(standing.readings)}
        self.spent_epsilon, self.spent_delta = spent.epsilon, spent.delta
        self.query_count, self.update_time = standing.count, moment


class SpendRow(SQLModel, table=True):
    """One entry of the ledger; added, never changed, never deleted. Amounts are in units, as basic composition counts them."""

    __tablename__ = "spends"
    __table_args__ = (UniqueConstraint("organization", "creator", "request_id"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    creator: str = Field(max_length=64)
    request_id: str = Field(max_length=64)
    request_sha256: str = Field(max_length=64)
    epsilon: str = Field(max_length=64)
    """As text: many dear events are more units than a database's integers hold, before a budget with room for them is found."""
    delta: str = Field(max_length=64)
    purpose: str
    events: list[list[Any]] = Field(sa_type=JSON)
    charges: list[list[Any]] = Field(sa_type=JSON)
    """Of each budget: name, row, units of epsilon and delta charged, units of both that remained."""
    create_time: dt.datetime = Field(sa_type=UtcTime, index=True)


class ChargeRow(SQLModel, table=True):
    """That a spend charged a budget, for finding one by the other."""

    __tablename__ = "charges"

    spend: str = Field(primary_key=True, foreign_key="spends.id", max_length=64)
    budget: str = Field(primary_key=True, foreign_key="budgets.id", index=True, max_length=64)


def in_one_go(database: Database, work: Callable[[Session], T]) -> T:
    """Runs a unit of work in a transaction of its own; once more when another process made the same row first.

    SQLite's transactions begin one after the other. On PostgreSQL two that make the same budget meet only at the insert: the
    second one fails there, and finds the row when it looks again.
    """
    try:
        with database.begin() as session:
            return work(session)
    except IntegrityError:
        with database.begin() as session:
            return work(session)


# The statements of a spend are made once: building them anew would take as long as its commit does.
_BUDGETS: Any = BudgetRow.__table__  # type: ignore[attr-defined]
_LOCK = (
    select(BudgetRow)
    .where(col(BudgetRow.organization) == bindparam("of"), col(BudgetRow.budget_id).in_(bindparam("ids", expanding=True)))
    # Always in the same order, so that two spends on the same budgets wait for each other instead of locking each other out.
    .order_by(col(BudgetRow.budget_id), col(BudgetRow.generation))
    .with_for_update()
)
_BY_REQUEST = select(SpendRow.id).where(
    col(SpendRow.organization) == bindparam("of"),
    col(SpendRow.creator) == bindparam("by"),
    col(SpendRow.request_id) == bindparam("request"),
)
_MOVED = ("standing", "spent_epsilon", "spent_delta", "query_count", "update_time")
_MOVE = update(_BUDGETS).where(_BUDGETS.c.id == bindparam("row")).values({name: bindparam(f"new_{name}") for name in _MOVED})
_ADD_SPEND = insert(SpendRow.__table__)  # type: ignore[attr-defined]
_ADD_CHARGE = insert(ChargeRow.__table__)  # type: ignore[attr-defined]


def save(session: Session, budgets: Sequence[BudgetRow], made: SpendRow) -> None:
    """Writes a spend, the budgets as it leaves them, and which it charged."""
    connection = session.connection()
    # New rows in the order in which everybody makes them, so that nobody waits for somebody who waits.
    for row in sorted(budgets, key=lambda each: each.budget_id):
        if sa_inspect(row).transient:  # a content's first spend
            session.add(row)
            session.flush()
        else:
            session.expunge(row)  # written here, not by the session as well
            connection.execute(_MOVE, {"row": row.id, **{f"new_{name}": getattr(row, name) for name in _MOVED}})
    connection.execute(_ADD_SPEND, made.model_dump())
    connection.execute(_ADD_CHARGE, [{"spend": made.id, "budget": row.id} for row in budgets])


def event_to_row(event: Event) -> list[Any]:
    """An event as the ledger keeps it."""
    return [event.epsilon, event.delta, event.count, event.mechanism.value, event.sigma, event.sensitivity]


def event_of_row(kept: Sequence[Any]) -> Event:
    """The event that was kept."""
    epsilon, delta, count, mechanism, sigma, sensitivity = kept
    return Event(epsilon, delta, count, Mechanism(mechanism), sigma, sensitivity)


def newest_budgets(session: Session, organization: str, budget_ids: Sequence[str]) -> dict[str, BudgetRow]:
    """The newest budget under each id, deleted or not, locked until the transaction ends; ids without one are left out."""
    rows: Sequence[BudgetRow] = session.execute(_LOCK, {"of": organization, "ids": list(budget_ids)}).scalars().all()
    return {row.budget_id: row for row in rows}


def newest_budget(session: Session, organization: str, budget_id: str) -> BudgetRow | None:
    """The newest budget under the id, deleted or not."""
    return newest_budgets(session, organization, [budget_id]).get(budget_id)


def budgets_by_row(session: Session, rows: Sequence[str]) -> dict[str, BudgetRow]:
    """The budgets with these row ids."""
    return {row.id: row for row in session.exec(select(BudgetRow).where(col(BudgetRow.id).in_(rows))).all()}


def budget_by_request(session: Session, organization: str, creator: str, request_id: str) -> BudgetRow | None:
    """The budget that an earlier call with this request id made."""
    query = select(BudgetRow).where(
        BudgetRow.organization == organization, BudgetRow.creator == creator, BudgetRow.request_id == request_id
    )
    return session.exec(query).first()


def budgets_page(
    session: Session,
    organization: str,
    *,
    kind: BudgetKind | None,
    with_deleted: bool,
    after: tuple[dt.datetime, str] | None,
    size: int,
) -> list[BudgetRow]:
    """Up to `size` budgets, newest first, after the position (creation time, row id)."""
    query = select(BudgetRow).where(BudgetRow.organization == organization)
    if kind is not None:
        query = query.where(BudgetRow.kind == kind)
    if not with_deleted:
        query = query.where(col(BudgetRow.delete_time).is_(None))
    create_time, row_id = col(BudgetRow.create_time), col(BudgetRow.id)
    if after is not None:
        time, last = after
        query = query.where((create_time < time) | ((create_time == time) & (row_id < last)))
    return list(session.exec(query.order_by(create_time.desc(), row_id.desc()).limit(size)).all())


def spend_by_request(session: Session, organization: str, creator: str, request_id: str) -> SpendRow | None:
    """The spend that an earlier call with this request id was granted."""
    found = session.connection().execute(_BY_REQUEST, {"of": organization, "by": creator, "request": request_id}).scalar()
    return None if found is None else session.get_one(SpendRow, found)


def spends_page(
    session: Session, organization: str, *, budget: str | None, after: tuple[dt.datetime, str] | None, size: int
) -> list[SpendRow]:
    """Up to `size` spends, newest first, after the position (creation time, id); `budget`: the row they charged."""
    query = select(SpendRow).where(SpendRow.organization == organization)
    if budget is not None:
        query = query.join(ChargeRow, col(ChargeRow.spend) == col(SpendRow.id)).where(ChargeRow.budget == budget)
    create_time, spend_id = col(SpendRow.create_time), col(SpendRow.id)
    if after is not None:
        time, last = after
        query = query.where((create_time < time) | ((create_time == time) & (spend_id < last)))
    return list(session.exec(query.order_by(create_time.desc(), spend_id.desc()).limit(size)).all())
