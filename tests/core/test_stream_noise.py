"""Streams with drawn noise: how much there is, and what an attacker who knows everything but one row can tell.

Each test is red by chance once in 10^6 runs and must be so twice. The full counts (`make test-dp`) are those of the promise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from counts import FULL
from numpy.typing import NDArray

from shoal.kernels import (
    FACTOR_BITS,
    Series,
    Span,
    discrete_gaussian,
    discrete_laplace,
    factor_squared_length,
    factor_variance,
    tree_levels,
    tree_terms,
)

Z = 4.89
AUDITED = 50_000 if FULL else 3_000
STEPS = 16


def sigma_for(span: Span) -> Fraction:
    """What draws must have so that a step's number that changes by 1 is hidden as one release with sigma 1 hides it."""
    return Fraction(math.sqrt(factor_squared_length(span)) * 2**FACTOR_BITS)


def errors(span: Span, sessions: int, steps: int) -> NDArray[np.float64]:
    """Releases less what they should be, a row a session."""
    series, sigma = Series.gaussian(span, sessions), sigma_for(span)
    chance = np.random.default_rng()
    numbers = chance.integers(-3, 1000, size=(steps, sessions))
    found = np.empty((steps, sessions))
    for step in range(steps):
        found[step] = series.step(numbers[step].tolist(), discrete_gaussian(sigma, sessions))
    sums = np.cumsum(numbers, axis=0)
    if span.window is not None:
        sums[span.window :] -= sums[: -span.window].copy()
    return (found - sums).T


def twice(passes: Callable[[], bool]) -> bool:
    return passes() or passes()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("span", "steps", "rms", "most"),
    [(Span(horizon=4095), 4095, 3.551, 3.714), (Span(window=64), 1000 if FULL else 400, 2.675, 2.675)],
    ids=["prefix", "window"],
)
def test_releases_are_as_noisy_as_promised(span: Span, steps: int, rms: float, most: float) -> None:
    sessions = 2000 if FULL else 16
    # Neighbouring releases have much noise in common: a session is worth at least four independent releases.
    slack_rms, slack_most = (0.03, 0.08) if FULL else (Z / math.sqrt(2 * 4 * sessions), Z / math.sqrt(2 * sessions))

    def passes() -> bool:
        late = errors(span, sessions, steps)[:, 0 if span.window is None else 4 * 64 :]
        found = float(np.sqrt(np.mean(late**2)))
        last = float(np.sqrt(np.mean(late[:, -1] ** 2)))
        enough = found >= rms * (1 - slack_rms) and last >= most * (1 - slack_most)
        slack = 0.05 if FULL and span.window is not None else slack_rms
        return enough and found <= rms * (1 + slack) and last <= most * (1 + slack_most)

    assert twice(passes)


def distinguished(scale: float, step: int, span: Span) -> float:
    """What an attacker can be sure to tell two streams apart by, as a mu that the noise has at least: those that differ by 1 in
    one step, whose other numbers follow from the releases before.

    scale: sigma over what it should be.
    """
    sigma = Fraction(float(sigma_for(span)) * scale)
    coefficients = _factor(span)
    tests = [_statistic(sigma, step, span, changed, coefficients) for changed in (0, 1)]
    half = AUDITED // 2
    # The best test of a known shift in Gaussian noise is linear; its threshold is chosen on one half and judged on the other.
    threshold = (tests[0][:half].mean() + tests[1][:half].mean()) / 2
    false_alarms = _at_most(int((tests[0][half:] > threshold).sum()), AUDITED - half)
    misses = _at_most(int((tests[1][half:] <= threshold).sum()), AUDITED - half)
    return NormalDist().inv_cdf(1 - false_alarms) - NormalDist().inv_cdf(misses)


