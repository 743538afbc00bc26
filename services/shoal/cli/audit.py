"""`shoal audit …`: the record of everything that was done and refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.session import connected

BROKEN = 1
EMPTY = 2


class Outcome(StrEnum):
    """How a call ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


def list_entries(
    options: Options,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 50,
    service: Annotated[str, typer.Option("--service", help="Only calls of this service, such as `datasets`.")] = "",
    method: Annotated[str, typer.Option("--method", help="Only this call, such as `Anonymize`.")] = "",
    actor: Annotated[str, typer.Option("--actor", help="Only calls of this actor, `users/…`.")] = "",
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only calls that ended so.")] = None,
    resource: Annotated[str, typer.Option("--resource", help="Only entries about this, `datasets/…`.")] = "",
) -> None:
    """List what was done and refused, newest first."""
    from shoal.api.audit.v1 import audit_pb2

    wanted = {
        None: audit_pb2.AUDIT_OUTCOME_UNSPECIFIED,
        Outcome.DONE: audit_pb2.AUDIT_OUTCOME_DONE,
        Outcome.REFUSED: audit_pb2.AUDIT_OUTCOME_REFUSED,
        Outcome.FAILED: audit_pb2.AUDIT_OUTCOME_FAILED,
    }
    with activity() as shown, connected(options, shown) as client:
        shown.step("Reading the record")
        found = client.audit.list(
            limit=limit,
            service=service,
            method=method,
            actor=actor,
            outcome=wanted[outcome],
            resource=resource,
        )
    entries = [shapes.entry(each) for each in found]
    if options.json:
        print_json({"entries": entries})
        return
    table = new_table("#", "when", "service", "call", "who", "outcome", "about", right=("#",))
    for each in entries:
        end = each["outcome"].lower() + (f", {each['reason']}" if each["reason"] else "")
        call = each["method"].rpartition("/")[2]
        about = ", ".join(map(printable, each["resources"]))
        style = "" if each["outcome"] == "DONE" else "yellow"
        when = each["event_time"] or ""
        table.add_row(str(each["sequence"]), when, each["service"], call, each["actor"], end, about, style=style)
    console().print(table if entries else "The record has no such entry.")


def show(
    options: Options,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The entry, `auditEntries/…` or its number.")],
) -> None:
    """Show one entry."""
    full = f"auditEntries/{name}" if name.isascii() and name.isdigit() else name
    with activity() as shown, connected(options, shown) as client:
        content = shapes.entry(client.audit.get(full))
    if options.json:
        print_json(content)
        return
    table = new_table("", "")
    for key, value in content.items():
        table.add_row(key.replace("_", " "), "" if value is None else printable(str(value)))
    console().print(table)


def verify(options: Options) -> None:
    """Verify that no entry was changed, removed, added or moved."""
    with activity() as shown, connected(options, shown) as client:
        shown.step("Verifying the record")
        answer = client.audit.verify()
    fault = answer.first_fault if answer.HasField("first_fault") else None
    if options.json:
        print_json(
            {
                "intact": answer.intact,
                "verified": answer.verified_count,
                "first_fault": fault,
                "fault": answer.fault or None,
                "head_hash": answer.head_hash or None,
            }
        )
    else:
        _describe(answer.intact, answer.verified_count, fault, answer.fault)
    if not answer.intact:
        raise typer.Exit(BROKEN)
    if answer.verified_count == 0:
        raise typer.Exit(EMPTY)


def _describe(intact: bool, count: int, fault: int | None, sentence: str) -> None:
    out = console()
    if not intact:
        out.print(f"The record is broken at entry {fault}: {sentence}", style="bold red", soft_wrap=True)
        out.print(f"{count:,} entries before it were verified.")
    elif count == 0:
        out.print("The record is empty: 0 entries verified.", style="yellow")
    else:
        out.print(f"{count:,} entries verified; none was changed, removed, added or moved.", style="green")


COMMANDS = {"list": list_entries, "show": show, "verify": verify}
