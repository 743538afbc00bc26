"""Assessing a table: its rows become equivalence classes, the classes a risk.

What `*` and null mean is the caller's choice, by name, because tools disagree: pandas-based ones drop rows with nulls
silently, sdcMicro lets a null match everything, ARX leaves out rows that are suppressed. The defaults are the careful
reading: null is a value of its own, and a row counts as suppressed when every quasi-identifier column that is not wholly `*`
holds `*` in it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

from shoal import kernels
from shoal.errors import UnimplementedError
from shoal.kernels import ClassHistogram, Monitor
from shoal.measures.risk import RiskSummary, summarize
from shoal.privacy.models import Attacker
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL

SUPPRESSED = "*"


class SuppressedValues(StrEnum):
    """How cells that hold `*` are read."""

    OMIT_ROWS = "OMIT_ROWS"
    OWN_VALUE = "OWN_VALUE"


class NullValues(StrEnum):
    """How null cells are read."""

    OWN_VALUE = "OWN_VALUE"
    OMIT_ROWS = "OMIT_ROWS"


def assess(
    frame: pl.DataFrame,
    *,
    threshold: float,
    attackers: frozenset[Attacker],
    suppressed_values: SuppressedValues,
    null_values: NullValues,
    cut_points: tuple[float, float, float],
    monitor: Monitor,
) -> tuple[RiskSummary, list[str]]:
    """The risk of a table that holds just the quasi-identifiers, and warnings about it."""
    warnings = []
    total = frame.height
    if suppressed_values is SuppressedValues.OMIT_ROWS:
        frame = without_suppressed(frame)
    suppressed = total - frame.height
    if null_values is NullValues.OMIT_ROWS:
        before = frame.height
        frame = frame.filter(~reduce(or_, [column.alias(NEUTRAL).is_null() for column in frame]))
        if frame.height < before:
            warnings.append(f"{before - frame.height} rows with a null were left out: they are not safe, only not counted")
    columns, cardinalities = [], []
    for column in frame:
        codes, leaves = code_distinct(column.alias(NEUTRAL))
        columns.append(codes)
        cardinalities.append(len(leaves))
    if frame.height >= 2**32:
        raise UnimplementedError("tables of 2^32 rows and more are not supported yet")
    if frame.height:
        classes = kernels.class_histogram(columns, cardinalities, monitor=monitor)
    else:
        none = np.zeros(0, dtype=np.uint64)
        classes = ClassHistogram(none, none)
    if frame.height == 0:
        warnings.append("there are no rows to count: the table is empty or wholly suppressed")
    if Attacker.JOURNALIST in attackers and frame.height:
        warnings.append(
            "no population table was given: the journalist's risk is the prosecutor's, an upper bound, and no estimate"
        )
    summary = summarize(
        tuple(frame.columns),
        classes,
        suppressed=suppressed,
        threshold=threshold,
        attackers=attackers,
        cut_points=cut_points,
    )
    return summary, warnings


def without_suppressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The table without its suppressed rows; a column that holds `*` in every row is generalised, not suppressed."""
    texts = [column.alias(NEUTRAL) for column in frame if column.dtype == pl.String]
    if len(texts) < frame.width or frame.height == 0:
        # A typed column cannot hold `*`, so no row can hold it everywhere.
        return frame
    starred = [(column == SUPPRESSED).fill_null(value=False) for column in texts]
    partly = [stars for stars in starred if not stars.all()]
    if not partly:
        return frame
    return frame.filter(~reduce(and_, partly))
