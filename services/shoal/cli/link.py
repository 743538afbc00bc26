"""`shoal link`: whom an attacker with a list of people would find in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.inputs import check_table, policy_from
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.risk.v1.risk_service_pb2 import SimulateLinkageResponse


def link(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    roll: Annotated[str, typer.Option("--roll", help="What the attacker holds: a table with one row a person.")],
    on: Annotated[list[str], typer.Option("--on", help="The columns of both tables to link on, with commas between.")],
    truth: Annotated[
        str | None, typer.Option("--truth", help="The column of both that tells who is who, to count what is correct.")
    ] = None,
    sensitive: Annotated[
        list[str] | None, typer.Option("--sensitive", help="The columns that the attacker wants to learn, with commas between.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="The policy that a release was made with, for its hierarchies.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Play an attacker who looks for the people of a list in a table."""
    columns = split_columns(on, "--on")
    wanted = split_columns(sensitive, "--sensitive") if sensitive else []
    for each in (table, roll):
        check_table(each)
    read = None if policy is None else policy_from(policy)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Looking for people")
        answer = client.risk.link(
            table,
            roll,
            columns,
            truth_column=truth,
            sensitive_columns=wanted,
            policy=read,
            separator=separator,
            progress=shown.moved("Uploading the tables"),
        )
    content = shape(answer, columns)
    if options.json:
        print_json(content)
    else:
        _describe(console(), content)


def shape(answer: SimulateLinkageResponse, columns: list[str]) -> dict[str, Any]:
    """What --json prints; what needs the truth is left out without it."""
    known = answer.HasField("correctly_linked_count")
    return {
        "people": answer.person_count,
        "linked": answer.linked_count,
        "uniquely_linked": answer.uniquely_linked_count,
        "exclusively_linked": answer.exclusively_linked_count,
        **({"correctly_linked": answer.correctly_linked_count, "expected_correct": answer.expected_correct} if known else {}),
        "columns": columns,
        "column_effects": [
            {"column": each.column, "uniquely_linked_without": each.uniquely_linked_without} for each in answer.column_effects
        ],
        "learned": [
            {"column": each.column, "people": each.person_count, **({"correct": each.correct_count} if known else {})}
            for each in answer.learned
        ],
        "rows": answer.row_count,
        "suppressed": answer.suppressed_count,
        "warnings": list(answer.warnings),
    }


def _describe(out: Console, content: dict[str, Any]) -> None:
    known = "correctly_linked" in content
    found = content["correctly_linked"] if known else content["uniquely_linked"]
    if not content["linked"]:  # no reason to be glad: as a rule hierarchies are missing
        how, style = "found: nobody matches any row", "bold yellow"
    elif not content["uniquely_linked"]:
        how, style = "found: nobody matches exactly one row", "bold green"
    else:
        how = "found by name, correctly" if known else "found: they match exactly one row"
        style = "bold red" if found else "bold green"
    out.print(f"{found:,} of {content['people']:,} people on the roll are {how}.", style=style, soft_wrap=True)
    out.print(f"{content['linked']:,} match some row, {content['uniquely_linked']:,} exactly one of {content['rows']:,}.")
    if "expected_correct" in content:
        out.print(
            f"Choosing among their matches, the attacker gets {content['expected_correct']:,.1f} of them right on average."
        )
    for each in content["learned"]:
        right = f", {each['correct']:,} of them correctly" if "correct" in each else ""
        out.print(f"Of {each['people']:,} people the value of {printable(each['column'])} is learned{right}.", soft_wrap=True)
    if content["column_effects"]:
        table = new_table("without the column", "match exactly one row", right=("match exactly one row",))
        for each in content["column_effects"]:
            table.add_row(printable(each["column"]), f"{each['uniquely_linked_without']:,}")
        out.print(table)
    for warning in content["warnings"]:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)
