"""The command line: `shoal`. Importing it is cheap; commands load what they need when they run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

AGAIN_AFTER = 0.05
"""Seconds until an interruption that nobody could catch comes once more."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    sys.unraisablehook = again
    try:
        from shoal.cli.entry import run
    except KeyboardInterrupt:  # Ctrl-C while modules are being loaded
        sys.exit(130)
    sys.exit(run(arguments))


def again(ignored: sys.UnraisableHookArgs) -> None:
    """Sends Ctrl-C once more where Python ignored it: in a finaliser, or in a callback of the import system, which has many.

    Everything else is reported as usual.
    """
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    import threading

    later = threading.Timer(AGAIN_AFTER, os.kill, (os.getpid(), signal.SIGINT))
    later.daemon = True
    later.start()


__all__ = ["main"]
