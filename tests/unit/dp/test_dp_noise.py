"""Scales, reaches and thresholds of noise, against exact sums of its distributions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest

from shoal.accounting.gaussian import GRID_CORRECTION, GRID_SIGMA, gaussian_mu
from shoal.accounting.renyi import zcdp_epsilon
from shoal.dp import even_time
from shoal.dp.noise import Draws, Noise, gaussian, gaussian_ratio, laplace, rounded_up, threshold

# sigma of one Gaussian release of sensitivity 1 at delta 1e-6 (Balle and Wang 2018), to five digits.
ANALYTIC = {
    0.1: 36.30469,
    0.5: 8.05762,
    1.0: 4.22468,
    2.0: 2.23048,
    4.0: 1.19352,
    8.0: 0.65294,
    10.0: 0.54109,
    20.0: 0.30908,
    50.0: 0.15659,
}
FINE = 2**20


def weights(noise: Noise, most: int) -> list[float]:
    """P(X = x), x from 0 to `most`, by the definition."""
    scale = float(noise.scale)
    raw = [math.exp(-((x / scale) ** 2) / 2.0) if noise.is_gaussian else math.exp(-x / scale) for x in range(most + 1)]
    whole = raw[0] + 2.0 * math.fsum(raw[1:])
    return [each / whole for each in raw]


def exact_delta(sigma: float, sensitivity: int, epsilon: float) -> float:
    """The least delta of discrete Gaussian noise (Canonne, Kamath and Steinke 2020, theorem 7), by summation."""
    most = math.ceil(60 * sigma) + sensitivity
    p = weights(Noise(is_gaussian=True, scale=Fraction(sigma)), most)
    at: Callable[[int], float] = lambda x: p[abs(x)] if abs(x) <= most else 0.0  # noqa: E731
    return math.fsum(max(0.0, at(x) - math.exp(epsilon) * at(x - sensitivity)) for x in range(-most, most + 1))


@pytest.mark.parametrize("epsilon", ANALYTIC)
def test_sigma_on_the_fine_grid_is_the_analytic_one(epsilon: float) -> None:
    noise = gaussian(FINE, gaussian_ratio(epsilon, 1e-6, FINE))
    assert float(noise.scale) / FINE == pytest.approx(ANALYTIC[epsilon], rel=1e-5, abs=5e-6)
    classical = math.sqrt(2.0 * math.log(1.25 / 1e-6)) / epsilon
    assert (float(noise.scale) / FINE > classical) == (epsilon >= 10.0)  # where the classical formula promises too much


@pytest.mark.parametrize("epsilon", [0.5, 1.0, 2.0, 4.0, 8.0])
def test_on_whole_numbers_the_exact_delta_holds_where_the_continuous_formula_s_does_not(epsilon: float) -> None:
    noise = gaussian(1.0, gaussian_ratio(epsilon, 1e-6, 1.0))
    assert exact_delta(float(noise.scale), 1, epsilon) <= 1e-6
    assert zcdp_epsilon(0.5 / float(noise.scale) ** 2, 1e-6) <= epsilon * (1 + 1e-9)


def test_the_continuous_formula_is_caught() -> None:
    """The mutant: at sigma 2 the epsilon whose delta is 1e-6 by the continuous formula has 1.167e-6."""
    assert exact_delta(2.0, 1, 2.254095) == pytest.approx(1.167e-6, rel=1e-3)
    assert 1.0 / gaussian_mu(2.254095, 1e-6) == pytest.approx(2.0, rel=1e-5)
    assert float(gaussian(1.0, gaussian_ratio(2.254095, 1e-6, 1.0)).scale) > 2.0


@pytest.mark.parametrize(
    ("epsilon", "delta", "expected"), [("1", 1e-6, 14), ("0.5", 1e-6, 27), ("0.1", 1e-6, 132), ("1", 1e-8, 19)]
)
def test_thresholds_are_those_of_the_reference(epsilon: str, delta: float, expected: int) -> None:
    assert threshold(laplace(1, Fraction(epsilon)), 1, delta) == expected


@pytest.mark.parametrize("contribution", [1, 3])
@pytest.mark.parametrize(("epsilon", "delta"), [("1", 1e-6), ("0.5", 1e-2), ("0.05", 1e-9), ("5", 0.4), ("20", 1e-6)])
def test_one_unit_alone_passes_with_delta_at_most(epsilon: str, delta: float, contribution: int) -> None:
    """And the threshold is the least that does it: one lower, as rounding down would give, is caught."""
    noise = laplace(contribution, Fraction(epsilon))
    found = threshold(noise, contribution, delta)
    p = weights(noise, math.ceil(float(noise.scale) * 60) + 10)

    def passes(size: int) -> float:
        return math.fsum(p[size - contribution + 1 :])

    assert passes(found) <= delta
    if found > contribution:
        assert passes(found - 1) > delta


@pytest.mark.parametrize("scale", ["1/3", "1", "2.5", "40", "1000"])
@pytest.mark.parametrize("is_gaussian", [True, False])
def test_reach_and_deviation_are_those_of_the_distribution(scale: str, is_gaussian: bool) -> None:
    noise = Noise(is_gaussian, Fraction(scale))
    p = weights(noise, math.ceil(float(noise.scale) * 60) + 10)
    for confidence in (0.5, 0.95, 0.99):
        reach = noise.reach(confidence)
        covered = p[0] + 2.0 * math.fsum(p[1 : reach + 1])
        assert covered >= confidence - 1e-12
        spare = 3 if is_gaussian and float(noise.scale) > 64 else 1  # wide Gaussian noise has two steps to spare
        assert reach < spare or p[0] + 2.0 * math.fsum(p[1 : reach + 1 - spare]) < confidence
    deviation = math.sqrt(2.0 * math.fsum(x * x * each for x, each in enumerate(p)))
    if is_gaussian:
        assert deviation <= noise.standard_deviation * (1 + 1e-12)
    else:
        assert noise.standard_deviation == pytest.approx(deviation, rel=1e-9)


def test_scales_are_rounded_up_and_by_little() -> None:
    for scale in (Fraction(1, 3), Fraction(2**90, 7), Fraction(10**9, 3), Fraction(7), Fraction(1, 10**9)):
        found = rounded_up(scale)
        assert scale <= found <= scale * (1 + Fraction(1, 2**60))
        assert found.numerator < 2**127
        assert found.denominator < 2**127


def test_noise_is_never_handed_out_twice() -> None:
    """The mutant would use one number for two columns. Wide noise repeats with a chance of 1e-15."""
    noise = Noise(is_gaussian=False, scale=Fraction(2**60))
    draws = Draws([noise, noise, noise])
    assert len({draws.take(noise) for _ in range(3)}) == 3
    with pytest.raises(StopIteration):
        draws.take(noise)


def test_even_time_is_a_whole_number_of_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slept = [100.0], []
    monkeypatch.setattr(even_time.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(even_time.time, "sleep", slept.append)
    for spent in (0.001, 0.0099, 0.0101, 0.025):
        with even_time.even_time():
            clock[0] += spent
        assert (spent + slept[-1]) / 0.01 == pytest.approx(math.ceil(spent / 0.01))

    def failing() -> None:
        with even_time.even_time():
            clock[0] += 0.004
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        failing()
    assert slept[-1] == pytest.approx(0.006)


@pytest.mark.parametrize("delta", [0.3, 1e-6, 1e-15])
@pytest.mark.parametrize("sensitivity", [1.0, 200.0, 1000.0])
def test_more_epsilon_is_never_more_noise(sensitivity: float, delta: float) -> None:
    """The ledger is told the events of the dearest group: they must cover what a cheaper one gives away."""
    epsilons = [10 ** (-6 + 8 * step / 160) for step in range(161)]
    if sensitivity == 1000.0 and delta == 0.3:
        epsilons = sorted([*epsilons, 0.245328464, 0.245328469])  # where the exact formula ends
    ratios = [gaussian_ratio(epsilon, delta, sensitivity) for epsilon in epsilons]
    assert ratios == sorted(ratios)
    scales = [float(gaussian(sensitivity, ratio).scale) for ratio in ratios]
    assert scales == sorted(scales, reverse=True)
    for epsilon, scale in zip(epsilons, scales, strict=True):
        if scale >= GRID_SIGMA:
            assert sensitivity / scale <= gaussian_mu(epsilon, delta) / math.sqrt(1.0 + GRID_CORRECTION)
        else:
            assert zcdp_epsilon((sensitivity / scale) ** 2 / 2.0, delta) <= epsilon * (1.0 + 1e-9)
