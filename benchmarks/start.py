"""How long the command line takes to start, with warm disk caches: `shoal --help`, and `shoal health` with a server of its own.

The overhead of a server of its own is taken to be the whole time of `shoal health`, which does nothing else; beside it stands
the same command asking a server that runs already. The data folder is there from the first round on. Byte code is kept, as on
a user's machine, also where the environment says otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.common import Row, medians

from shoal.runtime.embedded import start_embedded

TITLE = "start of the command line"
PEER = f"Python {sys.version.split()[0]} doing nothing; `shoal health --server` asking a running server"

ROUNDS = 11
HELP_SECONDS = 0.3
OVERHEAD_SECONDS = 2.0

SHOAL = str(Path(sys.executable).parent / "shoal")


def run() -> list[Row]:
    """Help against an empty program; a server of its own against a running one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        running = Path(name) / "running"
        with start_embedded(running) as server:
            shoal_help, nothing, own, other = medians(
                lambda: _run(SHOAL, "--help"),
                lambda: _run(sys.executable, "-c", "pass"),
                lambda: _run(SHOAL, "health", "--data-dir", str(folder)),
                lambda: _run(SHOAL, "health", "--server", server.address, "--data-dir", str(running)),
                rounds=ROUNDS,
            )
    return [
        _row("shoal --help", shoal_help, nothing, HELP_SECONDS),
        _row("shoal health, own server", own, other, OVERHEAD_SECONDS),
        Row("  without what the other takes, too", f"{own - other:.3f} s"),
    ]


def _row(what: str, ours: float, peer: float, limit: float) -> Row:
    return Row(what, f"{ours:.3f} s", f"{peer:.3f} s", ours / peer, f"≤ {limit:g} s", ours <= limit)


def _run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
