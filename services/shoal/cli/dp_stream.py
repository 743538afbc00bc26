"""`shoal dp stream …`: statistics that go on as batches arrive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.dp_shapes import add_answer, answer_shape, answer_table
from shoal.cli.inputs import check_table
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.dp.v1.stream_pb2 import Stream, StreamRelease, StreamSpec
    from shoal.client import Client

Name = Annotated[str, typer.Argument(metavar="NAME", help="The stream.")]
_ONCE = "What the stream computes, said when it is made"


def _once(*names: str, metavar: str, text: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=text, rich_help_panel=_ONCE)


def update(
    options: Options,
    name: Name,
    table: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A batch: a file or a `datasets/…` name.")] = None,
    release: Annotated[bool, typer.Option("--release", help="Release the statistic after the batch.")] = False,
    statistic: Annotated[str | None, _once("--statistic", metavar="mean|sum|variance|count", text="The statistic.")] = None,
    column: Annotated[list[str] | None, _once("--column", metavar="NAME", text="The column; may be repeated.")] = None,
    bounds: Annotated[
        tuple[float, float] | None, _once("--bounds", metavar="LOW HIGH", text="Values beyond count as these.")
    ] = None,
    epsilon: Annotated[float | None, _once("--epsilon", metavar="E", text="Spent on all releases together.")] = None,
    delta: Annotated[float | None, _once("--delta", metavar="D", text="For Gaussian noise.")] = None,
    noise: Annotated[
        str | None, _once("--noise", metavar="laplace|gaussian|discrete-laplace|discrete-gaussian", text="The noise.")
    ] = None,
    window: Annotated[
        str | None, _once("--window", metavar="KIND:N", text="Over the last N batches: sliding:7 or tumbling:7.")
    ] = None,
    group_by: Annotated[str | None, _once("--group-by", metavar="COLUMN", text="Answer for each group.")] = None,
    group: Annotated[list[str] | None, _once("--group", metavar="A,B", text="The groups, known without the data.")] = None,
    unlisted: Annotated[str | None, _once("--unlisted", metavar="other|drop", text="What becomes of other groups.")] = None,
    where: Annotated[list[str] | None, _once("--where", metavar="TEST", text="Only rows such as 'age >= 50'.")] = None,
    max_releases: Annotated[int | None, _once("--max-releases", metavar="N", text="What noise is laid out for; 4096.")] = None,
    budget: Annotated[list[str] | None, _once("--budget", metavar="NAME", text="Charged when it is made.")] = None,
    request_id: Annotated[
        str | None, typer.Option("--request-id", metavar="UUID", help="To try again without counting a batch twice.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Feed a batch into a stream, made by its first update, and release its statistic."""
    said = {
        "epsilon": epsilon,
        "delta": delta,
        "noise": noise,
        "group_by": group_by,
        "unlisted": unlisted,
        "max_releases": max_releases,
        "window": None if window is None else _window(window),
        "groups": split_columns(group, "--group") if group else None,
        "where": where,
        "budgets": budget,
    }
    given = {key: value for key, value in said.items() if value is not None}
    if statistic is None and (given or column or bounds):
        raise InvalidArgumentError("--statistic is required to say what a new stream computes")
    if table is not None:
        check_table(table)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Updating")
        spec = None if statistic is None else _spec(client, statistic, column or [], bounds, given)
        moved = shown.moved("Uploading the batch")
        answer = client.streams.update(
            name, table, spec=spec, release=release, request_id=request_id, separator=separator, progress=moved
        )
    made = answer.release if answer.HasField("release") else None
    if options.json:
        found = stream_shape(answer.stream) | {"release": release_shape(made, answer.stream), "epsilon": answer.epsilon}
        budgets = [{"name": each.name, "remaining_epsilon": each.remaining_epsilon} for each in answer.budgets]
        repeated = {"repeated_release": answer.repeated_release, "warnings": list(answer.warnings)}
        print_json(found | {"delta": answer.delta, "budgets": budgets} | repeated)
        return
    out = console()
    _describe(out, answer.stream, made)
    if release and made is None:
        out.print("There is nothing to release yet.")
    if answer.repeated_release:
        out.print("No batch came since the last release: this is it again, and nothing was charged for it.")
    if answer.budgets:
        left = ", ".join(f"{each.name} has {each.remaining_epsilon:g} of epsilon left" for each in answer.budgets)
        out.print(f"Charged: epsilon {answer.epsilon:g}; {printable(left)}.", soft_wrap=True)
    for warning in answer.warnings:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)


