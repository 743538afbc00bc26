"""How far the values of a column in a release are from those of the original, as distributions.

The rows that were released count. A generalised value is spread evenly over the leaves that it stands for: what an analyst can
do who knows the hierarchy and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.risk.quality.cover import Floats
from shoal.risk.quality.losses import Rows
from shoal.risk.quality.recoding import ANY, Recoded
from shoal.risk.quality.squares import positions
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL


@dataclass(frozen=True)
class Distance:
    """total_variation: half the sum of absolute differences between shares; null is a value.

    kolmogorov_smirnov: the largest difference of the cumulative shares; wasserstein: the area between them over the range of
    the original. Both of numbers and dates only, null left out; None for other columns.
    """

    total_variation: float
    kolmogorov_smirnov: float | None = None
    wasserstein: float | None = None


def of_recoded(column: Recoded, rows: Rows) -> Distance | None:
    """The distance of a quasi-identifier; None when nothing was released."""
    if not rows.released:
        return None
    leaves = len(column.leaves)
    before = np.bincount(column.own, weights=rows.before, minlength=leaves).astype(np.float64)
    after = np.full(leaves, float(rows.after[column.level == ANY].sum()) / leaves)
    for level, labels in enumerate(column.labels):
        here = column.level == level
        held = np.bincount(column.label[here], weights=rows.after[here], minlength=int(labels.max()) + 1)
        after += (held / np.bincount(labels))[labels]
    return _distance(before, after, positions(column.leaves))


def of_values(original: pl.Series, before: Floats, released: pl.Series, after: Floats) -> Distance | None:
    """The distance of any other column: distinct values of both tables and how many rows hold each; None without rows."""
    if not after.sum():
        return None
    codes, leaves = code_distinct(pl.concat([original.alias(NEUTRAL), released.alias(NEUTRAL)]))
    one = np.bincount(codes[: len(original)], weights=before, minlength=len(leaves)).astype(np.float64)
    other = np.bincount(codes[len(original) :], weights=after, minlength=len(leaves)).astype(np.float64)
    return _distance(one, other, positions(leaves))


def _distance(before: Floats, after: Floats, numbers: Floats | None) -> Distance:
    """before, after: rows of each value. numbers: of the values, NaN for null."""
    total = float(np.abs(before / before.sum() - after / after.sum()).sum()) / 2
    if numbers is None:
        return Distance(min(1.0, total))
    there = ~np.isnan(numbers)
    order = np.argsort(numbers[there], kind="stable")
    places, one, other = numbers[there][order], before[there][order], after[there][order]
    held = places[one > 0]
    if not one.sum() or not other.sum():
        return Distance(min(1.0, total))
    gaps = np.abs(np.cumsum(one) / one.sum() - np.cumsum(other) / other.sum())
    # Equal numbers spelled differently are one place: only the last of them has all their rows.
    last = np.append(places[1:] != places[:-1], True)
    span = float(held.max() - held.min())
    area = float((gaps[:-1] * np.diff(places)).sum())
    shown = area / span if span else (0.0 if area == 0 else None)
    return Distance(min(1.0, total), min(1.0, float(gaps[last].max())), shown)
