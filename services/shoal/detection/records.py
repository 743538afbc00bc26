"""The table of custom patterns, and every query on it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

from shoal.detection.roles import Role
from shoal.runtime.database import UtcTime

MOST_PATTERNS = 1_000
"""The most custom patterns of an organisation: each is tried on every column of every detection."""


class PatternRow(SQLModel, table=True):
    """One custom pattern. role: the name of a Role."""

    __tablename__ = "patterns"
    __table_args__ = (
        UniqueConstraint("organization", "display_name"),
        UniqueConstraint("organization", "creator", "request_id"),
    )

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    creator: str = Field(max_length=64)
    display_name: str = Field(max_length=255)
    description: str = Field(default="", max_length=1000)
    role: str = Field(default=Role.SENSITIVE.name, max_length=32)
    priority: int
    column_patterns: list[str] = Field(sa_type=JSON)
    value_patterns: list[str] = Field(sa_type=JSON)
    min_match_ratio: float
    create_time: dt.datetime = Field(sa_type=UtcTime)
    update_time: dt.datetime = Field(sa_type=UtcTime)
    request_id: str | None = Field(default=None, max_length=64)
    request_sha256: str | None = Field(default=None, max_length=64)


def patterns_of(session: Session, organization: str) -> list[PatternRow]:
    """All custom patterns of the organisation in the order in which they are tried; at most MOST_PATTERNS."""
    query = select(PatternRow).where(PatternRow.organization == organization)
    return list(session.exec(query.order_by(col(PatternRow.priority), col(PatternRow.create_time), col(PatternRow.id))).all())


def pattern_of(session: Session, organization: str, pattern_id: str) -> PatternRow | None:
    """The custom pattern of that id in the organisation."""
    row = session.get(PatternRow, pattern_id)
    return row if row is not None and row.organization == organization else None


def pattern_named(session: Session, organization: str, display_name: str) -> PatternRow | None:
    """The custom pattern of that display name in the organisation."""
    query = select(PatternRow).where(PatternRow.organization == organization, PatternRow.display_name == display_name)
    return session.exec(query).first()


def pattern_by_request(session: Session, organization: str, creator: str, request_id: str) -> PatternRow | None:
    """The pattern that an earlier call with this request id made."""
    query = select(PatternRow).where(
        PatternRow.organization == organization, PatternRow.creator == creator, PatternRow.request_id == request_id
    )
    return session.exec(query).first()


def delete_patterns(session: Session, organization: str) -> int:
    """Deletes every custom pattern of the organisation and says how many there were."""
    return int(session.exec(delete(PatternRow).where(col(PatternRow.organization) == organization)).rowcount)
