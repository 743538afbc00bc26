"""A search for tables that answers tell apart better than they may: everything from plan to answer is seen from outside.

Of small neighbouring tables many answers are drawn. On one half of them events are looked for that one table makes likely and
the other does not; the other half bounds P(event) - e^epsilon Q(event) from below, by Clopper and Pearson's interval at one in
10^6 over all events together, and that bound must not be above delta. What fails is drawn anew once. Draws are always fresh, so
there is no seed to print; the tables and the query of a failure are.

What is not found here may still be there: the search bounds a loss from below. What it is able to find, the mutants show.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from counts import FULL
from numpy.typing import NDArray
from shares import clopper_pearson

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.dp import compute as compute_module
from shoal.dp import plan as plan_module
from shoal.dp import scan
from shoal.dp.compute import Answer, Histogram, compute
from shoal.dp.estimates import Estimate
from shoal.dp.noise import Draws, Noise
from shoal.dp.plan import Plan, Threshold, plan
from shoal.dp.query import (
    ALL_ROWS,
    Bins,
    Bounds,
    Choice,
    Column,
    GroupBy,
    GroupKey,
    Neighbouring,
    NoiseType,
    Query,
    Statistic,
    Unit,
    Unlisted,
)

E9, D18 = EPSILON_UNITS, DELTA_UNITS
ALPHA = 1e-6
PAIRS = 4 if FULL else 1
KINDS_TRIED = 1000 if FULL else 10
DRAWN = 4000 if FULL else 800
"""Answers of each table; half of them choose the events, half judge them."""

Seen = NDArray[np.float64]
Score = Callable[[Seen], NDArray[np.float64]]
Row = dict[str, Any]
Pair = tuple[list[Row], list[Row]]


@pytest.fixture(autouse=True)
def _without_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_module, "even_time", nullcontext)


# Answers, drawn and laid out as rows of numbers.


def drawn(found: Plan, rows: list[Row], names: Sequence[str], count: int) -> Seen:
    """What is seen of so many answers, a row each. names: of all groups that there could be."""
    schema = {"x": pl.Float64, "y": pl.Float64, "z": pl.Float64, "g": pl.String, "who": pl.String}
    table = pl.DataFrame(rows, schema=schema).lazy()
    places = [*names, None, ""]
    with pytest.MonkeyPatch.context() as patch:
        if found.query.unit.column is None:
            # Nothing is drawn while the table is read: once is as good as every time. Neither where it is counted, unless what
            # is counted depends on the groups that are shown.
            read_once(patch, "read", scan.read(table, found.query))
            if found.discovered is None:
                counted = scan.read(table, found.query)
                if found.query.choice is None:
                    read_once(patch, "totals", scan.totals(counted, found.columns))
                elif found.query.choice.column is not None:
                    choice = found.query.choice
                    read_once(patch, "candidate_counts", scan.candidate_counts(counted, choice.column, choice.candidates))
        return np.array([seen(compute(table, found), places, found) for _ in range(count)])


def read_once(patch: pytest.MonkeyPatch, name: str, result: Any) -> None:
    patch.setattr(scan, name, lambda *_: result)


def seen(answers: list[Answer], places: list[str | None], found: Plan) -> list[float]:
    """Which groups are shown, as one number, and every number of every group, 0 for those of a group that is not."""
    columns = [column.column.name for column in found.columns] or [""]
    known = {(each.group.key if each.group else "", each.column.name if each.column else ""): each.result for each in answers}
    if found.query.choice is not None:
        known = {(group, ""): result for (group, _), result in known.items()}
    shown = {group for group, _ in known}
    width = max(len(numbers_of(each)) for each in known.values()) if known else 0
    width = max(width, max((column.column.bins.count for column in found.columns if column.column.bins), default=5))
    numbers = [float(sum(1 << at for at, each in enumerate(places) if each in shown))]
    for place, column in itertools.product(places, columns):
        one = numbers_of(known[place, column]) if (place, column) in known else []
        numbers += [*one, *[0.0] * (width - len(one))]
    return numbers


def numbers_of(result: Estimate | Histogram | int | None) -> list[float]:
    if isinstance(result, Estimate):
        return [result.value, result.rows or 0.0, *result.interval, result.deviation]
    return list(result.counts) if isinstance(result, Histogram) else [float(result or 0)]


# The search.


@dataclass(frozen=True)
class Leak:
    """A lower bound of the delta that an answer has at the epsilon that it claims, and what shows it."""

    delta: float
    event: str


def searched(one: Seen, other: Seen, epsilon: float) -> Leak:
    """The greatest such bound over a few events in both directions, at ALPHA over all of them together."""
    half = len(one) // 2
    events = [
        (f"{what} {kind}", score, least, direction)
        for what, direction in (("one", (one, other)), ("other", (other, one)))
        for kind, score, least in events_of(direction[0][:half], direction[1][:half], epsilon)
    ]
    found = []
    for kind, score, least, (mine, theirs) in events:
        hits = [int((score(each[half:]) >= least).sum()) for each in (mine, theirs)]
        p = clopper_pearson(hits[0], len(one) - half, ALPHA / len(events))[0]
        q = clopper_pearson(hits[1], len(one) - half, ALPHA / len(events))[1]
        found.append(Leak(p - math.exp(epsilon) * q, kind))
    return max(found, key=lambda each: each.delta, default=Leak(0.0, "nothing moves"))


def events_of(one: Seen, other: Seen, epsilon: float) -> Iterator[tuple[str, Score, float]]:
    """Of every family the event that promises most: that a score is at least so much."""
    both = np.concatenate([one, other])
    moving = [place for place in range(both.shape[1]) if np.ptp(both[:, place]) > 0.0]
    if not moving:
        return
    ratios = [(f"{place}", likelihood(one, other, place)) for place in moving]
    families: dict[str, list[tuple[str, Score]]] = {
        "threshold": [(f"{sign}{place}", of_column(place, sign)) for place in moving for sign in (1, -1)],
        "likelihood": ratios,
        "likelihoods": [("all", lambda numbers: np.sum([ratio(numbers) for _, ratio in ratios], axis=0))],
        "logistic": [("all", logistic(one[:, moving], other[:, moving], moving))],
    }
    for family, scores in families.items():
        best = max((*promise(score(one), score(other), epsilon), name, place) for place, (name, score) in enumerate(scores))
        yield f"{family} {best[2]}", scores[best[3]][1], best[1]


def of_column(place: int, sign: int) -> Score:
    return lambda numbers: sign * numbers[:, place]


def promise(one: NDArray[np.float64], other: NDArray[np.float64], epsilon: float) -> tuple[float, float]:
    """Of all events {score >= t} the one that would have the greatest lower bound, by Wilson's intervals, and its t."""
    edges = np.unique(np.quantile(one, np.linspace(0.0, 1.0, 129), method="inverted_cdf"))
    count, z = len(one), 5.5
    p = 1.0 - np.searchsorted(np.sort(one), edges) / count
    q = 1.0 - np.searchsorted(np.sort(other), edges) / count

    def wilson(share: NDArray[np.float64], side: int) -> NDArray[np.float64]:
        width = z * np.sqrt(share * (1.0 - share) / count + (z / (2 * count)) ** 2)
        found: NDArray[np.float64] = (share + z * z / (2 * count) + side * width) / (1.0 + z * z / count)
        return found

    bounds = wilson(p, -1) - math.exp(epsilon) * wilson(q, 1)
    best = int(np.argmax(bounds))
    return float(bounds[best]), float(edges[best])


