"""Gaussian differential privacy: the exact trade between epsilon and delta of normal noise.

A release is mu-GDP when telling two neighbours apart by it is no easier than telling N(0, 1) from N(mu, 1) (Dong, Roth and Su,
"Gaussian differential privacy", JRSS B 2022). Noise of standard deviation sigma on a vector that one person moves by at most D
has mu = D / sigma; the squares of mu add up, also when each release is chosen after the answers of those before (Smith and
Thakurta, "Fully adaptive composition for Gaussian differential privacy", 2022).
"""

from __future__ import annotations

import math
from statistics import NormalDist

GRID_SIGMA = 1024.0
"""From this sigma on, in steps of the grid, the discrete Gaussian is accounted for as the continuous one."""

GRID_CORRECTION = 2.0**-20
"""What the grid adds to squared mu, relatively: at sigma 1,024 the quantiles of the discrete distribution are further apart
than the normal ones by about 1/(24 sigma²), which is 4e-8; a test measures it."""

SMALL_MU = 0.01
GAUSS_LEGENDRE = ((-math.sqrt(0.15), 5.0 / 18.0), (0.0, 8.0 / 18.0), (math.sqrt(0.15), 5.0 / 18.0))
"""Places and weights of the three-point rule on an interval of length 1 around 0."""

_BISECTIONS = 200
_ROOT_TWO = math.sqrt(2.0)


def log_upper_tail(x: float) -> float:
    """The logarithm of P(N(0, 1) > x)."""
    if x < 25.0:
        return math.log(0.5 * math.erfc(x / _ROOT_TWO))
    # erfc nears underflow; the tail's asymptotic series is exact to 1e-13 from here on.
    square = x * x
    series = -1.0 / square + 3.0 / square**2 - 15.0 / square**3 + 105.0 / square**4
    return -square / 2.0 - math.log(x * math.sqrt(2.0 * math.pi)) + math.log1p(series)


def gaussian_delta(mu: float, epsilon: float) -> float:
    """The least delta of a mu-GDP release at `epsilon`: Phi(mu/2 - epsilon/mu) - e^epsilon Phi(-mu/2 - epsilon/mu) (Balle and
    Wang, "Improving the Gaussian mechanism for differential privacy", ICML 2018, theorem 8).
    """
    if mu == 0.0:
        return 0.0
    cut = epsilon / mu
    kept = log_upper_tail(cut - mu / 2.0)
    if mu < SMALL_MU:
        # The two tails are nearly one, and their difference would be lost: it is the integral of the hazard between them.
        apart = mu * (cut - sum(weight * _hazard(cut + mu * place) for place, weight in GAUSS_LEGENDRE))
    else:
        apart = epsilon + log_upper_tail(cut + mu / 2.0) - kept
    return math.exp(kept) * -math.expm1(min(0.0, apart))


def _hazard(x: float) -> float:
    """The density of N(0, 1) over its upper tail at x."""
    return math.exp(-x * x / 2.0 - math.log(2.0 * math.pi) / 2.0 - log_upper_tail(x))


def gaussian_epsilon(mu: float, delta: float) -> float:
    """The least epsilon of a mu-GDP release at `delta` above 0, to the last bit or a little above."""
    if gaussian_delta(mu, 0.0) <= delta:
        return 0.0
    low, high = 0.0, mu * mu / 2.0 + mu * math.sqrt(2.0 * math.log(1.0 / delta))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        low, high = (low, middle) if gaussian_delta(mu, middle) <= delta else (middle, high)
    return high


_NEAR_A_HALF = 1e-15
"""What mu may lose because a probability near a half is rounded to 2^-53, with room: added, so that no event is too cheap."""


def gaussian_mu(epsilon: float, delta: float) -> float:
    """The greatest mu whose release is (epsilon, delta), to the last bit or a little below; delta above 0."""
    low, high = 0.0, 1.0
    while gaussian_delta(high, epsilon) <= delta:
        high *= 2.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        low, high = (middle, high) if gaussian_delta(middle, epsilon) <= delta else (low, middle)
    return low


def pure_mu(epsilon: float) -> float:
    """The least mu for which every pure release of `epsilon` is mu-GDP.

    The trade-off of randomised response has its one corner at (p, p), p = 1 / (1 + e^epsilon); the Gaussian one is convex and
    meets it there, so it lies below on both sides.
    """
    return -2.0 * NormalDist().inv_cdf(1.0 / (1.0 + math.exp(epsilon))) + _NEAR_A_HALF


def grid_mu_squared(sigma: float, sensitivity: float) -> float:
    """Squared mu of discrete Gaussian noise, the grid's correction included; sigma at least GRID_SIGMA."""
    return (sensitivity / sigma) ** 2 * (1.0 + GRID_CORRECTION)
