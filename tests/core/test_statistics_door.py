"""The door to statistics and noise: against plain Python, and what it refuses."""

from __future__ import annotations

import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from shoal.errors import CancelledError, InvalidArgumentError
from shoal.kernels import (
    Grid,
    Groups,
    Moments,
    Monitor,
    choose,
    cross_counts,
    discrete_gaussian,
    discrete_laplace,
    histogram,
    moments,
)

AWKWARD = [math.nan, math.inf, -math.inf, 1e308, -1e308, 0.0, -0.0, 5e-324, 2.5, 3.5, -1e-9, 1e-9, 17.000000001]


def values(seed: int, count: int) -> np.ndarray:
    chance = random.Random(seed)
    drawn = [chance.choice(AWKWARD) if chance.random() < 0.3 else chance.uniform(-60, 160) for _ in range(count)]
    return np.array(drawn)


def test_moments_are_python_s_own() -> None:
    seed = random.randrange(2**32)
    cells = values(seed, 2000)
    grid = Grid(-3.25, 101.0, 48.875, -23)
    codes = np.array([row % 3 for row in range(2000)], dtype=np.uint32)
    expected = {group: [0, 0, 0] for group in range(4)}
    for value, group in zip(cells.tolist(), codes.tolist(), strict=True):
        if not math.isnan(value):
            steps = round((min(max(value, -3.25), 101.0) - 48.875) * 2.0**23)  # half to even, as the kernel
            expected[group][0] += 1
            expected[group][1] += steps
            expected[group][2] += steps * steps
    found = moments(cells, grid, squares=True, groups=Groups(codes, 4))
    assert found == [Moments(*expected[group]) for group in range(4)], f"seed {seed}"
    plain = moments(cells, grid)
    assert plain == [Moments(sum(each[0] for each in expected.values()), sum(each[1] for each in expected.values()), 0)]
    assert grid.ends == (round((-3.25 - 48.875) * 2.0**23), round((101.0 - 48.875) * 2.0**23))


def test_sums_beyond_64_bits_are_exact() -> None:
    cells = np.full(100_000, 1.0)
    grid = Grid(0.0, 1.0, 0.0, -31)
    assert moments(cells, grid, squares=True) == [Moments(100_000, 100_000 * 2**31, 100_000 * 2**62)]


def test_bins_are_half_open_and_the_last_one_closed() -> None:
    edges = np.array([0.0, 1.0, 2.5, 10.0])
    cells = np.array([-0.1, 0.0, -0.0, 0.999, 1.0, 2.5, 10.0, 10.001, math.nan, math.inf, -math.inf])
    assert histogram(cells, edges).tolist() == [[3, 1, 2]]
    assert histogram(cells, edges, clamp=True).tolist() == [[5, 1, 4]]
    groups = Groups(np.array([0, 1] * 5 + [0], dtype=np.uint32), 2)
    assert histogram(cells, edges, groups=groups).tolist() == [[1, 1, 1], [2, 0, 1]]


def test_codes_are_counted() -> None:
    codes, groups = np.array([0, 2, 2, 1], dtype=np.uint32), Groups(np.array([1, 1, 0, 1], dtype=np.uint32), 2)
    assert cross_counts(codes, 3).tolist() == [[1, 1, 2]]
    assert cross_counts(codes, 3, groups=groups).tolist() == [[0, 0, 1], [1, 1, 1]]


def test_what_the_door_refuses() -> None:
    with pytest.raises(InvalidArgumentError, match="bounds must be"):
        Grid(1.0, 0.0, 0.0, 0).ends  # noqa: B018
    with pytest.raises(InvalidArgumentError, match="float64"):
        moments(np.array([1, 2]), Grid(0.0, 1.0, 0.0, 0))
    with pytest.raises(InvalidArgumentError, match="edges"):
        histogram(np.array([1.0]), np.array([1.0, 1.0]))
    with pytest.raises(InvalidArgumentError, match="not below"):
        cross_counts(np.array([3], dtype=np.uint32), 3)
    for scale in (Fraction(0), Fraction(-1, 2), Fraction(2**127), Fraction(1, 2**127)):
        with pytest.raises(InvalidArgumentError, match="scale"):
            discrete_laplace(scale, 1)
    for utilities in (np.array([]), np.array([1])):
        with pytest.raises(InvalidArgumentError, match="utilities"):
            choose(utilities, 1.0)
    for utilities, scale in ((np.array([math.nan]), 1.0), (np.array([1.0]), 0.0), (np.array([1.0]), math.inf)):
        with pytest.raises(RuntimeError, match="utilities"):
            choose(utilities, scale)


def test_a_cancelled_monitor_ends_a_draw() -> None:
    monitor = Monitor()
    monitor.cancel()
    for draw in (discrete_laplace, discrete_gaussian):
        with pytest.raises(CancelledError):
            draw(Fraction(1), 10, monitor=monitor)


def test_draws_are_whole_numbers_of_any_size_and_never_the_same_twice() -> None:
    for draw in (discrete_laplace, discrete_gaussian):
        wide = draw(Fraction(2**100), 50)
        assert len(set(wide)) == 50
        assert max(map(abs, wide)) > 2**90
        assert Counter(draw(Fraction(1, 1000), 50)) == {0: 50}  # P(0) is above 1 - e^-1000
    assert discrete_laplace(Fraction(3), 0) == []


def test_a_choice_far_ahead_is_chosen() -> None:
    assert {choose(np.array([0.0, 1e6, 3.0]), 1.0) for _ in range(50)} == {1}
    assert choose(np.array([-1e100, 1e100]), 1e-100) == 1
    assert {choose(np.array([5.0, 5.0]), 1.0) for _ in range(100)} == {0, 1}
