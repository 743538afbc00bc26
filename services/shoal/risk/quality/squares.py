"""Squared errors: how much of the differences within a column a release has levelled.

A number is an error away from the mean of the numbers that the release shows alike; a value that is none is coded as an
indicator vector, and the same holds of vectors (Light, Margolin: An analysis of variance for categorical data, 1971).
Suppressed rows are as far away as the mean of the whole column. The error over the total is then 0 for the original itself
and 1 for a column of which nothing is left (Domingo-Ferrer, Mateo-Sanz 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.privacy.hierarchies.dates import days_of
from shoal.risk.quality.cover import Floats
from shoal.risk.quality.losses import Rows
from shoal.risk.quality.recoding import Recoded
from shoal.risk.validation.grouping import Ints
from shoal.risk.validation.lines import numbers_of
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL

LARGEST = 10**30
"""Numbers beyond are taken for categories: learners compute in single precision, and nobody's salary is there."""


@dataclass(frozen=True)
class SquaredError:
    """ratio: error over total, 0 to 1. mean: error over rows and over the largest that one could be, 0 to 1."""

    ratio: float
    mean: float


def positions(values: pl.Series) -> Floats | None:
    """The values as numbers, dates as days, NaN for null; None when one is neither or beyond LARGEST, or all are null."""
    if values.null_count() == len(values):
        return None
    numbers = numbers_of(values)
    if numbers is None and values.dtype == pl.String:
        days = days_of("", values, None)
        if days.null_count() == values.null_count():
            numbers = list(days.to_physical().to_list())
    if numbers is None:
        return None
    if any(each is not None and not -LARGEST <= each <= LARGEST for each in numbers):
        return None
    return np.array([np.nan if each is None else float(each) for each in numbers], dtype=np.float64)


def squared_error(column: Recoded, shares: Floats, of: Ints, rows: Rows) -> SquaredError:
    """The error of a column.

    shares: of each distinct original row, how much was released; of: its class, -1 for none.
    """
    _, labels = np.unique(np.stack([column.level, column.label]), axis=1, return_inverse=True)
    shown = np.where(of >= 0, labels.reshape(-1)[of] + 1, 0) if len(column.level) else np.zeros_like(of)
    kept, lost = rows.before * shares, rows.before * (1 - shares)
    # Rows were merged in any order, and sums of floats tell the order in their last digit: the same question, the same answer.
    order = np.lexsort((lost, kept, shown, column.own))
    own, shown, kept, lost = column.own[order], shown[order], kept[order], lost[order]
    numbers = positions(column.leaves)
    if numbers is None:
        _, values = code_distinct(column.leaves.alias(NEUTRAL))
        return _of_categories(own, len(values), shown, kept, lost)
    return _of_numbers(numbers[own], shown, kept, lost)


def _of_numbers(numbers: Floats, shown: Ints, kept: Floats, lost: Floats) -> SquaredError:
    """Rows without a number are left out."""
    there = ~np.isnan(numbers)
    numbers, shown, kept, lost = numbers[there], shown[there], kept[there], lost[there]
    if len(np.unique(numbers)) < 2:
        return SquaredError(0.0, 0.0)
    all_rows = kept + lost
    centred = numbers - np.average(numbers, weights=all_rows)
    total = float((all_rows * centred**2).sum())
    width = int(shown.max()) + 1
    rows = np.bincount(shown, weights=kept, minlength=width)
    sums = np.bincount(shown, weights=kept * centred, minlength=width)
    means = np.divide(sums, rows, out=np.zeros_like(sums), where=rows > 0)
    error = float((kept * (centred - means[shown]) ** 2).sum() + (lost * centred**2).sum())
    span = float(numbers.max() - numbers.min())
    return SquaredError(min(1.0, error / total), error / float(all_rows.sum()) / span**2)


def _of_categories(own: Ints, values: int, shown: Ints, kept: Floats, lost: Floats) -> SquaredError:
    """The squared distance of two indicator vectors is at most 2."""
    everybody = float(kept.sum() + lost.sum())
    shares = np.bincount(own, weights=kept + lost, minlength=values) / everybody
    total = everybody * (1 - float((shares**2).sum()))
    if (shares > 0).sum() == 1:
        return SquaredError(0.0, 0.0)
    pairs, place = np.unique(np.stack([shown, own]), axis=1, return_inverse=True)
    cells = np.bincount(place.reshape(-1), weights=kept)
    rows = np.bincount(shown, weights=kept, minlength=int(shown.max()) + 1)
    at = rows[pairs[0]]
    within = float(kept.sum() - np.divide(cells**2, at, out=np.zeros_like(cells), where=at > 0).sum())
    gone = float((lost * (1 - 2 * shares[own])).sum() + lost.sum() * (shares**2).sum())
    error = max(0.0, within) + gone
    return SquaredError(min(1.0, error / total), error / everybody / 2)
