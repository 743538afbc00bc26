"""The oracle against numbers worked out by hand, and its formulas against others for the same thing."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from oracle import distances, golden
from oracle.exact import to_float
from oracle.losses import MARGINAL, Objective, attribute_losses, loss
from oracle.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    RecursiveDiversity,
    grassberger,
    measured,
)
from oracle.search import Oracle, Task
from oracle.table import Attribute, Group, Sensitive, Table

F = Fraction


def group(counts: list[int], population: int = 0) -> Group:
    rows = sum(counts)
    return Group(tuple(range(rows)), rows, population, (Counter({v: c for v, c in enumerate(counts) if c}),))


def one_column(values: int, reference: list[int] | None = None, **more: tuple[int, ...] | tuple[tuple[int, ...], ...]) -> Table:
    codes = tuple(range(values))
    column = Sensitive(codes, values, tuple(reference) if reference else None, **more)  # type: ignore[arg-type]
    return Table((Attribute((0,) * values, 1),), (column,))


def test_recursive_diversity_sorts_downwards_and_is_strict() -> None:
    table = one_column(3)
    for counts, place, ratio in (([9, 1], 2, 9), ([98, 1, 1], 3, 98), ([2, 2, 1], 2, F(2, 3))):
        assert RecursiveDiversity(0, F(ratio), place).measured(group(counts), table) == ratio
        assert not RecursiveDiversity(0, F(ratio), place).holds(group(counts), table)
        assert RecursiveDiversity(0, ratio + F(1, 1000), place).holds(group(counts), table)
    assert not RecursiveDiversity(0, F(1000), 3).holds(group([1, 1]), table)


@pytest.mark.parametrize("values", [2, 3, 4, 7])
def test_even_classes_have_the_entropy_of_their_values(values: int) -> None:
    table = one_column(values)
    even = group([5] * values)
    assert EntropyDiversity(0, values).holds(even, table)
    assert not EntropyDiversity(0, values + 1e-8).holds(even, table)
    assert to_float(EntropyDiversity(0, 1).measured(even, table)) == pytest.approx(values, rel=1e-15)
    # One value short is not enough, whatever the entropy.
    assert not EntropyDiversity(0, values - 0.5).holds(group([5] * (values - 1)), table)


def test_grassbergers_estimator_by_its_recurrence() -> None:
    """G(1) = -gamma - ln 2, G(2) = 2 + G(1), G(2n+1) = G(2n), G(2n+2) = G(2n) + 2/(2n+1) (Grassberger 2003)."""
    assert [grassberger(1), grassberger(2)] == [0, 2]
    for n in range(1, 20):
        assert grassberger(2 * n + 1) == grassberger(2 * n)
        assert grassberger(2 * n + 2) == grassberger(2 * n) + F(2, 2 * n + 1)
    # Four values once each: G(4) - G(1) = 2 + 2/3 nats.
    assert EntropyDiversity(0, 4.0, grassberger=True).entropy(group([1] * 4)) == F(8, 3)
    assert EntropyDiversity(0, 4.0, grassberger=True).holds(group([1] * 4), one_column(4))
    # Eight to two: G(10) - (8 G(8) + 2 G(2)) / 10.
    eight, ten = 2 + F(2, 3) + F(2, 5) + F(2, 7), 2 + F(2, 3) + F(2, 5) + F(2, 7) + F(2, 9)
    assert EntropyDiversity(0, 2.0, grassberger=True).entropy(group([8, 2])) == ten - (8 * eight + 2 * 2) / 10


def test_distances_by_hand() -> None:
    """Halves on the first two of four values, against quarters on all."""
    p, q = [F(1, 2), F(1, 2), F(0), F(0)], [F(1, 4)] * 4
    assert distances.equal(p, q) == F(1, 2)
    assert distances.ordered(p, q) == (F(1, 4) + F(1, 2) + F(1, 4)) / 3
    assert distances.wasserstein(p, q, (0, 1, 2, 12)) == (F(1, 4) + F(1, 2) + F(10, 4)) / 12
    # Pairs (0 1) (2 3): all mass crosses the root. Pairs (0 2) (1 3): all mass stays below, at half the cost.
    assert distances.hierarchical(p, q, ((0, 0, 1, 1), (0, 0, 0, 0))) == F(1, 2)
    assert distances.hierarchical(p, q, ((0, 1, 0, 1), (0, 0, 0, 0))) == F(1, 4)
    # Without a root one is put above; without levels, too.
    assert distances.hierarchical(p, q, ((0, 0, 1, 1),)) == F(1, 2)
    assert distances.hierarchical(p, q, ()) == distances.equal(p, q)
    assert distances.hierarchical([F(1)], [F(1)], ()) == 0
    assert distances.ordered([F(1)], [F(1)]) == distances.wasserstein([F(1)], [F(1)], (7,)) == 0


def test_the_hierarchical_distance_is_a_mean_of_distances_level_by_level() -> None:
    """A move costs the mean over the levels of whether it leaves its group there: another formula for the same thing."""
    rng = np.random.default_rng(3)
    for _ in range(200):
        values = int(rng.integers(1, 9))
        first = rng.integers(0, 4, values)
        maps = [tuple(first.tolist()), tuple((first // 2).tolist()), (0,) * values][int(rng.integers(0, 3)) :]
        if rng.random() < 0.5 and len(maps) > 1:
            maps.pop()
        p, q = ([F(int(n), 1 + int(total.sum())) for n in total] for total in rng.integers(0, 9, (2, values)))
        p[0], q[0] = p[0] + 1 - sum(p), q[0] + 1 - sum(q)
        levels = [tuple(range(values)), *maps]
        if len(set(levels[-1])) > 1:
            levels.append((0,) * values)
        height = len(levels) - 1
        by_level = [
            sum((abs(sum((p[v] - q[v] for v in range(values) if level[v] == node), F(0))) for node in set(level)), F(0)) / 2
            for level in levels
        ]
        expected = sum(by_level[:height], F(0)) / height if height else 0
        assert distances.hierarchical(p, q, maps) == expected


def test_a_reference_that_lacks_a_value() -> None:
    table = one_column(3, [3, 1, 0])
    strange = group([1, 0, 1])
    assert Closeness(0, "EQUAL", F(1, 2)).measured(strange, table) == F(1, 2)
    assert not BetaLikeness(0, F(100)).holds(strange, table)
    assert not DeltaDisclosure(0, 100.0).holds(strange, table)
    usual = group([1, 1, 0])
    assert BetaLikeness(0, F(1)).holds(usual, table)
    assert not BetaLikeness(0, F(99, 100)).holds(usual, table)
    # Enhanced: the gain of 1 is within -ln(1/4), and not within -ln(1/2).
    assert BetaLikeness(0, F(1), enhanced=True).holds(usual, table)
    assert not BetaLikeness(0, F(1), enhanced=True).holds(group([2, 0]), one_column(2))
    assert DeltaDisclosure(0, math.log(2) + 1e-9).holds(usual, table)
    assert not DeltaDisclosure(0, math.log(2) - 1e-9).holds(usual, table)


def test_population_models() -> None:
    table = one_column(2)
    for rows, population, least, most, holds in (
        (2, 4, F(1, 2), F(1, 2), True),
        (2, 4, F(51, 100), F(1), False),
        (2, 4, F(0), F(49, 100), False),
        (2, 0, F(0), F(1), False),
        (3, 2, F(0), F(3, 2), True),
    ):
        assert DeltaPresence(least, most).holds(group([rows], population), table) is holds
    assert KMap(4).holds(group([1], 4), table)
    assert not KMap(5).holds(group([9], 4), table)


def test_average_risk_takes_the_smallest_classes_all_of_a_size_together() -> None:
    classes = [group([n]) for n in (1, 1, 2, 5)]
    # 4 classes over 9 rows; 2 over 7 without the single ones; 1 over 5.
    for limit, sizes in ((F(4, 9), [1, 1, 2, 5]), (F(3, 7), [2, 5]), (F(2, 7), [2, 5]), (F(1, 4), [5]), (F(1, 6), [])):
        assert [g.rows for g in AverageRisk(limit).suppressed(classes)] == sizes
    people = [group([2], 2), group([1], 10), group([3], 0)]
    assert [g.rows for g in AverageRisk(F(1, 2), population=True).suppressed(people)] == [2, 1]
    assert AverageRisk(F(1), population=True).mean(people[:2]) == (F(2, 2) + F(1, 10)) / 3


def test_a_search_by_hand() -> None:
    """Values 0 and 1 twice, 2 and 3 once: with k = 2 the pairs cost 1/3, and so does suppression of the single rows."""
    table = Table((Attribute((0, 1, 2, 3, 0, 1), 4, ((0, 0, 1, 1), (0, 0, 0, 0))),))
    oracle = Oracle(table)
    found = oracle.best(Task((KAnonymity(2),), 0))
    assert found is not None
    assert found[0].levels == (1,)
    assert found[1].value == pytest.approx(1 / 3)
    found = oracle.best(Task((KAnonymity(2),), 2))
    assert found is not None
    node, lost = found
    assert (node.levels, node.suppressed, node.smallest) == ((0,), 2, 2)
    assert node.class_of_record == [0, 1, None, None, 0, 1]
    assert lost.value == pytest.approx(1 / 3)
    assert oracle.best(Task((KAnonymity(7),), 6)) is None
    assert oracle.fewest_suppressed((KAnonymity(5),)) == 0
    assert oracle.fewest_suppressed((KAnonymity(7),)) == 6


def test_the_golden_classes() -> None:
    table = golden.table()
    oracle = Oracle(table)
    node = oracle.node(golden.LEVELS, (KAnonymity(2),))
    assert tuple(g.members for g in node.released) == golden.CLASSES
    losses = {measure: attribute_losses(table, golden.LEVELS, node.released, measure) for measure in MARGINAL}
    assert losses["LOSS"] == [F(2, 11), F(13, 40), F(1, 10)]
    assert losses["PRECISION"] == [F(2, 5), F(23, 50), F(1, 10)]
    # Suppressed rows lose the bits between their leaf and the whole table, as a top level would.
    age = (14.754888 + math.log2(10)) / 33.219281
    assert to_float(losses["NON_UNIFORM_ENTROPY"][0]) == pytest.approx(age, abs=1e-6)
    assert loss(table, golden.LEVELS, node.released, Objective("DISCERNIBILITY")).key == 39
    assert loss(table, golden.LEVELS, node.released, Objective("AVERAGE_CLASS_SIZE")).key == F(10, 3 + 1)
    assert loss(table, golden.LEVELS, node.released, Objective("KL_DIVERGENCE")).value == pytest.approx(2.358225, abs=5e-7)
    assert measured(KAnonymity(1), node.released, table) == (F(2),)
    assert measured(DistinctDiversity(0, 1), node.released, table) == (F(1),)
