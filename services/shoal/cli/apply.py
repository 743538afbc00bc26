"""`shoal apply`: new rows released with the levels of an earlier solution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import models, shapes
from shoal.cli.inputs import KEPT, check_table, upload_then
from shoal.cli.options import Options
from shoal.cli.output import activity, console, counted, new_table, print_json, printable
from shoal.cli.places import check_certificate, check_output
from shoal.cli.releases import deliver, measured_words, print_certificate, print_notes, print_released
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.anonymization.v1.anonymization_service_pb2 import ApplySolutionResponse


def apply(
    options: Options,
    solution: Annotated[str, typer.Argument(metavar="SOLUTION", help="The solution whose levels to use, `solutions/…`.")],
    table: Annotated[str, typer.Argument(metavar="FILE", help="The new rows: a file or a `datasets/…` name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the release.")],
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Where to write the signed record of the release.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Release new rows with the levels of an earlier solution."""
    if not solution.startswith("solutions/"):
        raise InvalidArgumentError("SOLUTION: give the name that `shoal anonymize` printed, `solutions/…`, then the table")
    check_table(table)
    as_format = check_output(table, output)
    check_certificate(certificate, table, output)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Applying the solution")
        release = client.anonymization.apply_solution(
            solution,
            table,
            separator=separator,
            output_format=as_format,
            output_ttl=KEPT,
            progress=upload_then(shown, "Applying the solution"),
        )
        try:
            deliver(release, output, certificate, shown)
        finally:
            release.delete_output()
    if options.json:
        print_json(shapes.applied(release.report, solution, str(output), certificate))
    else:
        _describe(console(), release.report, output, certificate)


def _describe(out: Console, report: ApplySolutionResponse, output: Path, certificate: Path | None) -> None:
    print_released(out, report.released_count, report.row_count, output)
    if report.unseen_count:
        whose = "its" if report.unseen_count == 1 else "their"
        rows = counted(report.unseen_count, "row was", "rows were")
        out.print(f"{rows} suppressed, because a hierarchy does not know one of {whose} values.")
    if report.violating_count:
        whose = "its class violates" if report.violating_count == 1 else "their classes violate"
        out.print(f"{counted(report.violating_count, 'row was', 'rows were')} suppressed, because {whose} the policy.")
    if report.guarantee:
        out.print(f"Guarantee: {printable(report.guarantee)}", soft_wrap=True)
    if report.batch_models or report.union_models:
        out.print(_models(report))
    print_notes(out, report.warnings)
    if certificate is not None:
        print_certificate(out, report.certificate, certificate)


def _models(report: ApplySolutionResponse) -> Any:
    """What each model measures of these rows alone and of all that the solution released."""
    table = new_table("privacy model", "these rows alone", "with all released before")
    for place in range(max(len(report.batch_models), len(report.union_models))):
        pair = [each[place] if place < len(each) else None for each in (report.batch_models, report.union_models)]
        title = next(models.sentence(each.model) for each in pair if each is not None)
        cells = [
            "" if each is None else f"{measured_words(each)}: {'holds' if each.satisfied else 'DOES NOT HOLD'}" for each in pair
        ]
        table.add_row(printable(title), *cells)
    return table
