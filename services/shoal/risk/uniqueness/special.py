"""Sums of reciprocals as differences of digamma functions, and roots of functions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SHIFT = 12
"""From here on the asymptotic series of the digamma function is exact to the last bit."""


def reciprocals(first: float, terms: float | Floats) -> Floats:
    """1/first + 1/(first + 1) + … of that many terms, first > 0: ψ(first + terms) - ψ(first), without its cancellation."""
    count = np.asarray(terms, dtype=np.float64)
    direct = np.zeros_like(count)
    start = first
    left = count.copy()
    while start < _SHIFT:
        direct += np.where(left > 0, 1 / start, 0.0)
        left = np.maximum(left - 1, 0.0)
        start += 1
    end = start + left
    found: Floats = direct + np.log1p(left / start) + (_tail(end) - _tail(np.asarray(start)))
    return found


def _tail(x: Floats) -> Floats:
    """ψ(x) - ln x, from x = 12 on."""
    square = 1 / (x * x)
    return -0.5 / x - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function crosses 0 between two places of opposite sign: by halves, quickened by secants (Illinois)."""
    at_low, at_high = function(low), function(high)
    for _ in range(200):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            middle = low + (high - low) / 2
        if middle in (low, high):
            break
        value = function(middle)
        if value == 0:
            return middle
        if (value > 0) == (at_high > 0):
            high, at_high, at_low = middle, value, at_low / 2
        else:
            low, at_low, at_high = middle, value, at_high / 2
        if high - low <= 4 * math.ulp(max(abs(low), abs(high))):
            break
    return low + (high - low) / 2
