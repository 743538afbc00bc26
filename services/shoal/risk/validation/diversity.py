"""l-diversity: how many values, and how evenly spread, each class has.

Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam, "l-diversity: privacy beyond k-anonymity", ACM TKDD 1 (2007).
"""

from __future__ import annotations

import math

import numpy as np

from shoal.risk.validation.exact import Floats
from shoal.risk.validation.grouping import Ints
from shoal.risk.validation.histograms import Attribute, histogram_of

_EULER = 0.5772156649015329
_TABLE = 2**20


def distinct(attribute: Attribute) -> Ints:
    """The number of values of each class."""
    histogram = histogram_of(attribute)
    return np.bincount(histogram.of, minlength=len(histogram.sizes)).astype(np.int64)


def entropy(attribute: Attribute, *, grassberger: bool) -> Floats:
    """The entropy of each class in nats, by Shannon's or Grassberger's estimator (arXiv:physics/0307138, 2003)."""
    histogram = histogram_of(attribute)
    logarithm = _grassberger if grassberger else np.log
    counts, sizes = histogram.counts.astype(np.float64), histogram.sizes.astype(np.float64)
    found: Floats = logarithm(sizes) - histogram.sums(counts * logarithm(counts)) / sizes
    return found


def tails(attribute: Attribute, l: int) -> tuple[Ints, Ints]:  # noqa: E741 (the field's own name)
    """(r1, rl + … + rm) of each class, its counts r from large to small; the tail is 0 with fewer than l values."""
    histogram = histogram_of(attribute)
    order = np.lexsort((-histogram.counts, histogram.of))
    counts, starts = histogram.counts[order], histogram.starts
    until = np.concatenate([[0], np.cumsum(counts)])
    ends = np.append(starts[1:], len(counts))
    tail = until[ends] - until[np.minimum(starts + (l - 1), ends)]
    return counts[starts].astype(np.int64), tail.astype(np.int64)


def _grassberger(counts: Floats) -> Floats:
    """G: G(1) = -Euler's constant - ln 2, G(2) = 2 + G(1), G(2k + 1) = G(2k), G(2k + 2) = G(2k) + 2/(2k + 1)."""
    half = np.floor(counts / 2)
    known = int(min(half.max(initial=0), _TABLE))
    steps = 2 / (2 * np.arange(known, dtype=np.float64) + 1)
    table = np.concatenate([[0.0], np.cumsum(steps)]) - _EULER - math.log(2)
    # Beyond the table G(2k) = ψ(k + ½) + ln 2, which is ln k + 1/(24 k²) + ln 2 to the last bit of a float.
    far = np.maximum(half, 1)
    beyond = np.log(far) + 1 / (24 * far * far) + math.log(2)
    return np.where(half <= known, table[np.minimum(half, known).astype(np.int64)], beyond)
