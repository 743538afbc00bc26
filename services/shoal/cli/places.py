"""Where a command may write: checked before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shoal.errors import InvalidArgumentError


def check_place(place: Path, option: str, table: str) -> None:
    """Refuses a place that cannot be written, and the input itself."""
    source = Path(table)
    if place.exists():
        if source.exists() and place.samefile(source):
            raise InvalidArgumentError(f"{option}: this is the input itself, which is never overwritten; name another file")
        if not place.is_file():
            raise InvalidArgumentError(f"{option}: {place} is not an ordinary file")
    elif not place.absolute().parent.is_dir():
        raise InvalidArgumentError(f"{option}: the folder {place.parent} does not exist; make it first")


def check_output(table: str, output: Path) -> Any:
    """The format that the output's name asks for; refuses a place that cannot be written."""
    from shoal.api.tables.v1 import table_pb2
    from shoal.client.tables import format_of

    check_place(output, "--output", table)
    if not output.suffix:
        return table_pb2.TABLE_FORMAT_UNSPECIFIED
    wanted = format_of(output)
    source = Path(table)
    same = source.suffix and source.exists() and format_of(source) == wanted
    return table_pb2.TABLE_FORMAT_UNSPECIFIED if same else wanted


def check_report(report: Path | None, table: str, *others: Path | None) -> None:
    """Refuses a report in a place that cannot be written or that is another file's, and where it cannot be made at all."""
    if report is None:
        return
    from shoal.cli.report.page import check_extra

    check_extra()
    check_place(report, "--report", table)
    for other in others:
        if other is not None and (
            report.absolute() == other.absolute() or (report.exists() and other.exists() and report.samefile(other))
        ):
            raise InvalidArgumentError("--report: another file of this command has that name; name another")


def check_certificate(certificate: Path | None, table: str, output: Path) -> None:
    """Refuses a certificate in a place that cannot be written or that is the release's own."""
    if certificate is None:
        return
    check_place(certificate, "--certificate", table)
    if certificate.absolute() == output.absolute() or (
        output.exists() and certificate.exists() and certificate.samefile(output)
    ):
        raise InvalidArgumentError("--certificate: this is the release's own file; name another")