def show(options: Options, name: Name) -> None:
    """Show a stream and its last release; it costs nothing."""
    with activity() as shown, connected(options, shown) as client:
        found = client.streams.get(name)
    last = found.last_release if found.HasField("last_release") else None
    if options.json:
        print_json(stream_shape(found) | {"release": release_shape(last, found)})
    else:
        _describe(console(), found, last)


def list_streams(
    options: Options, limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 100
) -> None:
    """List streams, newest first."""
    with activity() as shown, connected(options, shown) as client:
        found = client.streams.list_streams(limit=limit)
    listed = [stream_shape(each) for each in found]
    if options.json:
        print_json({"streams": listed})
        return
    numbers = ("batches", "releases", "epsilon")
    table = new_table("name", "statistic", "state", *numbers, right=numbers)
    for each in listed:
        counts = (f"{each['batch_count']:,}", f"{each['release_count']:,}", f"{each['spent_epsilon']:g}")
        table.add_row(each["name"], each["statistic"], each["state"], *counts)
    console().print(table if listed else "There are no streams; `shoal dp stream update` makes one.")


def delete(options: Options, name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete a stream and its sums. What it spent stays spent."""
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidArgumentError("delete: this cannot be undone; confirm it with --yes")
        typer.confirm(f"{name} and its sums are deleted; a new one is charged again. Go on?", abort=True, err=True)
    with activity() as shown, connected(options, shown) as client:
        client.streams.delete(name)
    if options.json:
        print_json({"name": name if name.startswith("streams/") else f"streams/{name}", "deleted": True})
    else:
        console().print(f"{printable(name)} is deleted.", soft_wrap=True)


def _spec(
    client: Client, statistic: str, columns: list[str], bounds: tuple[float, float] | None, given: dict[str, Any]
) -> StreamSpec:
    if statistic == "count":
        if bounds is not None:
            raise InvalidArgumentError("--bounds: a count needs none")
        return client.streams.spec(statistic, columns, **given)
    if bounds is None or not columns:
        raise InvalidArgumentError("--column and --bounds are required: the column, and what its values are clipped to")
    return client.streams.spec(statistic, dict.fromkeys(columns, bounds), **given)


def _window(text: str) -> tuple[str, int]:
    kind, _, length = text.partition(":")
    if not length.isdecimal():
        raise InvalidArgumentError("--window: a kind and a number of batches are expected, as in sliding:7")
    return kind, int(length)


def stream_shape(message: Stream) -> dict[str, Any]:
    """What `--json` says of a stream."""
    from shoal.api.dp.v1 import stream_pb2

    return {
        "name": message.name,
        "statistic": message.spec.WhichOneof("query"),
        "state": stream_pb2.StreamState.Name(message.state).removeprefix("STREAM_STATE_").lower(),
        "batch_count": message.batch_count,
        "release_count": message.release_count,
        "spent_epsilon": message.spent_epsilon,
        "spent_delta": message.spent_delta,
        "create_time": message.create_time.ToJsonString(),
        "update_time": message.update_time.ToJsonString(),
    }


def release_shape(message: StreamRelease | None, stream: Stream) -> dict[str, Any] | None:
    """What `--json` says of a release."""
    if message is None:
        return None
    what = stream.spec.WhichOneof("query") or ""
    answers = [answer_shape(each, what) for each in message.answers]
    return {"release_number": message.release_number, "batch_count": message.batch_count, "answers": answers}


def _describe(out: Console, stream: Stream, release: StreamRelease | None) -> None:
    shape = stream_shape(stream)
    count = f"{shape['batch_count']:,} batches, {shape['release_count']:,} releases, epsilon {shape['spent_epsilon']:g}"
    out.print(f"{printable(shape['name'])}: {shape['statistic']}, {shape['state']}, {count}.", soft_wrap=True)
    if release is None:
        return
    table = answer_table(str(shape["statistic"]))
    for each in release.answers:
        add_answer(table, each, {})
    out.print(f"Release {release.release_number}, after batch {release.batch_count}:")
    out.print(table)


COMMANDS = {"update": update, "show": show, "list": list_streams, "delete": delete}
