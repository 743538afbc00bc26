"""Equivalence classes of ten million rows of nine coded columns, against polars grouping by one packed 64-bit key.

Our time holds everything from nine columns to the histogram of class sizes; polars is given the packed key, and its time is
that of the quicker of its two engines.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from benchmarks.common import Row, at_most, medians
from numpy.typing import NDArray

from shoal import kernels

TITLE = "equivalence classes, 10 M rows × 9 coded columns"
PEER = f"polars {pl.__version__} group_by on one packed u64 key"

ROWS = 10_000_000
SEED = 1
NARROW = (2, 74, 5, 7, 16, 41, 7, 14, 2)
"""The domains of adult's nine quasi-identifiers: 666 million combinations."""
WIDE = (2, 30_000, 5, 7, 16, 41, 7, 14, 20_000)
"""With a date of birth and a postcode: 2.7e15 combinations."""
FEW = 20_000
LIMIT = 1.2


def run() -> list[Row]:
    """Few distinct tuples, and nearly as many as rows in narrow and in wide domains."""
    random = np.random.default_rng(SEED)
    tuples = [random.integers(0, most, FEW, dtype=np.uint32) for most in NARROW]
    drawn = random.integers(0, FEW, ROWS)
    rows = [_compare(f"{FEW} distinct tuples", [column[drawn] for column in tuples], NARROW)]
    for name, domains in (("narrow", NARROW), ("wide", WIDE)):
        columns = [random.integers(0, most, ROWS, dtype=np.uint32) for most in domains]
        rows.append(_compare(f"near-unique, {name} domains", columns, domains))
    return rows


def _compare(what: str, columns: list[NDArray[np.uint32]], domains: tuple[int, ...]) -> Row:
    packed = np.zeros(ROWS, dtype=np.uint64)
    for column, most in zip(columns, domains, strict=True):
        packed = packed * np.uint64(most) + column
    keys = pl.DataFrame({"key": packed})

    def ours() -> kernels.ClassHistogram:
        return kernels.class_histogram(columns, domains)

    def eager() -> pl.DataFrame:
        return keys.group_by("key").len()

    def streaming() -> pl.DataFrame:
        return keys.lazy().group_by("key").len().collect(engine="streaming")

    classes = eager().height
    if ours().classes != classes:
        raise AssertionError(f"{what}: {ours().classes} classes, polars has {classes}")
    mine, first, second = medians(ours, eager, streaming)
    peer, engine = min((first, "in memory"), (second, "streaming"))
    return at_most(f"{what}: {classes} classes", f"{mine * 1e3:.0f} ms", f"{peer * 1e3:.0f} ms ({engine})", mine / peer, LIMIT)
