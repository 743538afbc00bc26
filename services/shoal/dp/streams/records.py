"""The tables of streams, and every query on them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select, update

from shoal.runtime.database import Session, UtcTime, name_enum


class StreamState(StrEnum):
    """ACTIVE takes updates. FENCED was restored from a backup. DELETED is a tombstone: its sums are gone."""

    ACTIVE = "ACTIVE"
    FENCED = "FENCED"
    DELETED = "DELETED"


class StreamRow(SQLModel, table=True):
    """One stream. name: None for a tombstone, which leaves it free."""

    __tablename__ = "streams"
    __table_args__ = (UniqueConstraint("organization", "name"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    name: str | None = Field(default=None, max_length=128)
    former_name: str = Field(max_length=128)
    creator: str = Field(max_length=64)
    state: StreamState = Field(sa_type=name_enum(StreamState))
    spec: bytes = Field(sa_type=LargeBinary)
    """The StreamSpec message, with every default filled in."""
    version: int
    """Counts the updates, from 1."""
    batch_count: int
    release_count: int
    spent_epsilon: int = Field(sa_type=BigInteger)
    spent_delta: int = Field(sa_type=BigInteger)
    """In the ledger's units."""
    last_release: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The StreamRelease message as it was answered."""
    content: bytes = Field(default=b"", sa_type=LargeBinary)
    """The sums, and noise that is still secret, sealed by the vault for this version."""
    format_version: int = Field(default=1)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    update_time: dt.datetime = Field(sa_type=UtcTime)


class FenceRow(SQLModel, table=True):
    """What the fence beside the database must say: token and counter of its content, inode and time of its mark."""

    __tablename__ = "stream_fences"

    id: int = Field(primary_key=True)
    token: str = Field(max_length=64)
    counter: int
    inode: str = Field(max_length=32)
    changed: str = Field(max_length=32)


def stream_of(session: Session, organization: str, name: str) -> StreamRow | None:
    """The stream of that name in the organisation; not one that was deleted."""
    query = select(StreamRow).where(StreamRow.organization == organization, StreamRow.name == name)
    return session.exec(query).first()


def streams_page(session: Session, organization: str, *, after: tuple[dt.datetime, str] | None, size: int) -> list[StreamRow]:
    """Up to `size` streams, newest first, after the position (creation time, id)."""
    query = select(StreamRow).where(StreamRow.organization == organization, col(StreamRow.name).is_not(None))
    create_time, stream_id = col(StreamRow.create_time), col(StreamRow.id)
    if after is not None:
        time, last = after
        query = query.where((create_time < time) | ((create_time == time) & (stream_id < last)))
    return list(session.exec(query.order_by(create_time.desc(), stream_id.desc()).limit(size)).all())


def delete_stream(session: Session, row: StreamRow, moment: dt.datetime) -> None:
    """Leaves a tombstone: what was spent, without the sums and the last release."""
    row.name, row.state, row.content, row.last_release, row.update_time = None, StreamState.DELETED, b"", None, moment
    session.add(row)


def fence_off(session: Session) -> int:
    """Fences every stream that is active; how many there were."""
    query = update(StreamRow).where(col(StreamRow.state) == StreamState.ACTIVE).values(state=StreamState.FENCED)
    return int(session.exec(query).rowcount)


def fence_row(session: Session) -> FenceRow | None:
    """The database's side of the fence."""
    return session.get(FenceRow, 1)


def put_fence(session: Session, token: str, counter: int, inode: str, changed: str) -> None:
    """Makes the database's side of the fence anew."""
    row = fence_row(session) or FenceRow(id=1, token="", counter=0, inode="", changed="")
    row.token, row.counter, row.inode, row.changed = token, counter, inode, changed
    session.add(row)


def count_up(session: Session, counter: int) -> None:
    """Takes the database's side of the fence further."""
    session.exec(update(FenceRow).where(col(FenceRow.id) == 1).values(counter=counter))
    session.flush()
