"""What people and machines read: results on stdout, everything else on stderr; colours only where a terminal
shows them."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 160
"""Columns of a table that no terminal shows."""


def console(*, stderr: bool = False) -> Console:
    """The console of one stream; markup is off, so that no column's name can colour or hide anything."""
    from rich.console import Console

    stream: IO[str] = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def print_json(content: Mapping[str, Any]) -> None:
    """Prints one JSON object."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    sys.stdout.flush()


def say_error(code: str, reason: str, message: str, violations: Sequence[tuple[str, str]] = (), *, as_json: bool) -> None:
    """Says on stderr what went wrong; for machines as `{"error": {"code", "reason", "message",
    "violations"}}`."""
    if as_json:
        listed = [{"field": field, "description": description} for field, description in violations]
        content = {"error": {"code": code, "reason": reason, "message": message, "violations": listed}}
        sys.stderr.write(json.dumps(content, ensure_ascii=False) + "\n")
        return
    err = console(stderr=True)
    err.print("error:", style="bold red", end=" ")
    if len(violations) < 2:
        err.print(printable(message), soft_wrap=True)
        return
    err.print(f"{len(violations)} things are wrong:", soft_wrap=True)
    for field, description in violations:
        err.print(f"  {printable(field)}: {printable(description)}", soft_wrap=True)


def printable(text: str) -> str:
    """The text without characters that move a terminal's cursor or change its colours."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def counted(count: int, one: str, many: str) -> str:
    """A sentence's beginning in the number of `count`: `1 row was`, `1,200 rows were`."""
    return f"{count:,} {one if count == 1 else many}"


def new_table(*columns: str, title: str | None = None, right: Sequence[str] = ()) -> Table:
    """An empty table; the columns in `right` hold numbers, and one called `name` holds resource names, which stay in one
    piece, however wide the others are: people copy them."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=name == "name")
    return table


class Activity:
    """A spinner with the time that has passed, and bytes while some are moving; silent without a terminal."""

    def __init__(self, progress: Any) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, amount="")

    def step(self, description: str) -> None:
        """Says what is being done now."""
        self._progress.reset(self._task, description=description, total=None, amount="")

    def moved(self, description: str) -> Callable[[int, int], None]:
        """A callback for bytes done and bytes in all, for a step of that name."""

        def show(done: int, total: int) -> None:
            amount = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
            self._progress.update(self._task, description=description, completed=done, total=total, amount=amount)

        return show


@contextlib.contextmanager
def activity() -> Iterator[Activity]:
    """Shows on stderr that something is going on, for as long as the block runs."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}", markup=False),
        TimeElapsedColumn(),
    )
    err = console(stderr=True)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield Activity(progress)
