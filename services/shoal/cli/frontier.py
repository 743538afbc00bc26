"""`shoal frontier`: what privacy costs, setting by setting."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shoal.cli.inputs import check_table, policy_from, upload_then
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.places import check_place
from shoal.cli.session import connected
from shoal.errors import FailedPreconditionError, InfeasibleError, InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.cli.tradeoff import Axis, Frontier, Point

OWN = "▸"
UNPROVEN = "~"
INFEASIBLE = "infeasible"
MOST_COLUMNS = 10
MOST_PANELS = 12
MOST_ROWS = 24
"""Longer tables show neighbours with the same losses as one row."""


def frontier(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    policy: Annotated[str, typer.Option("--policy", "-p", help="The policy to vary, YAML or JSON; `-`: standard input.")],
    k: Annotated[
        str | None,
        typer.Option("--k", "-k", metavar="VALUES", help="Values of k: 2..50, 2..50/4 (every 4th), 2,5,10. The policy's."),
    ] = None,
    suppression: Annotated[
        str | None,
        typer.Option("--suppression", metavar="VALUES", help="Suppression limits: 0,0.02 or 0%,2%. The policy's."),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="MODEL.PARAM=VALUES", help="Another parameter: 1.l=2..5, or t_closeness.t=0.1,0.2."),
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw loss, suppressed rows and risk.")] = None,
    details: Annotated[bool, typer.Option("--details", help="A line for each setting, with levels and risk.")] = False,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Compute the least loss for many settings of a policy, without releasing anything."""
    from shoal.cli.settings import read_settings
    from shoal.cli.tradeoff import as_json, frontier_of

    check_table(table)
    if svg is not None:
        check_place(svg, "--svg", table)
        if svg.suffix.lower() != ".svg":
            raise InvalidArgumentError("--svg: the drawing is an SVG; give it a name that ends in .svg")
    wanted = policy_from(policy)
    settings = read_settings(wanted.message, k, suppression, vary or ())
    if svg is not None and settings.panels > MOST_PANELS:
        raise InvalidArgumentError(
            f"--svg: {settings.panels} combinations of --vary would stand side by side, and at most {MOST_PANELS} are readable"
        )
    with activity() as shown, connected(options, shown) as client:
        shown.step("Searching the optimum of every setting")
        answer = client.anonymization.compute_frontier(
            table,
            wanted,
            ks=settings.ks,
            suppression_limits=settings.limits,
            parameters=[(each.model, each.parameter, each.values) for each in settings.varied],
            separator=separator,
            progress=upload_then(shown, "Searching the optimum of every setting"),
        )
    found = frontier_of(answer, wanted.message, settings)
    drawable = svg is not None and can_draw()
    if svg is not None and drawable:
        with activity() as shown:
            shown.step("Drawing")
            draw(found, svg, Path(table).name)
    if options.json:
        print_json(as_json(found, settings, str(svg) if drawable else None))
    else:
        describe(console(), found, svg if drawable else None, details=details)
    if svg is not None and not drawable:
        raise FailedPreconditionError(
            "--svg: nothing was drawn, because the drawing packages are missing: install shoal[plots] "
            "(in a clone of the project: `uv sync --extra plots`)"
        )
    if not found.feasible:
        raise InfeasibleError("no release satisfies any of these settings: allow more suppression or a smaller k")


def can_draw() -> bool:
    """True when the optional packages for drawing are installed."""
    from importlib.util import find_spec

    return all(find_spec(each) is not None for each in ("altair", "vl_convert"))


def draw(found: Frontier, path: Path, name: str) -> None:
    """Writes the drawing, whole or not at all."""
    from shoal.cli.chart import frontier_svg
    from shoal.client.files import whole_file

    content = frontier_svg(found, name)
    with whole_file(path) as file:
        file.write(content.encode())


def describe(out: Console, found: Frontier, svg: Path | None, *, details: bool) -> None:
    """Tells a person what each setting costs."""
    limits = next((each for each in found.varied if each.key == "suppression_limit"), None)
    crossed = limits is not None and len(found.varied) > 1 and len(limits.values) <= MOST_COLUMNS
    if limits is not None and crossed and not details:
        _print_crossed(out, found, limits)
    else:
        _print_lines(out, found)
    _print_own(out, found)
    _print_proof(out, found)
    fixed = [each for each in found.axes if not each.varies]
    if fixed:
        out.print(f"The same for all: {found.spelled([each.values[0] for each in fixed], fixed)}.", soft_wrap=True)
    if svg is not None:
        out.print(f"Drawn in {svg}.", soft_wrap=True)


