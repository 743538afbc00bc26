"""A quasi-identifier before and after: which leaves each released value stands for.

A released value is a label of the column's hierarchy. All values of a column are taken to be of one level, the lowest at which
every one of them is a label; where there is none, because classes have levels of their own, each is of its own lowest level.
`*` stands for every leaf, unless the original has it as a value. Without a hierarchy, a column has the original's own values
and `*`, and nothing between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.privacy.hierarchies import HierarchySpec, build
from shoal.risk.validation.exact import Truths
from shoal.risk.validation.grouping import SUPPRESSED, Ints
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

ANY = -1
"""The level of a `*` that stands for every leaf."""


@dataclass(frozen=True, eq=False)
class Recoded:
    """A column before and after. Original and released rows are the distinct ones of each table.

    leaves: the values that level 0 tells apart. known: whether a hierarchy is. labels: by level, the code of each leaf's label.
    own: the leaf of each original row. values: the distinct released ones, as text; held: the value of each released row.
    value_level, value_label: of each value, ANY and 0 for a star. strange: which values are no label; their level is ANY, too.
    """

    name: str
    leaves: pl.Series
    known: bool
    labels: tuple[Ints, ...]
    own: Ints
    values: pl.Series
    held: Ints
    value_level: Ints
    value_label: Ints
    strange: Truths

    @property
    def level(self) -> Ints:
        """The level of each released row."""
        return self.value_level[self.held]

    @property
    def label(self) -> Ints:
        """The label of each released row, at its level."""
        return self.value_label[self.held]

    @property
    def measurable(self) -> bool:
        """Whether every released value is a label."""
        return not self.strange.any()

    @property
    def height(self) -> int:
        """The highest level; without a hierarchy 1, that of the star."""
        return len(self.labels) - 1 if self.known else 1

    def volumes(self) -> Ints:
        """How many leaves the value of each released row stands for."""
        found = np.full(len(self.values), len(self.leaves), dtype=np.int64)
        for level, labels in enumerate(self.labels):
            here = self.value_level == level
            found[here] = np.bincount(labels)[self.value_label[here]]
        return found[self.held]

    def covered(self, weights: Ints) -> Ints:
        """How many rows of the original have the value of each released row at its level. weights: of the original rows."""
        found = np.full(len(self.values), int(weights.sum()), dtype=np.int64)
        of_leaf = np.bincount(self.own, weights=weights, minlength=len(self.leaves))
        for level, labels in enumerate(self.labels):
            here = self.value_level == level
            found[here] = np.bincount(labels, weights=of_leaf)[self.value_label[here]].astype(np.int64)
        return found[self.held]

    def heights(self) -> Ints:
        """The level of each released row, a star being at the top."""
        return np.where(self.level == ANY, self.height, self.level)

    def leaf_of(self, values: pl.Series) -> Ints:
        """The leaf of each of these original values."""
        return _places(as_text(values), as_text(self.leaves))

    def value_of(self, values: pl.Series) -> Ints:
        """The place among `values` of each of these released values."""
        return _places(as_text(values), self.values)

    def only_level(self) -> int | None:
        """The level of all released rows; None where they differ, or there is no row."""
        distinct = np.unique(self.heights())
        return int(distinct[0]) if len(distinct) == 1 and self.measurable else None


def recode(
    name: str, original: pl.Series, released: pl.Series, spec: HierarchySpec | None, expected: int | None = None
) -> Recoded:
    """Finds the levels of the released values.

    original, released: a value for each distinct row. spec: None where no hierarchy is known. expected: the level that the
    release is said to have; it is taken where every value is a label of it. Raises what `build` raises.
    """
    if spec is None:
        own, leaves = code_distinct(original.alias(NEUTRAL))
        texts = [as_text(leaves)]
    else:
        built = build(name, original, spec)
        own, leaves = built.row_codes, built.leaves
        texts = [as_text(leaves), *built.labels]
    codes, values = code_distinct(as_text(released).alias(NEUTRAL))
    numbered = [_numbered(text.alias(NEUTRAL), values) for text in texts]
    places = np.stack([place for _, place in numbered])  # by level, the label that each released value is; -1: none
    starred = (values == SUPPRESSED).fill_null(value=False).to_numpy()
    if any(_is_partial_star(text) for text in texts):
        starred = np.zeros(len(values), dtype=np.bool_)
    levels = _levels(places, starred, expected)
    strange = levels < ANY
    levels = np.where(strange, ANY, levels)
    label = np.where(levels == ANY, 0, places[np.maximum(levels, 0), np.arange(len(values))])
    return Recoded(
        name=name,
        leaves=leaves,
        known=spec is not None,
        labels=tuple(labels for labels, _ in numbered),
        own=own.astype(np.int64),
        values=values,
        held=codes.astype(np.int64),
        value_level=levels.astype(np.int64),
        value_label=label.astype(np.int64),
        strange=strange,
    )


def _is_partial_star(labels: pl.Series) -> bool:
    """Whether `*` is the label of some leaves, and not of all: then it is a label like others."""
    stars = (labels == SUPPRESSED).fill_null(value=False)
    return bool(stars.any()) and not bool(stars.all())


def _numbered(text: pl.Series, values: pl.Series) -> tuple[Ints, Ints]:
    """(the number of each leaf's label, the number of each value as a label, -1 for one that is none)."""
    of_leaf, labels = code_distinct(text)
    return of_leaf.astype(np.int64), _places(values, labels)


def _places(values: pl.Series, among: pl.Series) -> Ints:
    """The place of each text among distinct ones, -1 for one that is not there. The empty text is null, as in a table."""
    numbered = pl.DataFrame({"value": _empty_as_null(among), "place": np.arange(len(among))})
    known = numbered.unique("value", keep="first", maintain_order=True)
    found = pl.DataFrame({"value": _empty_as_null(values)}).join(
        known, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return found["place"].fill_null(-1).to_numpy().astype(np.int64)


def _empty_as_null(text: pl.Series) -> pl.Series:
    return text.set(text == "", None) if (text == "").any() else text


def _levels(places: Ints, starred: Truths, expected: int | None) -> Ints:
    """The level of each value; ANY for a star, one less for a value that is no label at all."""
    known = places >= 0
    every: Truths = np.all(known | starred, axis=1)
    whole = next((level for level in ([expected] if expected is not None else []) if level < len(every) and every[level]), None)
    if whole is None:
        whole = next((level for level, each in enumerate(every.tolist()) if each), None)
    if whole is not None:
        levels = np.full(places.shape[1], whole, dtype=np.int64)
    else:
        levels = np.where(known.any(axis=0), known.argmax(axis=0), ANY - 1).astype(np.int64)
    return np.where(starred, ANY, levels)
