"""`shoal datasets …`: the tables that a server keeps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.session import connected

Name = Annotated[str, typer.Argument(metavar="NAME", help="The dataset, `datasets/…`.")]


def list_datasets(
    options: Options,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 100,
) -> None:
    """List the datasets, newest first."""
    with activity() as shown, connected(options, shown) as client:
        shown.step("Listing")
        found = client.datasets.list(limit=limit)
    if options.json:
        print_json({"datasets": [shapes.dataset(each) for each in found]})
        return
    table = new_table("name", "called", "rows", "columns", "bytes", "since", right=("rows", "columns", "bytes"))
    for each in found:
        since = shapes.moment(each, "create_time") or ""
        counts = (f"{each.row_count:,}", f"{len(each.columns):,}", f"{each.size_bytes:,}")
        table.add_row(each.name, printable(each.display_name), *counts, since)
    console().print(table if found else "There are no datasets; `shoal datasets upload FILE` makes one.")


def show(options: Options, name: Name) -> None:
    """Show one dataset's description."""
    with activity() as shown, connected(options, shown) as client:
        content = shapes.dataset(client.datasets.get(name))
    if options.json:
        print_json(content)
        return
    out = console()
    table = new_table("", "")
    for key, value in content.items():
        if key != "columns":
            table.add_row(key.replace("_", " "), "" if value is None else printable(str(value)))
    out.print(table)
    columns = new_table("column", "type")
    for each in content["columns"]:
        columns.add_row(printable(each["name"]), each["type"].lower())
    out.print(columns)


def upload(
    options: Options,
    table: Annotated[Path, typer.Argument(metavar="FILE", help="The table.")],
    name: Annotated[str | None, typer.Option("--name", help="A name for people; by default the file's.")] = None,
    hours: Annotated[
        float | None, typer.Option("--hours", min=1 / 60, help="How long to keep it; until it is deleted.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Upload a table and keep it, also in a server that this command starts."""
    with activity() as shown, connected(options, shown, transient=False) as client:
        dataset = client.datasets.upload(
            table,
            display_name=name,
            separator=separator,
            ttl=None if hours is None else timedelta(hours=hours),
            progress=shown.moved("Uploading"),
        )
    if options.json:
        print_json(shapes.dataset(dataset))
    else:
        console().print(f"{dataset.name}: {dataset.row_count:,} rows, {len(dataset.columns)} columns.")


def download(
    options: Options,
    name: Name,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write; the name says the format.")],
) -> None:
    """Download a dataset to a file."""
    from shoal.api.tables.v1 import table_pb2
    from shoal.client.tables import format_of

    wanted = format_of(output) if output.suffix else table_pb2.TABLE_FORMAT_UNSPECIFIED
    with activity() as shown, connected(options, shown) as client:
        dataset = client.datasets.get(name)
        same = wanted == dataset.format
        client.datasets.download(
            name,
            output,
            as_format=table_pb2.TABLE_FORMAT_UNSPECIFIED if same else wanted,
            progress=shown.moved("Downloading"),
        )
    if options.json:
        print_json({"name": dataset.name, "output": str(output), "rows": dataset.row_count})
    else:
        console().print(f"Wrote {dataset.row_count:,} rows to {output}.", soft_wrap=True)


def preview(
    options: Options,
    name: Name,
    rows: Annotated[int, typer.Option("--rows", min=1, max=1000, help="How many rows.")] = 10,
) -> None:
    """Show a dataset's first rows."""
    with activity() as shown, connected(options, shown) as client:
        answer = client.datasets.preview(name, rows)
    columns = [each.name for each in answer.columns]
    lines = [[cell.text if cell.HasField("text") else None for cell in row.cells] for row in answer.rows]
    if options.json:
        print_json({"name": name, "columns": columns, "rows": lines, "total_rows": answer.total_rows})
        return
    table = new_table(*map(printable, columns))
    for line in lines:
        table.add_row(*("" if cell is None else printable(cell) for cell in line))
    out = console()
    out.print(table)
    out.print(f"{len(lines):,} of {answer.total_rows:,} rows.", style="dim")


def delete(options: Options, name: Name) -> None:
    """Delete a dataset and its rows."""
    with activity() as shown, connected(options, shown) as client:
        client.datasets.delete(name)
    if options.json:
        print_json({"name": name, "deleted": True})
    else:
        console().print(f"{name} is deleted.")


COMMANDS = {
    "list": list_datasets,
    "show": show,
    "upload": upload,
    "download": download,
    "preview": preview,
    "delete": delete,
}