def likelihood(one: Seen, other: Seen, place: int) -> Score:
    """How much likelier one table makes a number of this column than the other does, by bins of about equal mass."""
    both = np.concatenate([one[:, place], other[:, place]])
    edges = np.unique(np.quantile(both, np.linspace(0.0, 1.0, 25)[1:], method="inverted_cdf"))

    def binned(numbers: Seen) -> NDArray[np.int64]:
        return np.searchsorted(edges, numbers[:, place])

    counts = [np.bincount(binned(each), minlength=len(edges) + 1) + 0.5 for each in (one, other)]
    ratio = np.log(counts[0] / counts[1])
    return lambda numbers: ratio[binned(numbers)]


def logistic(one: Seen, other: Seen, places: list[int]) -> Score:
    """The score of a logistic regression, by a few of Newton's steps with a slight pull towards 0."""
    both = np.concatenate([one, other])
    middle, spread = both.mean(axis=0), both.std(axis=0)

    def laid(numbers: Seen) -> Seen:
        return np.column_stack([np.ones(len(numbers)), (numbers - middle) / spread])

    x, label = laid(both), np.repeat([1.0, 0.0], [len(one), len(other)])
    slopes = np.zeros(x.shape[1])
    pull = 1e-4 * np.eye(x.shape[1])
    for _ in range(12):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ slopes, -30.0, 30.0)))
        weighted = x * (p * (1.0 - p))[:, None]
        slopes += np.linalg.solve(x.T @ weighted + pull, x.T @ (label - p) - pull @ slopes)
    return lambda numbers: laid(numbers[:, places]) @ slopes


