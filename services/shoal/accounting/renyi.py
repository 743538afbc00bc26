"""Rényi differential privacy: what releases cost at an order, and what a sum at an order means as epsilon and delta.

The conversion is that of Canonne, Kamath and Steinke, "The discrete Gaussian for differential privacy", 2020, proposition 12;
the divergence of the discrete Gaussian is bounded by that of the continuous one at every sigma (their proposition 5).
"""

from __future__ import annotations

import math
from collections.abc import Callable

_GRID = 400
_LOWEST, _HIGHEST = math.log(1e-4), math.log(1e9)
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def conversion(order: float, delta: float) -> float:
    """What turns a divergence at `order` into the epsilon at `delta`, by addition; below 0 at high orders."""
    return (math.log(1.0 / delta) - math.log(order)) / (order - 1.0) + math.log1p(-1.0 / order)


def gaussian_divergence(order: float, rho: float) -> float:
    """Of a release that is rho-zCDP, such as Gaussian noise with rho = (sensitivity / sigma)² / 2."""
    return order * rho


def pure_divergence(order: float, epsilon: float) -> float:
    """Of the worst release of `epsilon` with delta 0, which is randomised response (Mironov 2017, proposition 5).

    Discrete Laplace noise at sensitivity 1 is that worst case; the curve of continuous Laplace noise would claim too little.
    """
    odds = math.log1p(math.exp(-epsilon)) - math.log1p(math.exp(-(2.0 * order - 1.0) * epsilon))
    rounding = 1e-15 * (1.0 + 1.0 / (order - 1.0))
    return min(epsilon, order * epsilon * epsilon / 2.0, epsilon - odds / (order - 1.0) + rounding)


def bounded_range_rho(epsilon: float) -> float:
    """Of a choice whose log-probabilities move within a range of `epsilon` (Cesar and Rogers, "Bounding, concentrating, and
    truncating", ALT 2021): epsilon² / 8.
    """
    return epsilon * epsilon / 8.0


def pure_rho(epsilon: float) -> float:
    """Of any release of `epsilon` with delta 0 (Bun and Steinke 2016, proposition 3.3): epsilon² / 2."""
    return epsilon * epsilon / 2.0


def best_order(epsilon: float, delta: float) -> float:
    """The order at which most Gaussian releases fit a budget: the greatest (epsilon - conversion) / order, above 1."""
    return 1.0 + math.exp(-_lowest(lambda order: (conversion(order, delta) - epsilon) / order)[1])


def renyi_epsilon(divergence: Callable[[float], float], delta: float) -> float:
    """The least epsilon at `delta` over all orders, of releases whose divergences are known at every order."""
    return max(0.0, _lowest(lambda order: divergence(order) + conversion(order, delta))[0])


def zcdp_epsilon(rho: float, delta: float) -> float:
    """The least epsilon at `delta` of what is rho-zCDP."""
    return renyi_epsilon(lambda order: gaussian_divergence(order, rho), delta)


def _lowest(value: Callable[[float], float]) -> tuple[float, float]:
    """The least value over the orders, and where: minus the logarithm of order - 1.

    A grid finds the valley and a golden section its floor; every order gives a valid bound, so a missed floor costs a little
    and is never wrong.
    """

    def at(position: float) -> float:
        return value(1.0 + math.exp(position))

    step = (_HIGHEST - _LOWEST) / _GRID
    start = min((_LOWEST + step * index for index in range(_GRID + 1)), key=at)
    low, high = start - step, start + step
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_inner, at_outer = at(inner), at(outer)
    for _ in range(60):
        if at_inner <= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - _GOLDEN * (high - low)
            at_inner = at(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + _GOLDEN * (high - low)
            at_outer = at(outer)
    found = min((low, inner, outer, high, start), key=at)
    return at(found), -found
