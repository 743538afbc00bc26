"""Rows become classes.

Equal rows are merged while the table streams by, so that everything after it works on distinct rows and their counts. A row
is suppressed when every quasi-identifier column that is not wholly `*` holds `*`; null is a value of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.errors import ResourceExhaustedError
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL, exactly
from shoal.tables.memory import available_bytes
from shoal.tables.text import as_text

SUPPRESSED = "*"
ROWS = "rows"
_MOST_KEYS = 2**62

CELL_BYTES = 42
"""What a cell of a distinct row takes at the peak: measured with 10 M rows of nine columns of short texts, 6.8 M distinct."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Classes:
    """The classes of a table's rows.

    merged: the distinct rows that count, columns by name. weights: how many rows each stands for. of: the class of each, from
    0. sizes: rows of each class. first: a merged row of each class. suppressed, omitted: rows
    that do not count because of stars, of nulls.
    """

    merged: dict[str, pl.Series]
    quasi_identifiers: tuple[str, ...]
    weights: Ints
    of: Ints
    sizes: Ints
    first: Ints
    suppressed: int
    omitted: int = 0

    @property
    def count(self) -> int:
        """How many classes."""
        return len(self.sizes)

    @property
    def rows(self) -> int:
        """How many rows."""
        return int(self.weights.sum())

    def persons(self, entity_column: str) -> Ints:
        """How many persons each class has; rows that name nobody count as one together."""
        return np.bincount(self.members(entity_column)[0], minlength=self.count).astype(np.int64)

    def members(self, entity_column: str) -> tuple[Ints, Ints]:
        """Which classes have whom: pairs of a class and a person, from 0, each pair once."""
        codes, leaves = code_distinct(self.merged[entity_column])
        persons = max(1, len(leaves))
        pairs = np.unique(self.of * persons + codes).astype(np.int64)
        return pairs // persons, pairs % persons

    def values(self, places: Ints) -> list[list[str]]:
        """The quasi-identifiers of some classes as text, null as the empty text."""
        rows = self.first[places]
        texts = [as_text(self.merged[name].gather(rows)).fill_null("") for name in self.quasi_identifiers]
        return [list(row) for row in zip(*(text.to_list() for text in texts), strict=True)]


def group(
    table: pl.LazyFrame,
    quasi_identifiers: Sequence[str],
    others: Sequence[str],
    *,
    stars_suppress: bool = True,
    nulls_omit: bool = False,
) -> Classes:
    """The classes of a table; others: the columns that are kept beside the quasi-identifiers.

    stars_suppress: False for a table in which `*` is a value like others. nulls_omit: rows with a null do not count.
    """
    names = list(dict.fromkeys([*quasi_identifiers, *others]))
    merged, weights = merge(table, names)
    merged = merged.select(plain(column).alias(column.name) for column in merged)
    width = len(quasi_identifiers)
    starred = suppressed_rows(merged.get_columns()[:width]) if stars_suppress else np.zeros(merged.height, dtype=np.bool_)
    blank = np.zeros(merged.height, dtype=np.bool_)
    if nulls_omit:
        blank = ~starred & reduce(or_, [column.is_null().to_numpy() for column in merged.get_columns()[:width]])
    suppressed, omitted = int(weights[starred].sum()), int(weights[blank].sum())
    if suppressed or omitted:
        kept = ~(starred | blank)
        merged, weights = merged.filter(pl.Series(kept)), weights[kept]
    of, first = number([merged.to_series(place) for place in range(width)], merged.height)
    sizes = np.bincount(of, weights=weights, minlength=len(first)).astype(np.int64)  # exact: below 2^53
    columns = {name: merged.to_series(place).alias(NEUTRAL) for place, name in enumerate(names)}
    return Classes(columns, tuple(quasi_identifiers), weights, of, sizes, first, suppressed, omitted)


def merge(table: pl.LazyFrame, names: Sequence[str]) -> tuple[pl.DataFrame, Ints]:
    """The distinct rows of some columns, which get their places as names, and how many rows hold each."""
    places = [str(place) for place in range(len(names))]
    chosen = table.select(each.alias(place) for each, place in zip(exactly(names), places, strict=True))
    _check_memory(table, chosen, len(names))
    merged = chosen.group_by(places).agg(pl.len().alias(ROWS)).collect(engine="streaming")
    return merged.select(places), merged[ROWS].to_numpy().astype(np.int64)


def _check_memory(table: pl.LazyFrame, chosen: pl.LazyFrame, columns: int) -> None:
    """Refuses a table whose distinct rows would not fit into the machine's memory.

    Only a table that would not fit if all of its rows differed is read once more, for an estimate of how many do.
    """
    available = available_bytes()
    rows = int(table.select(pl.len()).collect(engine="streaming").item())
    if rows * columns * CELL_BYTES <= available:
        return
    distinct = int(chosen.select(pl.struct(pl.all()).hash().approx_n_unique()).collect(engine="streaming").item())
    needed = distinct * columns * CELL_BYTES
    if needed > available:
        raise ResourceExhaustedError(
            f"about {distinct:,} different rows would need about {needed / 2**30:.1f} GiB of memory, and "
            f"{available / 2**30:.1f} GiB are free: use a machine with more, fewer columns, or values that are less fine",
            metadata={"limit": "memory", "needed_bytes": str(needed), "available_bytes": str(available)},
        )


def plain(series: pl.Series) -> pl.Series:
    """The series with dictionaries as text: two of them number their values differently."""
    return series.cast(pl.String) if isinstance(series.dtype, pl.Categorical | pl.Enum | pl.Null) else series


def suppressed_rows(columns: Sequence[pl.Series]) -> NDArray[np.bool_]:
    """Which rows are suppressed, of these quasi-identifiers."""
    rows = len(columns[0])
    starred = [
        (column == SUPPRESSED).fill_null(value=False).to_numpy()
        if column.dtype == pl.String
        else np.zeros(rows, dtype=np.bool_)  # another type cannot hold a star
        for column in columns
    ]
    partly = [stars for stars in starred if not stars.all()]
    return reduce(and_, partly) if partly and rows else np.zeros(rows, dtype=np.bool_)


def number(columns: Sequence[pl.Series], rows: int) -> tuple[Ints, Ints]:
    """(of, first): the number of each row's combination, in the order of the values, null first; a row of each combination."""
    key, keys = np.zeros(rows, dtype=np.int64), 1
    for column in columns:
        codes, leaves = code_distinct(column.alias(NEUTRAL))
        if keys * len(leaves) > _MOST_KEYS:
            key, first = _dense(key)
            keys = len(first)
        key, keys = key * len(leaves) + codes, keys * max(1, len(leaves))
    return _dense(key)


def _dense(key: Ints) -> tuple[Ints, Ints]:
    """The rank of each key among the distinct ones, and a place of each."""
    frame = pl.DataFrame({"key": key})
    distinct = (
        frame.lazy().with_row_index("first").group_by("key").agg(pl.col("first").min()).sort("key").collect(engine="streaming")
    ).with_row_index("rank")
    ranks = frame.join(distinct, on="key", how="left", maintain_order="left")["rank"]
    return ranks.to_numpy().astype(np.int64), distinct["first"].to_numpy().astype(np.int64)
