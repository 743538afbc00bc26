"""What one row or one person can move, found by trying: every small table over values that matter, and random large ones.

This is the deterministic half of the privacy claim: the noise is calibrated to what the parts say, so what the parts say must
be true of the numbers that the table gives, and of the claim that is charged. Each check is run on a mutant that it must catch.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from counts import FULL

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.budget import events as ledger
from shoal.budget.messages import order
from shoal.dp import messages, scan
from shoal.dp import parts as parts_module
from shoal.dp import plan as plan_module
from shoal.dp.compute import compute
from shoal.dp.estimates import Estimate
from shoal.dp.parts import ColumnParts, parts_of
from shoal.dp.plan import Event, plan
from shoal.dp.query import (
    Bins,
    Bounds,
    Column,
    Comparison,
    Condition,
    GroupBy,
    GroupKey,
    Neighbouring,
    NoiseType,
    Query,
    Statistic,
    Unit,
    Unlisted,
)

E9 = EPSILON_UNITS
CELLS = [None, -3.0, 7.0, 2.0, 0.5, math.inf, -math.inf, math.nan, 1e308]
STATISTICS = [Statistic.MEAN, Statistic.SUM, Statistic.VARIANCE, Statistic.COUNT, Statistic.HISTOGRAM]
RELATIONS = list(Neighbouring)


def asked(statistic: Statistic, relation: Neighbouring = Neighbouring.ADD_REMOVE, **more: Any) -> Query:
    bounds = more.pop("bounds", Bounds(-3.0, 7.0))
    bins = Bins(edges=(-3.0, 0.0, 1.0, 7.0), clamp=True) if statistic is Statistic.HISTOGRAM else None
    needs = statistic in (Statistic.MEAN, Statistic.SUM, Statistic.VARIANCE)
    column = Column("x", "x", bounds if needs else None, bins)
    unit = more.pop("unit", Unit(relation))
    return Query(statistic, (column,), E9, unit=unit, **more)


def numbers(query: Query, cells: Sequence[Any], found: ColumnParts | None = None) -> list[list[int]]:
    """The parts of a table of one column, by the code that answers."""
    table = pl.DataFrame({"x": pl.Series(cells, dtype=pl.Float64, strict=False)}).lazy()
    (group,) = scan.totals(scan.read(table, query), [found or parts_of(query, query.columns[0])])
    return [each if isinstance(each, list) else [each] for each in group[0]]


def neighbours(relation: Neighbouring) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """All pairs of tables of up to two rows and one more, over the cells."""
    for size in range(3):
        for cells in itertools.combinations_with_replacement(range(len(CELLS)), size):
            for other in range(len(CELLS)):
                more = (*cells, other)
                if relation is Neighbouring.ADD_REMOVE:
                    yield tuple(CELLS[at] for at in cells), tuple(CELLS[at] for at in more)
                elif size == 0:
                    for third in range(len(CELLS)):
                        yield (CELLS[other],), (CELLS[third],)
                else:
                    yield tuple(CELLS[at] for at in cells), tuple(CELLS[at] for at in (*cells[:-1], other))


def moved_most(query: Query, found: ColumnParts) -> list[tuple[int, float]]:
    """How far each part is moved by one row at most, in l1 and l2."""
    known: dict[tuple[Any, ...], list[list[int]]] = {}

    def of(cells: tuple[Any, ...]) -> list[list[int]]:
        key = tuple(map(repr, cells))
        if key not in known:
            known[key] = numbers(query, cells, found)
        return known[key]

    most = [(0, 0.0)] * len(found.parts)
    for one, other in neighbours(query.unit.neighbouring):
        for place, (mine, theirs) in enumerate(zip(of(one), of(other), strict=True)):
            apart = [abs(a - b) for a, b in zip(mine, theirs, strict=True)]
            l1, l2 = most[place]
            most[place] = (max(l1, sum(apart)), max(l2, math.sqrt(sum(each * each for each in apart))))
    return most


def holds(query: Query, found: ColumnParts) -> bool:
    moved = moved_most(query, found)
    return all(l1 <= part.l1 and l2 <= part.l2 for part, (l1, l2) in zip(found.parts, moved, strict=True))


CASES = [
    *(asked(statistic, relation) for statistic in STATISTICS for relation in RELATIONS),
    *(asked(Statistic.SUM, relation, bounds=bounds) for relation in RELATIONS for bounds in (Bounds(100, 101), Bounds(-9, -8))),
    *(asked(Statistic.SUM, relation, noise=NoiseType.DISCRETE_LAPLACE) for relation in RELATIONS),
    *(asked(statistic, Neighbouring.SUBSTITUTE, dataset_size=3) for statistic in (Statistic.MEAN, Statistic.VARIANCE)),
]


@pytest.mark.parametrize("query", CASES, ids=lambda query: f"{query.statistic}-{query.unit.neighbouring}-{query.noise}")
def test_no_row_moves_more_than_declared_and_some_row_moves_as_much(query: Query) -> None:
    found = parts_of(query, query.columns[0])
    for part, (l1, l2) in zip(found.parts, moved_most(query, found), strict=True):
        assert l1 <= part.l1
        assert l2 <= part.l2
        # Tight, but for the half-open shift of squares and for a count whose rows cannot vanish.
        assert l1 >= part.l1 * 0.999
        assert l2 >= part.l2 * 0.999


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("relation", RELATIONS)
def test_one_row_among_many_moves_no_more(relation: Neighbouring, statistic: Statistic) -> None:
    """Random tables of up to a hundred rows, and about where a scan may cut a table into pieces, that differ by one row."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    query = asked(statistic, relation)
    found = parts_of(query, query.columns[0])
    sizes = [chance.randrange(100) for _ in range(1000 if FULL else 20)]
    for size in [*sizes, *(2**20 + more for more in (-1, 0, 1) if FULL), 2**16]:
        values = [*CELLS, chance.uniform(-4, 8), chance.uniform(-1e9, 1e9)]
        cells = chance.choices(values, k=size)
        place, other = chance.randrange(size + 1), chance.choice(values)
        kept = cells[place + 1 :] if relation is Neighbouring.SUBSTITUTE else cells[place:]
        pair = [numbers(query, table, found) for table in (cells, [*cells[:place], other, *kept])]
        if relation is Neighbouring.SUBSTITUTE and place == size:
            continue  # one more, and none less
        for part, mine, theirs in zip(found.parts, *pair, strict=True):
            apart = [abs(a - b) for a, b in zip(mine, theirs, strict=True)]
            assert sum(apart) <= part.l1, f"seed {seed}, {size} rows"
            assert math.sqrt(sum(each * each for each in apart)) <= part.l2, f"seed {seed}, {size} rows"


