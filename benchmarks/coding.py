"""Coding a string column of ten million rows, in nanoseconds a row; the peer is polars' cast to Categorical.

`code_distinct` finds the leaves itself and sorts them, `code_values` is given them, as with a hierarchy from a file.
Categorical codes are numbered by first appearance and need no sorted leaves, so the peer does less; the bar is in nanoseconds.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from benchmarks.common import Row, medians

from shoal.tables.coding import code_distinct, code_values

TITLE = "coding a string column, 10 M rows"
PEER = f"polars {pl.__version__} cast to Categorical"

ROWS = 10_000_000
SEED = 1
LIMIT = 60
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def run() -> list[Row]:
    """Fifty and a hundred thousand distinct values of 5 to 20 letters."""
    random = np.random.default_rng(SEED)
    rows = []
    for distinct in (50, 100_000):
        values = _words(distinct, random)
        column = values.gather(random.integers(0, distinct, ROWS))
        rows += _compare(distinct, column, values.sort())
    return rows


def _words(count: int, random: np.random.Generator) -> pl.Series:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(random.choice(LETTERS, random.integers(5, 21)))] = None
    return pl.Series("value", list(found))


def _compare(distinct: int, column: pl.Series, leaves: pl.Series) -> list[Row]:
    seconds = medians(
        lambda: code_distinct(column),
        lambda: code_values(column, leaves),
        # A dictionary of its own each time: the global one would know the values after the first round.
        lambda: column.cast(pl.Categorical(pl.Categories.random())).to_physical(),
    )
    own, given, peer = (each / ROWS * 1e9 for each in seconds)
    theirs = f"{peer:.1f} ns/row"
    return [
        Row(f"{distinct} distinct, leaves found", f"{own:.1f} ns/row", theirs, own / peer, f"≤ {LIMIT} ns/row", own <= LIMIT),
        Row(
            f"{distinct} distinct, leaves given",
            f"{given:.1f} ns/row",
            theirs,
            given / peer,
            f"≤ {LIMIT} ns/row",
            given <= LIMIT,
        ),
    ]
