"""`shoal solutions …`: the records of releases, and how long they can be applied to new rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json
from shoal.cli.releases import describe
from shoal.cli.session import connected

if TYPE_CHECKING:
    from shoal.api.anonymization.v1.solution_pb2 import Solution

Name = Annotated[str, typer.Argument(metavar="NAME", help="The solution, `solutions/…`.")]


def list_solutions(
    options: Options,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 20,
) -> None:
    """List the solutions, newest first."""
    with activity() as shown, connected(options, shown) as client:
        shown.step("Listing")
        found = client.anonymization.list_solutions(limit=limit)
    if options.json:
        print_json({"solutions": [shapes.kept(each) for each in found]})
        return
    numbers = ("rows", "released", "loss")
    table = new_table("name", *numbers, "models", "since", "can be applied until", right=numbers)
    for each in found:
        counts = (f"{each.row_count:,}", f"{each.released_count:,}", f"{each.loss:.6f}")
        since = shapes.moment(each, "create_time") or ""
        table.add_row(each.name, *counts, shapes.model_names(each), since, _until(each))
    console().print(table if found else "There are no solutions; `shoal anonymize` makes one.")


def show(options: Options, name: Name) -> None:
    """Show what a release cost and what holds for it."""
    with activity() as shown, connected(options, shown) as client:
        shown.step("Reading the record")
        solution = client.anonymization.get_solution(name)
    if options.json:
        print_json(shapes.kept(solution))
        return
    out = console()
    describe(out, solution, None)
    out.print(f"Can be applied to new rows until: {_until(solution)}.")


def delete(options: Options, name: Name) -> None:
    """Delete a solution and what is kept for applying it."""
    with activity() as shown, connected(options, shown) as client:
        client.anonymization.delete_solution(name)
    if options.json:
        print_json({"name": name, "deleted": True})
    else:
        console().print(f"{name} is deleted.")


def _until(solution: Solution) -> str:
    if not solution.HasField("apply_expire_time"):
        return "never"
    until = solution.apply_expire_time.ToDatetime(tzinfo=UTC)
    return "over" if until <= datetime.now(UTC) else until.strftime("%Y-%m-%d %H:%M UTC")


COMMANDS = {"list": list_solutions, "show": show, "delete": delete}
