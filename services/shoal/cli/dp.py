"""`shoal dp …`: statistics with noise, so that no answer tells whether somebody is in the table."""

from __future__ import annotations

from typing import Annotated

import typer

from shoal.cli.dp_options import Asked, asking
from shoal.cli.risk import split_columns
from shoal.errors import InvalidArgumentError

Columns = Annotated[list[str], typer.Option("--column", metavar="NAME", help="The column; may be repeated.")]
Range = Annotated[tuple[float, float], typer.Option("--bounds", metavar="LOW HIGH", help="Values beyond count as these.")]


@asking
def mean(column: Columns, bounds: Range) -> Asked:
    """Ask for the mean of columns."""
    return Asked("mean", "mean", (dict.fromkeys(column, bounds),))


@asking
def total(column: Columns, bounds: Range) -> Asked:
    """Ask for the sum of columns."""
    return Asked("sum", "sum", (dict.fromkeys(column, bounds),))


@asking
def variance(column: Columns, bounds: Range) -> Asked:
    """Ask for the population variance of columns."""
    return Asked("variance", "variance", (dict.fromkeys(column, bounds),))


@asking
def count(
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="NAME", help="Count rows that are not null here; may be repeated.")
    ] = None,
) -> Asked:
    """Ask for the number of rows."""
    return Asked("count", "count", (column or (),))


@asking
def histogram(
    column: Annotated[str, typer.Option("--column", metavar="NAME", help="The column.")],
    bounds: Annotated[
        tuple[float, float] | None, typer.Option("--bounds", metavar="LOW HIGH", help="What --bins divide.")
    ] = None,
    bins: Annotated[int | None, typer.Option("--bins", metavar="N", help="How many bins of one width.")] = None,
    edges: Annotated[str | None, typer.Option("--edges", metavar="0,18,65", help="The edges of bins.")] = None,
    categories: Annotated[
        list[str] | None, typer.Option("--categories", metavar="A,B", help="A bin for each of these values.")
    ] = None,
    clamp: Annotated[bool, typer.Option("--clamp", help="Count values in no bin in the outer ones.")] = False,
) -> Asked:
    """Ask for the number of rows by bin."""
    ways = [bins is not None, edges is not None, bool(categories)]
    if sum(ways) != 1 or (bins is not None) != (bounds is not None):
        raise InvalidArgumentError("histogram: give --bins with --bounds, or --edges, or --categories")
    named = split_columns(categories, "--categories") if categories else ()
    parted = bins if edges is None else _edges(edges)
    return Asked("histogram", "count", (column,), {"bins": parted, "bounds": bounds, "categories": named, "clamp": clamp})


@asking
def choose(
    column: Annotated[str, typer.Option("--column", metavar="NAME", help="The column of which a frequent value is chosen.")],
    candidates: Annotated[
        list[str], typer.Option("--candidates", metavar="A,B", help="What may be chosen, known without the data.")
    ],
) -> Asked:
    """Ask which of some values is frequent."""
    return Asked("choose", "choice", (split_columns(candidates, "--candidates"),), {"column": column})


def _edges(text: str) -> list[float]:
    try:
        return [float(each) for each in text.split(",")]
    except ValueError:
        raise InvalidArgumentError("--edges: numbers are expected, as in 0,18,65") from None


COMMANDS = {"mean": mean, "sum": total, "variance": variance, "count": count, "histogram": histogram, "choose": choose}
