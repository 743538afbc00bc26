"""The options that every command takes, before or after its name."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

_PANEL = "Server and output"

_GLOBAL: dict[str, tuple[object, object]] = {
    "server": (
        Annotated[
            str | None,
            typer.Option(
                "--server",
                metavar="HOST:PORT",
                rich_help_panel=_PANEL,
                help="The server to call (SHOAL_SERVER). Without one the command starts its own.",
            ),
        ],
        None,
    ),
    "api_key": (
        Annotated[
            str | None,
            typer.Option(
                "--api-key",
                metavar="KEY",
                rich_help_panel=_PANEL,
                help="The key (SHOAL_API_KEY). For a server of this machine: by default the data folder's.",
            ),
        ],
        None,
    ),
    "ca": (
        Annotated[
            Path | None,
            typer.Option(
                "--ca",
                metavar="FILE",
                rich_help_panel=_PANEL,
                help="PEM certificates to trust instead of the system's (SHOAL_CA).",
            ),
        ],
        None,
    ),
    "data_dir": (
        Annotated[
            Path | None,
            typer.Option(
                "--data-dir",
                metavar="DIR",
                rich_help_panel=_PANEL,
                help="The folder of a server on this machine (SHOAL_DATA_DIR).",
            ),
        ],
        None,
    ),
    "json": (
        Annotated[
            bool,
            typer.Option("--json", rich_help_panel=_PANEL, help="Print one JSON object instead of tables."),
        ],
        False,
    ),
}


@dataclass(frozen=True)
class Options:
    """The values of the global options; the environment stands in for what was not given."""

    server: str | None = None
    api_key: str | None = None
    ca: Path | None = None
    data_dir: Path | None = None
    json: bool = False

    def merged(self, later: Options) -> Options:
        """These options, overridden by those that were given later."""
        return Options(
            server=later.server or self.server,
            api_key=later.api_key or self.api_key,
            ca=later.ca or self.ca,
            data_dir=later.data_dir or self.data_dir,
            json=later.json or self.json,
        )

    def with_environment(self) -> Options:
        """These options, completed from `SHOAL_*`."""
        ca = os.environ.get("SHOAL_CA")
        return Options(
            server=self.server or os.environ.get("SHOAL_SERVER") or None,
            api_key=self.api_key or os.environ.get("SHOAL_API_KEY") or None,
            ca=self.ca or (Path(ca) if ca else None),
            data_dir=self.data_dir or _environment_folder(),
            json=self.json,
        )


def _environment_folder() -> Path:
    given = os.environ.get("SHOAL_DATA_DIR")
    if given:
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "shoal"


def with_options(function: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the global options; it receives them as its first argument, an `Options`."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]

    @functools.wraps(function)
    def command(ctx: typer.Context, **values: Any) -> None:
        given = Options(**{name: values.pop(name) for name in _GLOBAL})
        outer = ctx.obj if isinstance(ctx.obj, Options) else Options()
        function(outer.merged(given).with_environment(), **values)

    return _resigned(command, own)


def remember_options(ctx: typer.Context, **values: Any) -> None:
    """Keeps the options that were given before the command's name."""
    outer = ctx.obj if isinstance(ctx.obj, Options) else Options()
    ctx.obj = outer.merged(Options(**{name: values[name] for name in _GLOBAL}))


def option_parameters() -> list[inspect.Parameter]:
    """The global options as parameters of a function that typer reads."""
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _GLOBAL.items()
    ]


def _resigned(command: Callable[..., None], own: list[inspect.Parameter]) -> Callable[..., None]:
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    parameters = [context, *keyword, *option_parameters()]
    del command.__wrapped__  # type: ignore[attr-defined]  # typer would read the hints of the inner function
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def group_callback(function: Callable[..., None], own: list[inspect.Parameter]) -> Callable[..., None]:
    """Makes `function` a callback of a group of commands, with the global options."""
    wrapped = functools.wraps(function)(lambda ctx, **values: function(ctx, **values))
    return _resigned(wrapped, own)
