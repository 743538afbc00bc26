"""How often each value of a sensitive attribute occurs in each class, and in the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.risk.validation.exact import Whole
from shoal.risk.validation.grouping import Classes, Ints
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL


@dataclass(frozen=True, eq=False)
class Attribute:
    """A sensitive attribute. leaves: the distinct values of table and reference, sorted, null first.

    codes, weights: the values of the merged rows that count, and their rows; of: their classes. reference: rows of each value
    in the reference.
    """

    name: str
    leaves: pl.Series
    codes: Ints
    weights: Ints
    of: Ints
    sizes: Ints
    reference: Ints

    @property
    def missing(self) -> int:
        """How many values of the table the reference lacks."""
        return int((self.reference[np.unique(self.codes)] == 0).sum()) if len(self.codes) else 0


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values by class: entries sorted by class and value, none of them 0.

    of, values, counts: of each entry. sizes: rows of each class. reference: rows of each value. Whole numbers are int64, or
    Python's own after `widened`.
    """

    of: Ints
    values: Ints
    counts: Whole
    sizes: Whole
    reference: Whole

    @property
    def starts(self) -> Ints:
        """The first entry of each class; every class has one."""
        return np.searchsorted(self.of, np.arange(len(self.sizes))).astype(np.int64)

    @property
    def rows(self) -> int:
        """The rows of the reference."""
        return int(self.reference.sum())

    def sums(self, of_entries: NDArray[Any]) -> NDArray[Any]:
        """The sum over the entries of each class."""
        return np.add.reduceat(of_entries, self.starts) if len(self.sizes) else of_entries[:0]

    def part(self, classes: NDArray[np.bool_]) -> Histogram:
        """The same of some classes only."""
        kept = classes[self.of]
        places = np.cumsum(classes) - 1
        return Histogram(places[self.of[kept]], self.values[kept], self.counts[kept], self.sizes[classes], self.reference)

    def widened(self) -> Histogram:
        """The same in whole numbers of any size."""
        return Histogram(
            self.of, self.values, self.counts.astype(object), self.sizes.astype(object), self.reference.astype(object)
        )


def attribute_of(name: str, classes: Classes, reference: pl.DataFrame | None) -> Attribute:
    """The attribute of that name. reference: columns `value` and `rows`, None for the rows of the classes themselves."""
    column = classes.merged[name]
    if reference is None:
        codes, leaves = code_distinct(column)
        counted = np.bincount(codes, weights=classes.weights, minlength=len(leaves))
    else:
        both, leaves = code_distinct(pl.concat([column.alias(NEUTRAL), reference[NEUTRAL]]))
        codes, others = both[: len(column)], both[len(column) :]
        counted = np.bincount(others, weights=reference["rows"].to_numpy(), minlength=len(leaves))
    return Attribute(name, leaves, codes.astype(np.int64), classes.weights, classes.of, classes.sizes, counted.astype(np.int64))


def histogram_of(attribute: Attribute, groups: Ints | None = None) -> Histogram:
    """The histogram of an attribute's values, or of groups of them. groups: the group of each value, from 0."""
    values = attribute.codes if groups is None else groups[attribute.codes]
    width = max(1, len(attribute.leaves))
    counted = (
        pl.DataFrame({"key": attribute.of * width + values, "rows": attribute.weights})
        .lazy()
        .group_by("key")
        .agg(pl.col("rows").sum())
        .sort("key")
        .collect(engine="streaming")
    )
    key, counts = counted["key"].to_numpy(), counted["rows"].to_numpy()
    reference = attribute.reference
    if groups is not None:
        reference = np.bincount(groups, weights=reference, minlength=width).astype(np.int64)
    return Histogram(key // width, key % width, counts.astype(np.int64), attribute.sizes, reference)
