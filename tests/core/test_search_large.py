"""The search of lattices of more than 2^26 nodes: made to search small ones against the oracle, and large ones by laws."""

from __future__ import annotations

import itertools
import math
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from counts import FULL
from oracle import compare, door
from oracle.generate import KINDS, Instance, deciding, instance
from oracle.losses import MEASURES
from oracle.search import Oracle
from oracle.shapes import tied

from shoal import _core, kernels
from shoal.errors import CancelledError
from shoal.kernels import Aggregate, AttributeCodes, Found, KAnonymity, Limits, Measure, Objective

SEED = int(os.environ.get("SHOAL_TEST_SEED") or secrets.randbelow(2**32))
PAIRS = [(kind, measure) for kind in KINDS for measure in MEASURES]
NUMBERED = 2**26
"""The most nodes that the other search numbers."""


class ByBoxes:
    """The kernel's table, of which every search goes over boxes."""

    def __init__(self, table: _core.Table) -> None:
        self._table = table

    def search(
        self,
        models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
        suppression_limit: int,
        objective: tuple[str, str, Sequence[float]],
        limits: tuple[float | None, int | None, int, int],
        anytime: bool,
        monitor: _core.Monitor | None = None,
    ) -> _core.Found:
        """The kernel's search."""
        return self._table.search(models, suppression_limit, objective, limits, anytime, monitor, boxes=True)

    def __getattr__(self, name: str) -> object:
        return getattr(self._table, name)


def opened(problem: Instance) -> kernels.Table:
    """The problem's table behind the door, searched over boxes."""
    table = door.opened(problem.table)
    table._table = ByBoxes(table._table)  # type: ignore[assignment]  # the door has no handle for it
    return table


@contextmanager
def random(*turn: int) -> Iterator[np.random.Generator]:
    """The random numbers of one turn; a failure names the seed to run again."""
    try:
        yield np.random.default_rng([SEED, *turn])
    except BaseException as error:
        error.add_note(f"SHOAL_TEST_SEED={SEED}, turn {turn}")
        raise


def check(problem: Instance, rng: np.random.Generator) -> tuple[bool, str]:
    """Compares one problem in every way; tells whether it has a release, and what stopped a limited search."""
    oracle, table, task = Oracle(problem.table), opened(problem), problem.task
    truth = oracle.best(task)
    compare.assert_search(table, oracle, task, truth, Limits())
    # No room for boxes: they are searched in depth, and what is known is forgotten again.
    compare.assert_search(table, oracle, task, truth, Limits(memory=int(rng.integers(0, 5000))))
    stopped = ""
    for most in (1, int(rng.integers(2, 8)), int(rng.integers(8, 60))):
        stopped = compare.assert_anytime(table, oracle, task, truth, Limits(nodes=most)) or stopped
    return truth is not None, stopped


def test_every_model_with_every_measure() -> None:
    """Small lattices, where the model decides the answer."""
    outcomes = Counter[object]()
    for turn in range((9 if FULL else 1) * len(PAIRS)):
        with random(turn) as rng:
            outcomes.update(check(deciding(rng, *PAIRS[turn % len(PAIRS)]), rng))
    # Both outcomes and limits that end a search, or this proves nothing about one of them.
    assert min(outcomes[True], outcomes[False], outcomes["nodes"]) >= 3, outcomes


def test_taller_lattices() -> None:
    """Hundreds of nodes: boxes are split again and again."""
    for turn in range(300 if FULL else 15):
        with random(1, turn) as rng:
            kind, measure = PAIRS[int(rng.integers(0, len(PAIRS)))]
            problem = instance(rng, kind, measure, tall=True)
            while len(list(problem.table.nodes())) < 100:
                problem = instance(rng, kind, measure, tall=True)
            check(problem, rng)


def test_ties() -> None:
    """Of equal losses the smaller sum of levels wins, then the smaller vector."""
    for turn in range(600 if FULL else 100):
        with random(2, turn) as rng:
            check(tied(rng), rng)


