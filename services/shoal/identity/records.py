"""The tables of identity, and every query on them."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, Session, SQLModel, col, select

from shoal.runtime.calls import Role
from shoal.runtime.database import UtcTime, name_enum, now


class OrganizationRow(SQLModel, table=True):
    """An organisation: every other row of every service belongs to one."""

    __tablename__ = "organizations"

    id: str = Field(primary_key=True, max_length=64)
    display_name: str = Field(max_length=255)
    tier: str = Field(max_length=64)
    create_time: dt.datetime = Field(sa_type=UtcTime)


class UserRow(SQLModel, table=True):
    """A user of an organisation."""

    __tablename__ = "users"

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(foreign_key="organizations.id", index=True, max_length=64)
    username: str = Field(unique=True, max_length=255)
    display_name: str = Field(max_length=255)
    role: Role = Field(sa_type=name_enum(Role))
    create_time: dt.datetime = Field(sa_type=UtcTime)


class ApiKeyRow(SQLModel, table=True):
    """An API key: its digest and its fate, never the key."""

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(foreign_key="organizations.id", max_length=64)
    user: str = Field(foreign_key="users.id", index=True, max_length=64)
    display_name: str = Field(max_length=255)
    digest: str = Field(max_length=64)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    expire_time: dt.datetime | None = Field(default=None, sa_type=UtcTime)
    revoke_time: dt.datetime | None = Field(default=None, sa_type=UtcTime)
    last_use_time: dt.datetime | None = Field(default=None, sa_type=UtcTime)
    request_id: str | None = Field(default=None, max_length=64)

    def is_valid(self, moment: dt.datetime) -> bool:
        """True when the key may be used at `moment`."""
        return self.revoke_time is None and (self.expire_time is None or moment < self.expire_time)


def any_organization(session: Session) -> OrganizationRow | None:
    """Some organisation, None before the first start."""
    return session.exec(select(OrganizationRow).limit(1)).first()


def key_by_id(session: Session, key_id: str) -> ApiKeyRow | None:
    """The key of that id, of any organisation."""
    return session.get(ApiKeyRow, key_id)


def key_of(session: Session, organization: str, key_id: str, user: str | None) -> ApiKeyRow | None:
    """The key of that id in the organisation; `user` restricts it to one user's."""
    row = session.get(ApiKeyRow, key_id)
    if row is None or row.organization != organization or (user is not None and row.user != user):
        return None
    return row


def key_by_request(session: Session, user: str, request_id: str) -> ApiKeyRow | None:
    """The key that an earlier call of the user with this request id made."""
    return session.exec(select(ApiKeyRow).where(ApiKeyRow.user == user, ApiKeyRow.request_id == request_id)).first()


def user_of(session: Session, organization: str, user_id: str) -> UserRow | None:
    """The user of that id in the organisation."""
    row = session.get(UserRow, user_id)
    return row if row is not None and row.organization == organization else None


def keys_page(
    session: Session, user: str, *, after: tuple[dt.datetime, str] | None, size: int, only_valid: bool
) -> list[ApiKeyRow]:
    """Up to `size` keys of a user, newest first, after the position (creation time, id)."""
    query = select(ApiKeyRow).where(ApiKeyRow.user == user)
    if only_valid:
        moment = now()
        query = query.where(
            col(ApiKeyRow.revoke_time).is_(None),
            col(ApiKeyRow.expire_time).is_(None) | (col(ApiKeyRow.expire_time) > moment),
        )
    if after is not None:
        time, key_id = after
        query = query.where(
            (col(ApiKeyRow.create_time) < time) | ((col(ApiKeyRow.create_time) == time) & (col(ApiKeyRow.id) < key_id))
        )
    order = (col(ApiKeyRow.create_time).desc(), col(ApiKeyRow.id).desc())
    return list(session.exec(query.order_by(*order).limit(size)).all())


def valid_keys(session: Session, user: str) -> list[ApiKeyRow]:
    """All keys of a user that are not revoked."""
    return list(session.exec(select(ApiKeyRow).where(ApiKeyRow.user == user, col(ApiKeyRow.revoke_time).is_(None))).all())