def _factor(span: Span) -> NDArray[np.float64]:
    """The coefficients, read off what a number leaves behind when there is no noise and off nothing else."""
    series = Series.gaussian(span, 1)
    response = [series.step([0], [2**FACTOR_BITS if step == 0 else 0])[0] for step in range(STEPS)]
    differences = np.array(response, dtype=np.float64)
    if span.window is None:
        differences = np.diff(differences, prepend=0.0)
    else:
        for place in range(1, STEPS):
            differences[place] -= differences[max(0, place - span.window + 1) : place].sum()
    inverse = np.zeros(STEPS)
    for place in range(STEPS):
        inverse[place] = (place == 0) - (inverse[:place] * differences[place:0:-1]).sum()
    return inverse


def _statistic(sigma: Fraction, step: int, span: Span, changed: int, coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    series = Series.gaussian(span, AUDITED)
    left = np.zeros((STEPS, AUDITED))
    known = np.zeros((STEPS, AUDITED))
    released = np.zeros(AUDITED)
    for place in range(STEPS):
        # The next rows depend on the last release.
        known[place] = np.floor(released) % 7
        added = known[place] + (changed if place == step else 0)
        released = np.array(series.step(added.astype(int).tolist(), discrete_gaussian(sigma, AUDITED)), dtype=np.float64)
        before = left[:place].sum(axis=0) if span.window is None else left[max(0, place - span.window + 1) : place].sum(axis=0)
        left[place] = released - before
    seen = np.zeros(AUDITED)
    for place in range(step, STEPS):
        noisy = sum(coefficients[place - each] * (left[each] - known[each]) for each in range(place + 1))
        seen += coefficients[place - step] * noisy
    return seen


def _at_most(count: int, trials: int) -> float:
    """An upper bound of a frequency's probability at one in 10^6: Wilson's, which at these counts is Clopper's to a percent."""
    share = (count + 1) / trials
    centre = share + Z * Z / (2 * trials)
    width = Z * math.sqrt(share * (1 - share) / trials + (Z / (2 * trials)) ** 2)
    return (centre + width) / (1 + Z * Z / trials)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("span", [Span(horizon=STEPS), Span(window=3)] if FULL else [Span(horizon=STEPS)], ids=str)
@pytest.mark.parametrize("step", [0, STEPS // 2, STEPS - 1] if FULL else [0])
def test_one_row_is_hidden_as_promised(span: Span, step: int) -> None:
    assert twice(lambda: distinguished(1.0, step, span) <= 1.0)
    if step == 0:
        # No more noise than that, either.
        assert twice(lambda: distinguished(1.0, step, span) >= (0.85 if FULL else 0.6))
        # The mutants: noise for a single release, and half the noise, which few draws tell.
        single = 1.0 / math.sqrt(factor_squared_length(span)) if FULL else 0.5
        assert twice(lambda: distinguished(single, step, span) > 1.0)


def test_laplace_releases_consist_of_as_many_draws_as_they_say() -> None:
    span, sessions = Span(horizon=200), 2000 if FULL else 300
    series, scale = Series.laplace(span, sessions), Fraction(1000 * tree_levels(span))
    found = []
    for _ in range(200):
        count = series.draws
        found.append(series.step([0] * sessions, discrete_laplace(scale, count * sessions)))
    squares = np.mean(np.array(found, dtype=np.float64) ** 2, axis=1)
    terms = np.array([tree_terms(span, step) for step in range(1, 201)])
    ratio = float(np.mean(squares / (terms * 2 * float(scale) ** 2)))
    assert abs(ratio - 1) < Z * math.sqrt(5 / (2 * sessions))


def test_the_variance_that_is_told_is_that_of_long_streams() -> None:
    assert math.sqrt(factor_variance(Span(horizon=4095), 4095) * factor_squared_length(Span(horizon=4095))) == pytest.approx(
        3.714, rel=2e-3
    )
    assert math.sqrt(factor_variance(Span(window=64), 10_000) * factor_squared_length(Span(window=64))) == pytest.approx(
        2.678, rel=2e-2
    )
