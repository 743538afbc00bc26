"""How much the relations between columns have changed.

Two columns of numbers: Pearson's correlation. Any others: Cramér's V with Bergsma's correction (2013), so that columns of many
values do not look related by chance; numbers are cut at the deciles of the original. A generalised number is the mean of the
leaves that it stands for, a generalised text a value of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from shoal.risk.quality.cover import Floats
from shoal.risk.quality.reading import Shared
from shoal.risk.quality.recoding import Recoded
from shoal.risk.quality.squares import positions
from shoal.risk.validation.grouping import Ints
from shoal.runtime.stopping import Stop


@dataclass(frozen=True, eq=False)
class Variable:
    """A column of one table. numbers: of each row, NaN where there is none; None for a column of other values. codes: a
    category of each row, numbers by decile."""

    numbers: Floats | None
    codes: Ints


@dataclass(frozen=True)
class Change:
    """The absolute change of the association of two columns."""

    left: str
    right: str
    change: float


def variables(shared: Shared, column: Recoded | None) -> tuple[Variable, Variable]:
    """A column before and after. column: None for one that is not generalised."""
    if column is None:
        both = positions(pl.concat([shared.values_before, shared.values_after]))
        if both is None:
            return Variable(None, shared.before), Variable(None, shared.after)
        before, after = both[: len(shared.values_before)], both[len(shared.values_before) :]
    else:
        leaves = positions(column.leaves) if column.measurable else None
        if leaves is None:
            return Variable(None, shared.before), Variable(None, shared.after)
        before = leaves[column.leaf_of(shared.values_before)]
        after = means(column, leaves)[column.value_of(shared.values_after)]
    one, other = before[shared.before], after[shared.after]
    held = one[~np.isnan(one)]
    cuts = np.unique(np.quantile(held, np.arange(1, 10) / 10)) if len(held) else np.zeros(0)
    return Variable(one, _cut(one, cuts)), Variable(other, _cut(other, cuts))


def changes(pairs: Sequence[tuple[str, Variable, Variable]], stop: Stop) -> list[Change]:
    """The change of every pair of columns; a column of a single value counts as unrelated to all others."""
    found = []
    for (left, left_before, left_after), (right, right_before, right_after) in combinations(pairs, 2):
        stop.check()
        one, other = association(left_before, right_before), association(left_after, right_after)
        found.append(Change(left, right, abs(one - other)))
    return found


def association(left: Variable, right: Variable) -> float:
    """Pearson's correlation, -1 to 1, or Cramér's V, 0 to 1."""
    if left.numbers is not None and right.numbers is not None:
        return _pearson(left.numbers, right.numbers)
    return _cramer(left.codes, right.codes)


def _pearson(left: Floats, right: Floats) -> float:
    there = ~(np.isnan(left) | np.isnan(right))
    if there.sum() < 2:
        return 0.0
    one, other = left[there] - left[there].mean(), right[there] - right[there].mean()
    spread = float(np.sqrt((one**2).sum()) * np.sqrt((other**2).sum()))
    return float((one * other).sum()) / spread if spread else 0.0


def _cramer(left: Ints, right: Ints) -> float:
    rows = len(left)
    if rows < 2:
        return 0.0
    width = int(right.max()) + 1
    cells, observed = np.unique(left * width + right, return_counts=True)
    one, other = np.bincount(left), np.bincount(right)
    # The sum of (o - e)²/e over all cells is n (Σ o²/(row × column) - 1): empty cells need not be visited.
    square = float((observed**2 / (one[cells // width].astype(np.float64) * other[cells % width])).sum()) - 1
    r, c = int((one > 0).sum()), int((other > 0).sum())
    corrected = max(0.0, square - (r - 1) * (c - 1) / (rows - 1))
    least = min(r - (r - 1) ** 2 / (rows - 1), c - (c - 1) ** 2 / (rows - 1)) - 1
    return float(np.sqrt(min(1.0, corrected / least))) if least > 1e-12 else 0.0


def _cut(numbers: Floats, cuts: Floats) -> Ints:
    """The decile of each number; no number is a category of its own."""
    return np.where(np.isnan(numbers), len(cuts) + 1, np.searchsorted(cuts, numbers, side="right")).astype(np.int64)


def means(column: Recoded, numbers: Floats) -> Floats:
    """The mean of the numbers under each released value; NaN where there is none. numbers: of the leaves."""
    everything = label_means(np.zeros(len(numbers), dtype=np.int64), numbers)[0]
    found = np.full(len(column.values), everything)
    for level, labels in enumerate(column.labels):
        here = column.value_level == level
        found[here] = label_means(labels, numbers)[column.value_label[here]]
    return found


def label_means(labels: Ints, numbers: Floats) -> Floats:
    """The mean of the numbers under each label, NaN where there is none. labels, numbers: of the leaves."""
    there, width = ~np.isnan(numbers), int(labels.max()) + 1
    counts = np.bincount(labels, weights=there, minlength=width)
    sums = np.bincount(labels, weights=np.where(there, numbers, 0.0), minlength=width)
    found: Floats = np.divide(sums, counts, out=np.full(width, np.nan), where=counts > 0)
    return found
