"""Brings a service's database to its newest schema, once, whoever starts first."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from shoal.runtime.database import Database
from shoal.runtime.datadir import prepare
from shoal.runtime.host import Service
from shoal.runtime.settings import Settings

SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"


def current(connection: Connection) -> str:
    """The revision of the database's schema, empty for a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade(database: Database, service: str, head: str) -> tuple[str, str]:
    """Brings the database to `head`; returns the revisions before and after.

    One transaction, which takes the database's write lock first: a second process waits, and then finds the work done.
    alembic is imported only when there is something to do, as most starts find nothing.
    """
    with database.engine.begin() as connection:
        before = current(connection)
        if before == head:
            return before, before
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(SCRIPTS / "versions" / service).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, head)
        return before, current(connection)


def migrate(settings: Settings, services: list[Service]) -> list[tuple[str, str, str]]:
    """Upgrades the databases of the services that have one; returns service, revision before and after."""
    folder = prepare(settings.data_dir)
    done = []
    for service in services:
        if service.build is None:
            continue
        database = Database(folder / f"{service.name}.db")
        try:
            done.append((service.name, *upgrade(database, service.name, service.schema_head)))
        finally:
            database.close()
    return done
