"""`shoal migrate`: the databases of a data folder, brought to this version's shape."""

from __future__ import annotations

from typing import Annotated

import typer

from shoal.cli.options import Options
from shoal.cli.output import console, new_table, print_json


def migrate(
    options: Options,
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]...", help="All without one.")] = None,
) -> None:
    """Bring the databases of the data folder to this version's shape."""
    from shoal import catalog
    from shoal.runtime.migrations import migrate as migrate_databases
    from shoal.runtime.settings import load_settings

    chosen = list(catalog.choose(services or []))
    steps = migrate_databases(load_settings(data_dir=options.data_dir), chosen)
    if options.json:
        listed = [{"service": service, "from": before or None, "to": after} for service, before, after in steps]
        print_json({"services": listed})
        return
    table = new_table("service", "from", "to")
    for service, before, after in steps:
        table.add_row(service, before or "new", after, style="dim" if before == after else "bold")
    console().print(table)