def test_no_time_at_all() -> None:
    """A bound that holds, whenever the time is over."""
    stopped = 0
    for turn in range(40):
        with random(3, turn) as rng:
            problem = deciding(rng, *PAIRS[turn * 6 % len(PAIRS)])
            oracle = Oracle(problem.table)
            limits = Limits(seconds=[1e-9, 1e-4, 3e-4, 1e-3][turn % 4])
            truth = oracle.best(problem.task)
            stopped += compare.assert_anytime(opened(problem), oracle, problem.task, truth, limits) == "seconds"
    assert stopped > 0


def halves(leaves: int, codes: np.ndarray) -> AttributeCodes:
    """A hierarchy that halves the leaves, a power of two, level by level."""
    values = np.arange(leaves, dtype=np.uint32)
    maps = tuple(values >> np.uint32(level) for level in range(1, leaves.bit_length()))
    return AttributeCodes(codes.astype(np.uint32), maps, leaves)


def people(rows: int, attributes: int) -> list[AttributeCodes]:
    """Skewed attributes of 16 values each, all of which follow one hidden number."""
    rng = np.random.default_rng(5)
    hidden = rng.beta(2, 4, rows) * 15
    return [halves(16, np.clip(hidden + rng.normal(0, 2, rows), 0, 15)) for _ in range(attributes)]


def alike(rows: int, levels: int) -> AttributeCodes:
    """An attribute of one value: whatever its level, it says nothing and loses nothing."""
    return AttributeCodes(np.zeros(rows, dtype=np.uint32), (np.zeros(1, dtype=np.uint32),) * (levels - 1), 1)


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
@pytest.mark.parametrize(
    "goal",
    [*map(Objective, Measure), *(Objective(aggregate=each) for each in Aggregate)],
    ids=lambda goal: f"{goal.measure} {goal.aggregate}",
)
def test_what_says_nothing_stays_at_level_0(share: float, goal: Objective) -> None:
    """Fifteen attributes that say nothing make 10^16 nodes of 625, all but 625 of which lose the tie."""
    own, rows = people(400, 4), 400
    models, limit = (KAnonymity(4),), int(share * rows)
    table = kernels.Table([*own[:2], *[alike(rows, 8) for _ in range(15)], *own[2:]])
    assert table.lattice_size == 5**4 * 8**15 > NUMBERED
    nodes = [(*levels[:2], *[0] * 15, *levels[2:]) for levels in itertools.product(range(5), repeat=4)]
    released = table.evaluate(nodes, models, suppression_limit=limit, objective=goal)
    feasible = [node for node in released if node.satisfied]
    least = min(node.loss for node in feasible)
    best = min(
        (node for node in feasible if node.loss <= least + 1e-12 * max(1, least)),
        key=lambda node: (sum(node.levels), node.levels),
    )
    found = table.search(models, suppression_limit=limit, objective=goal)
    assert found.optimal
    assert found.lower_bound == found.loss == best.loss
    assert found.levels == best.levels
    assert (found.suppressed, found.smallest, found.classes) == (best.suppressed, best.smallest, best.classes)


def test_an_optimum_of_a_large_lattice_is_proven() -> None:
    """64 attributes; without suppression few nodes have to be looked at."""
    table = kernels.Table([*people(300, 14), *[alike(300, 3) for _ in range(50)]])
    assert table.lattice_size == 2**64 - 1
    found = table.search((KAnonymity(30),), suppression_limit=0)
    assert found.optimal
    evaluation = table.evaluate([found.levels], (KAnonymity(30),), suppression_limit=0)[0]
    assert evaluation.satisfied
    assert evaluation.loss == found.loss
    # It is minimal: no level can be taken back.
    for place, level in enumerate(found.levels):
        if level:
            below = (*found.levels[:place], level - 1, *found.levels[place + 1 :])
            assert not table.evaluate([below], (KAnonymity(30),), suppression_limit=0)[0].satisfied


def test_nothing_qualifies_in_a_large_lattice() -> None:
    """The top alone settles it."""
    own = [replace(each, generalizations=each.generalizations[:-1]) for each in people(500, 14)]
    table = kernels.Table(own)
    assert table.lattice_size == 4**14 > NUMBERED
    with pytest.raises(kernels.Infeasible) as raised:
        table.search((KAnonymity(200),), suppression_limit=3)
    evaluation = table.evaluate([[3] * 14], (KAnonymity(200),), suppression_limit=3)[0]
    assert raised.value.fewest_suppressed == evaluation.suppressed > 3
    assert raised.value.largest_k is not None
    assert raised.value.largest_k < 200


