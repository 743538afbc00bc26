"""`shoal risk`: how exposed the people of a table are."""

from __future__ import annotations

import csv
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.inputs import check_table, on_the_server, policy_from
from shoal.cli.options import Options
from shoal.cli.output import activity, console, counted, new_table, print_json, printable
from shoal.cli.places import check_report
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.risk.v1.risk_service_pb2 import AssessRiskResponse

EXCEEDED = 1


class Stars(Enum):
    """How cells that hold `*` are read: docs/risk.md."""

    OMIT_ROWS = "omit-rows"
    OWN_VALUE = "own-value"
    WILDCARD = "wildcard"


class Nulls(Enum):
    """How empty cells are read."""

    OWN_VALUE = "own-value"
    OMIT_ROWS = "omit-rows"
    WILDCARD = "wildcard"


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
    sensitive: Annotated[
        list[str] | None,
        typer.Option("--sensitive", help="Columns that must not be learned: how diverse they are where rows look alike."),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", "-p", help="The policy of a release, whose hierarchies find its rows in --population."),
    ] = None,
    stars: Annotated[
        Stars | None, typer.Option("--stars", help="How `*` is read; by default rows of nothing but `*` do not count.")
    ] = None,
    nulls: Annotated[Nulls | None, typer.Option("--nulls", help="How empty cells are read; by default as a value.")] = None,
    people: Annotated[
        int | None,
        typer.Option("--population-size", min=1, help="Estimate how many of so many people are unique, if these are a sample."),
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="The same of a region's people: USA, FRANCE, EUROPEAN_UNION, …")
    ] = None,
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
    wanted = split_columns(sensitive, "--sensitive") if sensitive else []
    if people is not None and region is not None:
        raise InvalidArgumentError("--population-size, --region: give one of them, both say how many people there are")
    check_table(table)
    if population is not None:
        check_table(population)
    read = None if policy is None else policy_from(policy)
    check_report(report, table)
    estimated = None
    with activity() as shown, connected(options, shown) as client:
        shown.step("Measuring the risk")
        several = people is not None or region is not None
        with on_the_server(client, shown, table, separator, wanted=several) as (place, between):
            answer = client.risk.assess(
                place,
                columns,
                threshold=threshold,
                suppressed_values=_number("SuppressedValues", "SUPPRESSED_VALUES", stars),
                null_values=_number("NullValues", "NULL_VALUES", nulls),
                population=population,
                entity_column=entity,
                sensitive_attributes=wanted,
                contributions=contributions,
                policy=read,
                separator=between,
                progress=shown.moved("Uploading the table"),
            )
            if several:
                shown.step("Estimating unique people")
                estimated = client.risk.estimate_population_uniqueness(
                    place, columns, population_size=people, region=region and region.upper(), separator=between
                )
    content = shapes.risk(answer.report)
    overall = content["max_overall_risk"]
    exceeded = max_risk is not None and overall is not None and overall > max_risk
    if contributions:
        content["contributions"] = [shapes.contribution(each) for each in answer.contributions]
    if wanted:
        content["sensitive"] = [shapes.sensitive(each) for each in answer.sensitive]
    if estimated is not None:
        content["population_uniqueness"] = shapes.uniqueness(estimated)
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


def _number(kind: str, prefix: str, choice: Enum | None) -> Any:
    """The number of a value of one of the contract's enums; 0, which is the default, for None."""
    from shoal.api.risk.v1 import risk_service_pb2

    return 0 if choice is None else getattr(risk_service_pb2, kind).Value(f"{prefix}_{choice.name}")


def _describe(out: Console, content: dict[str, Any]) -> None:
    if content["rows"]:
        out.print(_sentence(content), style="bold", soft_wrap=True)
    else:
        out.print("There are no rows that count: there is nobody to be found.", style="bold", soft_wrap=True)
    if content["suppressed"]:
        out.print(f"{counted(content['suppressed'], 'suppressed row does', 'suppressed rows do')} not count.")
    if content["rows"]:
        out.print(_attackers(content))
    if content.get("contributions"):
        out.print(_contributions(content["contributions"]))
    for each in content.get("sensitive", []):
        out.print(_diversity(each), soft_wrap=True)
    if "population_uniqueness" in content:
        found = content["population_uniqueness"]
        out.print(
            f"Of {found['population_size']:,} people about {found['dankar']:.2%} are unique, as estimated from this sample "
            f"of {found['sampling_fraction']:.2%} ({found['dankar_model']}).",
            soft_wrap=True,
        )
    for warning in [*content["warnings"], *content.get("population_uniqueness", {}).get("warnings", [])]:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)
    if content["exceeded"]:
        highest, limit = content["max_overall_risk"], content["max_risk"]
        out.print(f"The highest risk, {highest:.4g}, is above the {limit:.4g} asked for.", style="bold red")


def _sentence(content: dict[str, Any]) -> str:
    """How many rows, or persons in classes, look how much alike."""
    smallest = f"the smallest has {content['k']:,} (k = {content['k']})"
    if "entities" in content:
        return (
            f"{counted(content['entities'], 'person', 'persons')} in {counted(content['classes'], 'class', 'classes')}; "
            f"{smallest}, {content['unique']:,} times a person is alone. Who has rows in several classes counts in each."
        )
    return (
        f"{counted(content['rows'], 'row forms', 'rows form')} {counted(content['classes'], 'class', 'classes')}; {smallest}, "
        f"{counted(content['unique'], 'row is', 'rows are')} alone."
    )


def _attackers(content: dict[str, Any]) -> Any:
    last = "persons at risk" if "entities" in content else "rows at risk"
    table = new_table("attacker", "risk", "level", last, right=("risk", last))
    for name in shapes.ATTACKERS:
        if name in content:
            each = content[name]
            at_risk = f"{each['records_at_risk']:.1%}" if "records_at_risk" in each else ""
            level = (each["risk_level"] or "").replace("_", " ")
            table.add_row(name, f"{each['overall_risk']:.1%}", level, at_risk)
    return table


def _diversity(each: dict[str, Any]) -> str:
    """What the classes say about a sensitive column, in a sentence."""
    shared = counted(each["disclosed_row_count"], "row is", "rows are")
    least = counted(each["distinct_l"], "value", "values")
    return (
        f"{printable(each['attribute'])}: {shared} in a class that shares one value, and thereby disclosed; every class has at "
        f"least {least} (entropy l = {each['entropy_l']:.4g}) and is at most {each['t_equal']:.4g} from the whole (t)."
    )


def _contributions(shares: list[dict[str, Any]]) -> Any:
    """What each column adds to the risk, the most first."""
    separates, unique = "share of what separates rows", "part in unique rows"
    table = new_table("column", separates, unique, right=(separates, unique))
    for each in sorted(shares, key=lambda each: -each["separation_share"]):
        table.add_row(printable(each["attribute"]), f"{each['separation_share']:.1%}", f"{each['minimal_unique_share']:.1%}")
    return table
