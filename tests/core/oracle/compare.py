"""What the kernel answers against what the oracle says: every comparison of a search, an evaluation and a release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from oracle import door
from oracle.exact import to_float
from oracle.losses import MARGINAL, MEASURES, Loss, Objective, attribute_losses
from oracle.models import KAnonymity, Model, measured
from oracle.search import Node, Oracle, Task
from oracle.table import Levels
from shoal import kernels

SUPPRESSED = 2**32 - 1


def close(value: float) -> object:
    """Equal but for the rounding of doubles."""
    return pytest.approx(value, rel=1e-12, abs=1e-14)


def search(opened: kernels.Table, task: Task, limits: kernels.Limits, *, anytime: bool = False) -> kernels.Found:
    """The kernel's search."""
    return opened.search(
        [door.model(model) for model in task.models],
        suppression_limit=task.limit,
        objective=door.objective(task.objective),
        limits=limits,
        anytime=anytime,
    )


def assert_search(
    opened: kernels.Table, oracle: Oracle, task: Task, truth: tuple[Node, Loss] | None, limits: kernels.Limits
) -> float:
    """The kernel finds the optimum, or proves that there is none. Tells the share of the nodes that it looked at, or 1."""
    if truth is None:
        with pytest.raises(kernels.Infeasible) as raised:
            search(opened, task, limits)
        assert_infeasible(raised.value, oracle, task)
        return 1.0
    found = search(opened, task, limits)
    assert_optimum(found, oracle, task, truth)
    return found.checked / found.lattice_size


def assert_optimum(found: kernels.Found, oracle: Oracle, task: Task, truth: tuple[Node, Loss]) -> None:
    """The kernel proves the oracle's optimum."""
    node, lost = truth
    assert found.levels == node.levels
    assert_node(found, oracle, task, node, lost)
    assert found.optimal
    assert found.stopped == ""
    assert found.lower_bound == found.loss
    assert found.gap == 0.0


def assert_node(found: kernels.Found, oracle: Oracle, task: Task, node: Node, lost: Loss) -> None:
    """The kernel found this node, and knows what it does."""
    assert found.loss == close(lost.value)
    assert (found.suppressed, found.smallest, found.classes) == (node.suppressed, node.smallest, len(node.released))
    measure = task.objective.measure if task.objective.measure in MARGINAL else "LOSS"
    expected = attribute_losses(oracle.table, node.levels, node.released, measure)
    assert list(found.attribute_losses) == [close(to_float(value)) for value in expected]
    assert found.lattice_size == len(list(oracle.table.nodes()))
    assert 1 <= found.checked <= found.lattice_size
    assert found.seconds >= 0


def assert_infeasible(error: kernels.Infeasible, oracle: Oracle, task: Task) -> None:
    """Nothing qualifies, and the advice is true."""
    suppressed = {oracle.node(levels, task.models).suppressed for levels in oracle.table.nodes()}
    assert error.fewest_suppressed in suppressed
    assert error.fewest_suppressed > task.limit or error.fewest_suppressed == oracle.table.rows
    if all(isinstance(model, KAnonymity) for model in task.models):
        assert error.fewest_suppressed == min(suppressed)
        assert error.largest_k is not None
        limit = min(task.limit, oracle.table.rows - 1)
        assert oracle.fewest_suppressed([KAnonymity(error.largest_k)]) <= limit
        assert oracle.fewest_suppressed([KAnonymity(error.largest_k + 1)]) > limit


def assert_anytime(
    opened: kernels.Table, oracle: Oracle, task: Task, truth: tuple[Node, Loss] | None, limits: kernels.Limits
) -> str:
    """A search within limits: a release and a bound that the optimum keeps, or a true reason. Tells what stopped it."""
    try:
        found = search(opened, task, limits, anytime=True)
    except kernels.Infeasible as error:
        assert truth is None
        assert_infeasible(error, oracle, task)
        return ""
    except kernels.LimitReached as error:
        return error.kind
    assert truth is not None
    node = oracle.node(found.levels, task.models)
    assert node.satisfies(task.limit)
    assert_node(found, oracle, task, node, oracle.loss(node, task.objective))
    assert limits.nodes is None or found.checked <= limits.nodes
    best = truth[1].value
    slack = 1e-12 * abs(best) + 1e-14
    assert found.lower_bound <= best + slack
    assert best <= found.loss + slack
    assert found.gap == close(found.loss - found.lower_bound)
    assert found.gap >= 0
    assert found.optimal == (found.stopped == "")
    if found.optimal:
        assert_optimum(found, oracle, task, truth)
    return found.stopped


def assert_evaluations(opened: kernels.Table, oracle: Oracle, task: Task, nodes: Sequence[Levels]) -> None:
    """The kernel knows what nodes do."""
    answers = opened.evaluate(
        nodes,
        [door.model(model) for model in task.models],
        suppression_limit=task.limit,
        objective=door.objective(task.objective),
    )
    assert len(answers) == len(nodes)
    for levels, answer in zip(nodes, answers, strict=True):
        node = oracle.node(levels, task.models)
        assert answer.levels == levels
        assert answer.satisfied == node.satisfies(task.limit)
        assert (answer.suppressed, answer.classes, answer.smallest) == (node.suppressed, len(node.released), node.smallest)
        assert answer.loss == (close(oracle.loss(node, task.objective).value) if node.released else float("inf"))


def assert_release(opened: kernels.Table, oracle: Oracle, models: Sequence[Model], levels: Levels, goal: Objective) -> None:
    """The kernel does to the table what the oracle does; something must be released."""
    answer = opened.release(levels, [door.model(model) for model in models], objective=door.objective(goal))
    node = oracle.node(levels, models)
    table = oracle.table
    numbers = [SUPPRESSED if number is None else number for number in node.class_of_record]
    assert answer.class_of_record.dtype == np.uint32
    assert answer.class_of_record.tolist() == numbers
    assert answer.kept.tolist() == [number != SUPPRESSED for number in numbers]
    assert answer.suppressed == node.suppressed
    assert_histogram(answer.after, [group.rows for group in node.released])
    tuples = Counter[tuple[int, ...]]()
    for record in range(table.records):
        tuples[table.tuple_of(record)] += table.count(record)
    assert_histogram(answer.before, list(tuples.values()))
    expected = attribute_losses(table, levels, node.released, "LOSS")
    assert list(answer.attribute_losses) == [close(to_float(value)) for value in expected]
    assert set(answer.losses) == {kernels.Measure(measure) for measure in MEASURES}
    for measure in MEASURES:
        lost = oracle.loss(node, Objective(measure, goal.aggregate, goal.weights if goal.measure in MARGINAL else ()))
        assert answer.losses[kernels.Measure(measure)] == close(lost.value), measure
    rows, people = (column.tolist() for column in answer.population_after)
    there = node.released if table.population is not None else ()
    assert sorted(zip(rows, people, strict=True)) == sorted((group.rows, group.population) for group in there)
    assert len(answer.measured) == len(models)
    for model, values in zip(models, answer.measured, strict=True):
        assert list(values) == [close(to_float(value)) for value in measured(model, node.released, table)], model


def assert_histogram(histogram: kernels.ClassHistogram, sizes: list[int]) -> None:
    """Classes of these sizes."""
    pairs = list(zip(histogram.sizes.tolist(), histogram.counts.tolist(), strict=True))
    assert pairs == sorted(Counter(sizes).items())
