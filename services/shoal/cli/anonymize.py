"""`shoal anonymize`: a table in, a release out."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import Activity, activity, console, new_table, print_json, printable
from shoal.cli.session import check_table, connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.anonymization.v1.solution_pb2 import Solution
    from shoal.client import Client, ReadPolicy, Release

AUTO_SUPPRESSION = 0.02
KEPT = timedelta(hours=1)
"""How long a server keeps the released table if the command dies before it deletes it."""


def anonymize(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the release.")],
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="The policy, YAML or JSON; `-` reads standard input.")
    ] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Let the server make the policy from the table.")] = False,
    k: Annotated[int | None, typer.Option("-k", min=1, help="Rows that must look alike; overrides the policy's k.")] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Make a release of a table that satisfies a policy, at the least loss."""
    if auto == (policy is not None):
        raise InvalidArgumentError("say what to do: give either --policy FILE or --auto")
    check_table(table)
    as_format = _check_output(table, output)
    wanted = None if policy is None else read_policy_argument(policy)
    with activity() as shown, connected(options, shown) as client:
        release = _release(client, shown, table, wanted, k, separator, as_format)
        try:
            release.download(output, progress=shown.moved("Downloading the release"))
        finally:
            release.delete_output()
    if options.json:
        print_json(shapes.release(release.solution, str(output)))
    else:
        describe(console(), release.solution, output)


def _check_output(table: str, output: Path) -> Any:
    """The format that the output's name asks for; refuses a place that cannot be written before any work is
    done."""
    from shoal.api.tables.v1 import table_pb2
    from shoal.client.tables import format_of

    source = Path(table)
    if output.exists():
        if source.exists() and output.samefile(source):
            raise InvalidArgumentError("--output: this is the input itself, which is never overwritten; name another file")
        if not output.is_file():
            raise InvalidArgumentError(f"--output: {output} is not an ordinary file")
    elif not output.absolute().parent.is_dir():
        raise InvalidArgumentError(f"--output: the folder {output.parent} does not exist; make it first")
    if not output.suffix:
        return table_pb2.TABLE_FORMAT_UNSPECIFIED
    wanted = format_of(output)
    same = source.suffix and source.exists() and format_of(source) == wanted
    return table_pb2.TABLE_FORMAT_UNSPECIFIED if same else wanted


def read_policy_argument(policy: str) -> ReadPolicy:
    """The policy of `--policy`: a file, or standard input."""
    from shoal.client import parse_policy, read_policy

    if policy != "-":
        return read_policy(policy)
    if sys.stdin.isatty():
        raise InvalidArgumentError("--policy -: standard input is the keyboard; pipe a policy into it")
    return parse_policy(sys.stdin.read())


def _release(
    client: Client,
    shown: Activity,
    table: str,
    policy: ReadPolicy | None,
    k: int | None,
    separator: str | None,
    as_format: Any,
) -> Release:
    shown.step("Anonymising")
    if policy is not None:
        return client.anonymization.anonymize(
            table,
            policy,
            k=k,
            separator=separator,
            output_format=as_format,
            output_ttl=KEPT,
            progress=_upload(shown),
        )
    return client.anonymization.auto_anonymize(
        table,
        privacy_models=[{"k_anonymity": {"k": 5 if k is None else k}}],
        suppression_limit=AUTO_SUPPRESSION,
        separator=separator,
        output_format=as_format,
        output_ttl=KEPT,
        progress=_upload(shown),
    )


def _upload(shown: Activity) -> Any:
    """Bytes while they move; back to the spinner once the last is sent and the server works."""
    moved = shown.moved("Uploading the table")

    def progress(done: int, total: int) -> None:
        moved(done, total)
        if done >= total:
            shown.step("Anonymising")

    return progress


def describe(out: Console, solution: Solution, output: Path | None) -> None:
    """Tells a person what was released and what it cost."""
    share = solution.suppressed_count / solution.row_count if solution.row_count else 0.0
    where = f" to {output}" if output is not None else ""
    out.print(
        f"Released {solution.released_count:,} of {solution.row_count:,} rows{where}.",
        style="bold",
        soft_wrap=True,
    )
    if solution.suppressed_count:
        out.print(f"{solution.suppressed_count:,} rows ({share:.2%}) were suppressed, because they still stood out.")
    else:
        out.print("No row had to be suppressed.")
    table = new_table("quasi-identifier", "level", "of", "loss", right=("level", "of", "loss"))
    for each in solution.attributes:
        table.add_row(printable(each.name), str(each.level), str(each.level_count - 1), f"{each.loss:.1%}")
    out.print(table)
    measure, aggregate = shapes.minimised(solution)
    name = measure.lower().replace("_", " ") + (f", {aggregate.lower().replace('_', ' ')}" if aggregate else "")
    found = solution.search
    proof = "proven optimal" if found.optimal else f"at most {found.gap:.6f} from the optimum"
    out.print(f"Loss {solution.loss:.6f} ({name}), {proof}.")
    out.print(
        f"{found.checked_count:,} of {found.lattice_size:,} combinations of levels were computed "
        f"in {found.search_seconds:.3f} seconds."
    )
    out.print(risk_table(solution))
    if solution.dropped_columns:
        out.print(f"Columns left out: {', '.join(map(printable, solution.dropped_columns))}.", soft_wrap=True)
    for warning in solution.warnings:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)
    out.print(f"Kept as {solution.name}.", style="dim")


def risk_table(solution: Solution) -> Any:
    """The risk before and after, side by side."""
    table = new_table("risk", "before", "after", right=("before", "after"))
    before, after = solution.risk_before, solution.risk_after
    table.add_row("smallest class (k)", f"{before.k:,}", f"{after.k:,}")
    table.add_row("rows alone in their class", f"{before.unique_count:,}", f"{after.unique_count:,}")
    for name in shapes.ATTACKERS:
        cells = []
        for report in (before, after):
            if report.HasField(name):
                risk = getattr(report, name)
                level = (shapes.risk_level(risk.risk_level) or "").replace("_", " ")
                cells.append(f"{risk.overall_risk:.1%} {level}")
            else:
                cells.append("")
        table.add_row(name, *cells)
    return table
