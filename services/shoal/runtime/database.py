"""One database a service: a SQLite file in the data folder, and nothing that PostgreSQL cannot do."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, Enum, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

__all__ = ["Database", "Session", "UtcTime", "name_enum", "now"]

# A service's tables stand in one file; FULL makes a commit survive a power cut, which budgets and the record need.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


class UtcTime(TypeDecorator[dt.datetime]):
    """A point in time, kept as UTC and read back with its zone, also by SQLite, which has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, _dialect: Any) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


def name_enum(kind: type) -> Enum:
    """A StrEnum column, kept as text so that a new member needs no migration of types."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])


class Database:
    """The tables of one service. Sessions are for one thread and one unit of work each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # SQLite gives its journal files the mode of the database file, so this one call is enough for all of them.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        # NullPool would reopen the file for every unit of work; the default pool keeps a few connections.
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            hide_parameters=True,  # an exception's text must not hold rows
            connect_args={"check_same_thread": False, "timeout": 10.0},
        )
        event.listen(self.engine, "connect", _prepare_connection)
        event.listen(self.engine, "begin", _begin_immediate)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def _prepare_connection(connection: DBAPIConnection, _record: object) -> None:
    # The driver must not open transactions by itself: `begin` does, and takes the write lock at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that reads and then writes can meet SQLITE_BUSY that no timeout cures.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def now() -> dt.datetime:
    """The present, in UTC, to the microsecond."""
    return dt.datetime.now(dt.UTC)
