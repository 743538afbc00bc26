"""A release for people: written with its certificate, and described with what it cost and what it holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli import models, shapes
from shoal.cli.output import Activity, new_table, printable
from shoal.errors import FailedPreconditionError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.anonymization.v1.solution_pb2 import Certificate, ModelResult, Solution, SuppressedProfile
    from shoal.client import AppliedRelease, Release

MOST_VALUES = 8
"""How many values of a profile people are shown; `--json` has them all."""

_WORST = {
    "k_anonymity": "smallest class",
    "l_diversity": "least diversity",
    "t_closeness": "largest distance",
    "k_map": "fewest matching rows",
    "delta_presence": "largest share",
    "delta_disclosure": "largest |ln(p/q)|",
    "beta_likeness": "largest gain",
    "risk_limit": "risk",
}


def deliver(
    release: Release | AppliedRelease,
    output: Path,
    certificate: Path | None,
    shown: Activity,
    *beside: tuple[Path, bytes],
) -> None:
    """Writes the released table, its certificate where one is asked for, and what else belongs to it: all or nothing."""
    from shoal.client.files import whole_file

    others = list(beside)
    if certificate is not None:
        from google.protobuf.json_format import MessageToJson

        signed = release.certificate
        if signed is None:
            raise FailedPreconditionError("--certificate: the server signed none for this release, so nothing was written")
        others.append((certificate, MessageToJson(signed, indent=2).encode() + b"\n"))
    with contextlib.ExitStack() as stack:
        for path, content in others:
            stack.enter_context(whole_file(path)).write(content)
        release.download(output, progress=shown.moved("Downloading the release"))


def describe(out: Console, solution: Solution, output: Path | None, certificate: Path | None = None) -> None:
    """Tells a person what was released, what it cost and what holds."""
    share = solution.suppressed_count / solution.row_count if solution.row_count else 0.0
    print_released(out, solution.released_count, solution.row_count, output)
    if solution.suppressed_count:
        out.print(f"{solution.suppressed_count:,} rows ({share:.2%}) were suppressed, because they still stood out.")
    else:
        out.print("No row had to be suppressed.")
    out.print(_attributes(solution))
    out.print(f"Loss {solution.loss:.6f} ({models.measure_name(solution.policy.quality)}), {proof(solution)}.", soft_wrap=True)
    out.print(_effort(solution), soft_wrap=True)
    if solution.models:
        out.print(models_table(solution.models))
    out.print(risk_table(solution))
    for profile in solution.suppressed_profiles:
        _print_profile(out, profile)
    if solution.dropped_columns:
        out.print(f"Columns left out: {', '.join(map(printable, solution.dropped_columns))}.", soft_wrap=True)
    print_notes(out, solution.warnings)
    if certificate is not None:
        print_certificate(out, solution.certificate, certificate)
    out.print(f"Kept as {solution.name}.", style="dim")


def print_released(out: Console, released: int, rows: int, output: Path | None) -> None:
    """The first line about every release."""
    where = f" to {output}" if output is not None else ""
    out.print(f"Released {released:,} of {rows:,} rows{where}.", style="bold", soft_wrap=True)


def print_notes(out: Console, warnings: Iterable[str]) -> None:
    """What the person who signs for the release should read."""
    for warning in warnings:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)


def print_certificate(out: Console, signed: Certificate, certificate: Path) -> None:
    """Where the certificate is, and whose key signed it."""
    out.print(f"The certificate is in {certificate}, signed by the key {signed.key_id}.", soft_wrap=True)


def proof(solution: Solution) -> str:
    """What is known about better releases."""
    found = solution.search
    if shapes.recoding(solution) != "GLOBAL":
        bound = (
            f"; with the same levels for all rows it would be at least {found.lower_bound:.6f}" if found.lower_bound > 0 else ""
        )
        return f"not proven to be the least{bound}"
    if found.optimal:
        return "proven optimal"
    stopped = f"; the search stopped at {found.stopped_by}" if found.stopped_by else ""
    gap = f"at most {found.gap:.6f} from the optimum" if found.lower_bound > 0 else "not proven to be the least"
    return f"{gap}{stopped}"


def models_table(measured: Sequence[ModelResult]) -> Any:
    """What was asked for and what the release has."""
    references = any(each.reference for each in measured)
    table = new_table("privacy model", "measured", "holds", *(["measured against"] if references else []))
    for each in measured:
        holds = "yes" if each.satisfied else "NO"
        cells = [printable(models.sentence(each.model)), measured_words(each), holds]
        table.add_row(
            *cells, *([printable(each.reference)] if references else []), style=None if each.satisfied else "bold red"
        )
    return table


def measured_words(measured: ModelResult) -> str:
    """The worst class's value, with what it is."""
    kind = models.kind_of(measured.model)
    if measured.HasField("measured_least"):
        return f"shares from {measured.measured_least:.6g} to {measured.measured:.6g}"
    return f"{_WORST.get(kind, 'worst')} {measured.measured:.6g}"


def risk_table(solution: Solution) -> Any:
    """The risk before and after, side by side."""
    table = new_table("risk", "before", "after", right=("before", "after"))
    before, after = solution.risk_before, solution.risk_after
    table.add_row("smallest class (k)", f"{before.k:,}", f"{after.k:,}")
    many = "persons" if after.HasField("entity_count") else "rows"
    table.add_row(f"{many} alone in their class", f"{before.unique_count:,}", f"{after.unique_count:,}")
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


def _attributes(solution: Solution) -> Any:
    local = shapes.recoding(solution) == "LOCAL"
    level = "highest level" if local else "level"
    table = new_table("quasi-identifier", level, "of", "loss", right=(level, "of", "loss"))
    for each in solution.attributes:
        table.add_row(printable(each.name), str(each.level), str(each.level_count - 1), f"{each.loss:.1%}")
    return table


def _effort(solution: Solution) -> str:
    found = solution.search
    if shapes.recoding(solution) != "GLOBAL":
        return f"Found in {found.search_seconds:.3f} seconds."
    size = "2^64 or more" if found.lattice_size == 2**64 - 1 else f"{found.lattice_size:,}"
    return f"{found.checked_count:,} of {size} combinations of levels were computed in {found.search_seconds:.3f} seconds."


def _print_profile(out: Console, profile: SuppressedProfile) -> None:
    """Whom suppression hit: shares of a sensitive attribute's values among all and among the suppressed."""
    if not profile.values:
        return
    far = f"; the two distributions are {profile.distance:.2f} apart (0 to 1)" if profile.HasField("distance") else ""
    out.print(f"Who was suppressed, by {printable(profile.attribute)}{far}:", soft_wrap=True)
    numbers = ("of all rows", "of the suppressed", "suppressed")
    table = new_table(printable(profile.attribute), *numbers, right=numbers)
    for each in profile.values[:MOST_VALUES]:
        shares = (f"{share:.0%}" for share in (each.share_of_all, each.share_of_suppressed, each.suppressed_rate))
        table.add_row(printable(each.value) or "(empty)", *shares)
    out.print(table)
    left = len(profile.values) - MOST_VALUES
    more = [f"{left:,} more values with --json"] if left > 0 else []
    more += [f"{profile.hidden_count:,} values not shown because of small counts"] if profile.hidden_count else []
    if more:
        out.print(f"{'; '.join(more)}.", style="dim")
