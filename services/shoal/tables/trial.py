"""Decodes an untrusted Parquet file for the first time, in a process of its own that may die of it.

The header of a run inside a page may claim 2^61 values, and polars reserves room for them before it counts:
the allocation fails and takes the process along. The claim stands in compressed bytes, where parquet_size
cannot see it. So the first decoding is a child's, with a bound on its memory and without our environment; a
file that it survives is read by the same code afterwards. The child costs some 0.3 s.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError, ResourceExhaustedError, ShoalError
from shoal.tables.decoding import decode
from shoal.tables.facts import ColumnFacts, ColumnType, TableFacts, TableFormat, malformed
from shoal.tables.limits import Limits
from shoal.tables.scanning import UNREADABLE
from shoal.tables.sources import TableSource, no_panic

__all__ = ["try_parquet"]

_SECONDS = 900
_OVERHEAD_BYTES = 4 << 30
"""Address space of the interpreter, polars and its threads; most of it is never touched."""

_KEPT = ("PATH", "LD_LIBRARY_PATH", "POLARS_MAX_THREADS", "TMPDIR", "SYSTEMROOT")


def try_parquet(source: TableSource, rows: int, expanded: int, limits: Limits) -> TableFacts:
    """The facts of a Parquet file that passed measure_parquet(), every value of it decoded by a child
    process.

    rows, expanded: what was measured. Raises MALFORMED_TABLE when the child fails on it, for whatever cause,
    and what decode() raises.
    """
    task = json.dumps({"rows": rows, "expanded": expanded, "limits": asdict(limits)})
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "shoal.tables.trial", task]
    if isinstance(source, Path):
        command.append(str(source))
    try:
        child = subprocess.run(  # noqa: S603 (our own interpreter, our own module)
            command,
            input=b"" if isinstance(source, Path) else source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a panic prints what it stumbled over: data
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise malformed(UNREADABLE[TableFormat.PARQUET]) from None
    if child.returncode != 0:
        raise malformed(UNREADABLE[TableFormat.PARQUET])
    answer = json.loads(child.stdout)
    if "reason" in answer:
        kind = ResourceExhaustedError if answer["reason"] == ErrorReason.LIMIT_EXCEEDED else InvalidArgumentError
        raise kind(answer["message"], reason=ErrorReason(answer["reason"]), metadata=answer["metadata"])
    columns = tuple(ColumnFacts(name, ColumnType(kind)) for name, kind in answer["columns"])
    return TableFacts(answer["rows"], columns, answer["expanded"], None)


def _main(task: str, path: str | None = None) -> None:
    """The child: prints the facts or the error as JSON, or dies."""
    wanted = json.loads(task)
    bound = wanted["limits"]["max_expanded_bytes"] + _OVERHEAD_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source = Path(path) if path else BytesIO(sys.stdin.buffer.read())
    try:
        with no_panic(UNREADABLE[TableFormat.PARQUET]):
            frame = pl.scan_parquet(source, glob=False, hive_partitioning=False)
            facts = decode([frame], wanted["rows"], wanted["expanded"], Limits(**wanted["limits"]))
    except ShoalError as error:
        answer: dict[str, Any] = {
            "reason": error.reason,
            "message": error.message,
            "metadata": error.metadata,
        }
    else:
        columns = [(column.name, column.type) for column in facts.columns]
        answer = {"rows": facts.rows, "expanded": facts.expanded_bytes, "columns": columns}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