def test_mutants_of_sensitivities_are_caught() -> None:
    mean = asked(Statistic.MEAN)
    found = parts_of(mean, mean.columns[0])
    halved = replace(found, parts=tuple(replace(part, l1=part.l1 // 2, l2=part.l2 / 2) for part in found.parts))
    assert holds(mean, found)
    assert not holds(mean, halved)
    # That of adding and removing, used where rows are replaced; and U - L where a row may cease to count.
    replaced = asked(Statistic.MEAN, Neighbouring.SUBSTITUTE)
    assert not holds(replaced, found)
    high = asked(Statistic.SUM, Neighbouring.SUBSTITUTE, bounds=Bounds(100, 101))
    right = parts_of(high, high.columns[0])
    assert right.grid is not None
    width = right.grid.ends[1] - right.grid.ends[0]
    assert holds(high, right)
    assert not holds(high, replace(right, parts=(replace(right.parts[0], l1=width, l2=float(width)),)))


def test_nan_passed_to_the_sum_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant takes a missing value for a number far below the bounds."""
    query = asked(Statistic.SUM)
    found = parts_of(query, query.columns[0])
    monkeypatch.setattr(scan, "numbers", lambda series: series.cast(pl.Float64).fill_null(-1e9).fill_nan(1e9).to_numpy())
    assert numbers(query, [None], found) != [[0]]


def grouped(relation: Neighbouring, units: Unit, statistic: Statistic = Statistic.SUM) -> Query:
    by = GroupBy("g", (GroupKey("a"), GroupKey("b"), GroupKey("c")), Unlisted.OTHER, 1)
    where = (Condition("w", Comparison.GREATER, 0.0),)
    return asked(statistic, relation, unit=units, group_by=by, where=where)


def person(chance: random.Random, rows: int) -> list[dict[str, Any]]:
    return [
        {"x": chance.choice(CELLS), "g": chance.choice(["a", "b", "c", "z", None]), "w": chance.choice([0, 1, 1, None])}
        for _ in range(rows)
    ]


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("relation", RELATIONS)
def test_one_person_moves_few_groups_and_each_by_little(relation: Neighbouring, statistic: Statistic) -> None:
    """Random tables that are neighbours by one person of up to three rows in up to two groups."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for _ in range(400 if FULL else 25):
        units = Unit(relation, 3, 2)
        query = grouped(relation, units, statistic)
        found = parts_of(query, query.columns[0])
        others = person(chance, chance.randrange(6))
        one, two = person(chance, chance.randrange(4)), person(chance, chance.randrange(4))
        one = [row for row in one if row["g"] in (None, "a", "b")]
        two = [row for row in two if row["g"] in (None, "b", "z")]
        pair = [[*others, *one], [*others, *(two if relation is Neighbouring.SUBSTITUTE else [])]]
        totals = [_totals(query, rows, found) for rows in pair]
        touched = 0
        for mine, theirs in zip(*totals, strict=True):
            apart = [
                [abs(a - b) for a, b in zip(_list(x), _list(y), strict=True)] for x, y in zip(mine[0], theirs[0], strict=True)
            ]
            touched += any(any(each) for each in apart)
            for part, each in zip(found.parts, apart, strict=True):
                assert sum(each) <= part.l1, f"seed {seed}"
                assert math.sqrt(sum(a * a for a in each)) <= part.l2, f"seed {seed}"
        assert touched <= 2 * (1 + (relation is Neighbouring.SUBSTITUTE)), f"seed {seed}"


def _list(number: Any) -> list[int]:
    return number if isinstance(number, list) else [number]


def _totals(query: Query, rows: list[dict[str, Any]], found: ColumnParts) -> list[list[list[Any]]]:
    schema = {"x": pl.Float64, "g": pl.String, "w": pl.Int64}
    if query.unit.column is not None:
        schema["who"] = pl.String
    return scan.totals(scan.read(pl.DataFrame(rows, schema=schema).lazy(), query), [found])


def test_a_unit_column_keeps_everybody_to_the_bounds() -> None:
    """Nobody counts with more than two rows, nor in more than one group, and everybody counts with as many as they may."""
    units = Unit(Neighbouring.ADD_REMOVE, 2, 1, "who")
    by = GroupBy("g", (GroupKey("a"), GroupKey("b")), Unlisted.DROP, 1)
    query = replace(asked(Statistic.COUNT, unit=units, group_by=by), columns=(Column("x", "x"),))
    rows = [{"x": 1.0, "g": group, "w": 1, "who": who} for who in "pq" for group in "aabb"]
    rows += [{"x": 1.0, "g": "a", "w": 1, "who": None}] * 5  # of nobody
    step = 1 << 20
    seen = set()
    for _ in range(20):
        counts = [group[0][0] for group in _totals(query, rows, parts_of(query, query.columns[0]))]
        assert sum(counts) == 4 * step
        assert all(count % (2 * step) == 0 for count in counts)  # two of each, all in one group
        seen.add(tuple(counts))
    assert len(seen) > 1  # which group, is random


GROUPS = GroupBy("g", (GroupKey("a"), GroupKey("b", 2 * E9), GroupKey("c", E9 // 3)), Unlisted.OTHER, 1)
DISCOVERED = GroupBy("g", (GroupKey("a", 3 * E9),), Unlisted.DISCOVER, 5)


def plans() -> Iterator[Query]:
    """Queries of every kind, with one to three columns, groups or none, and epsilons of their own or shared."""
    for statistic, noise, relation in itertools.product(STATISTICS, NoiseType, RELATIONS):
        if noise.is_whole and statistic in (Statistic.MEAN, Statistic.VARIANCE):
            continue
        for count, own, by in itertools.product((1, 3), (False, True), (None, GROUPS, DISCOVERED)):
            base = asked(statistic, relation, noise=noise, group_by=by, unit=Unit(relation, 3, 2))
            epsilons = [E9 * (place + 1) // 4 if own else None for place in range(count)]
            columns = tuple(replace(base.columns[0], name=f"x{at}", epsilon=each) for at, each in enumerate(epsilons))
            needs = noise.is_gaussian or by is DISCOVERED
            yield replace(base, columns=columns, delta=10**12 if needs else 0)


def paid_for(events: Sequence[tuple[Event, int]]) -> list[ledger.Event]:
    return [
        ledger.Event(
            each.epsilon / EPSILON_UNITS,
            each.delta / DELTA_UNITS,
            count,
            ledger.Mechanism.GAUSSIAN if each.sigma else ledger.Mechanism.UNKNOWN if each.delta else ledger.Mechanism.PURE,
            each.sigma,
            each.sensitivity,
        )
        for each, count in events
    ]


@functools.cache
def claims_enough(event: Event) -> bool:
    (found,) = paid_for([(event, 1)])
    return found.claims_enough()


def loss_is_covered(query: Query) -> bool:
    """Whether what a group's noise gives away is within the events that are charged for it, exactly for Laplace noise."""
    found = plan(query)
    for group in [*found.groups, *([found.discovered] if found.discovered else [])]:
        if query.noise.is_gaussian:
            for column, each in zip(found.columns, group.columns, strict=True):
                assert all(noise.is_gaussian for noise in each.noises), column
            losses = [
                (part.l2 / float(noise.scale)) ** 2
                for column, each in zip(found.columns, group.columns, strict=True)
                for part, noise in zip(column.parts, each.noises, strict=True)
            ]
            charged = sum((event.sensitivity / event.sigma) ** 2 for event in group.events)
            if math.fsum(losses) > charged * (1 + 1e-9):
                return False
            if not all(claims_enough(event) for event in group.events):
                return False
        else:
            loss = sum(
                Fraction(part.l1) / noise.scale
                for column, each in zip(found.columns, group.columns, strict=True)
                for part, noise in zip(column.parts, each.noises, strict=True)
            )
            if loss > Fraction(sum(event.epsilon for event in group.events), EPSILON_UNITS):
                return False
    return True


def test_the_noise_of_every_plan_is_within_what_is_charged() -> None:
    queries = list(plans())
    for query in queries:
        assert loss_is_covered(query), query
        found = plan(query)
        # Two groups, or four where units are replaced, and never more than there are; each by what was asked for at most.
        touched = min(4 if query.unit.neighbouring is Neighbouring.SUBSTITUTE else 2, 4)
        asked_for = sum(column.epsilon or 0 for column in query.columns) or query.epsilon
        if query.group_by is None:
            assert asked_for - 9 <= found.epsilon <= asked_for
            assert query.delta - 3 <= found.delta <= query.delta
        elif query.group_by is GROUPS:
            dearest = sorted([asked_for, 2 * E9, E9 // 3, asked_for], reverse=True)[:touched]
            assert sum(dearest) - 9 * touched <= found.epsilon <= sum(dearest)
        else:
            assert found.epsilon <= max(asked_for, 3 * E9) * touched
            assert found.delta <= query.delta * touched
        bill = ledger.Bill(paid_for(found.events))
        assert (bill.epsilon, bill.delta) == (found.epsilon, found.delta)
    assert len(queries) > 300


@pytest.mark.parametrize(("keys", "columns", "touched"), [(997, 1, 2000), (999, 1, 2000), (1500, 1, 2000), (9, 100, 10**6)])
def test_no_plan_has_more_events_than_a_spend_takes(keys: int, columns: int, touched: int) -> None:
    """Groups that each have an epsilon of their own, above that of the discovered ones, and what the thresholding costs."""
    by = GroupBy("g", tuple(GroupKey(str(at), 2 * E9 + 10**6 * at) for at in range(keys)), Unlisted.DISCOVER, 5)
    unit = Unit(Neighbouring.SUBSTITUTE, touched, touched)
    each = tuple(Column(f"x{at}", "x", Bounds(0.0, 1.0), None, E9 // columns + 10 * at) for at in range(columns))
    found = plan(Query(Statistic.SUM, each, E9, 10**11, group_by=by, unit=unit))
    spend = messages.spend(found, ["budgets/a"], str(uuid.uuid4()), "0" * 64)
    assert sum(event.epsilon * event.count for event in order(spend).events) == pytest.approx(found.epsilon / E9)
    assert len(spend.events) <= plan_module.MOST_EVENTS


def test_mutants_of_plans_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the noise; and a ledger that is told of the first part only."""
    query = asked(Statistic.VARIANCE)
    assert loss_is_covered(query)
    real = plan_module.laplace
    monkeypatch.setattr(plan_module, "laplace", lambda sensitivity, epsilon: real(sensitivity, epsilon * 2))
    assert not loss_is_covered(query)
    monkeypatch.undo()
    told = plan_module._told
    monkeypatch.setattr(plan_module, "_told", lambda parts, noises: told(parts[:1], noises))
    assert not loss_is_covered(replace(query, noise=NoiseType.GAUSSIAN, delta=10**12))


def test_rows_in_another_order_give_the_same_numbers() -> None:
    chance = random.Random(7)
    cells = [chance.choice(CELLS) if chance.random() < 0.2 else chance.uniform(-9, 9) for _ in range(3000)]
    for statistic in STATISTICS:
        query = asked(statistic)
        assert numbers(query, cells) == numbers(query, cells[::-1])


def test_an_answer_is_on_the_grid() -> None:
    """Every reply times 2^k is a whole number, also where a sum has more digits than a double."""
    table = pl.DataFrame({"x": [1.1, 2.2, 3.3] * 50}).lazy()
    for statistic in (Statistic.SUM, Statistic.COUNT):
        query = asked(statistic)
        found = plan(query)
        (answer,) = compute(table, found)
        assert isinstance(answer.result, Estimate)
        steps = math.ldexp(answer.result.value, -found.columns[0].parts[0].exponent)
        assert steps == int(steps)
    assert parts_module.COUNT_EXPONENT == -20
