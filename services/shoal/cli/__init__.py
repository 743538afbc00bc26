"""The command line: `shoal`. Importing it is cheap; commands load what they need when they run."""

from shoal.cli.entry import main

__all__ = ["main"]
