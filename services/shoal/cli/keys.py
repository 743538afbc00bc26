"""`shoal keys …`: the keys that programs call with."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from shoal.cli import shapes
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

Name = Annotated[str, typer.Argument(metavar="NAME", help="The key's name, `apiKeys/…`.")]


def create(
    options: Options,
    display_name: Annotated[str, typer.Argument(metavar="TITLE", help="A name for people.")],
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="How long it is valid; 365.")] = None,
    never_expires: Annotated[bool, typer.Option("--never-expires", help="Valid until it is revoked.")] = False,
) -> None:
    """Make a key with your own rights. It is shown this once only."""
    if never_expires and days is not None:
        raise InvalidArgumentError("--days and --never-expires exclude each other: give one")
    with activity() as shown, connected(options, shown) as client:
        answer = client.identity.create_api_key(display_name, expiration_days=days, never_expires=never_expires)
    if options.json:
        print_json(shapes.api_key(answer.api_key) | {"key": answer.plaintext})
        return
    out = console()
    out.print(answer.plaintext, style="bold", soft_wrap=True)
    note = f"This is {answer.api_key.name}. Keep the key now: it is never shown again."
    console(stderr=True).print(note, soft_wrap=True)


def list_keys(
    options: Options,
    user: Annotated[
        str | None,
        typer.Option("--user", help="Whose: `users/…`, or `users/-` for everyone's. By default yours."),
    ] = None,
    valid: Annotated[bool, typer.Option("--valid", help="Only keys that are neither revoked nor expired.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most to list.")] = 100,
) -> None:
    """List keys, newest first."""
    with activity() as shown, connected(options, shown) as client:
        found = client.identity.list_api_keys(limit=limit, user=user, hide_invalid=valid)
    listed = [shapes.api_key(each) for each in found]
    if options.json:
        print_json({"api_keys": listed})
        return
    table = new_table("name", "called", "user", "made", "expires", "revoked", "last used")
    for each in listed:
        times = (
            each["create_time"],
            each["expire_time"] or "never",
            each["revoke_time"],
            each["last_use_time"],
        )
        name = printable(each["display_name"])
        table.add_row(each["name"], name, each["user"], *(time or "" for time in times))
    console().print(table)


def show(options: Options, name: Name) -> None:
    """Show one key's record."""
    with activity() as shown, connected(options, shown) as client:
        content = shapes.api_key(client.identity.get_api_key(name))
    _print_record(options, content)


def revoke(options: Options, name: Name) -> None:
    """Make a key invalid for good."""
    with activity() as shown, connected(options, shown) as client:
        content = shapes.api_key(client.identity.revoke_api_key(name))
    if options.json:
        print_json(content)
    else:
        console().print(f"{name} is revoked.")


def revoke_all(
    options: Options,
    user: Annotated[str | None, typer.Option("--user", help="Whose, `users/…`. By default yours.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Revoke every key of a user, also the one that this command calls with."""
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidArgumentError("revoke-all: this cannot be undone; confirm it with --yes")
        typer.confirm("Every key stops working, also the one this command calls with. Go on?", abort=True, err=True)
    with activity() as shown, connected(options, shown) as client:
        answer = client.identity.revoke_all_api_keys(user)
    if options.json:
        print_json({"revoked": answer.revoked_count})
    else:
        console().print(f"{answer.revoked_count:,} keys are revoked.")


def _print_record(options: Options, content: dict[str, str | None]) -> None:
    if options.json:
        print_json(content)
        return
    table = new_table("", "")
    for key, value in content.items():
        table.add_row(key.replace("_", " "), printable(value or ""))
    console().print(table)


COMMANDS = {"create": create, "list": list_keys, "show": show, "revoke": revoke, "revoke-all": revoke_all}
