"""A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder, reached over a socket there."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None when there is none, or no driver for it."""
    if find_spec("psycopg") is None:
        return None
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name))
    return installed[-1].parent if installed else None


@contextlib.contextmanager
def cluster(where: Path, folder: Path) -> Iterator[str]:
    """Runs a server on a new cluster in the folder and gives the URL of its database.

    PostgreSQL refuses to run as root; there it runs as the user that its package made.
    """
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder.mkdir(mode=0o700)
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    begin = [where / "initdb", "--pgdata", data, "--username", "shoal", "--auth", "trust", "--no-sync"]
    subprocess.run([*prefix, *begin], check=True, capture_output=True, cwd=folder)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    control = [*prefix, where / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
    subprocess.run([*control, "--log", log, "--options", options, "start"], check=True, cwd=folder)
    try:
        yield f"postgresql+psycopg://shoal@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "--mode", "immediate", "stop"], check=True, cwd=folder)
