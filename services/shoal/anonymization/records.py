"""The tables of solutions and of what is kept beside them, and every query on them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, or_, select, update

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


class TraceRow(SQLModel, table=True):
    """What a release is recognised by later. id: of the solution, or of the batch of new rows."""

    __tablename__ = "traces"

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    solution: str = Field(index=True, max_length=64)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    input_sha256: str = Field(index=True, max_length=64)
    rows: str = Field(index=True, max_length=64)
    quasi_identifiers: str = Field(index=True, max_length=64)
    sketch: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The sketch of the entities, sealed by the vault."""


class ApplyStateRow(SQLModel, table=True):
    """What applying a solution needs, sealed by the vault. version: counts the releases by it, from 1."""

    __tablename__ = "apply_states"

    solution: str = Field(primary_key=True, max_length=64)
    organization: str = Field(max_length=64)
    version: int
    expire_time: dt.datetime = Field(sa_type=UtcTime, index=True)
    content: bytes = Field(sa_type=LargeBinary)


class BatchRow(SQLModel, table=True):
    """One release of new rows by a solution. A row in state WRITING is an intent, as of a solution."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("organization", "creator", "request_id"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(max_length=64)
    creator: str = Field(max_length=64)
    solution: str = Field(index=True, max_length=64)
    state: SolutionState = Field(sa_type=name_enum(SolutionState))
    owner: str = Field(max_length=64)
    """The process that writes the output."""
    output: str = Field(max_length=64)
    """The id of the output dataset."""
    request_id: str | None = Field(default=None, max_length=64)
    request_sha256: str | None = Field(default=None, max_length=64)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    content: bytes = Field(default=b"", sa_type=LargeBinary)
    """The answer, empty while WRITING."""


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


def delete_solution(session: Session, row: SolutionRow) -> None:
    """Deletes a solution with everything that is kept beside it."""
    session.delete(row)
    session.exec(delete(TraceRow).where(col(TraceRow.solution) == row.id))
    session.exec(delete(ApplyStateRow).where(col(ApplyStateRow.solution) == row.id))
    session.exec(delete(BatchRow).where(col(BatchRow.solution) == row.id, col(BatchRow.state) == SolutionState.DONE))


def alike(
    session: Session, organization: str, input_sha256: str, rows: str, quasi_identifiers: str, most: int
) -> list[TraceRow]:
    """The traces of releases with the same input, rows or quasi-identifiers, newest first."""
    query = select(TraceRow).where(
        TraceRow.organization == organization,
        or_(
            TraceRow.input_sha256 == input_sha256,
            TraceRow.rows == rows,
            TraceRow.quasi_identifiers == quasi_identifiers,
        ),
    )
    return list(session.exec(query.order_by(col(TraceRow.create_time).desc()).limit(most)).all())


def sketched(session: Session, organization: str, most: int) -> list[TraceRow]:
    """The newest traces that have a sketch of entities."""
    query = select(TraceRow).where(TraceRow.organization == organization, col(TraceRow.sketch).is_not(None))
    return list(session.exec(query.order_by(col(TraceRow.create_time).desc()).limit(most)).all())


def apply_state_of(session: Session, organization: str, solution_id: str, moment: dt.datetime) -> ApplyStateRow | None:
    """What is kept for applying a solution; what has expired is gone, whether it was swept or not."""
    query = select(ApplyStateRow).where(
        ApplyStateRow.solution == solution_id,
        ApplyStateRow.organization == organization,
        col(ApplyStateRow.expire_time) > moment,
    )
    return session.exec(query).first()


def replace_apply_state(session: Session, solution_id: str, version: int, content: bytes) -> bool:
    """Puts new content in the place of that version, and counts up; False when another version is there, or none."""
    query = (
        update(ApplyStateRow)
        .where(col(ApplyStateRow.solution) == solution_id, col(ApplyStateRow.version) == version)
        .values(version=version + 1, content=content)
    )
    return int(session.exec(query).rowcount) == 1


def delete_expired_states(session: Session, moment: dt.datetime) -> None:
    """Deletes what was kept for applying solutions and has expired."""
    session.exec(delete(ApplyStateRow).where(col(ApplyStateRow.expire_time) <= moment))


def batch_by_request(session: Session, organization: str, creator: str, request_id: str) -> BatchRow | None:
    """The batch that an earlier call with this request id made or is making."""
    query = select(BatchRow).where(
        BatchRow.organization == organization, BatchRow.creator == creator, BatchRow.request_id == request_id
    )
    return session.exec(query).first()


def unfinished_batches(session: Session) -> list[BatchRow]:
    """All intents of batches, of all organisations."""
    return list(session.exec(select(BatchRow).where(BatchRow.state == SolutionState.WRITING)).all())
