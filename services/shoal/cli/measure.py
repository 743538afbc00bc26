"""`shoal measure`: what a release lost, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.inputs import check_table, policy_from, solution_name
from shoal.cli.models import finite, measure_name, minimised
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.risk.v1.risk_service_pb2 import AttributeQuality, MeasureQualityResponse, TargetPrediction

SHOWN = {
    "loss": "detail lost",
    "total_variation": "values moved",
    "correlation_change": "relations changed",
}
"""What a person sees of every column; --json has all."""
OTHER_WORDS = {"r_squared", "sum_of_squared_errors"}
"""What `sse_sst_ratio` says already."""


def measure(
    options: Options,
    original: Annotated[str, typer.Argument(metavar="ORIGINAL", help="The table before: a file or a `datasets/…` name.")],
    released: Annotated[str, typer.Argument(metavar="RELEASED", help="The table after, whoever made it.")],
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="The policy it was made with, YAML or JSON; `-` reads it.")
    ] = None,
    solution: Annotated[
        str | None, typer.Option("--solution", help="The solution that it is the release of, `solutions/…`.")
    ] = None,
    qi: Annotated[
        list[str] | None,
        typer.Option("--qi", help="The columns that were generalised, with commas between, where there is no policy."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", help="A column to predict, trained on the release and tested on the original; takes longer."),
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between the original's CSV cells; found by itself.")
    ] = None,
) -> None:
    """Measure what a release lost, against its original."""
    if (policy is not None) + (solution is not None) + bool(qi) != 1:
        raise InvalidArgumentError("say what was generalised: give one of --policy FILE, --solution NAME and --qi COLUMNS")
    columns = split_columns(qi) if qi else []
    for each in (original, released):
        check_table(each)
    wanted = None if policy is None else policy_from(policy)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Measuring what was lost")
        answer = client.risk.measure(
            original,
            released,
            columns,
            policy=wanted,
            solution=solution_name(solution),
            target_column=target,
            separator=separator,
            progress=shown.moved("Uploading the tables"),
        )
    if options.json:
        print_json(shape(answer))
    else:
        _describe(console(), answer)


def shape(answer: MeasureQualityResponse) -> dict[str, Any]:
    """What --json prints; null stands for an infinite number, what was not measured is left out."""
    kind, aggregate = minimised(answer.measure)
    return {
        **({"loss": finite(answer.loss)} if answer.HasField("loss") else {}),
        "measure": kind,
        "aggregate": aggregate,
        "metrics": {name: finite(value) for name, value in sorted(answer.metrics.items())},
        "quality": {name: finite(value) for name, value in shapes.quality(answer.report).items()},
        "attributes": [_attribute(each) for each in answer.attributes],
        "rows": answer.row_count,
        "released": answer.released_count,
        "suppressed": answer.suppressed_count,
        "classes": answer.class_count,
        "dropped_columns": list(answer.dropped_columns),
        **({"prediction": _prediction(answer.prediction)} if answer.HasField("prediction") else {}),
        "warnings": list(answer.warnings),
    }


def _attribute(each: AttributeQuality) -> dict[str, Any]:
    return {
        "name": each.name,
        "quasi_identifier": each.quasi_identifier,
        **({"level": each.level} if each.HasField("level") else {}),
        **({"level_count": each.level_count} if each.HasField("level_count") else {}),
        "metrics": {name: finite(value) for name, value in sorted(each.metrics.items())},
    }


def _prediction(each: TargetPrediction) -> dict[str, Any]:
    return {
        "column": each.column,
        "score": each.score,
        "original": each.original,
        "released": each.released,
        "baseline": each.baseline,
        "tested": each.tested_count,
    }


def _describe(out: Console, answer: MeasureQualityResponse) -> None:
    share = answer.suppressed_count / answer.row_count
    out.print(
        f"Of {answer.row_count:,} rows {answer.released_count:,} were released in {answer.class_count:,} classes; "
        f"{answer.suppressed_count:,} ({share:.2%}) are suppressed or missing.",
        style="bold",
        soft_wrap=True,
    )
    if answer.HasField("loss"):
        out.print(f"{measure_name(answer.measure).capitalize()}: {answer.loss:.4f}.", soft_wrap=True)
    table = new_table("column", "level", *SHOWN.values(), right=("level", *SHOWN.values()))
    for each in answer.attributes:
        level = f"{each.level} of {each.level_count - 1}" if each.HasField("level") and each.HasField("level_count") else ""
        cells = [f"{each.metrics[name]:.1%}" if name in each.metrics else "" for name in SHOWN]
        table.add_row(printable(each.name), level, *cells)
    for name in answer.dropped_columns:
        table.add_row(printable(name), "removed", *("" for _ in SHOWN), style="dim")
    out.print(table)
    scale = "0: the original, 1: nothing left"
    named = new_table("measure", scale, right=(scale,))
    for name, value in sorted(answer.metrics.items()):
        if name not in OTHER_WORDS:
            named.add_row(name, f"{value:.4f}")
    out.print(named)
    if answer.HasField("prediction"):
        learned = answer.prediction
        out.print(
            f"Predicting {printable(learned.column)} ({learned.score.replace('_', ' ')}): {learned.released:.3f} learned from "
            f"the release, {learned.original:.3f} from the original, {learned.baseline:.3f} without looking.",
            soft_wrap=True,
        )
    for warning in answer.warnings:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)
