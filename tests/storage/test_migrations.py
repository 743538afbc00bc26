"""The migrations make the tables that the models describe, and every service's newest revision is the one the catalog names."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from shoal import catalog
from shoal.runtime.database import Database
from shoal.runtime.host import Service
from shoal.runtime.migrations import SCRIPTS, upgrade
from shoal.runtime.outbox import Lease, OutboxEntry

BUILT = [service for service in catalog.SERVICES if service.build]


@pytest.mark.parametrize("service", BUILT, ids=lambda each: each.name)
def test_the_catalog_names_the_newest_revision(service: Service) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(SCRIPTS / "versions" / service.name))
    assert ScriptDirectory.from_config(config).get_heads() == [service.schema_head]


@pytest.mark.parametrize("service", BUILT, ids=lambda each: each.name)
def test_the_tables_are_those_of_the_models(service: Service, tmp_path: Path) -> None:
    database = Database(tmp_path / "fresh.db")
    assert upgrade(database, service.name, service.schema_head) == ("", service.schema_head)
    assert upgrade(database, service.name, service.schema_head) == (service.schema_head, service.schema_head)
    tables = {model.__tablename__: model.__table__ for model in (OutboxEntry, Lease)}
    if service.name != "risk":  # keeps no rows of its own
        folder = Path(import_module(f"shoal.{service.name}").__path__[0])
        for path in sorted(folder.rglob("records.py")):
            records = import_module(".".join(["shoal", service.name, *path.relative_to(folder).with_suffix("").parts]))
            for kind in vars(records).values():
                if isinstance(kind, type) and hasattr(kind, "__table__") and kind.__module__ == records.__name__:
                    tables[kind.__tablename__] = kind.__table__
    found = inspect(database.engine)
    assert set(found.get_table_names()) == {*tables, "alembic_version"}
    for name, table in tables.items():
        columns = {each["name"]: each["nullable"] for each in found.get_columns(name)}
        wanted = {column.name: bool(column.nullable) for column in table.columns}
        assert {key: columns[key] for key in wanted} == wanted, name
        assert set(columns) == set(wanted), name
    database.close()