def claimed(found: Plan) -> tuple[float, float]:
    """The epsilon and delta of two neighbours: what is charged, and no more than what was asked for."""
    query = found.query
    asked = sum(column.epsilon or 0 for column in query.columns) or query.epsilon
    touched = 1
    if query.group_by is not None:
        touched = query.unit.max_groups * (2 if query.unit.neighbouring is Neighbouring.SUBSTITUTE else 1)
    return min(found.epsilon, asked * touched) / E9, min(found.delta, query.delta * touched) / D18


def leak(found: Plan, pair: Pair, count: int) -> Leak | None:
    """What the search finds beyond what is claimed."""
    names = sorted({row["g"] for rows in pair for row in rows if row["g"] is not None} | {"a", "b"})
    epsilon, delta = claimed(found)
    one, other = (drawn(found, rows, names, count) for rows in pair)
    result = searched(one, other, epsilon)
    return result if result.delta > delta else None


# Queries and tables.

X, Y, Z = Column("x", "x", Bounds(-3.0, 7.0)), Column("y", "y", Bounds(-1.0, 1.0)), Column("z", "z", Bounds(-1.0, 1.0))
LISTED = GroupBy("g", (GroupKey("a"), GroupKey("b", E9 // 2)), Unlisted.OTHER, 1)
DISCOVERED = GroupBy("g", (GroupKey("a"),), Unlisted.DISCOVER, 2)
WORDS = Choice(("a", "b", "c"), "g", (), 1.0, monotone=False)
FIGURES = Choice((-3.0, 7.0), "x", (), 1.0, monotone=False)
ANY_NOISE = tuple(NoiseType)
FINE_NOISE = (NoiseType.LAPLACE, NoiseType.GAUSSIAN)
KINDS: list[tuple[Query, tuple[NoiseType, ...]]] = [
    (Query(Statistic.COUNT, (ALL_ROWS,), E9), ANY_NOISE),
    (Query(Statistic.SUM, (X,), E9), ANY_NOISE),
    (Query(Statistic.MEAN, (X,), E9), FINE_NOISE),
    (Query(Statistic.VARIANCE, (X,), E9), FINE_NOISE),
    (Query(Statistic.MEAN, (X, Y), E9), FINE_NOISE),
    (Query(Statistic.SUM, (replace(X, epsilon=E9 // 2), replace(Y, epsilon=E9)), E9), FINE_NOISE),
    (Query(Statistic.HISTOGRAM, (Column("x", "x", None, Bins((-3.0, 0.0, 2.0, 7.0), clamp=True)),), E9), ANY_NOISE),
    (Query(Statistic.HISTOGRAM, (Column("g", "g", None, Bins(categories=("a", "b"))),), E9), FINE_NOISE),
    (Query(Statistic.CHOICE, (), E9, choice=WORDS), (NoiseType.LAPLACE,)),
    (Query(Statistic.CHOICE, (), E9, choice=FIGURES, group_by=LISTED), (NoiseType.LAPLACE,)),
    (Query(Statistic.COUNT, (ALL_ROWS,), E9, group_by=LISTED), FINE_NOISE),
    (Query(Statistic.MEAN, (X,), E9, group_by=LISTED), FINE_NOISE),
    (Query(Statistic.COUNT, (ALL_ROWS,), E9, group_by=DISCOVERED), FINE_NOISE),
    (Query(Statistic.SUM, (X,), E9, group_by=DISCOVERED), FINE_NOISE),
    (Query(Statistic.CHOICE, (), E9, choice=FIGURES, group_by=DISCOVERED), (NoiseType.LAPLACE,)),
]
KNOWN_SIZE = [(Query(each, (X,), E9, dataset_size=3), FINE_NOISE) for each in (Statistic.MEAN, Statistic.VARIANCE)]
PERSONS = Query(Statistic.SUM, (X,), E9, group_by=DISCOVERED, unit=Unit(max_contributions=2, column="who"))
CELLS = [-3.0, 7.0, 2.0, None, math.nan, math.inf, -math.inf, 1e308, -1e308]


def queries() -> Iterator[Query]:
    """Every kind with every noise that it takes, for both relations."""
    for relation in Neighbouring:
        for query, noises in [*KINDS, *(KNOWN_SIZE if relation is Neighbouring.SUBSTITUTE else [])]:
            for noise in noises:
                needs = noise.is_gaussian or query.group_by is DISCOVERED
                yield replace(query, noise=noise, delta=D18 // 50 if needs else 0, unit=Unit(relation))
        yield replace(PERSONS, delta=D18 // 50, unit=replace(PERSONS.unit, neighbouring=relation))


def row(x: Any, group: str | None = "a", who: str = "p", y: float = 1.0, z: float = -1.0) -> Row:
    return {"x": x, "y": y, "z": z, "g": group, "who": who}


def any_row(chance: random.Random, who: str) -> Row:
    x = chance.choice(CELLS) if chance.random() < 0.5 else chance.uniform(-3.0, 7.0)
    return row(x, chance.choice(["a", "a", "b", "c", None]), who, chance.choice([-1.0, 1.0, 0.3]), chance.uniform(-2.0, 2.0))


def neighbours(chance: random.Random, query: Query) -> Pair:
    """Two tables of up to five rows that differ by one unit: any rows, or all at one bound and one, which may be alone in its
    group, at the other.
    """
    others = chance.randrange(5) if query.dataset_size is None else query.dataset_size - 1
    rows = query.unit.max_contributions
    if chance.random() < 0.5:
        shared = [any_row(chance, f"o{at}") for at in range(others)]
        one, two = ([any_row(chance, who) for _ in range(rows)] for who in ("one", "two"))
    else:
        low, high = chance.sample([-3.0, 7.0], 2)
        shared = [row(low, "a", f"o{at}", y=-1.0) for at in range(others)]
        one = [row(high, chance.choice("ab"), "one", y=1.0)] * rows
        two = [row(low, chance.choice("ac"), "two", y=-1.0)] * rows
    return [*shared, *one], [*shared, *(two if query.unit.neighbouring is Neighbouring.SUBSTITUTE else [])]


@pytest.mark.timeout(3600)
def test_no_answer_tells_neighbours_apart_better_than_it_may() -> None:
    chance = random.SystemRandom()
    everything = list(queries())
    for query in chance.sample(everything, min(KINDS_TRIED, len(everything))):
        # Where units are named, each answer reads the table.
        count = DRAWN if query.unit.column is None else DRAWN // 4
        for _ in range(PAIRS):
            # With little epsilon all tables are much alike; with much, events that tell them apart are rare.
            asked = replace(query, epsilon=chance.choice([E9 // 2, E9, 2 * E9]))
            found, pair = plan(asked), neighbours(chance, asked)
            first = leak(found, pair, count)
            again = leak(found, pair, count) if first is not None else None
            assert again is None, f"{claimed(found)}: {first}, then {again}: {asked} of {pair}"


# The mutants: each is found by the search that finds nothing in what they are mutants of.

Change = Callable[[pytest.MonkeyPatch, Query], Plan]


def halved(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """Half of the noise that is needed; of four Gaussian sums as much as each would need alone."""
    real, reals = plan_module.laplace, plan_module.gaussian
    patch.setattr(plan_module, "laplace", lambda sensitivity, epsilon: real(sensitivity, epsilon * 2))
    patch.setattr(plan_module, "gaussian", lambda sensitivity, ratio: reals(sensitivity, ratio * 2))
    return plan(query)


def of_added_rows(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """What an added row moves, where rows are replaced."""
    real = plan_module.parts_of
    patch.setattr(plan_module, "parts_of", lambda query, column: real(replace(query, unit=Unit()), column))
    return plan(query)


def reused(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """One draw for all columns."""

    class Same(Draws):
        def take(self, noise: Noise) -> int:
            self.first: int = getattr(self, "first", None) or super().take(noise)
            return self.first

    patch.setattr(compute_module, "Draws", Same)
    return plan(query)


def lowered(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """A threshold that a lone unit's group often passes."""
    patch.setattr(plan_module, "threshold", lambda *_: 1)
    return plan(query)


def by_exact_size(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """Groups of at least the least size are shown, with no noise in it: exact."""
    none = Noise(False, Fraction(1, 1000))
    return replace(plan(query), threshold=Threshold(none, query.group_by.min_size - 1 if query.group_by else 0, 1))


def of_the_data(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """All groups that the table has are shown."""
    return replace(plan(query), threshold=Threshold(Noise(False, Fraction(1, 1000)), 0, 1))


def doubled(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """Twice the epsilon that was asked for."""
    real = plan_module._epsilons
    patch.setattr(plan_module, "_epsilons", lambda query, group: [2 * each for each in real(query, group)])
    return plan(query)


def half_charged(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """Half of the epsilon on the bill."""
    real = plan_module.Event
    patch.setattr(plan_module, "Event", lambda epsilon, *more, **named: real(epsilon // 2, *more, **named))
    return plan(query)


def one_group_charged(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """The group that a replaced unit leaves is charged, that which it enters is not."""
    patch.setattr(plan_module, "_touched", lambda query: query.unit.max_groups)
    return plan(query)


def sharper_choice(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """A choice that follows the utilities three times as closely."""
    found = plan(query)
    return replace(found, groups=tuple(replace(each, choice_scale=each.choice_scale / 3) for each in found.groups))


def unclipped(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """Values that are clipped to a bound twice as far."""
    found = plan(query)
    wide = [replace(each, grid=replace(each.grid, upper=2 * each.grid.upper)) for each in found.columns if each.grid]
    return replace(found, columns=tuple(wide))


def uncounted(patch: pytest.MonkeyPatch, query: Query) -> Plan:
    """The exact number of rows beside a noisy sum."""
    found = plan(query)
    (column,) = found.groups[0].columns
    exact = replace(column, noises=(*column.noises[:-1], Noise(False, Fraction(1, 1000))))
    return replace(found, groups=(replace(found.groups[0], columns=(exact,)),))


REPLACED = Unit(Neighbouring.SUBSTITUTE)
DISCOVERED_ALL = GroupBy("g", (), Unlisted.DISCOVER, 1)
THREE_AT_LEAST = GroupBy("g", (), Unlisted.DISCOVER, 3)
SUM = Query(Statistic.SUM, (X,), 2 * E9)
ONE_MORE: Pair = ([row(7.0)], [])
ANOTHER: Pair = ([row(-3.0, y=-1.0)], [row(7.0)])
ONE_ROW = Query(Statistic.COUNT, (ALL_ROWS,), E9, D18 // 100, group_by=DISCOVERED_ALL)
MUTANTS: list[tuple[Change, Query, Pair, int]] = [
    (halved, SUM, ONE_MORE, 2000),
    (halved, Query(Statistic.COUNT, (ALL_ROWS,), 2 * E9, noise=NoiseType.DISCRETE_LAPLACE), ONE_MORE, 1000),
    (halved, replace(SUM, epsilon=E9 // 2, delta=D18 // 5, noise=NoiseType.GAUSSIAN), ONE_MORE, 2400),
    (halved, Query(Statistic.SUM, (X, Y, X, Z), E9 // 2, D18 // 5, NoiseType.GAUSSIAN), ONE_MORE, 4000),
    (of_added_rows, replace(SUM, columns=(Y,), unit=REPLACED), ANOTHER, 2000),
    (of_added_rows, replace(KINDS[6][0], epsilon=2 * E9, unit=REPLACED), ANOTHER, 3500),
    (reused, replace(SUM, columns=(Y, Z)), ONE_MORE, 500),
    (lowered, ONE_ROW, ONE_MORE, 800),
    (of_the_data, ONE_ROW, ONE_MORE, 300),
    (by_exact_size, replace(ONE_ROW, group_by=THREE_AT_LEAST), ([row(0.0)] * 3, [row(0.0)] * 2), 300),
    (doubled, SUM, ONE_MORE, 2000),
    (doubled, Query(Statistic.MEAN, (X,), 2 * E9), ONE_MORE, 4000),
    (half_charged, replace(SUM, epsilon=4 * E9), ONE_MORE, 2000),
    (
        one_group_charged,
        replace(ONE_ROW, epsilon=2 * E9, delta=0, group_by=LISTED, unit=REPLACED),
        ([row(0.0)], [row(0.0, "c")]),
        3000,
    ),
    (sharper_choice, Query(Statistic.CHOICE, (), E9, choice=FIGURES), ONE_MORE, 2000),
    (unclipped, SUM, ([row(1e308)], []), 2000),
    (uncounted, Query(Statistic.MEAN, (X,), E9), ONE_MORE, 300),
]
"""Each with how many answers of each table find it: the bound is then five standard deviations or more above delta, in a normal
approximation, so that even one try misses it less than once in 10^6 runs; there are two."""


@pytest.mark.parametrize(
    ("change", "query", "pair", "count"), MUTANTS, ids=[f"{each[0].__name__}-{each[1].statistic}" for each in MUTANTS]
)
def test_mutants_are_found(change: Change, query: Query, pair: Pair, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if FULL:
        assert leak(plan(query), pair, count) is None or leak(plan(query), pair, count) is None
    mutant = change(monkeypatch, query)
    assert leak(mutant, pair, count) is not None or leak(mutant, pair, count) is not None
