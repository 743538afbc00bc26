"""Fractions compared exactly: by floats where they are far from the bound, by whole numbers of Python where they are close."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[Any]
"""Whole numbers: int64, or Python's where those would not do."""
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

LARGEST = 2**62
"""Products up to this are computed in int64."""

_CLOSE = 1e-12  # three roundings of at most 2^-53 each are far less


def ratio(above: Whole, below: Whole) -> Floats:
    """above / below as floats; infinite where below is 0."""
    if object in (above.dtype, below.dtype):
        pairs = zip(above.tolist(), below.tolist(), strict=True)
        return np.array([a / b if b else np.inf for a, b in pairs], dtype=np.float64)
    with np.errstate(divide="ignore"):
        found: Floats = np.divide(above, below, out=np.full(len(above), np.inf), where=below != 0)
    return found


def at_most(above: Whole, below: Whole, bound: Fraction) -> Truths:
    """Whether above / below <= bound. above: from 0 on; below: above 0, or 0 for a ratio that no bound admits."""
    return _compare(above, below, bound, or_equal=True)


def less(above: Whole, below: Whole, bound: Fraction) -> Truths:
    """Whether above / below < bound."""
    return _compare(above, below, bound, or_equal=False)


def _compare(above: Whole, below: Whole, bound: Fraction, *, or_equal: bool) -> Truths:
    near, limit = ratio(above, below), float(bound)
    found = near < limit
    close = np.flatnonzero(np.isfinite(near) & (np.abs(near - limit) <= _CLOSE * np.maximum(near, limit)))
    for place in close.tolist():
        one, other = int(above[place]) * bound.denominator, int(below[place]) * bound.numerator
        found[place] = one <= other if or_equal else one < other
    return found
