"""The door itself: errors, cancellation, progress, the interpreter lock, class histograms."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from shoal.errors import CancelledError, InvalidArgumentError
from shoal.kernels import (
    Aggregate,
    AttributeCodes,
    Infeasible,
    LatticeTooLarge,
    Monitor,
    NotNested,
    SearchOutcome,
    class_histogram,
    search,
)

CODES = np.array([0, 1, 2, 3, 0, 1], dtype=np.uint32)
PAIRS = np.array([0, 0, 1, 1], dtype=np.uint32)
ROOT = np.zeros(4, dtype=np.uint32)
GOOD = AttributeCodes(CODES, (PAIRS, ROOT), 4)


def run(attributes: list[AttributeCodes], **changes: object) -> SearchOutcome:
    arguments = {
        "k": 2,
        "suppression_limit": 0,
        "weights": [1.0] * len(attributes),
        "aggregate": Aggregate.GEOMETRIC_MEAN,
    }
    return search(attributes, **(arguments | changes))


def test_a_small_table_by_hand() -> None:
    """k = 2: values 0 and 1 occur twice, 2 and 3 once; at level 1 all pairs hold, with share 2/4 each."""
    outcome = run([GOOD])
    assert outcome.levels == (1,)
    assert outcome.loss == pytest.approx((0.5 - 0.25) / 0.75)
    # Suppressing both single rows costs (4 * 1/4 + 2 - 6/4) / (6 - 6/4) = 1/3 as well, at a lower level.
    outcome = run([GOOD], suppression_limit=2)
    assert (outcome.levels, outcome.suppressed) == ((0,), 2)
    assert outcome.loss == pytest.approx(1 / 3)
    assert outcome.kept.tolist() == [True, True, False, False, True, True]
    before, after = outcome.before, outcome.after
    assert (before.rows, before.classes, before.smallest, before.largest) == (6, 4, 1, 2)
    assert (after.rows, after.classes, after.smallest, after.largest) == (4, 2, 2, 2)


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
        ([GOOD], {"k": 0}, "k must be at least 1"),
        ([GOOD], {"k": -1}, "k must be at least 0"),
        ([GOOD], {"k": 2**64}, "k must be at least 0"),
        ([GOOD], {"suppression_limit": 7}, "limit of 7 rows is above the 6 rows"),
        ([GOOD], {"suppression_limit": -1}, "suppression_limit must be"),
        ([GOOD], {"weights": []}, "0 weights were given for 1"),
        ([GOOD], {"weights": [-1.0]}, "weight of attribute 0"),
        ([GOOD], {"weights": [float("nan")]}, "weight of attribute 0"),
        ([GOOD], {"weights": [float("inf")]}, "weight of attribute 0"),
        ([GOOD], {"weights": [0.0]}, "at least one weight"),
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


def test_a_lattice_that_is_too_large() -> None:
    with pytest.raises(LatticeTooLarge) as raised:
        run([GOOD] * 40)
    assert raised.value.size == 3**40
    with pytest.raises(LatticeTooLarge) as raised:
        run([GOOD] * 64)
    assert raised.value.size == 2**64 - 1


def test_infeasible_names_the_nearest_setting() -> None:
    attribute = replace(GOOD, generalizations=(PAIRS,))
    with pytest.raises(Infeasible) as raised:
        run([attribute], k=3)
    assert (raised.value.fewest_suppressed, raised.value.largest_k) == (2, 2)
    with pytest.raises(Infeasible) as raised:
        run([attribute], k=7, suppression_limit=6)
    assert (raised.value.fewest_suppressed, raised.value.largest_k) == (6, 4)


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
            run(long_search, k=5, suppression_limit=8000, monitor=monitor)
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
    done = sorted(done for done, total in seen if total)
    assert done[-1] > done[0]
    assert {total for _, total in seen if total} == {400_000 + 4**9}


def test_a_cancelled_monitor_stops_at_once(long_search: list[AttributeCodes]) -> None:
    monitor = Monitor()
    monitor.cancel()
    start = time.monotonic()
    with pytest.raises(CancelledError):
        run(long_search, monitor=monitor)
    assert time.monotonic() - start < 1


def test_progress_ends_complete() -> None:
    monitor = Monitor()
    outcome = run([GOOD] * 3, monitor=monitor)
    assert monitor.progress() == (6 + outcome.lattice_size, 6 + outcome.lattice_size)
