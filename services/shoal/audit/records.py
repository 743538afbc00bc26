"""The tables of audit, and every query on them. Rows are added, never changed or deleted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from shoal.audit import chain
from shoal.errors import FailedPreconditionError

VERIFIED_AT_ONCE = 500


class ChainRow(SQLModel, table=True):
    """The head of an organisation's chain; locked first by whoever appends."""

    __tablename__ = "chains"

    organization: str = Field(primary_key=True, max_length=64)
    length: int
    head_hash: str = Field(max_length=64)


class EntryRow(SQLModel, table=True):
    """One entry. The columns beside the payload repeat it for searching.

    event_time is text, ISO 8601 in UTC with microseconds, as in the payload: it sorts like time, and a damaged one can still
    be read.
    """

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("organization", "sequence"), UniqueConstraint("entry_id"))

    id: int | None = Field(default=None, primary_key=True)
    organization: str = Field(max_length=64)
    sequence: int
    entry_id: str = Field(max_length=64)
    event_time: str = Field(max_length=40)
    service: str = Field(max_length=64)
    method: str = Field(max_length=255)
    actor: str = Field(max_length=128)
    outcome: str = Field(max_length=16)
    resources: str
    payload: str
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


@dataclass(frozen=True)
class Filters:
    """What a list of entries is narrowed by; empty: not by that."""

    service: str = ""
    method: str = ""
    actor: str = ""
    outcome: str = ""
    resource: str = ""
    start_time: dt.datetime | None = None
    end_time: dt.datetime | None = None


def append(session: Session, organization: str, entry_id: str, content: dict[str, object]) -> bool:
    """Appends an entry to the organisation's chain; False when it is there already."""
    if session.exec(select(EntryRow.id).where(EntryRow.entry_id == entry_id)).first() is not None:
        return False
    head = session.get(ChainRow, organization) or ChainRow(organization=organization, length=0, head_hash=chain.FIRST)
    sequence = head.length + 1
    if entry_at(session, organization, sequence) is not None:
        raise FailedPreconditionError("the head of the record is not at its end: somebody changed it; verify the log")
    payload = chain.payload(content, organization, sequence, head.head_hash)
    resources = content["resources"]
    row = EntryRow(
        organization=organization,
        sequence=sequence,
        entry_id=entry_id,
        event_time=str(content["event_time"]),
        service=str(content["service"]),
        method=str(content["method"]),
        actor=str(content["actor"]),
        outcome=str(content["outcome"]),
        resources=_joined(resources if isinstance(resources, list) else []),
        payload=payload,
        previous_hash=head.head_hash,
        hash=chain.digest(payload),
    )
    head.length, head.head_hash = sequence, row.hash
    session.add(head)
    session.add(row)
    session.flush()
    return True


def head_of(session: Session, organization: str) -> tuple[int, str]:
    """Length and last hash of the organisation's chain."""
    head = session.get(ChainRow, organization)
    return (head.length, head.head_hash) if head else (0, chain.FIRST)


def entry_at(session: Session, organization: str, sequence: int) -> EntryRow | None:
    """The entry at a place of the organisation's chain."""
    return session.exec(select(EntryRow).where(EntryRow.organization == organization, EntryRow.sequence == sequence)).first()


def entries_page(session: Session, organization: str, filters: Filters, *, before: int | None, size: int) -> list[EntryRow]:
    """Up to `size` entries that pass all filters, newest first, before the given sequence."""
    query = select(EntryRow).where(EntryRow.organization == organization)
    if before is not None:
        query = query.where(EntryRow.sequence < before)
    if filters.service:
        query = query.where(EntryRow.service == filters.service)
    if filters.method:
        tail = filters.method if filters.method.startswith("/") else "/" + filters.method
        query = query.where(col(EntryRow.method).endswith(tail, autoescape=True))
    if filters.actor:
        query = query.where(EntryRow.actor == filters.actor)
    if filters.outcome:
        query = query.where(EntryRow.outcome == filters.outcome)
    if filters.resource:
        query = query.where(col(EntryRow.resources).contains(f"\n{filters.resource}\n", autoescape=True))
    if filters.start_time is not None:
        query = query.where(EntryRow.event_time >= _as_kept(filters.start_time))
    if filters.end_time is not None:
        query = query.where(EntryRow.event_time < _as_kept(filters.end_time))
    return list(session.exec(query.order_by(col(EntryRow.sequence).desc()).limit(size)).all())


def links(session: Session, organization: str) -> Iterator[chain.Link]:
    """The organisation's entries in order, a few at a time, as they are kept; raises chain.Unreadable where storage is
    damaged.
    """
    last = -1
    while rows := _rows_after(session, organization, last):
        for row in rows:
            yield _link(row)
        last = rows[-1].sequence


def _rows_after(session: Session, organization: str, last: int) -> list[EntryRow]:
    query = select(EntryRow).where(EntryRow.organization == organization, EntryRow.sequence > last)
    query = query.order_by(col(EntryRow.sequence))
    try:
        return list(session.exec(query.limit(VERIFIED_AT_ONCE)).all())
    except DatabaseError:
        pass  # some of these rows cannot be read: one by one, so that the good ones before it are still verified
    try:
        return list(session.exec(query.limit(1)).all())
    except DatabaseError:
        # The transaction holds its lock already: what fails here is the reading of damaged bytes.
        raise chain.Unreadable from None


def _link(row: EntryRow) -> chain.Link:
    return chain.Link(
        sequence=row.sequence,
        payload=row.payload,
        previous_hash=row.previous_hash,
        hash=row.hash,
        columns={
            "entry_id": row.entry_id,
            "event_time": row.event_time,
            "service": row.service,
            "method": row.method,
            "actor": row.actor,
            "outcome": row.outcome,
            **_split_resources(row),
        },
    )


def _as_kept(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _joined(resources: list[object]) -> str:
    # Newlines around each name let one LIKE find it whole; resource names hold none.
    return "".join(f"\n{name}\n" for name in resources)


def _split_resources(row: EntryRow) -> dict[str, str]:
    if row.hash != chain.digest(row.payload):
        return {}  # the payload itself is at fault, and is reported first
    said = json.loads(row.payload)["resources"]
    # Compared as the text that is kept: a mismatch is reported under the column's name.
    return {} if row.resources == _joined(said) else {"resources": row.resources}
