"""`shoal serve`: a server process."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from shoal.cli.options import Options
from shoal.cli.output import console, print_json
from shoal.errors import InvalidArgumentError


def serve(
    options: Options,
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]...", help="All without one.")] = None,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help="Where to listen (SHOAL_LISTEN), by default 127.0.0.1:50051.",
        ),
    ] = None,
    http: Annotated[str, typer.Option("--http", help="The REST gateway; `off` until it is built.")] = "off",
) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    from shoal.runtime.server import serve as serve_until_told
    from shoal.runtime.settings import load_settings

    if http != "off":
        raise InvalidArgumentError("--http: the REST gateway is not built yet; only `off` is possible")
    if options.server is not None and listen is None:
        raise InvalidArgumentError("serve calls no server: give the address to listen on with --listen, unset SHOAL_SERVER")
    settings = load_settings(listen=listen, data_dir=options.data_dir)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    logging.getLogger("alembic").setLevel(logging.WARNING)  # every first start would begin with its chatter

    def announce(address: str) -> None:
        if options.json:
            print_json({"address": address, "data_dir": str(settings.data_dir), "services": services or ["all"]})
            return
        out = console()
        out.print(f"Shoal serves {', '.join(services) if services else 'every service'} at {address}.", style="bold")
        out.print(f"The administrator's key is in {settings.data_dir / 'admin.key'}. Ctrl-C stops.", soft_wrap=True)

    serve_until_told(list(services or []), settings, announce)
