"""What `make quickstart` runs: a table of 5,000 hospital stays becomes a release, before your eyes, in a few
seconds.

It starts a whole server inside this process, in a folder of its own that is gone afterwards; the release
stays in `./out/`.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from pathlib import Path

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from shoal.api.anonymization.v1.solution_pb2 import Solution
from shoal.api.measures.v1.risk_pb2 import AttackerRisk, RiskReport
from shoal.cli.report.release import Found, page
from shoal.client import Client, Release, connect
from shoal.errors import ShoalError
from shoal.runtime.embedded import start_embedded

HERE = Path(__file__).resolve().parent
STAYS = HERE / "hospital_stays.csv"
ROLL = HERE / "voter_roll.csv"
POLICY = HERE / "hospital_policy.yaml"
QUASI_IDENTIFIERS = ["birth_date", "sex", "postcode", "admission_date"]
ON_THE_ROLL = ["birth_date", "sex", "postcode"]

# The levels of hospital_policy.yaml in words; the last of each is a lone star.
WORDS = {
    "birth_date": ["the day", "the year", "the decade", "nothing"],
    "sex": ["as it is", "nothing"],
    "postcode": ["all five digits", "four digits", "three digits", "two digits", "one digit", "nothing"],
    "admission_date": ["the day", "the month", "the quarter", "the year", "nothing"],
}
ATTACKERS = {
    "prosecutor": "looks for one patient who was there",
    "journalist": "looks for any one patient",
    "marketer": "looks for as many patients as possible",
}

console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)


def main() -> None:
    """The whole tour."""
    out = Path("out")
    out.mkdir(exist_ok=True)
    target = out / "hospital_stays_anonymised.csv"
    console.print(Panel.fit("[bold]Shoal[/] hides a person's record in a crowd", border_style="cyan"))
    with tempfile.TemporaryDirectory(prefix="shoal-quickstart-") as folder:
        began = time.monotonic()
        with (
            start_embedded(Path(folder) / "data") as server,
            connect(server.address, server.api_key) as client,
        ):
            console.print(
                f"A server with every service runs at {server.address}, {_since(began)} after the start.",
                style="dim",
            )
            show_table("1. What the hospital has: 5,000 stays", STAYS, 5)
            show_risk_before(client)
            found = show_linkage_before(client)
            release = show_release(client, target)
            show_table("5. What may leave the hospital", target, 8)
            show_risk_after(release.solution)
            show_linkage_after(client, target, found)
            show_audit(client)
            report = write_report(client, release, out / "report.html")
    show_next(target, report)


def show_table(title: str, path: Path, rows: int) -> None:
    """The first rows of a CSV file."""
    heading(title)
    with path.open(newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)
        table = Table(*columns, box=box.SIMPLE_HEAD, header_style="bold")
        for row, _ in zip(reader, range(rows), strict=False):
            table.add_row(*(Text(cell) if cell else Text("null", style="dim italic") for cell in row))
    console.print(table)
    console.print(f"{path}", style="dim")


def show_risk_before(client: Client) -> None:
    """How many patients stand alone."""
    heading("2. Who could be found in it")
    report = client.risk.assess(STAYS, QUASI_IDENTIFIERS).report
    alone = report.unique_count / report.row_count
    console.print(
        f"Take away the names, and whoever knows a patient's {spoken(QUASI_IDENTIFIERS)} still finds "
        f"[bold red]{report.unique_count:,} of {report.row_count:,}[/] stays ({alone:.1%}): "
        "nobody else has the same."
    )
    console.print(risk_table(report))


def show_linkage_before(client: Client) -> int:
    """Whom an attacker with the voter roll finds in the stays; returns how many."""
    answer = client.risk.link(STAYS, ROLL, ON_THE_ROLL, truth_column="name", sensitive_columns=["diagnosis"])
    show_table("3. Who is found by name, with a voter roll that anybody may have", ROLL, 3)
    console.print(
        f"Laid over each other by {spoken(ON_THE_ROLL)}, roll and stays give away [bold red]"
        f"{answer.correctly_linked_count:,} of {answer.person_count:,}[/] patients by name, "
        f"and what ails {answer.learned[0].correct_count:,} of them."
    )
    return answer.correctly_linked_count


def show_linkage_after(client: Client, target: Path, before: int) -> None:
    """The same attack on the release: the attacker knows how it was made."""
    answer = client.risk.link(target, ROLL, ON_THE_ROLL, policy=POLICY, sensitive_columns=["diagnosis"])
    after = f"{answer.uniquely_linked_count:,}" if answer.uniquely_linked_count else "none"
    console.print(
        f"[bold]before: {before:,} of {answer.person_count:,} patients found by name; after: {after}[/]", style="green"
    )
    learned = answer.learned[0].person_count
    if learned:
        console.print(
            f"What k-anonymity does not prevent: {learned:,} people on the roll match rows of one and the same diagnosis only.",
            style="yellow",
        )


def write_report(client: Client, release: Release, path: Path) -> Path:
    """What `shoal anonymize --report` writes, from the same parts."""
    quality = client.risk.measure(STAYS, release.output.name, policy=POLICY)
    levels = [each.level for each in release.solution.attributes]
    lattice = client.anonymization.explore_lattice(STAYS, POLICY, levels=levels)
    path.write_bytes(page(Found(STAYS.name, release.solution, quality, lattice)))
    return path


def show_release(client: Client, target: Path) -> Release:
    """The release: what was done to get there, and what it cost."""
    heading("4. Making everybody look like at least four others")
    began = time.monotonic()
    with console.status("Searching every combination of levels …"):
        release = client.anonymization.anonymize(STAYS, POLICY)
        release.download(target)
    solution = release.solution
    table = Table("column", "what is left of it", "level", "detail lost", box=box.SIMPLE_HEAD, header_style="bold")
    for each in solution.attributes:
        words = WORDS[each.name][each.level]
        table.add_row(each.name, words, f"{each.level} of {each.level_count - 1}", f"{each.loss:.1%}")
    for column in solution.dropped_columns:
        table.add_row(column, "removed", "", "", style="dim")
    console.print(table)
    found = solution.search
    proof = "proven to be the best" if found.optimal else f"at most {found.gap:.4f} from the best"
    console.print(
        f"Of {found.lattice_size:,} combinations {found.checked_count:,} had to be computed; "
        f"this one has the least loss, [bold]{solution.loss:.4f}[/], {proof}."
    )
    share = solution.suppressed_count / solution.row_count
    console.print(
        f"[bold]{solution.released_count:,}[/] stays are released, {solution.suppressed_count:,} "
        f"({share:.2%}) are left out: they would have made everybody else's values coarser."
    )
    for warning in solution.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))
    console.print(f"Search {found.search_seconds * 1000:.1f} ms, the whole call {_since(began)}.", style="dim")
    return release


def show_risk_after(solution: Solution) -> None:
    """The same question, asked of the release."""
    heading("6. Who could be found now")
    after = solution.risk_after
    console.print(
        f"[bold green]{after.unique_count:,}[/] stays stand alone; the smallest crowd has {after.k:,} stays. "
        "In the table below, before and now."
    )
    console.print(risk_table(solution.risk_before, after))


def show_audit(client: Client) -> None:
    """The record, recomputed."""
    heading("7. What the record says")
    answer = client.audit.verify()
    if not answer.intact:
        sys.exit(f"the record is broken at entry {answer.first_fault}: {answer.fault}")
    console.print(
        f"{answer.verified_count} entries, each with the hash of the one before: [green]none was changed, removed or moved.[/]"
    )
    table = Table("#", "call", "outcome", "about", box=box.SIMPLE_HEAD, header_style="bold")
    for entry in reversed(client.audit.list(limit=6)):
        call, about = entry.method.rpartition("/")[2], ", ".join(entry.resources)
        table.add_row(str(entry.sequence), call, entry.code, Text(about, overflow="ellipsis", no_wrap=True))
    console.print(table)


def show_next(target: Path, report: Path) -> None:
    """Where to go from here."""
    heading("Next")
    lines = (
        (f"open {report}", "the report for the one who signs: what was done, what risk is left, what is not promised"),
        (
            f"shoal risk {target} --qi {','.join(QUASI_IDENTIFIERS)}",
            "measure any table, also one that Shoal never saw",
        ),
        (
            f"shoal anonymize {_near(STAYS)} --policy {_near(POLICY)} -k 20 --output out/k20.csv",
            "a larger crowd costs detail",
        ),
        (f"$EDITOR {_near(POLICY)}", "weights, hierarchies and limits, explained line by line"),
        ("shoal serve", "then call it from any language; examples/first_call.py is the first call"),
    )
    for command, why in lines:
        console.print(Text.assemble(("  ", ""), (command, "bold cyan"), ("\n      ", ""), (why, "dim")))


def risk_table(*reports: RiskReport) -> Table:
    """The attackers' chances, a column for each report."""
    names = ["risk"] if len(reports) == 1 else ["before", "now"]
    table = Table("attacker", "", *names, box=box.SIMPLE_HEAD, header_style="bold")
    for attacker, description in ATTACKERS.items():
        table.add_row(attacker, Text(description, style="dim"), *(chance(getattr(each, attacker)) for each in reports))
    return table


def chance(risk: AttackerRisk) -> Text:
    """A risk with a bar that is as long as it is high."""
    share = risk.overall_risk
    colour = "green" if share <= 0.09 else "yellow" if share <= 0.2 else "red"
    return Text.assemble((f"{share:6.1%} ", f"bold {colour}"), ("█" * max(1, round(share * 20)), colour))


def spoken(words: list[str]) -> str:
    """A list as people say it."""
    plain = [word.replace("_", " ") for word in words]
    return f"{', '.join(plain[:-1])} and {plain[-1]}"


def heading(text: str) -> None:
    """A line across the page."""
    console.print()
    console.print(Rule(Text(text, style="bold"), align="left", style="cyan"))


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.2f} s"


def _near(path: Path) -> str:
    """The path as one would type it here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    try:
        main()
    except ShoalError as error:
        sys.exit(f"quickstart: {error.message}")
    except KeyboardInterrupt:
        sys.exit(130)
