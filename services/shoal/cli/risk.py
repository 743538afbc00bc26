"""`shoal risk`: how exposed the people of a table are."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.inputs import check_table
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.places import check_report
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.risk.v1.risk_service_pb2 import AssessRiskResponse

EXCEEDED = 1


def risk(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    qi: Annotated[
        list[str],
        typer.Option("--qi", help="The columns an attacker may know, with commas between; quote names with commas."),
    ],
    max_risk: Annotated[
        float | None,
        typer.Option("--max-risk", min=0, max=1, help="End with 1 when any attacker's risk is above."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, help="Rows above this risk count as at risk; 0.2."),
    ] = None,
    population: Annotated[
        str | None, typer.Option("--population", help="A table of the population, for the journalist and the marketer.")
    ] = None,
    entity: Annotated[str | None, typer.Option("--entity", help="The column that says which rows are one person's.")] = None,
    contributions: Annotated[
        bool, typer.Option("--contributions", help="Say what each column adds to the risk; takes longer.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Where to write a report for people, an HTML file.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Measure the re-identification risk of a table."""
    columns = split_columns(qi)
    check_table(table)
    if population is not None:
        check_table(population)
    check_report(report, table)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Measuring the risk")
        answer = client.risk.assess(
            table,
            columns,
            threshold=threshold,
            population=population,
            entity_column=entity,
            contributions=contributions,
            separator=separator,
            progress=shown.moved("Uploading the table"),
        )
    content = shapes.risk(answer.report)
    overall = content["max_overall_risk"]
    exceeded = max_risk is not None and overall is not None and overall > max_risk
    if contributions:
        content["contributions"] = [shapes.contribution(each) for each in answer.contributions]
    content |= {"max_risk": max_risk, "exceeded": exceeded, "warnings": list(answer.warnings)}
    if report is not None:
        _write(report, Path(table).name, answer, with_population=population is not None)
        content["report"] = str(report)
    if options.json:
        print_json(content)
    else:
        _describe(console(), content)
        if report is not None:
            console().print(f"The report is in {report}.", soft_wrap=True)
    if exceeded:
        raise typer.Exit(EXCEEDED)


def _write(report: Path, title: str, answer: AssessRiskResponse, *, with_population: bool) -> None:
    from shoal.cli.report.single import page
    from shoal.client.files import whole_file

    content = page(title, answer, with_population=with_population)
    with whole_file(report) as file:
        file.write(content)


def split_columns(words: list[str], option: str = "--qi") -> list[str]:
    """The names in one or more comma-separated lists."""
    try:
        names = [name for row in csv.reader(words, skipinitialspace=True, strict=True) for name in row]
    except csv.Error:
        raise InvalidArgumentError(f"{option}: a quote is not closed; write {option} '\"a, b\",c'") from None
    if not names or not all(names):
        raise InvalidArgumentError(f"{option}: a column's name is empty; write {option} a,b,c")
    return names


def _describe(out: Console, content: dict[str, Any]) -> None:
    out.print(
        f"{content['rows']:,} rows form {content['classes']:,} classes; the smallest has {content['k']:,} "
        f"(k = {content['k']}), {content['unique']:,} rows are alone.",
        style="bold",
        soft_wrap=True,
    )
    if content["suppressed"]:
        out.print(f"{content['suppressed']:,} suppressed rows do not count.")
    table = new_table("attacker", "risk", "level", "rows at risk", right=("risk", "rows at risk"))
    for name in shapes.ATTACKERS:
        if name in content:
            each = content[name]
            at_risk = f"{each['records_at_risk']:.1%}" if "records_at_risk" in each else ""
            level = (each["risk_level"] or "").replace("_", " ")
            table.add_row(name, f"{each['overall_risk']:.1%}", level, at_risk)
    out.print(table)
    if content.get("contributions"):
        out.print(_contributions(content["contributions"]))
    for warning in content["warnings"]:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)
    if content["exceeded"]:
        highest, limit = content["max_overall_risk"], content["max_risk"]
        out.print(f"The highest risk, {highest:.4g}, is above the {limit:.4g} asked for.", style="bold red")


def _contributions(shares: list[dict[str, Any]]) -> Any:
    """What each column adds to the risk, the most first."""
    separates, unique = "share of what separates rows", "part in unique rows"
    table = new_table("column", separates, unique, right=(separates, unique))
    for each in sorted(shares, key=lambda each: -each["separation_share"]):
        table.add_row(printable(each["attribute"]), f"{each['separation_share']:.1%}", f"{each['minimal_unique_share']:.1%}")
    return table
