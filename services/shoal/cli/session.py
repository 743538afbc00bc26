"""A connected client for one command: of the server that was named, or of one that the command starts for
itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shoal.cli.options import Options
from shoal.cli.output import Activity
from shoal.errors import ErrorReason, UnauthenticatedError

if TYPE_CHECKING:
    from shoal.client import Client

STOP_SECONDS = 2.0
"""How long the calls of an interrupted command may go on in its own server."""


@contextlib.contextmanager
def connected(options: Options, activity: Activity | None = None, *, transient: bool = True) -> Iterator[Client]:
    """The client of the named server, or of one of our own, which stops with the block.

    transient: what our own server is given and makes is deleted when it stops.
    """
    from shoal.client import connect

    if options.server is not None:
        with connect(options.server, _key_for(options, options.server), ca=options.ca) as client:
            yield client
        return
    from shoal.runtime.embedded import start_embedded

    if activity is not None:
        activity.step("Starting a server for this command")
    server = start_embedded(_folder(options), transient=transient)
    try:
        # A key that was given counts here, too: falling back to the administrator's would give more rights than were asked for.
        with connect(server.address, options.api_key or server.api_key) as client:
            yield client
    finally:
        server.stop(STOP_SECONDS)


def _key_for(options: Options, server: str) -> str:
    """The key that was given, or for a server of this machine the one in the data folder."""
    from shoal.client.connection import is_loopback

    if options.api_key is not None:
        return options.api_key
    path = _folder(options) / "admin.key"
    if is_loopback(server) and path.is_file():
        return path.read_text().strip()
    raise UnauthenticatedError(
        f"no API key for {server}: give --api-key or set SHOAL_API_KEY"
        + (f"; there is none in {path}" if is_loopback(server) else ""),
        reason=ErrorReason.CREDENTIAL_MISSING,
    )


def _folder(options: Options) -> Path:
    if options.data_dir is None:
        raise AssertionError("the options were not completed from the environment")
    return options.data_dir
