"""Answers of `compute` itself, many of one query: intervals, scales, and what an attacker could tell from them.

Statistical tests are red by chance once in 10^6 runs. Draws are fresh every time, so there is no seed to print.
"""

from __future__ import annotations

import math
import statistics
from contextlib import nullcontext
from dataclasses import replace

import polars as pl
import pytest
from counts import FULL

from shoal.accounting.amounts import EPSILON_UNITS
from shoal.dp import compute as compute_module
from shoal.dp.compute import compute, preview
from shoal.dp.estimates import Estimate
from shoal.dp.plan import plan
from shoal.dp.query import ALL_ROWS, Bounds, Column, GroupBy, Neighbouring, NoiseType, Query, Statistic, Unit, Unlisted

TABLE = pl.DataFrame({"x": [float(at % 61) for at in range(800)]}).lazy()
VALUES = [float(at % 61) for at in range(800)]
COLUMN = Column("x", "x", Bounds(0.0, 100.0))
GAUSSIAN = {"noise": NoiseType.GAUSSIAN, "delta": 10**12}
ROUNDS = 1000 if FULL else 150


@pytest.fixture(autouse=True)
def _without_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_module, "even_time", nullcontext)


def estimates(query: Query, table: pl.LazyFrame = TABLE) -> list[Estimate]:
    found = plan(query)
    answers = [compute(table, found)[0].result for _ in range(ROUNDS)]
    assert all(isinstance(each, Estimate) for each in answers)
    return [each for each in answers if isinstance(each, Estimate)]


TRUTH = {
    Statistic.MEAN: statistics.fmean(VALUES),
    Statistic.VARIANCE: statistics.pvariance(VALUES),
    Statistic.SUM: sum(VALUES),
    Statistic.COUNT: 800.0,
}
QUERIES = [
    *(Query(statistic, (COLUMN,), EPSILON_UNITS) for statistic in (Statistic.MEAN, Statistic.VARIANCE, Statistic.SUM)),
    *(Query(statistic, (COLUMN,), EPSILON_UNITS, **GAUSSIAN) for statistic in (Statistic.MEAN, Statistic.VARIANCE)),
    Query(Statistic.COUNT, (ALL_ROWS,), EPSILON_UNITS, noise=NoiseType.DISCRETE_LAPLACE),
    Query(Statistic.COUNT, (ALL_ROWS,), EPSILON_UNITS, delta=10**12, noise=NoiseType.DISCRETE_GAUSSIAN),
    Query(Statistic.VARIANCE, (COLUMN,), EPSILON_UNITS, unit=Unit(Neighbouring.SUBSTITUTE), dataset_size=800),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.statistic}-{query.noise}")
def test_intervals_hold_and_the_spread_is_as_stated(query: Query) -> None:
    """At 95 % fewer hits than this come once in 10^6 runs; the stated deviation is near the real one."""
    found = estimates(query)
    truth = TRUTH[query.statistic]
    hits = sum(each.interval[0] <= truth <= each.interval[1] for each in found)
    assert hits >= ROUNDS * 0.95 - 4.9 * math.sqrt(ROUNDS * 0.95 * 0.05) - 1
    spread = statistics.pstdev(each.value for each in found)
    stated = statistics.fmean(each.deviation for each in found)
    assert 0.6 < stated / spread < 1.6
    assert abs(statistics.fmean(each.value for each in found) - truth) < 6 * spread / math.sqrt(ROUNDS) + 0.05 * spread


def test_intervals_are_no_wider_than_they_need_be() -> None:
    """A count's interval misses in some cases: one that never missed would be too wide."""
    query = replace(QUERIES[5], epsilon=EPSILON_UNITS // 10)
    found = [compute(TABLE, plan(query))[0].result for _ in range(300)]
    assert 0 < sum(not each.interval[0] <= 800 <= each.interval[1] for each in found if isinstance(each, Estimate)) < 50


def test_an_empty_table_and_one_row_answer_alike() -> None:
    """Nothing in an answer's form, nor in its size, tells whether there are rows."""
    for query in QUERIES[:5]:
        for rows in ([], [50.0], [math.nan, math.inf]):
            (answer,) = compute(pl.DataFrame({"x": pl.Series(rows, dtype=pl.Float64)}).lazy(), plan(query))
            assert isinstance(answer.result, Estimate)
            assert (answer.result.rows is not None) == (query.statistic is not Statistic.SUM)
            low, high = answer.result.interval
            assert low <= answer.result.value <= high
            if query.statistic is Statistic.MEAN:
                assert 0.0 <= low <= high <= 100.0


def test_a_lone_unit_s_group_is_shown_with_delta_at_most() -> None:
    """20,000 groups of one row each: more than delta of them shown would be red, and the mutant, which shows every group of at
    least the minimum size, is."""
    delta, count = 0.005, 20_000
    by = GroupBy("x", (), Unlisted.DISCOVER, 1)
    query = Query(Statistic.COUNT, (ALL_ROWS,), 2 * EPSILON_UNITS, int(delta * 10**18), group_by=by)
    found = plan(query)
    sizes = {f"{at}": 1 for at in range(count)}

    def shown(size: int) -> int:
        threshold = replace(found.threshold, size=size) if found.threshold else None
        return len(compute_module._discovered(replace(found, threshold=threshold), sizes, None))

    assert found.threshold is not None
    room = compute_module.MOST_ANSWERS
    most = delta * count + 4.9 * math.sqrt(delta * count)
    assert 0 < shown(found.threshold.size) <= most
    assert shown(found.threshold.size - 1) > most  # a threshold that is rounded down
    assert shown(0) == min(room, shown(0)) > 2000  # shown by exact size: half of them, or as many as fit


def test_a_preview_s_noise_is_that_of_the_answer() -> None:
    for query in QUERIES:
        (shown,), (answered,) = preview(plan(query)), compute(TABLE, plan(query))
        assert (shown.noise_scale, shown.epsilon, shown.delta) == (answered.noise_scale, answered.epsilon, answered.delta)
        assert shown.result is None


def test_a_count_of_all_rows_is_known_by_what_it_says() -> None:
    """Plans of streams are kept for equal ones, whose columns are equal, not the same."""
    query = Query(Statistic.COUNT, (Column(ALL_ROWS.name, ALL_ROWS.field),), 10**3 * EPSILON_UNITS)
    (answer,) = compute(TABLE, plan(query))
    assert isinstance(answer.result, Estimate)
    assert answer.result.value == pytest.approx(800.0, abs=1.0)
