"""What single columns lost by generalisation and suppression, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from shoal.risk.quality.recoding import Recoded
from shoal.risk.validation.grouping import Ints


class Aggregate(StrEnum):
    """How the losses of columns become one."""

    GEOMETRIC_MEAN = "GEOMETRIC_MEAN"
    ARITHMETIC_MEAN = "ARITHMETIC_MEAN"
    MAXIMUM = "MAXIMUM"


class Measure(StrEnum):
    """What a release may have been chosen to lose the least of."""

    LOSS = "LOSS"
    PRECISION = "PRECISION"
    DISCERNIBILITY = "DISCERNIBILITY"
    AVERAGE_CLASS_SIZE = "AVERAGE_CLASS_SIZE"
    NON_UNIFORM_ENTROPY = "NON_UNIFORM_ENTROPY"
    KL_DIVERGENCE = "KL_DIVERGENCE"
    AMBIGUITY = "AMBIGUITY"


@dataclass(frozen=True)
class Rows:
    """How many rows there are: of the original, and suppressed. before, after: of each distinct row, original and released."""

    total: int
    suppressed: int
    before: Ints
    after: Ints

    @property
    def released(self) -> int:
        """Rows that were released."""
        return self.total - self.suppressed


def loss(column: Recoded, rows: Rows) -> float:
    """Iyengar's loss (2002): the mean of (leaves that the value stands for - 1)/(leaves - 1), 1 for a suppressed row.

    0 for a column with a single leaf, which has nothing to lose. In whole numbers, divided once.
    """
    leaves = len(column.leaves)
    if leaves == 1:
        return 0.0
    stood_for = int((column.volumes() * rows.after).sum()) + leaves * rows.suppressed
    return float(Fraction(stood_for - rows.total, rows.total * (leaves - 1)))


def mean_height(column: Recoded, rows: Rows) -> Fraction:
    """The mean of level/height over the released rows, 0 without any, and for a hierarchy with level 0 alone."""
    if not rows.released or not column.height:
        return Fraction(0)
    return Fraction(int((column.heights() * rows.after).sum()), column.height * rows.released)


def non_uniform_entropy(column: Recoded, rows: Rows) -> float | None:
    """De Waal's and Willenborg's information loss (1999) over all that there is to lose, 0 to 1.

    A released row loses log2(rows with its label at that level / rows with its value), counted in the whole original, a
    suppressed one log2(all rows / rows with its value). Which rows were suppressed need not be known: the values' part is the
    same whoever they are. None when a label stands for no row of the original.
    """
    of_leaf = np.bincount(column.own, weights=rows.before, minlength=len(column.leaves)).astype(np.int64)
    present = of_leaf[of_leaf > 0]
    if len(present) == 1:
        return 0.0
    covered = column.covered(rows.before)
    if (covered == 0).any():
        return None
    kept, everything = _bits(covered, rows.after), rows.total * math.log2(rows.total)
    least = _bits(present, present)
    lost = kept + rows.suppressed * math.log2(rows.total) - least
    return min(1.0, lost / (everything - least))  # above by rounding only


def _bits(counts: Ints, weights: Ints) -> float:
    """The sum of weight × log2(count). By equal counts, so that equal tables give equal sums."""
    distinct, place = np.unique(counts, return_inverse=True)
    together = np.bincount(place.reshape(-1), weights=weights, minlength=len(distinct))
    return math.fsum((together * np.log2(distinct)).tolist())


def aggregated(losses: Sequence[float], weights: Sequence[float], how: Aggregate) -> float:
    """The losses of columns as one, each times its weight over the largest."""
    heaviest = max(weights)
    weighted = [each * weight / heaviest for each, weight in zip(losses, weights, strict=True)]
    match how:
        case Aggregate.GEOMETRIC_MEAN:
            return min(1.0, math.expm1(math.fsum(math.log1p(each) for each in weighted) / len(weighted)))
        case Aggregate.ARITHMETIC_MEAN:
            return math.fsum(weighted) / len(weighted)
        case Aggregate.MAXIMUM:
            return max(weighted)
