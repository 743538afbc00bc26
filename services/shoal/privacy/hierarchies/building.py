"""Builds the hierarchy of a column."""

from __future__ import annotations

import polars as pl

from shoal.privacy.hierarchies.dates import date_labels
from shoal.privacy.hierarchies.defaults import choose
from shoal.privacy.hierarchies.hierarchy import Hierarchy, assemble
from shoal.privacy.hierarchies.intervals import interval_labels
from shoal.privacy.hierarchies.masking import masking_labels
from shoal.privacy.hierarchies.paths import path_labels
from shoal.privacy.hierarchies.rounding import rounding_labels
from shoal.privacy.hierarchies.specs import (
    DateSpec,
    DefaultSpec,
    ExplicitSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TableSpec,
)
from shoal.privacy.hierarchies.table import build_table
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL

__all__ = ["build"]


def build(attribute: str, column: pl.Series, spec: HierarchySpec) -> Hierarchy:
    """The hierarchy of a column, its rows coded.

    The leaves of a table are its rows; those of every other kind the column's distinct values, null first and
    then sorted (text by code point). Deterministic. Raises INVALID_HIERARCHY, HIERARCHY_INCOMPLETE and
    HIERARCHY_NOT_NESTED; no message holds a value.
    """
    column = column.alias(NEUTRAL)
    if isinstance(spec, TableSpec | ExplicitSpec):
        return build_table(attribute, column, spec)
    row_codes, leaves = code_distinct(column)
    if isinstance(spec, DefaultSpec):
        spec = choose(leaves)
    return assemble(attribute, leaves, _labels(attribute, leaves, spec), row_codes, spec, top=True)


def _labels(attribute: str, leaves: pl.Series, spec: HierarchySpec) -> list[pl.Series]:
    """The labels of the levels between the leaves and the top."""
    match spec:
        case IntervalSpec():
            return interval_labels(attribute, leaves, spec)
        case MaskingSpec():
            return masking_labels(leaves, spec)
        case DateSpec():
            return date_labels(attribute, leaves, spec)
        case RoundingSpec():
            return rounding_labels(attribute, leaves, spec)
        case PathSpec():
            return path_labels(attribute, leaves, spec)
        case _:
            return []
