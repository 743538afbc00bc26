"""The commands and their order in the help."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer

from shoal import __version__
from shoal.cli import (
    anonymize,
    apply,
    audit,
    budget,
    config,
    datasets,
    detect,
    dp,
    dp_stream,
    explore,
    frontier,
    health,
    keys,
    link,
    measure,
    migrate,
    risk,
    serve,
    solutions,
    validate,
)
from shoal.cli.options import group_callback, remember_options, with_options

app = typer.Typer(
    name="shoal",
    help="Anonymise tables, measure the risk that is left, and keep a record of both.",
    epilog="Exit codes: 0 done, 1 the condition does not hold, 2 bad usage or input, 3 server trouble",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,  # rich formats the help in 0.25 seconds, and all of it may take 0.3
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shoal {__version__}")
        raise typer.Exit


def _root(ctx: typer.Context, **values: Any) -> None:
    """Anonymise tables, measure the risk that is left, and keep a record of both."""
    values.pop("version")
    remember_options(ctx, **values)


_VERSION = inspect.Parameter(
    "version",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and end."),
    ],
)

app.callback()(group_callback(_root, [_VERSION]))
app.command("detect")(with_options(detect.detect))
app.command("config")(with_options(config.config))
app.command("anonymize")(with_options(anonymize.anonymize))
app.command("apply")(with_options(apply.apply))
app.command("frontier")(with_options(frontier.frontier))
app.command("explore")(with_options(explore.explore))
app.command("risk")(with_options(risk.risk))
app.command("link")(with_options(link.link))
app.command("validate")(with_options(validate.validate))
app.command("measure")(with_options(measure.measure))
app.command("serve")(with_options(serve.serve))
app.command("migrate")(with_options(migrate.migrate))
app.command("health")(with_options(health.health))


def _group(name: str, help_text: str, commands: dict[str, Any], above: typer.Typer = app) -> typer.Typer:
    group = typer.Typer(name=name, help=help_text, no_args_is_help=True, rich_markup_mode=None)
    group.callback()(group_callback(remember_options, []))
    for command_name, function in commands.items():
        group.command(command_name)(with_options(function))
    above.add_typer(group, help=help_text)
    return group


_group("datasets", "Tables that a server keeps.", datasets.COMMANDS)
_group("solutions", "The records of releases.", solutions.COMMANDS)
_dp = _group("dp", "Statistics with noise: no answer tells whether somebody is in the table.", dp.COMMANDS)
_group("stream", "Statistics that go on as batches arrive, charged once.", dp_stream.COMMANDS, _dp)
_group("budget", "How much may be learned about people in all, and what is spent of it.", budget.COMMANDS)
_group("audit", "The record of everything that was done and refused.", audit.COMMANDS)
_group("keys", "The keys that programs call with.", keys.COMMANDS)
