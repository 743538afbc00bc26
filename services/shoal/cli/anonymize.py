"""`shoal anonymize`: a table in, a release out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli import shapes
from shoal.cli.inputs import KEPT, check_table, on_the_server, policy_from, upload_then
from shoal.cli.options import Options
from shoal.cli.output import Activity, activity, console, print_json
from shoal.cli.places import check_certificate, check_output, check_report
from shoal.cli.releases import deliver, describe
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.client import Client, ReadPolicy, Release

AUTO_SUPPRESSION = 0.02


def anonymize(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the release.")],
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="The policy, YAML or JSON; `-` reads standard input.")
    ] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Let the server make the policy from the table.")] = False,
    k: Annotated[int | None, typer.Option("-k", min=1, help="Rows that must look alike; overrides the policy's k.")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Where to write the signed record of the release.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Where to write a report for people, an HTML file.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Make a release of a table that satisfies a policy, at the least loss."""
    if auto == (policy is not None):
        raise InvalidArgumentError("say what to do: give either --policy FILE or --auto")
    check_table(table)
    as_format = check_output(table, output)
    check_certificate(certificate, table, output)
    check_report(report, table, output, certificate)
    wanted = None if policy is None else policy_from(policy)
    with (
        activity() as shown,
        connected(options, shown) as client,
        on_the_server(client, shown, table, separator, wanted=report is not None) as (source, between),
    ):
        release = _release(client, shown, source, wanted, k, between, as_format)
        try:
            beside = [] if report is None else [(report, _report(client, shown, source, table, wanted, k, release))]
            deliver(release, output, certificate, shown, *beside)
        finally:
            release.delete_output()
    if options.json:
        print_json(shapes.release(release.solution, str(output), certificate, report))
    else:
        describe(console(), release.solution, output, certificate)
        if report is not None:
            console().print(f"The report is in {report}.", soft_wrap=True)


def _report(
    client: Client, shown: Activity, source: str, table: str, policy: ReadPolicy | None, k: int | None, release: Release
) -> bytes:
    """The report's page: what the release itself does not know is measured for it."""
    from shoal.api.anonymization.v1 import solution_pb2
    from shoal.cli.report.release import Found, page

    shown.step("Measuring what was lost")
    quality = client.risk.measure(
        source, release.output.name, policy=policy, solution="" if policy is not None else release.solution.name
    )
    lattice = None
    everywhere = (solution_pb2.RECODING_UNSPECIFIED, solution_pb2.RECODING_GLOBAL)
    if policy is not None and release.solution.recoding in everywhere:
        levels = [each.level for each in release.solution.attributes]
        lattice = client.anonymization.explore_lattice(source, policy, levels=levels, k=k)
    shown.step("Writing the report")
    return page(Found(Path(table).name, release.solution, quality, lattice))


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
    progress = upload_then(shown, "Anonymising")
    if policy is not None:
        return client.anonymization.anonymize(
            table,
            policy,
            k=k,
            separator=separator,
            output_format=as_format,
            output_ttl=KEPT,
            progress=progress,
        )
    return client.anonymization.auto_anonymize(
        table,
        privacy_models=[{"k_anonymity": {"k": 5 if k is None else k}}],
        suppression_limit=AUTO_SUPPRESSION,
        separator=separator,
        output_format=as_format,
        output_ttl=KEPT,
        progress=progress,
    )
