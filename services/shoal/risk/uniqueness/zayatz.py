"""Zayatz, "Estimation of the percent of unique population elements on a microdata file using the sample", US Census 1991.

That a sample unique is unique in the population has, by Bayes' rule, the probability

    s(1) h(1) / Σ s(i) h(i),   h(i) = P(1 of i people is drawn into the sample),

where the population's class sizes are taken to be spread like the sample's. Times the sample uniques, scaled up by N/n, these
are the population's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Sizes = NDArray[np.int64]

_CHUNK = 10**7


def zayatz(sizes: Sizes, counts: Sizes, population: int) -> float:
    """The share of the population that is unique. sizes: ascending; counts: classes of each size; at least one unique."""
    rows = int((sizes * counts).sum())
    drawn = _one_drawn(sizes, rows, population)
    probability = float(counts[0] * drawn[0] / (counts * drawn).sum())
    return probability * int(counts[0]) / rows


def _one_drawn(sizes: Sizes, rows: int, population: int) -> NDArray[np.float64]:
    """h(i) = i f (N - n)/(N - 1) (N - n - 1)/(N - 2) …, i - 1 factors."""
    logarithms, total, done = [], 0.0, 0
    for size in sizes.tolist():
        while done < size - 1 and total > -math.inf:
            until = min(size - 1, done + _CHUNK)
            step = np.arange(done, until, dtype=np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                # ln((N - n - t)/(N - 1 - t)); beyond the people outside the sample nothing is left to draw.
                share = np.minimum((rows - 1) / (population - 1 - step), 1.0)
                total += float(np.log1p(-share).sum())
            done = until
        logarithms.append(total)
    found: NDArray[np.float64] = sizes * (rows / population) * np.exp(np.array(logarithms))
    return found
