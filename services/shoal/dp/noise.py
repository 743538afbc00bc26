"""The distributions of noise: how it is drawn, how far it reaches, and what it costs."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Protocol

from shoal.accounting.gaussian import GRID_CORRECTION, GRID_SIGMA, gaussian_mu
from shoal.accounting.renyi import zcdp_epsilon
from shoal.kernels import Monitor, discrete_gaussian, discrete_laplace

SCALE_BITS = 62
"""Scales are rounded up to as many bits: noise may be larger than needed by a part in 10^18, and never smaller."""

_SUMMED_SIGMA = 64.0
"""Up to this sigma the discrete Gaussian's tail is summed; the continuous one's bound is for those above."""


class Spread(Protocol):
    """How noise is spread, in steps: all that an estimate needs to know of it."""

    @property
    def scale(self) -> Fraction:
        """Laplace's b or Gauss's sigma."""

    @property
    def standard_deviation(self) -> float:
        """The standard deviation."""

    def reach(self, confidence: float) -> float:
        """The steps that the noise stays within with at least this probability."""


@dataclass(frozen=True)
class Noise:
    """Discrete Laplace or Gaussian noise on whole numbers. scale: Laplace's b or Gauss's sigma, in steps."""

    is_gaussian: bool
    scale: Fraction

    @property
    def standard_deviation(self) -> float:
        """In steps; of the discrete Gaussian its sigma, which is never below (Canonne, Kamath and Steinke 2020)."""
        if self.is_gaussian:
            return float(self.scale)
        inverse = 1.0 / float(self.scale)
        return math.exp(-inverse / 2.0) * math.sqrt(2.0) / -math.expm1(-inverse)

    def reach(self, confidence: float) -> int:
        """The fewest steps that the noise stays within with at least this probability; of wide Gaussian noise one more."""
        outside = 1.0 - confidence
        if self.is_gaussian:
            return _gaussian_reach(float(self.scale), outside)
        # P(|X| > k) = 2 q^(k+1) / (1 + q) with q = e^(-1/b).
        inverse = 1.0 / float(self.scale)
        steps = math.ceil((math.log(2.0 / outside) - math.log1p(math.exp(-inverse))) / inverse) - 1
        return max(0, steps)

    def draw(self, count: int, monitor: Monitor | None = None) -> list[int]:
        """Independent draws, in steps."""
        sample = discrete_gaussian if self.is_gaussian else discrete_laplace
        return sample(self.scale, count, monitor=monitor)


class Draws:
    """The noise of one answer to all its questions, drawn together: each number is handed out once."""

    def __init__(self, wanted: Iterable[Noise], monitor: Monitor | None = None) -> None:
        self._drawn = {noise: iter(noise.draw(count, monitor)) for noise, count in Counter(wanted).items()}

    def take(self, noise: Noise) -> int:
        """The next number of that distribution; each must have been wanted."""
        return next(self._drawn[noise])


def laplace(sensitivity: int, epsilon: Fraction) -> Noise:
    """Discrete Laplace noise that makes a release of that l1 sensitivity, in steps, epsilon-private."""
    return Noise(is_gaussian=False, scale=rounded_up(Fraction(sensitivity) / epsilon))


def gaussian_ratio(epsilon: float, delta: float, narrowest: float) -> float:
    """The largest Euclidean sensitivity, in sigmas, of discrete Gaussian noise that is (epsilon, delta)-private.

    narrowest: by how much the least sigma is to be multiplied with the ratio, in steps. From sigma 1,024 on it is the exact
    ratio of Gaussian noise, less the grid's correction (Balle and Wang 2018); below, where the exact ratio of the continuous
    distribution is not enough, that of concentrated privacy (Canonne, Kamath and Steinke 2020). In between sigma stays at 1,024
    until the latter is the better one. So more epsilon never means more noise, on which the ledger's bill relies: of groups
    with epsilons of their own it is told the dearest.
    """
    exact = gaussian_mu(epsilon, delta) / math.sqrt(1.0 + GRID_CORRECTION)
    if narrowest / exact >= GRID_SIGMA:
        return exact
    on_the_grid = narrowest / GRID_SIGMA * (1.0 - 1e-12)  # below the exact ratio, of a sigma that is surely not below 1,024
    return max(on_the_grid, math.sqrt(2.0 * _greatest_rho(epsilon, delta)))


def gaussian(sensitivity: float, ratio: float) -> Noise:
    """Discrete Gaussian noise with that ratio of sensitivity to sigma."""
    return Noise(is_gaussian=True, scale=rounded_up(Fraction(math.nextafter(sensitivity / ratio, math.inf))))


def rounded_up(scale: Fraction) -> Fraction:
    """The scale with at most SCALE_BITS bits where it is below 2^SCALE_BITS, else the next whole number."""
    places = max(0, SCALE_BITS - (scale.numerator.bit_length() - scale.denominator.bit_length()))
    return Fraction(math.ceil(scale * (1 << places)), 1 << places)


def threshold(noise: Noise, contribution: int, delta: float) -> int:
    """The least number that a group's noisy size must exceed so that one unit alone, of that many, is shown with a probability
    of at most delta: P(contribution + X > threshold) <= delta, of discrete Laplace noise.
    """
    # P(X >= k) = q^k / (1 + q) for k >= 1, with q = e^(-1/b).
    scale = float(noise.scale)
    guard = 1.0 + 1e-9  # far above the error of these few operations
    steps = scale * (math.log(guard / delta) - math.log1p(math.exp(-1.0 / scale)))
    return contribution - 1 + max(1, math.ceil(steps))


@functools.lru_cache(maxsize=256)
def _greatest_rho(epsilon: float, delta: float) -> float:
    low, high = 0.0, 1.0
    while zcdp_epsilon(high, delta) <= epsilon:
        low, high = high, high * 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if zcdp_epsilon(middle, delta) <= epsilon else (low, middle)
    if low == 0.0:
        raise ValueError("the delta is too small for any noise")
    return low


def _gaussian_reach(sigma: float, outside: float) -> int:
    if sigma > _SUMMED_SIGMA:
        # Wider than sigma times the normal quantile by the step that the grid may add.
        return math.ceil(sigma * NormalDist().inv_cdf(1.0 - outside / 2.0)) + 1
    weights = [math.exp(-((step / sigma) ** 2) / 2.0) for step in range(math.ceil(sigma * 12.0) + 2)]
    left = outside * (weights[0] + 2.0 * math.fsum(weights[1:])) / 2.0
    steps = len(weights) - 1
    tail = weights[steps]
    while steps > 0 and tail <= left:
        steps -= 1
        tail += weights[steps]
    return steps
