"""The door itself: errors, cancellation, progress, the interpreter lock, class histograms."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from shoal.errors import CancelledError, InvalidArgumentError
from shoal.kernels import (
    AttributeCodes,
    Closeness,
    DeltaPresence,
    Distance,
    DistinctDiversity,
    EntropyDiversity,
    Found,
    Infeasible,
    KAnonymity,
    KMap,
    LimitReached,
    Limits,
    Measure,
    Model,
    Monitor,
    NotNested,
    Objective,
    SensitiveCodes,
    Table,
    class_histogram,
)

CODES = np.array([0, 1, 2, 3, 0, 1], dtype=np.uint32)
PAIRS = np.array([0, 0, 1, 1], dtype=np.uint32)
ROOT = np.zeros(4, dtype=np.uint32)
GOOD = AttributeCodes(CODES, (PAIRS, ROOT), 4)


VALUES = SensitiveCodes(np.array([0, 1, 1, 0, 0, 2], dtype=np.uint32), 3)


def run(attributes: Sequence[AttributeCodes], k: int = 2, limit: int = 0, **changes: object) -> Found:
    monitor = changes.get("monitor")
    return Table(attributes, monitor=monitor).search([KAnonymity(k)], suppression_limit=limit, **changes)


def test_a_small_table_by_hand() -> None:
    """k = 2: values 0 and 1 occur twice, 2 and 3 once; at level 1 all pairs hold, with share 2/4 each."""
    found = run([GOOD])
    assert found.levels == (1,)
    assert found.loss == pytest.approx((0.5 - 0.25) / 0.75)
    assert (found.smallest, found.classes, found.lattice_size) == (2, 2, 3)
    # Suppressing both single rows costs (4 * 1/4 + 2 - 6/4) / (6 - 6/4) = 1/3 as well, at a lower level.
    found = run([GOOD], limit=2)
    assert (found.levels, found.suppressed) == ((0,), 2)
    assert found.loss == found.lower_bound == pytest.approx(1 / 3)
    assert (found.optimal, found.stopped, found.gap) == (True, "", 0)
    release = Table([GOOD]).release((0,), [KAnonymity(2)])
    assert release.kept.tolist() == [True, True, False, False, True, True]
    assert release.class_of_record.tolist() == [0, 1, 2**32 - 1, 2**32 - 1, 0, 1]
    before, after = release.before, release.after
    assert (before.rows, before.classes, before.smallest, before.largest) == (6, 4, 1, 2)
    assert (after.rows, after.classes, after.smallest, after.largest) == (4, 2, 2, 2)
    assert release.suppressed == 2
    assert release.attribute_losses == (pytest.approx(1 / 3),)
    assert set(release.losses) == set(Measure)
    assert release.losses[Measure.LOSS] == found.loss
    # 2 * 2^2 + 2 suppressed rows * 6; two classes and the suppressed rows; (4 * 1 + 2 * 4) / 6.
    assert release.losses[Measure.DISCERNIBILITY] == 20
    assert release.losses[Measure.AVERAGE_CLASS_SIZE] == 2
    assert release.losses[Measure.AMBIGUITY] == pytest.approx(2)
    assert release.losses[Measure.PRECISION] == pytest.approx(1 / 3)
    assert release.measured == ((2,),)
    assert [array.tolist() for array in release.population_after] == [[], []]


def test_evaluation_by_hand() -> None:
    table = Table([GOOD], [VALUES])
    assert (table.rows, table.records, table.tuples, table.lattice_size) == (6, 6, 4, 3)
    models = [KAnonymity(2), DistinctDiversity(0, 2)]
    nodes = table.evaluate([(0,), (1,), (2,)], models, suppression_limit=2)
    # Values of the pairs: {0, 1} holds 0 1 0 2, {2, 3} holds 1 0; of the leaves: 0 has 0 0, 1 has 1 2.
    assert [node.levels for node in nodes] == [(0,), (1,), (2,)]
    assert [(node.satisfied, node.suppressed, node.classes, node.smallest) for node in nodes] == [
        (False, 4, 1, 2),
        (True, 0, 2, 2),
        (True, 0, 1, 6),
    ]
    nothing = table.evaluate([(2,)], [KAnonymity(7)], suppression_limit=6)[0]
    assert (nothing.satisfied, nothing.suppressed, nothing.loss, nothing.smallest) == (False, 6, float("inf"), 0)
    assert table.search(models, suppression_limit=2).levels == (1,)


def test_multiplicities_and_a_population() -> None:
    """Codes 0 and 1 stand for three rows each; of the population nobody has code 3 and five have code 2."""
    counts = np.array([3, 3, 1], dtype=np.uint32)
    attribute = AttributeCodes(np.array([0, 1, 2], dtype=np.uint32), (PAIRS, ROOT), 4)
    table = Table(
        [attribute],
        counts=counts,
        population=[np.array([0, 1, 2, 3], dtype=np.uint32)],
        population_counts=np.array([3, 9, 5, 2], dtype=np.uint32),
    )
    assert (table.rows, table.records, table.tuples) == (7, 3, 3)
    release = table.release((0,), [KMap(5)])
    assert release.kept.tolist() == [False, True, True]
    assert [array.tolist() for array in release.population_after] == [[3, 1], [9, 5]]
    assert (release.suppressed, release.measured) == (3, ((5,),))
    found = table.search([KAnonymity(3), DeltaPresence(Fraction(0), Fraction(1, 2))], suppression_limit=1)
    # At level 0 the three rows of code 0 are all of theirs; at level 1 they are 6 of 12, and the row of code 2 is alone.
    assert (found.levels, found.suppressed) == ((1,), 1)


@pytest.mark.parametrize(
    ("attributes", "changes", "sentence"),
    [
        ([], {}, "at least one attribute"),
        ([GOOD] * 65, {}, "65 attributes"),
        ([replace(GOOD, codes=CODES[:0])], {}, "at least one row"),
        ([GOOD, replace(GOOD, codes=CODES[:5])], {}, "attribute 1 has 5 rows"),
        (
            [replace(GOOD, codes=CODES + np.uint32(1))],
            {},
            "attribute 0 holds a code that is not below its 4 leaves",
        ),
        ([replace(GOOD, generalizations=(PAIRS[:3],))], {}, "level 1 of attribute 0 has 3 entries"),
        ([replace(GOOD, generalizations=(PAIRS, PAIRS + np.uint32(3)))], {}, "level 2 of attribute 0"),
        ([replace(GOOD, leaves=0)], {}, "level 1 of attribute 0 has 4 entries"),
        ([GOOD], {"k": 0}, "privacy model 0"),
        ([GOOD], {"k": -1}, "k must be at least 0"),
        ([GOOD], {"k": 2**64}, "k must be at least 0"),
        ([GOOD], {"limit": 7}, "limit of 7 rows is above the 6 rows"),
        ([GOOD], {"limit": -1}, "suppression_limit must be"),
        ([GOOD], {"objective": Objective(weights=(1.0, 1.0))}, "2 weights were given for 1"),
        ([GOOD], {"objective": Objective(weights=(-1.0,))}, "weight of attribute 0"),
        ([GOOD], {"objective": Objective(weights=(float("nan"),))}, "weight of attribute 0"),
        ([GOOD], {"objective": Objective(weights=(float("inf"),))}, "weight of attribute 0"),
        ([GOOD], {"objective": Objective(weights=(0.0,))}, "at least one weight"),
        ([replace(GOOD, codes=CODES.astype(np.int64))], {}, "uint32"),
        ([replace(GOOD, codes=CODES.reshape(2, 3))], {}, "one-dimensional"),
    ],
)
def test_bad_input(attributes: list[AttributeCodes], changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError, match=sentence):
        run(attributes, **changes)


def test_a_hierarchy_that_is_not_nested() -> None:
    crossed = np.array([0, 1, 0, 1], dtype=np.uint32)
    with pytest.raises(NotNested, match="not nested") as raised:
        run([GOOD, replace(GOOD, generalizations=(ROOT, ROOT, crossed))])
    assert (raised.value.attribute, raised.value.level) == (1, 3)


def test_a_lattice_beyond_counting() -> None:
    found = run([GOOD] * 40)
    assert found.lattice_size == 3**40
    assert found.optimal
    assert run([GOOD] * 64).lattice_size == 2**64 - 1


def test_infeasible_names_the_nearest_setting() -> None:
    attribute = replace(GOOD, generalizations=(PAIRS,))
    with pytest.raises(Infeasible) as raised:
        run([attribute], k=3)
    assert (raised.value.fewest_suppressed, raised.value.largest_k) == (2, 2)
    with pytest.raises(Infeasible) as raised:
        run([attribute], k=7, limit=6)
    assert (raised.value.fewest_suppressed, raised.value.largest_k) == (6, 4)


@pytest.mark.parametrize(
    ("models", "sensitive", "sentence"),
    [
        ([DistinctDiversity(0, 2)], [], "privacy model 0"),
        ([KAnonymity(2), KMap(2)], [VALUES], "privacy model 1"),
        ([EntropyDiversity(0, float("nan"))], [VALUES], "privacy model 0"),
        ([Closeness(0, Distance.WASSERSTEIN, Fraction(1, 2))], [VALUES], "privacy model 0"),
        ([Closeness(0, Distance.EQUAL, Fraction(-1, 2))], [VALUES], "t must be a fraction of at least 0"),
        ([Closeness(0, Distance.EQUAL, Fraction(1, 2**63))], [VALUES], "t must be a fraction"),
        ([DistinctDiversity(-1, 2)], [VALUES], "column must be"),
        ([], [replace(VALUES, values=2)], "sensitive column 0 holds a code that is not below its 2 values"),
        ([], [replace(VALUES, codes=VALUES.codes[:5])], "sensitive column 0 has 5 rows"),
        ([], [replace(VALUES, reference=np.ones(3, dtype=np.uint32))], "uint64"),
    ],
)
def test_bad_models(models: list[Model], sensitive: list[SensitiveCodes], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError, match=sentence):
        Table([GOOD], sensitive).search(models, suppression_limit=0)


def test_bad_shapes() -> None:
    for arguments, sentence in [
        ({"counts": np.ones(5, dtype=np.uint32)}, "5 counts were given for 6 records"),
        ({"counts": np.zeros(6, dtype=np.uint32)}, "at least one row"),
        ({"population": []}, "population has 0 attributes"),
        ({"population": [CODES], "population_counts": CODES[:2]}, "2 counts were given for 6"),
        ({"population_counts": CODES}, "without a population"),
        ({"population": [CODES + np.uint32(1)]}, "not below its 4 leaves"),
    ]:
        with pytest.raises(InvalidArgumentError, match=sentence):
            Table([GOOD], **arguments)
    table = Table([GOOD])
    for levels in ([], [3], [0, 0], [-1]):
        with pytest.raises(InvalidArgumentError, match="level"):
            table.release(levels, [])


def test_limits() -> None:
    table = Table([GOOD] * 3)
    arguments = {"models": [KAnonymity(3)], "suppression_limit": 0}
    whole = table.search(**arguments)
    for limits, kind in ((Limits(nodes=0), "nodes"), (Limits(seconds=0), "seconds")):
        for anytime in (False, True):
            with pytest.raises(LimitReached) as raised:
                table.search(**arguments, limits=limits, anytime=anytime)
            assert raised.value.kind == kind
    assert table.search(**arguments, limits=Limits(nodes=whole.checked, threads=1), anytime=True).optimal
    for limits in (Limits(seconds=-1), Limits(seconds=float("nan")), Limits(nodes=-1), Limits(memory=-1)):
        with pytest.raises(InvalidArgumentError):
            table.search(**arguments, limits=limits)


def test_strided_codes_are_accepted() -> None:
    wide = np.zeros(12, dtype=np.uint32)
    wide[::2] = CODES
    assert run([replace(GOOD, codes=wide[::2])]).levels == run([GOOD]).levels


def test_read_only_codes_are_accepted() -> None:
    frozen = CODES.copy()
    frozen.flags.writeable = False
    assert run([replace(GOOD, codes=frozen)]).levels == (1,)


def test_class_histogram() -> None:
    rng = np.random.default_rng(5)
    for rows in (1, 511, 512, 513, 20_000):
        columns = [rng.integers(0, limit, rows, dtype=np.uint32) for limit in (3, 50, 1)]
        histogram = class_histogram(columns, [3, 50, 1])
        sizes = Counter(Counter(zip(*(column.tolist() for column in columns), strict=True)).values())
        assert list(zip(histogram.sizes.tolist(), histogram.counts.tolist(), strict=True)) == sorted(sizes.items())
        assert histogram.rows == rows


def test_class_histogram_refuses_bad_input() -> None:
    with pytest.raises(InvalidArgumentError, match="one cardinality per column"):
        class_histogram([CODES], [])
    with pytest.raises(InvalidArgumentError, match="not below its 3 leaves"):
        class_histogram([CODES], [3])
    with pytest.raises(InvalidArgumentError, match="at least one attribute"):
        class_histogram([], [])


@pytest.fixture(scope="module")
def long_search() -> list[AttributeCodes]:
    """A search of many seconds: 400,000 near-unique rows, a lattice of 4^9 nodes."""
    rng = np.random.default_rng(11)
    levels = tuple((np.arange(64) >> shift).astype(np.uint32) for shift in (2, 4, 6))
    return [AttributeCodes(rng.integers(0, 64, 400_000, dtype=np.uint32), levels, 64) for _ in range(9)]


def test_cancelling_ends_a_running_search(long_search: list[AttributeCodes]) -> None:
    monitor = Monitor()
    assert monitor.progress() == (0, 0)
    raised: list[BaseException] = []

    def work() -> None:
        try:
            run(long_search, k=5, limit=8000, monitor=monitor)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    seen = set()
    turns = 0
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        # This loop runs at all only because the kernel has released the interpreter lock.
        seen.add(monitor.progress())
        turns += 1
        time.sleep(0.001)
    assert thread.is_alive(), "the search must be long enough to be cancelled"
    start = time.monotonic()
    monitor.cancel()
    thread.join(timeout=10)
    took = time.monotonic() - start
    assert not thread.is_alive()
    assert [type(error) for error in raised] == [CancelledError]
    assert took < 0.25
    assert turns > 100
    done = sorted(done for done, total in seen if total == 400_000)
    assert done[-1] > done[0]
    assert {total for _, total in seen if total} == {400_000, 4**9}


def test_a_cancelled_monitor_stops_at_once(long_search: list[AttributeCodes]) -> None:
    monitor = Monitor()
    monitor.cancel()
    start = time.monotonic()
    with pytest.raises(CancelledError):
        run(long_search, monitor=monitor)
    assert time.monotonic() - start < 1


def test_progress_ends_complete() -> None:
    monitor = Monitor()
    found = run([GOOD] * 3, monitor=monitor)
    assert monitor.progress() == (found.lattice_size, found.lattice_size)
