"""The rows of a table that are looked at: a uniform sample that depends on the rows alone, not on their order.

Every row has a key, a hash of its cells; rows that are equal are told apart by counting them. The rows of the smallest keys are
the sample. A sum of hashes, each seeded by its column's name, does not depend on the order of columns either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.tables.columns import NEUTRAL, exact, exactly

__all__ = ["SAMPLED_ROWS", "Sampler"]

SAMPLED_ROWS = 10_000
"""The rows of a fast sample; a share of values is right to a percent with that many."""

MOST_CELLS = 10_000_000
"""The cells of a fast sample: of very wide tables fewer rows are looked at."""

MOST_COUNTED = 20_000_000
"""Up to so many rows different values are counted exactly, beyond by HyperLogLog, whose error is a percent or two."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Sampler:
    """Draws samples of growing size from one table; each holds the one before.

    table: at least one of the names. names: the columns looked at. check: raises when the work should end.
    """

    def __init__(self, table: pl.LazyFrame, names: Sequence[str], check: Callable[[], None]) -> None:
        self._table = table
        self._names = list(names)
        self._check = check
        self._order: NDArray[np.int64] | None = None
        self._counted: dict[str, float] = {}
        self.rows = int(table.select(pl.len()).collect(engine="streaming").item())

    @property
    def fast_rows(self) -> int:
        """The rows of a fast sample of this table."""
        return min(self.rows, SAMPLED_ROWS, max(500, MOST_CELLS // max(1, len(self._names))))

    def sample(self, rows: int) -> pl.DataFrame:
        """So many rows, or all; in the order of their keys, so that the first ones are a sample, too."""
        self._check()
        if self._order is None:
            self._order = self._keyed()
        chosen = self._order[:rows]
        if rows >= self.rows:
            return self._table.select(exactly(self._names)).collect(engine="streaming")[chosen]
        place = _unused(self._names)
        wanted = pl.Series(place, np.sort(chosen), dtype=pl.UInt32)
        found = (
            self._table.select(exactly(self._names))
            .with_row_index(place)
            .filter(exact(place).is_in(wanted.implode()))
            .collect(engine="streaming")
            .sort(place)
        )
        return found.select(exactly(self._names))[np.argsort(np.argsort(chosen))]

    def ratios(self, names: Sequence[str]) -> dict[str, float]:
        """Different values over cells that are not null, in the whole table, by column; columns of nulls have 0."""
        self._check()
        wanted = [name for name in names if name not in self._counted]
        if wanted:
            exactly_counted = self.rows <= MOST_COUNTED
            numbers = self._table.select(
                expression
                for place, name in enumerate(wanted)
                for expression in (
                    (exact(name).drop_nulls().n_unique() if exactly_counted else exact(name).drop_nulls().approx_n_unique())
                    .cast(pl.Int64)
                    .alias(f"d{place}"),
                    exact(name).count().cast(pl.Int64).alias(f"c{place}"),
                )
            ).collect(engine="streaming")
            for place, name in enumerate(wanted):
                distinct, filled = int(numbers[f"d{place}"][0]), int(numbers[f"c{place}"][0])
                self._counted[name] = min(1.0, distinct / filled) if filled else 0.0
        return {name: self._counted[name] for name in names}

    def _keyed(self) -> NDArray[np.int64]:
        """The places of the rows in the order of their keys."""
        hashes = (
            self._table.select(pl.sum_horizontal(exact(name).hash(_seed(name)) for name in self._names).alias(NEUTRAL))
            .collect(engine="streaming")[NEUTRAL]
            .to_numpy()
        )
        order = np.argsort(hashes, kind="stable")
        self._check()
        ordered = hashes[order]
        fresh = np.ones(len(ordered), dtype=np.bool_)
        fresh[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(fresh)
        counted = (np.arange(len(ordered)) - starts[np.cumsum(fresh) - 1]).astype(np.uint64)
        # Equal rows would all be drawn together: the count spreads their keys (the finalizer of splitmix64).
        mixed = ordered + counted * _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(order[np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")])


def _seed(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")


def _unused(names: Sequence[str]) -> str:
    place = "row"
    while place in names:
        place += "_"
    return place
