"""The table of datasets, and every query on it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ColumnElement
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, or_, select

from shoal.runtime.database import UtcTime, name_enum, now
from shoal.tables.formats import TableFormat


class DatasetRow(SQLModel, table=True):
    """One dataset. Its bytes are the object `organizations/{organization}/datasets/{id}` of the storage."""

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("organization", "creator", "request_id"),)

    id: str = Field(primary_key=True, max_length=64)
    organization: str = Field(index=True, max_length=64)
    creator: str = Field(max_length=64)
    display_name: str = Field(max_length=255)
    format: TableFormat = Field(sa_type=name_enum(TableFormat))
    separator: str | None = Field(default=None, max_length=1)
    headerless: bool = Field(default=False)
    columns: list[list[str]] = Field(sa_type=JSON)
    row_count: int
    size_bytes: int
    sha256: str = Field(max_length=64)
    source: str = Field(default="", max_length=128)
    create_time: dt.datetime = Field(sa_type=UtcTime)
    expire_time: dt.datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    owner: str | None = Field(default=None, max_length=64, index=True)
    """The process that the dataset lives as long as; None: as long as it is not deleted."""
    request_id: str | None = Field(default=None, max_length=64)
    request_sha256: str | None = Field(default=None, max_length=64)

    def is_over(self, moment: dt.datetime) -> bool:
        """Whether the dataset's time is over, swept or not."""
        return self.expire_time is not None and self.expire_time <= moment

    @property
    def object(self) -> str:
        """The key of the dataset's bytes in the storage."""
        return object_key(self.organization, self.id)


def object_key(organization: str, dataset_id: str) -> str:
    """The key of a dataset's bytes in the storage."""
    return f"organizations/{organization}/datasets/{dataset_id}"


def _not_expired() -> ColumnElement[bool]:
    expire_time = col(DatasetRow.expire_time)
    return or_(expire_time.is_(None), expire_time > now())


def dataset_of(session: Session, organization: str, dataset_id: str) -> DatasetRow | None:
    """The dataset of that id in the organisation; an expired one is gone, whether it was swept or not."""
    query = select(DatasetRow).where(DatasetRow.id == dataset_id, DatasetRow.organization == organization, _not_expired())
    return session.exec(query).first()


def dataset_by_request(session: Session, organization: str, creator: str, request_id: str) -> DatasetRow | None:
    """The dataset that an earlier upload with this request id made."""
    query = select(DatasetRow).where(
        DatasetRow.organization == organization, DatasetRow.creator == creator, DatasetRow.request_id == request_id
    )
    return session.exec(query).first()


def datasets_page(
    session: Session, organization: str, *, source: str, after: tuple[dt.datetime, str] | None, size: int
) -> list[DatasetRow]:
    """Up to `size` datasets, newest first, after the position (creation time, id); `source` narrows them."""
    query = select(DatasetRow).where(DatasetRow.organization == organization, _not_expired())
    if source:
        query = query.where(DatasetRow.source == source)
    if after is not None:
        time, last = after
        create_time, dataset_id = col(DatasetRow.create_time), col(DatasetRow.id)
        query = query.where((create_time < time) | ((create_time == time) & (dataset_id < last)))
    order = (col(DatasetRow.create_time).desc(), col(DatasetRow.id).desc())
    return list(session.exec(query.order_by(*order).limit(size)).all())


def owners(session: Session) -> set[str]:
    """The processes that own datasets."""
    return {owner for owner in session.exec(select(DatasetRow.owner).distinct()).all() if owner is not None}


def owned_by(session: Session, owner: str) -> list[DatasetRow]:
    """The datasets that live as long as a process."""
    return list(session.exec(select(DatasetRow).where(DatasetRow.owner == owner)).all())


def expired(session: Session) -> list[DatasetRow]:
    """The datasets whose time is over."""
    return list(session.exec(select(DatasetRow).where(col(DatasetRow.expire_time) <= now())).all())


def existing(session: Session, keys: list[str]) -> set[str]:
    """Those of the storage keys that some dataset has."""
    ids = [key.rpartition("/")[2] for key in keys]
    rows = session.exec(select(DatasetRow).where(col(DatasetRow.id).in_(ids))).all()
    return {row.object for row in rows}
