"""The command line: `shoal`. Importing it is cheap; commands load what they need when they run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    try:
        from shoal.cli.entry import run
    except KeyboardInterrupt:  # Ctrl-C while modules are being loaded
        sys.exit(130)
    sys.exit(run(arguments))


__all__ = ["main"]
