"""The table of solutions, and every query on it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from shoal.runtime.database import UtcTime, name_enum


class SolutionState(StrEnum):
    """WRITING: its output is being written, it is nobody's yet. DONE: solution and output are there."""

    WRITING = "WRITING"
    DONE = "DONE"


class SolutionRow(SQLModel, table=True):
    """One solution. A row in state WRITING is an intent: should its process die, the output is taken back."""

    __tablename__ = "solutions"
    __table_args__ = (UniqueConstraint("organization", "creator", "request_id"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    creator: str = Field(max_length=64)
    state: SolutionState = Field(sa_type=name_enum(SolutionState))
    owner: str = Field(max_length=64)
    """The process that writes the output."""
    output: str = Field(max_length=64)
    """The id of the output dataset."""
    request_id: str | None = Field(default=None, max_length=64)
    request_sha256: str | None = Field(default=None, max_length=64)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    format_version: int = Field(default=1)
    content: bytes = Field(default=b"", sa_type=LargeBinary)
    """The Solution message, empty while WRITING."""
    output_content: bytes = Field(default=b"", sa_type=LargeBinary)
    """The output's Dataset message as it was answered, for a call that is tried again."""


def solution_of(session: Session, organization: str, solution_id: str) -> SolutionRow | None:
    """The finished solution of that id in the organisation."""
    row = session.get(SolutionRow, solution_id)
    if row is None or row.organization != organization or row.state is not SolutionState.DONE:
        return None
    return row


def solution_by_request(session: Session, organization: str, creator: str, request_id: str) -> SolutionRow | None:
    """The solution that an earlier call with this request id made or is making."""
    query = select(SolutionRow).where(
        SolutionRow.organization == organization,
        SolutionRow.creator == creator,
        SolutionRow.request_id == request_id,
    )
    return session.exec(query).first()


def solutions_page(
    session: Session, organization: str, *, after: tuple[dt.datetime, str] | None, size: int
) -> list[SolutionRow]:
    """Up to `size` finished solutions, newest first, after the position (creation time, id)."""
    query = select(SolutionRow).where(SolutionRow.organization == organization, SolutionRow.state == SolutionState.DONE)
    create_time, solution_id = col(SolutionRow.create_time), col(SolutionRow.id)
    if after is not None:
        time, last = after
        query = query.where((create_time < time) | ((create_time == time) & (solution_id < last)))
    return list(session.exec(query.order_by(create_time.desc(), solution_id.desc()).limit(size)).all())


def unfinished(session: Session) -> list[SolutionRow]:
    """All intents, of all organisations."""
    return list(session.exec(select(SolutionRow).where(SolutionRow.state == SolutionState.WRITING)).all())
