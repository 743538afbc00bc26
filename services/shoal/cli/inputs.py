"""What a command is given: tables and policies, refused before a server is started for them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from shoal.cli.output import Activity
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.client import Client, ReadPolicy

KEPT = timedelta(hours=1)
"""How long a server keeps what a command gave it if the command dies before it deletes it."""


def check_table(table: str) -> None:
    """Refuses a file that cannot be read or has no known format."""
    from shoal.client.tables import named_source, payload

    if named_source(table) is None:
        payload(table)


def policy_from(policy: str) -> ReadPolicy:
    """The policy of a file, or of standard input for `-`; refused when it or a file that it names cannot be read."""
    from shoal.client import parse_policy, read_policy

    if policy != "-":
        found = read_policy(policy)
    elif sys.stdin.isatty():
        raise InvalidArgumentError("--policy -: standard input is the keyboard; pipe a policy into it")
    else:
        found = parse_policy(sys.stdin.read())
    found.check_files()
    return found


def solution_name(solution: str | None) -> str:
    """A solution's name, with or without `solutions/` as it was given; empty for none."""
    if solution is None or solution.startswith("solutions/"):
        return solution or ""
    return f"solutions/{solution}"


@contextlib.contextmanager
def on_the_server(
    client: Client, shown: Activity, table: str, separator: str | None, *, wanted: bool
) -> Iterator[tuple[str, str | None]]:
    """The table and its separator, as several calls can use them: a file is uploaded once, and deleted with the block.

    wanted: False leaves the table as it is, for one call alone.
    """
    from shoal.client.tables import named_source

    if not wanted or named_source(table) is not None:
        yield table, separator
        return
    kept = client.datasets.upload(table, separator=separator, ttl=KEPT, progress=shown.moved("Uploading the table"))
    try:
        yield kept.name, None
    finally:
        client.datasets.delete(kept.name)


def upload_then(shown: Activity, step: str) -> Callable[[int, int], None]:
    """Bytes while they move; back to the spinner with `step` once the last is sent and the server works."""
    moved = shown.moved("Uploading the table")

    def progress(done: int, total: int) -> None:
        moved(done, total)
        if done >= total:
            shown.step(step)

    return progress
