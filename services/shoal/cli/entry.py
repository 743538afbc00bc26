"""The way in and the way out: signals, errors and exit codes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import typer

from shoal.cli.output import say_error
from shoal.errors import ErrorReason, ShoalError

DONE = 0
NOT_SATISFIED = 1
"""The privacy or quality condition asked for does not hold."""
BAD_USAGE = 2
SERVER_TROUBLE = 3
INTERRUPTED = 130
TERMINATED = 143

_received: set[int] = set()
_TROUBLE = frozenset({"UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "CANCELLED"})


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        signal.signal(signal.SIGTERM, _terminate)
        return _run(words, as_json="--json" in words)
    except KeyboardInterrupt:  # before or after the command itself
        return _interrupted()


def _terminate(_number: int, _frame: object) -> None:
    """Handles SIGTERM like Ctrl-C: the call is cancelled, our own server stopped, no half file left."""
    _received.add(signal.SIGTERM)
    raise KeyboardInterrupt


def _run(words: list[str], *, as_json: bool) -> int:
    try:
        from shoal.cli.app import app

        code = app(words, prog_name="shoal", standalone_mode=False)
    except typer.Abort:
        return _interrupted()
    except Exception as error:
        return _explain(error, as_json=as_json)
    if code == INTERRUPTED:
        return _interrupted()
    return code if isinstance(code, int) else DONE


def _interrupted() -> int:
    return TERMINATED if signal.SIGTERM in _received else INTERRUPTED


def _explain(error: Exception, *, as_json: bool) -> int:
    """Says what went wrong and returns the exit code for it."""
    if isinstance(error, ShoalError):
        violations = [(each.field, each.description) for each in error.violations]
        say_error(error.code, error.reason.value, error.message, violations, as_json=as_json)
        return exit_code(error)
    if type(error).__name__ == "NoArgsIsHelpError":  # typer's own way to show the help, no public class
        sys.stderr.write(f"{error}\n")
        return BAD_USAGE
    if isinstance(error, typer.TyperException):
        say_error("USAGE", "", error.format_message(), as_json=as_json)
        return BAD_USAGE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        say_error("USAGE", "", f"{where}{error.strerror or type(error).__name__}", as_json=as_json)
        return BAD_USAGE
    if os.environ.get("SHOAL_DEBUG"):
        raise error
    # The text of an unexpected error may quote a person's data.
    sentence = f"something went wrong in shoal itself ({type(error).__name__}); SHOAL_DEBUG=1 shows where"
    say_error("INTERNAL", ErrorReason.INTERNAL.value, sentence, as_json=as_json)
    return SERVER_TROUBLE


def exit_code(error: ShoalError) -> int:
    """The exit code that an error stands for."""
    if error.reason is ErrorReason.PRIVACY_INFEASIBLE:
        return NOT_SATISFIED
    if error.code in _TROUBLE or error.reason is ErrorReason.RATE_LIMITED:
        return SERVER_TROUBLE
    return BAD_USAGE