@pytest.mark.parametrize("measure", [Measure.LOSS, Measure.PRECISION, Measure.AVERAGE_CLASS_SIZE, Measure.AMBIGUITY])
def test_more_nodes_make_a_smaller_gap(measure: Measure) -> None:
    """The same limit gives the same answer, a larger one a better answer and proof; and every release keeps its promise."""
    table = kernels.Table(people(2000, 13))
    assert table.lattice_size == 5**13 > NUMBERED
    models, limit, goal = (KAnonymity(5),), 100, Objective(measure)

    def search(nodes: int) -> Found:
        return table.search(models, suppression_limit=limit, objective=goal, limits=Limits(nodes=nodes), anytime=True)

    found = [search(nodes) for nodes in (100, 400, 1600, 6400)]
    assert replace(search(400), seconds=0) == replace(found[1], seconds=0)
    for each in found:
        assert each.stopped == "nodes"
        assert 0 <= each.lower_bound <= each.loss
        evaluation = table.evaluate([each.levels], models, suppression_limit=limit, objective=goal)[0]
        assert evaluation.satisfied
        assert evaluation.loss == each.loss
    assert found[-1].loss <= found[0].loss * (1 + 1e-12)
    # Class measures have bases that say little of low nodes, and there are many of them.
    assert found[-1].lower_bound > found[0].lower_bound or measure not in (Measure.LOSS, Measure.PRECISION)
    assert found[-1].lower_bound >= found[0].lower_bound
    assert found[-1].gap < found[0].gap
    # Nothing that another search finds is below what was proven.
    for each in found:
        assert each.lower_bound <= min(other.loss for other in found)


@pytest.mark.parametrize("measure", [Measure.DISCERNIBILITY, Measure.AVERAGE_CLASS_SIZE])
def test_the_bound_of_a_class_measure_never_falls_where_nodes_are_numbered(measure: Measure) -> None:
    table = kernels.Table(people(2000, 7))
    assert table.lattice_size == 5**7 < 2**18
    found = [
        table.search(
            (KAnonymity(5),),
            suppression_limit=100,
            objective=Objective(measure),
            limits=Limits(nodes=nodes, threads=1),
            anytime=True,
        )
        for nodes in (50, 500, 1500, 2500, 5000)
    ]
    assert found[0].stopped == "nodes"
    assert found[0].lower_bound > 0
    for before, after in itertools.pairwise(found):
        assert after.loss <= before.loss
        assert after.lower_bound >= before.lower_bound


def test_hardly_any_memory_is_enough() -> None:
    """A search that has no room for boxes still ends, with the same answer."""
    table = kernels.Table([*people(300, 8), *[alike(300, 4) for _ in range(5)]])
    assert table.lattice_size == 5**8 * 4**5 > NUMBERED
    models, limit = (KAnonymity(5),), 15
    answers = [
        table.search(models, suppression_limit=limit, limits=Limits(memory=memory)) for memory in (0, 100_000, 256 << 20)
    ]
    assert all(each.optimal for each in answers)
    assert len({each.levels for each in answers}) == 1


def test_a_search_over_boxes_ends_when_cancelled_or_out_of_time() -> None:
    """Soon, whatever it is doing."""
    table = kernels.Table(people(20_000, 16))
    models, limit = (KAnonymity(5),), 400
    monitor = kernels.Monitor()
    start = time.perf_counter()
    timer = threading.Timer(1.0, monitor.cancel)
    timer.start()
    with pytest.raises(CancelledError):
        table.search(models, suppression_limit=limit, monitor=monitor)
    assert time.perf_counter() - start < 1.5
    start = time.perf_counter()
    with pytest.raises(kernels.LimitReached) as raised:
        table.search(models, suppression_limit=limit, limits=Limits(seconds=1.0))
    assert raised.value.kind == "seconds"
    found = table.search(models, suppression_limit=limit, limits=Limits(seconds=1.0), anytime=True)
    assert time.perf_counter() - start < 3.0
    assert found.stopped == "seconds"
    assert 0 < found.lower_bound < found.loss < 1
    assert math.isclose(found.gap, found.loss - found.lower_bound)
