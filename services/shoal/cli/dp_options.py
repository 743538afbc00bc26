"""What every `shoal dp` command takes, and how it asks."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.dp_shapes import answer_shape, describe, preview_table, response_shape
from shoal.cli.inputs import check_table
from shoal.cli.options import Options
from shoal.cli.output import activity, console, print_json
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.api.dp.v1.dp_service_pb2 import ComputeResponse
    from shoal.client import Client

EPSILONS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""What a preview tries, besides the one that was asked for."""

_PANEL = "Privacy and rows"


def _option(kind: Any, name: str, metavar: str | None, text: str, default: Any = None, panel: str | None = None) -> Any:
    option = typer.Option(name, metavar=metavar, help=text, rich_help_panel=panel)
    return Annotated[kind, option], default


_rows = functools.partial(_option, panel=_PANEL)

NOISES = "laplace|gaussian|discrete-laplace|discrete-gaussian"
COMMON: dict[str, tuple[Any, Any]] = {
    "epsilon": _option(float, "--epsilon", "E", "What is spent on one group's answers together.", 1.0),
    "delta": _option(float, "--delta", "D", "For Gaussian noise and groups that are discovered.", 0.0),
    "noise": _option(str, "--noise", NOISES, "The noise.", "laplace"),
    "budget": _option(list[str] | None, "--budget", "NAME", "Charged besides the content's own; may be repeated."),
    "group_by": _rows(str | None, "--group-by", "COLUMN", "Answer for each group."),
    "group": _rows(list[str] | None, "--group", "A,B", "The groups, where they are known without the data."),
    "unlisted": _rows(str | None, "--unlisted", "drop|other|discover", "What becomes of other groups."),
    "min_group_size": _rows(int | None, "--min-group-size", "N", "Of groups that are discovered; 5."),
    "where": _rows(list[str] | None, "--where", "TEST", "Only rows such as 'age >= 50'; may be repeated."),
    "unit_column": _rows(str | None, "--unit-column", "COLUMN", "What names the person of a row."),
    "max_contributions": _rows(int | None, "--max-contributions", "N", "The most rows of one person; 1."),
    "substitute": _rows(bool, "--substitute", None, "Protect by replacing a row: their number is public.", default=False),
    "dataset_size": _rows(int | None, "--dataset-size", "N", "The public number of rows; with --substitute."),
    "preview": _option(bool, "--preview", None, "Show error against epsilon; reads and charges nothing.", default=False),
    "rows": _option(int | None, "--rows", "N", "With --preview: about how many rows there are."),
    "svg": _option(Path | None, "--svg", "FILE", "With --preview: draw it; needs the extra `plots`."),
    "request_id": _option(str | None, "--request-id", "UUID", "To try again without being charged twice."),
    "separator": _option(str | None, "--separator", None, "The character between CSV cells; found by itself."),
}

File = Annotated[str | None, typer.Argument(metavar="[FILE]", help="The table: a file or a `datasets/…` name.")]


@dataclass(frozen=True)
class Asked:
    """A query. method: the client's; what: the answer is called."""

    method: str
    what: str
    arguments: Sequence[Any]
    named: Mapping[str, Any] = field(default_factory=dict)

    def of(self, client: Client, table: str | None, **options: Any) -> ComputeResponse:
        """The answer."""
        ask: Callable[..., ComputeResponse] = getattr(client.dp, self.method)
        return ask(table, *self.arguments, **self.named, **options)


def asking(function: Callable[..., Asked]) -> Callable[..., None]:
    """A command of a function that says what is asked: with a table, and the options of every query."""

    def command(options: Options, table: str | None, **values: Any) -> None:
        common = {name: values.pop(name) for name in COMMON}
        _run(options, table, function(**values), common)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("options", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Options),
        inspect.Parameter("table", keyword, default=None, annotation=File),
        *(each.replace(kind=keyword) for each in inspect.signature(function, eval_str=True).parameters.values()),
        *(inspect.Parameter(name, keyword, default=default, annotation=kind) for name, (kind, default) in COMMON.items()),
    ]
    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _run(options: Options, table: str | None, asked: Asked, common: dict[str, Any]) -> None:
    preview, rows, svg = common.pop("preview"), common.pop("rows"), common.pop("svg")
    wanted = _wanted(asked, common)
    if preview:
        _preview(options, asked, wanted, rows, svg)
        return
    if rows is not None or svg is not None:
        raise InvalidArgumentError("--rows and --svg go with --preview")
    if table is None:
        raise InvalidArgumentError("FILE is required, unless this is a --preview")
    check_table(table)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Asking")
        answer = asked.of(client, table, **wanted, progress=shown.moved("Uploading the table"))
    if options.json:
        print_json(response_shape(answer, asked.what))
    else:
        describe(console(), answer, asked.what)


def _wanted(asked: Asked, common: dict[str, Any]) -> dict[str, Any]:
    """The options as the client takes them."""
    from shoal.api.dp.v1 import query_pb2

    unit = query_pb2.PrivacyUnit(max_contributions=common.pop("max_contributions"), unit_column=common.pop("unit_column"))
    if common.pop("substitute"):
        unit.neighbouring = query_pb2.NEIGHBOURING_RELATION_SUBSTITUTE
    groups, noise = common.pop("group"), common.pop("noise")
    if asked.what != "choice":
        common["noise"] = noise
    return {
        **common,
        "budgets": common.pop("budget") or (),
        "where": common.pop("where") or (),
        "groups": split_columns(groups, "--group") if groups else (),
        "privacy_unit": unit,
    }


def _preview(options: Options, asked: Asked, wanted: dict[str, Any], rows: int | None, svg: Path | None) -> None:
    if svg is not None:
        from shoal.cli.budget import check_drawing

        check_drawing(svg)
    asked_for = wanted.pop("epsilon")
    with activity() as shown, connected(options, shown) as client:
        shown.step("Looking how much noise there would be")
        found = [
            asked.of(client, None, **wanted, epsilon=epsilon, preview=True, expected_rows=rows)
            for epsilon in sorted({*EPSILONS, asked_for})
        ]
    points = [answer_shape(each.answers[0], asked.what) | {"epsilon": each.epsilon} for each in found]
    if svg is not None:
        from shoal.cli.accuracy import accuracy_svg
        from shoal.client.files import whole_file

        with whole_file(svg) as file:
            file.write(accuracy_svg(asked.what, points).encode())
    if options.json:
        print_json({"preview": points, "svg": None if svg is None else str(svg)})
        return
    console().print(preview_table(points, asked_for))
    console().print("Nothing was read, and nothing charged.")
    if svg is not None:
        console(stderr=True).print(f"Drawn into {svg}.", soft_wrap=True)
