"""`shoal budget …`: how much may be learned about people in all, and how much of it is spent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import activity, console, counted, new_table, print_json, printable
from shoal.cli.places import check_place
from shoal.cli.session import connected
from shoal.errors import FailedPreconditionError, InvalidArgumentError

if TYPE_CHECKING:
    from shoal.api.budget.v1.advice_pb2 import CompositionAnalysis
    from shoal.api.budget.v1.budget_pb2 import Budget
    from shoal.api.budget.v1.budget_service_pb2 import AdviseCompositionResponse
    from shoal.api.budget.v1.spend_pb2 import Spend

Name = Annotated[str, typer.Argument(metavar="NAME", help="The budget, `study-7` or `budgets/study-7`.")]
Epsilon = Annotated[float, typer.Option("--epsilon", metavar="E", help="The epsilon that all spends share, up to 1,000.")]
Delta = Annotated[float, typer.Option("--delta", metavar="D", help="The delta that all spends share; none: pure epsilon only.")]


def create(
    options: Options,
    name: Name,
    epsilon: Epsilon,
    delta: Delta = 0.0,
    composition: Annotated[
        str,
        typer.Option("--composition", metavar="basic|rdp|zcdp|gdp", help="How spends add up; all but basic need --delta."),
    ] = "basic",
    approximate_delta: Annotated[
        float,
        typer.Option(
            "--approximate-delta", metavar="D", help="The part of --delta kept for releases with a delta of their own."
        ),
    ] = 0.0,
    description: Annotated[str, typer.Option("--description", help="What it is for.")] = "",
    reuse_deleted: Annotated[
        bool, typer.Option("--reuse-deleted", help="Begin again under a deleted budget's name; administrators only.")
    ] = False,
) -> None:
    """Make a budget. Queries that name it are charged to it, besides the budget of the data itself."""
    with activity() as shown, connected(options, shown) as client:
        made = client.budgets.create(
            name,
            epsilon=epsilon,
            delta=delta,
            composition=composition,
            approximate_delta=approximate_delta,
            description=description,
            reuse_deleted_id=reuse_deleted,
        )
    if options.json:
        print_json(budget_shape(made))
    else:
        console().print(f"{made.name} is made: {_left(made)}.", soft_wrap=True)


def show(options: Options, name: Name) -> None:
    """Show what a budget allows and what was spent of it."""
    with activity() as shown, connected(options, shown) as client:
        found = client.budgets.get(name)
    content = budget_shape(found)
    if options.json:
        print_json(content)
        return
    table = new_table("", "")
    for key, value in content.items():
        table.add_row(key.replace("_", " "), printable("" if value is None else f"{value}"))
    console().print(table)


def list_budgets(
    options: Options,
    contents: Annotated[bool, typer.Option("--contents", help="Only the budgets of dataset contents.")] = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="Deleted ones, too.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 100,
) -> None:
    """List budgets, newest first."""
    with activity() as shown, connected(options, shown) as client:
        from shoal.api.budget.v1 import budget_pb2

        kind = budget_pb2.BUDGET_KIND_CONTENT if contents else budget_pb2.BUDGET_KIND_UNSPECIFIED
        found = client.budgets.list_budgets(limit=limit, kind=kind, show_deleted=deleted)
    listed = [budget_shape(each) for each in found]
    if options.json:
        print_json({"budgets": listed})
        return
    numbers = ("epsilon", "spent", "left", "delta", "delta left", "spends")
    table = new_table("name", "composition", *numbers, "deleted", right=numbers)
    for each in listed:
        amounts = ("epsilon_budget", "spent_epsilon", "remaining_epsilon", "delta_budget", "remaining_delta", "query_count")
        cells = (f"{each[key]:,}" for key in amounts)
        table.add_row(each["name"], each["composition"], *cells, each["delete_time"] or "")
    console().print(table if listed else "There are no budgets; `shoal budget create` makes one.")


def spends(
    options: Options,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="The budget; by default everything spent.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 100,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw what was left over time; needs the extra `plots`.")
    ] = None,
) -> None:
    """List what was spent, newest first: for what, by whom, and what it cost."""
    if svg is not None:
        _check_drawing(name, svg)
    with activity() as shown, connected(options, shown) as client:
        found = client.budgets.list_spends(name, limit=None if svg is not None else limit)
        budget = client.budgets.get(name) if name is not None else None
    if svg is not None and budget is not None:
        from shoal.cli.spending import spending_svg
        from shoal.client.files import whole_file

        with whole_file(svg) as file:
            file.write(spending_svg(budget, found).encode())
    listed = [spend_shape(each) for each in found[:limit]]
    if options.json:
        print_json({"spends": listed, "svg": None if svg is None else str(svg)})
        return
    table = new_table("name", "when", "epsilon", "delta", "charged to", "purpose", right=("epsilon", "delta"))
    for each in listed:
        to = ", ".join(f"{charge['budget']} {charge['epsilon']:g}" for charge in each["charges"])
        amounts = (f"{each['epsilon']:g}", f"{each['delta']:g}")
        table.add_row(each["name"], each["create_time"], *amounts, to, printable(each["purpose"] or ""))
    console().print(table if listed else "Nothing was spent.")
    if svg is not None:
        console(stderr=True).print(f"Drawn into {svg}.", soft_wrap=True)


def advise(
    options: Options,
    epsilon: Epsilon,
    queries: Annotated[int, typer.Option("--queries", metavar="N", help="How many equal queries are planned.")],
    delta: Delta = 0.0,
    delta_per_query: Annotated[
        float, typer.Option("--delta-per-query", metavar="D", help="Of each query's Gaussian noise; none: Laplace noise.")
    ] = 0.0,
) -> None:
    """Plan equal queries: what each may spend under each composition, and how much noise that is. Charges nothing."""
    with activity() as shown, connected(options, shown) as client:
        answer = client.budgets.advise(epsilon=epsilon, queries=queries, delta=delta, delta_per_query=delta_per_query)
    content = advice_shape(answer)
    if options.json:
        print_json(content)
        return
    numbers = ("epsilon a query", "delta a query", "epsilon in all", "delta in all", "noise (standard deviation)")
    table = new_table("composition", *numbers, right=numbers)
    for name in ("basic", "rdp", "exact_gaussian", "privacy_loss"):
        plan = content[name]
        if plan is not None:
            table.add_row(
                "gdp" if name == "exact_gaussian" else name.replace("_", " "), *(f"{each:.6g}" for each in plan.values())
            )
    out = console()
    out.print(table)
    out.print(printable(content["explanation"]), soft_wrap=True)
    if content["savings_percent"] > 0:
        out.print(f"Under rdp the basic plan's queries leave {content['savings_percent']:.1f} % of epsilon unspent.")


def delete(options: Options, name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """End a budget: it takes no more spends. Its record stays, and what was spent of the data stays spent."""
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidArgumentError("delete: this cannot be undone; confirm it with --yes")
        typer.confirm(f"{name} takes no more spends, and its name stays taken. Go on?", abort=True, err=True)
    with activity() as shown, connected(options, shown) as client:
        client.budgets.delete(name)
    if options.json:
        print_json({"name": name if name.startswith("budgets/") else f"budgets/{name}", "deleted": True})
    else:
        console().print(f"{name} is deleted; its record stays.", soft_wrap=True)


def budget_shape(message: Budget) -> dict[str, Any]:
    """What `budget show` prints."""
    from shoal.api.budget.v1 import budget_pb2

    return {
        "name": message.name,
        "description": message.description or None,
        "kind": budget_pb2.BudgetKind.Name(message.kind).removeprefix("BUDGET_KIND_").lower(),
        "composition": composition_name(message.composition),
        "epsilon_budget": message.epsilon_budget,
        "spent_epsilon": message.spent_epsilon,
        "remaining_epsilon": message.remaining_epsilon,
        "delta_budget": message.delta_budget,
        "spent_delta": message.spent_delta,
        "remaining_delta": message.remaining_delta,
        "approximate_delta": message.approximate_delta,
        "query_count": message.query_count,
        "creator": message.creator,
        **{name: shapes.moment(message, name) for name in ("create_time", "update_time", "delete_time")},
    }


def spend_shape(message: Spend) -> dict[str, Any]:
    """One entry of the ledger."""
    amounts = ("epsilon", "delta", "remaining_epsilon", "remaining_delta")
    return {
        "name": message.name,
        "epsilon": message.epsilon,
        "delta": message.delta,
        "charges": [{"budget": each.budget, **{name: getattr(each, name) for name in amounts}} for each in message.charges],
        "events": [
            {
                "epsilon": each.epsilon,
                "delta": each.delta,
                "count": each.count,
                "mechanism": each.WhichOneof("mechanism"),
                "sigma": each.gaussian.sigma if each.HasField("gaussian") else None,
                "sensitivity": each.gaussian.sensitivity if each.HasField("gaussian") else None,
            }
            for each in message.events
        ],
        "purpose": message.purpose or None,
        "creator": message.creator,
        "create_time": shapes.moment(message, "create_time"),
        "request_id": message.request_id,
    }


def advice_shape(message: AdviseCompositionResponse) -> dict[str, Any]:
    """What `budget advise` prints; a plan that is not possible is None."""
    plans = ("basic", "rdp", "exact_gaussian", "privacy_loss")
    return {
        **{name: _plan(getattr(message, name)) if message.HasField(name) else None for name in plans},
        "recommendation": composition_name(message.recommendation),
        "explanation": message.explanation,
        "savings_percent": message.savings_percent,
        "noise_ratio": message.noise_ratio if message.HasField("noise_ratio") else None,
    }


def composition_name(number: int) -> str:
    """`basic`, `rdp`, `zcdp` or `gdp`."""
    from shoal.api.budget.v1 import budget_pb2

    return budget_pb2.Composition.Name(budget_pb2.Composition.ValueType(number)).removeprefix("COMPOSITION_").lower()


def _check_drawing(name: str | None, svg: Path) -> None:
    """Refuses what cannot be drawn, before anything is asked."""
    if name is None:
        raise InvalidArgumentError("--svg draws one budget: name it")
    check_drawing(svg)


def check_drawing(svg: Path) -> None:
    """Refuses a drawing that cannot be made."""
    from importlib.util import find_spec

    if svg.suffix.lower() != ".svg":
        raise InvalidArgumentError("--svg: the drawing is an SVG; give it a name that ends in .svg")
    check_place(svg, "--svg", "")
    if any(find_spec(each) is None for each in ("altair", "vl_convert")):
        raise FailedPreconditionError(
            "--svg: the drawing packages are missing: install shoal[plots] (in a clone of the project: `uv sync --extra plots`)"
        )


def _plan(message: CompositionAnalysis) -> dict[str, float]:
    names = ("epsilon_per_query", "delta_per_query", "total_epsilon", "total_delta", "noise_standard_deviation")
    return {name: getattr(message, name) for name in names}


def _left(message: Budget) -> str:
    delta = f" and delta {message.remaining_delta:g}" if message.delta_budget else ""
    spent = counted(message.query_count, "spend", "spends")
    return (
        f"epsilon {message.remaining_epsilon:g}{delta} left after {spent}, {composition_name(message.composition)} composition"
    )


COMMANDS = {"create": create, "list": list_budgets, "show": show, "spends": spends, "advise": advise, "delete": delete}
