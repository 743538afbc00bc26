"""Detection of a CSV of a million rows and 50 columns; the peer is polars reading the same file once, as it must be read."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.common import Row, medians

from shoal.detection.detect import Detected, Options, detect
from shoal.tables.formats import TableFormat, scan_table

TITLE = "detection, 1 M rows × 50 columns of CSV; and 10,000 columns"
PEER = f"polars {pl.__version__} reading every cell of the file once"

ROWS = 1_000_000
SEED = 1
LIMIT = 10.0
"""Seconds for the tall table, of the process: on two idle cores the wall shows about half of its CPU time."""


def run() -> list[Row]:
    """A fast sample of the tall table, and a wide one in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tall.csv"
        _tall().write_csv(path)
        scanned = scan_table(path, TableFormat.CSV)
        started = time.process_time()
        _detected(scanned)
        cpu = time.process_time() - started
        ours, peer = medians(
            lambda: _detected(scanned), lambda: scanned.select(pl.all().null_count()).collect(engine="streaming")
        )
    wide = _wide().lazy()
    started = time.perf_counter()
    _detected(wide)
    seconds = time.perf_counter() - started
    shown = f"{ours:.1f} s ({cpu:.1f} s CPU)"
    return [
        Row("1 M rows × 50", shown, f"{peer:.2f} s", ours / peer, f"≤ {LIMIT:g} s", ours <= LIMIT),
        Row("3,000 rows × 10,000", f"{seconds:.1f} s"),
    ]


def _detected(table: pl.LazyFrame) -> Detected:
    return detect(table, Options(), lambda: None)


def _tall() -> pl.DataFrame:
    random = np.random.default_rng(SEED)
    people = pl.DataFrame(
        {
            "customer_id": np.arange(ROWS),
            "sex": random.choice(["f", "m"], ROWS),
            "birth_date": pl.Series(random.integers(0, 30_000, ROWS)).cast(pl.Int32).cast(pl.Date),
            "postcode": random.integers(10_000, 99_999, ROWS),
            "salary": random.integers(20_000, 200_000, ROWS),
        }
    ).with_columns(email=pl.format("user{}@example.org", "customer_id"))
    others = {
        f"x{place}": random.normal(size=ROWS).round(4) if place % 3 == 0 else random.integers(0, 10 ** (place % 5 + 1), ROWS)
        for place in range(44)
    }
    return people.hstack(pl.DataFrame(others))


def _wide() -> pl.DataFrame:
    random = np.random.default_rng(SEED)
    words = ("age", "size", "code", "name")
    return pl.DataFrame({f"column {place} {words[place % 4]}": random.integers(0, 50, 3_000) for place in range(10_000)})