def _print_crossed(out: Console, found: Frontier, limits: Axis) -> None:
    """Loss, a column for each limit."""
    others = [each for each in found.varied if each is not limits]
    rows: dict[tuple[float, ...], dict[float, Point]] = {}
    for point in found.points:
        row = tuple(found.value(point, each) for each in others)
        rows.setdefault(row, {})[found.value(point, limits)] = point
    titles = [f"up to {limits.label(each)}" for each in limits.values]
    names = [printable(each.title) for each in others]
    out.print(f"Least {found.loss_name} by suppression limit", style="bold", soft_wrap=True)
    table = new_table(*names, *titles, right=(*names, *titles))
    lines = [
        (
            tuple(axis.label(value) for axis, value in zip(others, row, strict=True)),
            tuple(_loss_cell(points.get(limit)) for limit in limits.values),
        )
        for row, points in rows.items()
    ]
    if len(others) == 1 and len(lines) > MOST_ROWS:
        lines = _merged(lines)
    for settings, cells in lines:
        table.add_row(*settings, *cells)
    out.print(table)


def _merged(lines: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The lines of a long table, neighbours with the same losses as one: `14 – 20`."""
    merged: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for cells, group in itertools.groupby(lines, key=lambda each: each[1]):
        tried = [setting for (setting,), _ in group]
        merged.append(((tried[0] if len(tried) == 1 else f"{tried[0]} – {tried[-1]}",), cells))
    return merged


def _print_lines(out: Console, found: Frontier) -> None:
    """Everything about each point, a line for each."""
    axes = found.varied or found.axes
    names = [printable(each.title) for each in axes]
    levels = f"levels ({printable(', '.join(found.attributes))})"
    numbers = ("loss", "suppressed", "", "highest risk", "mean risk")
    out.print(f"Least {found.loss_name} of each setting", style="bold", soft_wrap=True)
    table = new_table(*names, *numbers, levels, right=(*names, *numbers))
    for point in found.points:
        cells = [axis.label(found.value(point, axis)) for axis in axes]
        if not point.feasible:
            table.add_row(*cells, _loss_cell(point), "", "", "", "", "")
            continue
        table.add_row(
            *cells,
            _loss_cell(point),
            f"{point.suppressed:,}",
            f"{_share(point.suppressed, found.rows):.2%}",
            f"{point.highest_risk:.1%}",
            f"{point.average_risk:.1%}",
            " ".join(map(str, point.levels)),
        )
    out.print(table)


def _loss_cell(point: Point | None) -> str:
    if point is None:
        return ""
    mark = f"{OWN} " if point.own else ""
    if not point.feasible:
        return f"{mark}{INFEASIBLE}"
    return f"{mark}{'' if point.optimal else UNPROVEN}{_number(point.loss)}"


def _number(loss: float) -> str:
    return f"{loss:.4f}" if abs(loss) < 1000 else f"{loss:,.0f}"


def _print_own(out: Console, found: Frontier) -> None:
    own = found.settled
    spelled = found.spelled([each.own for each in found.axes])
    if own is None:
        out.print(f"The policy's own setting ({printable(spelled)}) is not among these.", soft_wrap=True)
        return
    if not own.feasible:
        out.print(f"{OWN} the policy's own setting ({printable(spelled)}): infeasible.", style="bold", soft_wrap=True)
        return
    levels = ", ".join(f"{name} {level}" for name, level in zip(found.attributes, own.levels, strict=True))
    suppressed = f"{own.suppressed:,} rows ({_share(own.suppressed, found.rows):.2%}) suppressed"
    numbers = f"loss {_number(own.loss)}, {suppressed}, highest risk {own.highest_risk:.1%}, levels {printable(levels)}"
    out.print(f"{OWN} the policy's own setting ({printable(spelled)}): {numbers}.", style="bold", soft_wrap=True)


def _print_proof(out: Console, found: Frontier) -> None:
    open_points = [each for each in found.feasible if not each.optimal]
    searched = f"{found.lattice_size:,} combinations of levels over {found.rows:,} rows, {found.seconds:.3f} seconds of search."
    if not found.feasible:
        out.print(searched)
    elif open_points:
        gap = max(each.gap for each in open_points)
        out.print(
            f"{UNPROVEN} {len(open_points):,} of {len(found.feasible):,} are the best found within the search's limits; the "
            f"optimum is at most {gap:.6f} below. {searched}",
            soft_wrap=True,
        )
    else:
        out.print(f"Every loss is proven to be the least possible. {searched}", soft_wrap=True)


def _share(count: int, rows: int) -> float:
    return count / rows if rows else 0.0
