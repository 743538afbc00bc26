"""Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk assessment", J. Official Statistics 17 (2001).

The classes of the sample are a random partition with parameters θ and a (alpha). Its likelihood has its maximum where

    Σ 1/(θ + i a), i < u        =  Σ 1/(θ + i), i < n
    Σ i/(θ + i a), i < u        =  Σ s(j) Σ 1/(i - a), i < j

and the population then has Γ(θ + 1)/Γ(θ + a) N^a uniques, to the first order in 1/N, as in Hoshino and in ARX.

For every a the first equation has one θ: its left side falls from infinity to below the right. What is left is one equation
in a between 0 and 1. At 0 the model is Ewens's, with θ uniques.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from shoal.risk.uniqueness.special import reciprocals, root

Sizes = NDArray[np.int64]

_LEAST = 1e-6
"""Below this a is taken for 0."""

_GRID = np.concatenate([np.geomspace(_LEAST, 0.01, 12), np.linspace(0.02, 0.98, 49), 1 - np.geomspace(0.01, 1e-9, 12)])


def pitman(sizes: Sizes, counts: Sizes, population: int) -> float | None:
    """The share of the population that is unique; None when the likelihood has no maximum."""
    rows, classes = int((sizes * counts).sum()), int(counts.sum())
    if classes in (1, rows):
        return None
    theta = _theta_of(rows, classes)

    def slope(alpha: float) -> float:
        return _slope(alpha, theta(alpha), sizes, counts, classes)

    if slope(0.0) <= 0:
        return min(1.0, theta(0.0) / population)
    lower = 0.0
    for upper in _GRID.tolist():
        if slope(upper) <= 0:
            alpha = root(slope, max(lower, _LEAST / 2), upper)
            at = theta(alpha)
            logarithm = math.lgamma(at + 1) - math.lgamma(at + alpha) + (alpha - 1) * math.log(population)
            return min(1.0, math.exp(logarithm))
        lower = upper
    return None


def _theta_of(rows: int, classes: int) -> Callable[[float], float]:
    """The likeliest θ for an a, from -a on."""

    def theta(alpha: float) -> float:
        def slope(shifted: float) -> float:
            at = shifted - alpha
            return _sum(at, alpha, classes) - float(reciprocals(at + 1, rows - 1))

        low, high = 1e-12, 1.0
        while slope(high) > 0:
            low, high = high, high * 4
        return root(slope, low, high) - alpha

    return theta


def _sum(theta: float, alpha: float, classes: int) -> float:
    """Σ 1/(θ + i a) for 0 < i < u."""
    if alpha == 0:
        return (classes - 1) / theta
    return float(reciprocals(1 + theta / alpha, classes - 1)) / alpha


def _slope(alpha: float, theta: float, sizes: Sizes, counts: Sizes, classes: int) -> float:
    """The derivative of the logarithm of the likelihood in a."""
    if alpha == 0:
        spread = classes * (classes - 1) / (2 * theta)
    else:
        spread = ((classes - 1) - theta * _sum(theta, alpha, classes)) / alpha
    return spread - float((counts * reciprocals(1 - alpha, (sizes - 1).astype(np.float64))).sum())
