"""Models that count rows: k-anonymity, k-map, δ-presence, limits of the re-identification risk."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from shoal.risk.validation.exact import Floats, Truths, at_most, ratio
from shoal.risk.validation.grouping import Ints


def presence(rows: Ints, population: Ints, least: Fraction, most: Fraction) -> tuple[Truths, Floats]:
    """(holds, share of the population rows that are in the table) of each class; infinite where there are none."""
    holds = at_most(rows, population, most) & at_most(population, rows, 1 / least) if least else at_most(rows, population, most)
    return holds, ratio(rows, population)


def mean_risk(rows: Ints, crowds: Ints) -> Fraction:
    """The mean over all rows of one over the crowd that a row hides in, exactly.

    rows: of each class; crowds: of each class, above 0.
    """
    total = int(rows.sum())
    sizes, of = np.unique(crowds, return_inverse=True)
    hidden = np.bincount(of, weights=rows, minlength=len(sizes)).astype(np.int64)
    parts = [Fraction(int(each), int(size)) for each, size in zip(hidden, sizes, strict=True)]
    return sum_of(parts) / total if total else Fraction(0)


def sum_of(parts: list[Fraction]) -> Fraction:
    """The sum of many fractions, by halves: numbers stay short for as long as they can."""
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [one + other for one, other in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0] if parts else Fraction(0)
