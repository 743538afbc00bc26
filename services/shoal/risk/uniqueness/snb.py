"""Chen and Keller-McNulty, "Estimation of identification disclosure risk in microdata", J. Official Statistics 14 (1998).

The slide negative binomial: each of the K classes of the population has 1 + X people, X being negative binomial,
P(X = x) = Γ(a + x)/(Γ(a) x!) β^a (1 - β)^x, so that K β^a of them are unique. Every person is in the sample with probability
f. A class's people in the sample then have the generating function

    (1 - f + f z) A (1 - t z)^-a,   D = 1 - (1 - f)(1 - β),   A = (β/D)^a,   t = (1 - β) f/D,

whose coefficients of z and z² are the shares of the K classes that have one and two rows in the sample:

    p(1) = A ((1 - f) a t + f)
    p(2) = A a t ((1 - f)(a + 1) t/2 + f)

K p(1) = s(1) and K p(2) = s(2) give a and β. K itself is the third estimator of Shlosser's kind (Haas and Stokes, "Estimating
the number of classes in a finite population", JASA 93 (1998)), as in Dankar et al. (2012):

    K = u + s(1) E F²,   E = Σ i f² (1 - f²)^(i-1) s(i) / Σ (1 - f)^i ((1 + f)^i - 1) s(i)
                         F = Σ (1 - f)^i s(i) / Σ i f (1 - f)^(i-1) s(i)
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Sizes = NDArray[np.int64]
Floats = NDArray[np.float64]

_CLOSE = 1e-11
_STARTS = [(alpha, beta) for alpha in (-2.0, 0.0, -4.0, 2.0, -7.0, 5.0) for beta in (-2.0, -5.0, 1.0, -8.0, 4.0)]


def snb(sizes: Sizes, counts: Sizes, population: int) -> float | None:
    """The share of the population that is unique; None when the equations have no solution."""
    rows = int((sizes * counts).sum())
    pairs = int(counts[sizes == 2].sum())
    fraction = rows / population
    if not pairs or fraction >= 1:
        return None
    classes = classes_of_population(sizes, counts, fraction)
    found = uniques(classes, int(counts[0]), pairs, fraction) if math.isfinite(classes) else None
    return None if found is None else min(1.0, found / population)


def uniques(classes: float, ones: int, twos: int, fraction: float) -> float | None:
    """The population's uniques, of its classes and the sample's classes of one and two rows; None without a solution."""
    target = np.log(np.array([ones / classes, twos / classes]))
    for start in _STARTS:
        found = _solve(np.array(start), target, fraction)
        if found is not None:
            return math.exp(math.log(classes) + math.exp(found[0]) * _log_beta(found[1]))
    return None


def classes_of_population(sizes: Sizes, counts: Sizes, fraction: float) -> float:
    """K, by the third estimator of Shlosser's kind."""
    i, s = sizes.astype(np.float64), counts.astype(np.float64)
    missed = np.exp(i * math.log1p(-fraction))  # (1 - f)^i
    both = np.exp(i * math.log1p(-fraction * fraction))  # (1 - f²)^i
    first = float((i * fraction**2 * both / (1 - fraction**2) * s).sum() / ((both - missed) * s).sum())
    second = float((missed * s).sum() / (i * fraction * missed / (1 - fraction) * s).sum())
    return float(s.sum() + s[0] * first * second**2)


def _log_beta(logit: float) -> float:
    """ln β of β = 1/(1 + e^-x)."""
    return -math.log1p(math.exp(-logit)) if logit > -700 else logit


def _shares(at: Floats, fraction: float) -> Floats | None:
    """ln p(1), ln p(2) at (ln a, logit β); None where they leave the floats."""
    alpha, log_beta = math.exp(at[0]), _log_beta(at[1])
    beta = math.exp(log_beta)
    miss = 1 / (1 + math.exp(min(at[1], 700.0)))  # 1 - β, without cancellation
    below = 1 - (1 - fraction) * miss
    t = miss * fraction / below
    one = (1 - fraction) * alpha * t + fraction
    two = alpha * t * ((1 - fraction) * (alpha + 1) * t / 2 + fraction)
    if one <= 0 or two <= 0 or beta <= 0:
        return None
    power = alpha * (log_beta - math.log(below))
    return np.array([power + math.log(one), power + math.log(two)])


def _solve(at: Floats, target: Floats, fraction: float) -> Floats | None:
    """Newton's method with steps that must improve; None when it does not get there."""
    shares = _shares(at, fraction)
    if shares is None:
        return None
    error = shares - target
    for _ in range(200):
        if np.abs(error).max() < _CLOSE:
            return at
        step = _step(at, error, fraction, target)
        if step is None:
            return None
        step = step * min(1.0, 2 / float(np.abs(step).max()))
        for _ in range(40):
            moved = np.asarray(at - step, dtype=np.float64)
            shares = _shares(moved, fraction) if np.abs(moved).max() < 60 else None
            if shares is not None and np.abs(shares - target).sum() < np.abs(error).sum():
                break
            step /= 2
        else:
            return None
        at, error = moved, np.asarray(shares - target, dtype=np.float64)
    return None


def _step(at: Floats, error: Floats, fraction: float, target: Floats) -> Floats | None:
    slopes = np.empty((2, 2))
    for place in range(2):
        beside = at.copy()
        beside[place] += 1e-6
        shares = _shares(beside, fraction)
        if shares is None:
            return None
        slopes[:, place] = (shares - target - error) / 1e-6
    if not np.isfinite(slopes).all() or abs(float(np.linalg.det(slopes))) < 1e-300:
        return None
    return np.asarray(np.linalg.solve(slopes, error), dtype=np.float64)
