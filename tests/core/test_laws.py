"""Laws that hold for every table: hypothesis looks for one that breaks them, and shows the smallest it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from counts import FULL
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import compare, door
from oracle.losses import AGGREGATES, MARGINAL, MEASURES, Objective, loss
from oracle.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    Model,
    RecursiveDiversity,
)
from oracle.search import Oracle, Task
from oracle.table import Attribute, Levels, Sensitive, Table

from shoal import kernels

LAW = settings(
    max_examples=600 if FULL else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    print_blob=True,
)
SHARES = st.sampled_from([Fraction(n, 20) for n in range(21)])


@st.composite
def hierarchies(draw: st.DrawFn, leaves: int) -> tuple[tuple[int, ...], ...]:
    """Up to three nested levels."""
    maps: list[tuple[int, ...]] = []
    below = tuple(range(leaves))
    for _ in range(draw(st.integers(0, 3))):
        parents = draw(st.lists(st.integers(0, max(below) // 2), min_size=max(below) + 1, max_size=max(below) + 1))
        dense = sorted(set(parents))
        below = tuple(dense.index(parents[code]) for code in below)
        maps.append(below)
    return tuple(maps)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Up to three attributes and one sensitive column of up to sixteen records."""
    records = draw(st.integers(1, 16))
    attributes = []
    for _ in range(draw(st.integers(1, 3))):
        leaves = draw(st.integers(1, 5))
        codes = draw(st.lists(st.integers(0, leaves - 1), min_size=records, max_size=records))
        attributes.append(Attribute(tuple(codes), leaves, draw(hierarchies(leaves))))
    values = draw(st.lists(st.integers(0, 3), min_size=records, max_size=records))
    dense = sorted(set(values))
    count = len(dense)
    column = Sensitive(
        tuple(dense.index(value) for value in values), count, positions=(1, 2, 5, 9)[:count], maps=draw(hierarchies(count))
    )
    return Table(tuple(attributes), (column,))


CONVEX = st.one_of(
    st.builds(KAnonymity, st.integers(1, 6)),
    st.builds(DistinctDiversity, st.just(0), st.integers(1, 4)),
    st.builds(EntropyDiversity, st.just(0), st.sampled_from([1.0, 1.3, 1.8, 2.0, 2.5, 3.0])),
    st.builds(RecursiveDiversity, st.just(0), st.sampled_from([Fraction(n, 4) for n in range(1, 13)]), st.integers(1, 3)),
    st.builds(Closeness, st.just(0), st.sampled_from(["EQUAL", "ORDERED", "HIERARCHICAL", "WASSERSTEIN"]), SHARES),
    st.builds(BetaLikeness, st.just(0), st.sampled_from([Fraction(n, 5) for n in range(1, 16)]), st.booleans()),
)
OTHERS = st.one_of(
    st.builds(EntropyDiversity, st.just(0), st.sampled_from([1.3, 2.0, 3.0]), st.just(value=True)),
    st.builds(DeltaDisclosure, st.just(0), st.sampled_from([0.2, 0.5, 1.0, 1.5])),
    st.builds(AverageRisk, SHARES.filter(bool)),
)
MODELS = st.lists(CONVEX | OTHERS, min_size=1, max_size=3)
OBJECTIVES = st.builds(Objective, st.sampled_from(MEASURES), st.sampled_from(AGGREGATES))


def optimum(opened: kernels.Table, models: Sequence[Model], limit: int, goal: Objective) -> float:
    """The engine's least loss, infinite when nothing qualifies."""
    try:
        return compare.search(opened, Task(tuple(models), limit, goal), kernels.Limits()).loss
    except kernels.Infeasible:
        return float("inf")


def falls(losses: Sequence[float]) -> bool:
    """Whether no loss is above the one before."""
    return all(after <= before * (1 + 1e-12) + 1e-14 for before, after in pairwise(losses))


def successors(table: Table, levels: Levels) -> list[Levels]:
    """The nodes one level above a node."""
    return [(*levels[:j], level + 1, *levels[j + 1 :]) for j, level in enumerate(levels) if level < table.attributes[j].height]


@LAW
@given(tables(), st.lists(CONVEX, min_size=1, max_size=3))
def test_generalising_never_breaks_a_convex_model(table: Table, models: list[Model]) -> None:
    nodes = list(table.nodes())
    oracle = Oracle(table)
    answers = door.opened(table).evaluate(
        nodes, [door.model(model) for model in models], suppression_limit=0, objective=kernels.Objective()
    )
    satisfied = {levels: answer.satisfied for levels, answer in zip(nodes, answers, strict=True)}
    for levels in nodes:
        assert satisfied[levels] == oracle.node(levels, models).satisfies(0)
        for above in successors(table, levels):
            assert satisfied[above] or not satisfied[levels], (levels, above)


@LAW
@given(tables(), MODELS, OBJECTIVES)
def test_the_loss_falls_as_the_limit_grows(table: Table, models: list[Model], goal: Objective) -> None:
    opened = door.opened(table)
    assert falls([optimum(opened, models, limit, goal) for limit in range(table.rows + 1)])


