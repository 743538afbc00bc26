"""A hierarchy as it is used: leaves, labels and codes of every level."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.privacy.hierarchies.refusals import not_nested
from shoal.privacy.hierarchies.specs import ExplicitSpec, HierarchySpec, TableSpec
from shoal.tables.coding import Codes, code_distinct
from shoal.tables.columns import NEUTRAL

__all__ = ["TOP", "Hierarchy", "assemble"]

TOP = "*"
"""The label that every value has at the top of a built-in hierarchy."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """How the values of one attribute become coarser.

    leaves: the distinct values that level 0 tells apart, of the column's type; for a table its first column,
    text. labels[i]: text, the label of each leaf at level i + 1. codes[i]: the same as dense codes from 0,
    uint32; the order of codes is that of the sorted labels, null first. row_codes: the leaf of each row of
    the column, uint32.
    spec: what it was built from; never a DefaultSpec.
    """

    attribute: str
    leaves: pl.Series
    labels: tuple[pl.Series, ...]
    codes: tuple[Codes, ...]
    row_codes: Codes
    spec: HierarchySpec

    @property
    def levels(self) -> int:
        """The number of levels, level 0 included."""
        return len(self.labels) + 1

    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of a hierarchy that was given as a table: its rows as CSV with commas and line feeds.

        Empty for the built-in kinds: their leaves are the data's own values, of which nothing is kept.
        """
        if not isinstance(self.spec, TableSpec | ExplicitSpec):
            return ""
        columns = [series.alias(str(level)) for level, series in enumerate((self.leaves, *self.labels))]
        return hashlib.sha256(pl.DataFrame(columns).write_csv(include_header=False).encode()).hexdigest()

    def label_at(self, level: int) -> pl.Series:
        """The label of each leaf at a level; the leaves themselves at level 0."""
        return self.labels[level - 1] if level else self.leaves


def assemble(
    attribute: str,
    leaves: pl.Series,
    labels: Sequence[pl.Series],
    row_codes: Codes,
    spec: HierarchySpec,
    *,
    top: bool,
) -> Hierarchy:
    """The hierarchy of these labels, level 1 first; HIERARCHY_NOT_NESTED when they are not nested.

    top: a level with the one label `*` is added. Only tables can fail to be nested, but all are checked: it
    costs one pass over the leaves a level.
    """
    named = [series.alias(NEUTRAL) for series in labels]
    if top:
        named.append(pl.Series(NEUTRAL, [TOP], dtype=pl.String).new_from_index(0, len(leaves)))
    codes = tuple(code_distinct(series)[0] for series in named)
    for level in range(1, len(codes)):
        finer, coarser = codes[level - 1], codes[level]
        above = np.zeros(len(leaves), dtype=np.uint32)
        above[finer] = coarser
        if not np.array_equal(above[finer], coarser):
            raise not_nested(attribute, level)
    return Hierarchy(attribute, leaves.alias(NEUTRAL), tuple(named), codes, row_codes, spec)
