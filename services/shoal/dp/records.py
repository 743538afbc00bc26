"""The table of answers that were asked for with a request id, and every query on it.

An answer is kept for as long as its spend, which is for ever: drawing its noise a second time would give away, for nothing, a
second look at the same rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, UniqueConstraint, select

from shoal.runtime.database import Database, Session, UtcTime, now


class AnswerRow(SQLModel, table=True):
    """One request id of one caller. response: None until the answer is there, and where the call has failed."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("organization", "creator", "request_id"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(max_length=64)
    creator: str = Field(max_length=64)
    request_id: str = Field(max_length=64)
    request_sha256: str = Field(max_length=64)
    response: bytes | None = Field(default=None)
    format_version: int = Field(default=1)
    create_time: dt.datetime = Field(sa_type=UtcTime)


@dataclass(frozen=True)
class Asked:
    """A request id and whose it is. sha256: of the request."""

    organization: str
    creator: str
    request_id: str
    sha256: str


def find(session: Session, asked: Asked) -> AnswerRow | None:
    """The record of the request id."""
    query = select(AnswerRow).where(
        AnswerRow.organization == asked.organization,
        AnswerRow.creator == asked.creator,
        AnswerRow.request_id == asked.request_id,
    )
    return session.exec(query).first()


def begin(database: Database, asked: Asked) -> AnswerRow:
    """The record of the request id, made if there is none. Its id is that of the spend."""
    try:
        with database.begin() as session:
            row = find(session, asked)
            if row is None:
                row = AnswerRow(
                    id=uuid.uuid4().hex,
                    organization=asked.organization,
                    creator=asked.creator,
                    request_id=asked.request_id,
                    request_sha256=asked.sha256,
                    create_time=now(),
                )
                session.add(row)
    except IntegrityError:  # another call with the id was quicker, on a database that lets two begin at once
        with database.begin() as session:
            row = find(session, asked)
        if row is None:
            raise
    return row


def keep(session: Session, row_id: str, response: bytes) -> bytes:
    """Keeps an answer, and returns the one that counts: the first that was kept."""
    row = session.get(AnswerRow, row_id)
    if row is None:
        raise LookupError("the record of a request id is gone")
    if row.response is None:
        row.response = response
        session.add(row)
        session.flush()
    return bytes(row.response or b"")


def kept_response(session: Session, row_id: str) -> bytes | None:
    """The answer that was kept for a request id, by a call that was quicker."""
    row = session.get(AnswerRow, row_id)
    return row.response if row is not None else None