@LAW
@given(tables(), MODELS, OBJECTIVES, st.integers(0, 16))
def test_the_loss_falls_as_k_falls(table: Table, models: list[Model], goal: Objective, limit: int) -> None:
    """Under other models, too: but not under an average risk, which smaller classes can break, and not for the divergence:
    spread over the whole domain, more suppressed rows can lie closer to the input than few.
    """
    assume(goal.measure != "KL_DIVERGENCE")
    others = [model for model in models if not isinstance(model, AverageRisk)]
    opened = door.opened(table)
    ks = range(6, 0, -1)
    assert falls([optimum(opened, [KAnonymity(k), *others], min(limit, table.rows), goal) for k in ks])


@LAW
@given(tables(), MODELS, CONVEX, OBJECTIVES, st.integers(0, 16))
def test_one_more_model_never_gains(table: Table, models: list[Model], more: Model, goal: Objective, limit: int) -> None:
    assume(goal.measure != "KL_DIVERGENCE")
    others = [model for model in models if not isinstance(model, AverageRisk)]
    opened = door.opened(table)
    assert falls([optimum(opened, chosen, min(limit, table.rows), goal) for chosen in ([*others, more], others)])


@LAW
@given(tables(), MODELS, OBJECTIVES, st.integers(0, 16), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    table: Table, models: list[Model], goal: Objective, limit: int, random: object
) -> None:
    order = list(range(table.records))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = Table(
        tuple(replace(a, codes=tuple(a.codes[record] for record in order)) for a in table.attributes),
        tuple(replace(c, codes=tuple(c.codes[record] for record in order)) for c in table.sensitive),
    )
    task = Task(tuple(models), min(limit, table.rows), goal)
    try:
        found = compare.search(door.opened(table), task, kernels.Limits())
    except kernels.Infeasible:
        with pytest.raises(kernels.Infeasible):
            compare.search(door.opened(shuffled), task, kernels.Limits())
        return
    again = compare.search(door.opened(shuffled), task, kernels.Limits())
    assert (again.levels, again.suppressed, again.classes) == (found.levels, found.suppressed, found.classes)
    assert again.loss == pytest.approx(found.loss, rel=1e-12, abs=1e-14)
    kept = [
        opened.release(found.levels, [door.model(model) for model in models], objective=door.objective(goal)).kept
        for opened in (door.opened(table), door.opened(shuffled))
    ]
    assert kept[1].tolist() == kept[0][order].tolist()


@LAW
@given(tables(), MODELS, OBJECTIVES, st.integers(0, 16), st.data())
def test_the_order_of_attributes_changes_no_loss(
    table: Table, models: list[Model], goal: Objective, limit: int, data: st.DataObject
) -> None:
    count = len(table.attributes)
    order = data.draw(st.permutations(range(count)))
    weights = data.draw(st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0]), min_size=count, max_size=count))
    permuted = Table(tuple(table.attributes[j] for j in order), table.sensitive)
    goals = [replace(goal, weights=tuple(weights)), replace(goal, weights=tuple(weights[j] for j in order))]
    losses = [
        optimum(door.opened(source), models, min(limit, table.rows), aim)
        for source, aim in zip((table, permuted), goals, strict=True)
    ]
    assert losses[1] == pytest.approx(losses[0], rel=1e-12, abs=1e-14)


@LAW
@given(tables(), MODELS, OBJECTIVES, st.integers(0, 16), st.data())
def test_multiplicities_are_repeated_rows(
    table: Table, models: list[Model], goal: Objective, limit: int, data: st.DataObject
) -> None:
    counts = data.draw(st.lists(st.integers(1, 3), min_size=table.records, max_size=table.records))
    places = np.repeat(np.arange(table.records), counts).tolist()
    counted = replace(table, counts=tuple(counts))
    repeated = Table(
        tuple(replace(a, codes=tuple(a.codes[record] for record in places)) for a in table.attributes),
        tuple(replace(c, codes=tuple(c.codes[record] for record in places)) for c in table.sensitive),
    )
    opened = [door.opened(counted), door.opened(repeated)]
    kernel_models, aim = [door.model(model) for model in models], door.objective(goal)
    limit = min(limit, counted.rows)
    nodes = list(table.nodes())
    answers = [one.evaluate(nodes, kernel_models, suppression_limit=limit, objective=aim) for one in opened]
    assert answers[0] == answers[1]
    assert optimum(opened[0], models, limit, goal) == optimum(opened[1], models, limit, goal)
    for answer in answers[0]:
        if answer.classes:
            first, second = (one.release(answer.levels, kernel_models, objective=aim) for one in opened)
            assert first.class_of_record[places].tolist() == second.class_of_record.tolist()
            assert first.suppressed == second.suppressed
            assert (first.measured, first.losses) == (second.measured, second.losses)


@LAW
@given(tables(), MODELS)
def test_every_measure_has_a_bound_without_suppression(table: Table, models: list[Model]) -> None:
    """What the search prunes with, of the definitions alone: a node's loss if nothing were suppressed grows upwards, and is
    never above its loss.
    """
    oracle = Oracle(table)
    for measure in MEASURES:
        goal = Objective(measure, "ARITHMETIC_MEAN")
        free = {levels: loss(table, levels, oracle.groups(levels), goal).value for levels in table.nodes()}
        for levels, base in free.items():
            node = oracle.node(levels, models)
            if node.released:
                assert base <= oracle.loss(node, goal).value * (1 + 1e-12) + 1e-12, (measure, levels)
            assert all(base <= free[above] * (1 + 1e-12) + 1e-12 for above in successors(table, levels)), (measure, levels)
    assert set(MARGINAL) < set(MEASURES)
