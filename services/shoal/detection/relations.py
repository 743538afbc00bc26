"""What columns say of each other row by row: which follows from which, and which name a row together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Relations"]

_GLANCED = 500
"""Rows that are looked at first: most pairs of columns have nothing to do with each other, which few rows show."""

FEWEST_OTHERS = 20
"""So many rows must differ from the most frequent value: what is nearly constant follows from anything."""

ROWS_EACH = 5
"""So many rows a value of the other column has on average, or everything follows from it."""

FEWEST_STEPS = 10
"""Numbers of so many steps do not rise together with others by chance."""

FEWEST_KINDS = 3
"""Two columns of which never both are 1 may be so for any reason."""

MOST_FLAGS = 1_000
"""More columns of 0 and 1 are not compared."""

FEWEST_TOGETHER = 5.0
"""So many rows would have a 1 in both of two columns if these had nothing to do with each other."""

FEWEST_TIMES = 2
"""A panel has so many times, and so many rows a unit."""

DENSE = 0.8
"""The share of all combinations of two columns that rows have where these are a panel."""


class Relations:
    """Compares columns of a table. rows: those that are looked at; columns of text that hold numbers count as numbers."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows
        self._codes: dict[str, NDArray[np.int64]] = {}

    def follows(self, column: str, other: str) -> bool:
        """Whether each value of the other column comes with one value of this one, in enough rows that it is no chance.

        Rows where either is null do not count.
        """
        mine, others = self._both(column, other)
        if len(mine) < FEWEST_OTHERS or not _one_each(mine[:_GLANCED], others[:_GLANCED]) or not _one_each(mine, others):
            return False
        if len(mine) - np.bincount(mine).max() < FEWEST_OTHERS:
            return False
        return len(np.unique(others)) * ROWS_EACH <= len(others) or (
            _rises(mine, others) and len(np.unique(mine)) >= FEWEST_STEPS
        )

    def rises(self, column: str, other: str) -> bool:
        """Whether this column only rises, or only falls, as the other one does: a logarithm, a square, a rounded value."""
        mine, others = self._both(column, other)
        if len(mine) < FEWEST_OTHERS or not _rises(mine[:_GLANCED], others[:_GLANCED]):
            return False
        return _rises(mine, others) and len(np.unique(mine)) >= FEWEST_STEPS and _one_each(mine, others)

    def kinds(self, flags: Sequence[str]) -> list[list[str]]:
        """Groups of columns of 0 and 1 of which each row has at most one 1: kinds of one thing, each told by its own column.

        flags: columns of 0 and 1. A group has three of them or more, and so many ones that no two in one row are no chance.
        """
        if not FEWEST_KINDS <= len(flags) <= MOST_FLAGS:
            return []
        ones = np.stack([self._of(name) == 1 for name in flags]).astype(np.float32)
        counts = ones.sum(axis=1)
        expected = np.outer(counts, counts) / max(1, ones.shape[1])
        apart = ((ones @ ones.T) == 0) & (expected >= FEWEST_TOGETHER)
        groups, taken = [], np.zeros(len(flags), dtype=bool)
        for first in sorted(range(len(flags)), key=lambda at: (-int(apart[at].sum()), flags[at])):
            group, others = [first], apart[first] & ~taken
            while not taken[first] and others.any():
                at = min(np.flatnonzero(others).tolist(), key=lambda at: (-int(apart[at].sum()), flags[at]))
                group.append(at)
                others &= apart[at]
            if len(group) >= FEWEST_KINDS:
                taken[group] = True
                groups.append([flags[at] for at in group])
        return groups

    def panel(self, unit: str, time: str) -> bool:
        """Whether rows are one each for most combinations of a unit and a time: there are no two rows of one combination."""
        units, times = self._both(unit, time)
        if len(units) < max(FEWEST_OTHERS, self._rows.height):
            return False
        several, moments = len(np.unique(units)), len(np.unique(times))
        if moments < FEWEST_TIMES or len(units) < FEWEST_TIMES * several:
            return False
        pairs = len(np.unique(_together(units, times)))
        return pairs == len(units) and pairs >= DENSE * several * moments

    def _both(self, one: str, other: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        first, second = self._of(one), self._of(other)
        filled = (first >= 0) & (second >= 0)
        return first[filled], second[filled]

    def _of(self, name: str) -> NDArray[np.int64]:
        """Each row's value as its place among the sorted ones, from 0; -1 for null."""
        found = self._codes.get(name)
        if found is None:
            values = self._rows.get_column(name)
            if isinstance(values.dtype, pl.String):
                numbers = values.cast(pl.Float64, strict=False)
                values = numbers if numbers.null_count() == values.null_count() else values
            found = (values.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()
            self._codes[name] = found
        return found


def _together(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return one * (int(other.max(initial=0)) + 1) + other


def _one_each(mine: NDArray[np.int64], others: NDArray[np.int64]) -> bool:
    return len(np.unique(_together(mine, others))) == len(np.unique(others))


def _rises(mine: NDArray[np.int64], others: NDArray[np.int64]) -> bool:
    """Whether codes only rise or only fall in the order of others."""
    steps = np.diff(mine[np.argsort(others, kind="stable")])
    return bool((steps >= 0).all() or (steps <= 0).all())
