"""The columns that both tables have, row by row, as codes of their distinct values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.risk.quality.cover import Floats
from shoal.risk.validation.exact import Truths
from shoal.risk.validation.grouping import SUPPRESSED, Ints, plain
from shoal.runtime.stopping import Stop
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL, exact
from shoal.tables.text import as_text


@dataclass(frozen=True, eq=False)
class Shared:
    """A column of both tables. before, after: the value of each row of the original, and of each released row that counts.

    values_before, values_after: the distinct ones.
    """

    name: str
    before: Ints
    values_before: pl.Series
    after: Ints
    values_after: pl.Series

    def counts(self) -> tuple[Floats, Floats]:
        """The rows of each distinct value, before and after."""
        return (
            np.bincount(self.before, minlength=len(self.values_before)).astype(np.float64),
            np.bincount(self.after, minlength=len(self.values_after)).astype(np.float64),
        )


def read_shared(
    original: pl.LazyFrame, released: pl.LazyFrame, names: Sequence[str], quasi_identifiers: Sequence[str], stop: Stop
) -> Iterator[Shared]:
    """The columns, one after the other; the quasi-identifiers must be among the names."""
    kept = ~_suppressed(released, quasi_identifiers)
    for name in names:
        stop.check()
        before, after = _column(original, name), _column(released, name)
        if before.dtype != after.dtype:
            # Another program wrote numbers as text, say: they meet as text.
            before, after = as_text(before), as_text(after)
        of_before, values_before = code_distinct(before)
        of_after, values_after = code_distinct(after.filter(pl.Series(kept)))
        yield Shared(name, of_before.astype(np.int64), values_before, of_after.astype(np.int64), values_after)


def _column(table: pl.LazyFrame, name: str) -> pl.Series:
    # Not the streaming engine: the rows of two columns must come in the same order.
    return plain(table.select(exact(name).alias(NEUTRAL)).collect().to_series())


def _suppressed(released: pl.LazyFrame, quasi_identifiers: Sequence[str]) -> Truths:
    """Which released rows are suppressed: `*` in every quasi-identifier that is not wholly `*`."""
    found: Truths | None = None
    rows = 0
    for name in quasi_identifiers:
        column = _column(released, name)
        rows = len(column)
        if column.dtype == pl.String:
            starred = (column == SUPPRESSED).fill_null(value=False).to_numpy()
            if starred.all():
                continue
        else:
            starred = np.zeros(rows, dtype=np.bool_)
        found = starred if found is None else found & starred
    return np.zeros(rows, dtype=np.bool_) if found is None else found
