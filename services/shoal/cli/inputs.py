"""What a command is given: tables and policies, refused before a server is started for them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from shoal.cli.output import Activity
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.client import ReadPolicy


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


def upload_then(shown: Activity, step: str) -> Callable[[int, int], None]:
    """Bytes while they move; back to the spinner with `step` once the last is sent and the server works."""
    moved = shown.moved("Uploading the table")

    def progress(done: int, total: int) -> None:
        moved(done, total)
        if done >= total:
            shown.step(step)

    return progress
