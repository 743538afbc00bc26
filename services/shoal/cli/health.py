"""`shoal health`: whether a server and its services are ready."""

from __future__ import annotations

import typer

from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json
from shoal.cli.session import connected
from shoal.errors import NotFoundError

TROUBLE = 3


def health(options: Options) -> None:
    """Say whether a server and its services are ready."""
    from shoal.client.connection import SERVICES

    statuses: dict[str, str] = {}
    with activity() as shown, connected(options, shown) as client:
        shown.step("Asking for its health")
        overall = client.health.check()
        for service in SERVICES:
            try:
                statuses[service] = client.health.check(service)
            except NotFoundError:
                statuses[service] = "NOT_SERVED_HERE"
        address = client.target
    if options.json:
        print_json({"address": address, "status": overall, "services": statuses})
    else:
        out = console()
        own = "" if options.server else " (started for this command)"
        out.print(f"The server at {address}{own} is {overall.replace('_', ' ').lower()}.", style="bold")
        table = new_table("service", "status")
        for service, status in statuses.items():
            style = "green" if status == "SERVING" else "yellow"
            table.add_row(service, status.replace("_", " ").lower(), style=style)
        out.print(table)
    if overall != "SERVING":
        raise typer.Exit(TROUBLE)
