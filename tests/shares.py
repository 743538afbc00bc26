"""What a share of hits says about a probability."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray


def clopper_pearson(hits: int, of: int, alpha: float) -> tuple[float, float]:
    """A share's confidence interval, each side at half of alpha, by bisection on exact binomial tails."""

    def tail(share: float, least: int) -> float:
        """log P(at least so many)."""
        k = np.arange(least, of + 1)
        if not len(k) or share <= 0.0:
            return -math.inf
        if share >= 1.0:
            return 0.0
        log = _log_factorial(of)[of] - _log_factorial(of)[k] - _log_factorial(of)[of - k]
        log = log + k * math.log(share) + (of - k) * math.log1p(-share)
        return float(np.logaddexp.reduce(log))

    def solve(of_share: Callable[[float], bool]) -> float:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if of_share(middle) else (middle, high)
        return (low + high) / 2

    limit = math.log(alpha / 2)
    lower = solve(lambda share: tail(share, hits) > limit) if hits else 0.0
    upper = 1.0 - solve(lambda share: tail(share, of - hits) > limit) if hits < of else 1.0
    return lower, upper


@cache
def _log_factorial(most: int) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
