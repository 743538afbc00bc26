"""Local recoding against the definitions, written down a second time here; failures print the seed of the run."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from shoal.errors import CancelledError, InvalidArgumentError
from shoal.kernels import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    Distance,
    DistinctDiversity,
    Infeasible,
    KAnonymity,
    KMap,
    Model,
    Monitor,
    NotNested,
    OrderedAttribute,
    Partition,
    SensitiveCodes,
    mdav,
    mondrian,
)

SEED = int(os.environ.get("SHOAL_TEST_SEED") or secrets.randbelow(2**32))


def codes(*values: int) -> NDArray[np.uint32]:
    return np.array(values, dtype=np.uint32)


def holds(model: Model, members: Sequence[int], everyone: Sequence[int]) -> bool:
    """Whether a class with these sensitive values holds in a table with those."""
    n, total = len(members), len(everyone)
    p = {value: Fraction(count, n) for value, count in Counter(members).items()}
    q = {value: Fraction(count, total) for value, count in Counter(everyone).items()}
    match model:
        case KAnonymity(k):
            return n >= k
        case DistinctDiversity(_, least):
            return len(p) >= least
        case Closeness(_, Distance.EQUAL, t):
            return sum(abs(p.get(value, 0) - share) for value, share in q.items()) / 2 <= t
        case Closeness(_, Distance.ORDERED, t):
            ranks = range(max(everyone))
            cumulated = [sum(p.get(v, 0) - q.get(v, 0) for v in range(rank + 1)) for rank in ranks]
            return sum(map(abs, cumulated)) <= t * len(ranks)
        case BetaLikeness(_, beta, False):
            return all((p.get(value, 0) - share) / share <= beta for value, share in q.items())
    raise AssertionError(model)


def members(partition: Partition) -> list[list[int]]:
    classes = defaultdict(list)
    for record, number in enumerate(partition.class_of_record.tolist()):
        classes[number].append(record)
    assert list(classes) == list(range(partition.classes))
    return list(classes.values())


def released(attributes: Sequence[OrderedAttribute], partition: Partition, number: int) -> tuple[object, ...]:
    """What every record of a class looks like."""
    cells: list[object] = []
    for j, attribute in enumerate(attributes):
        low, high, level = (int(table[number, j]) for table in (partition.lows, partition.highs, partition.levels))
        if attribute.ordered:
            cells.append((low, high))
        elif level == 0:
            cells.append((0, low))
        elif level <= len(attribute.generalizations):
            cells.append((level, int(attribute.generalizations[level - 1][low])))
        else:
            cells.append("*")
    return tuple(cells)


def covered(attribute: OrderedAttribute, cell: object) -> set[int]:
    """The values that a released cell stands for."""
    if cell == "*":
        return set(range(attribute.values))
    assert isinstance(cell, tuple)
    first, second = cell
    if attribute.ordered:
        return set(range(first, second + 1))
    if first == 0:
        return {second}
    return set(np.flatnonzero(attribute.generalizations[first - 1] == second).tolist())


def random_attributes(rng: np.random.Generator, rows: int) -> list[OrderedAttribute]:
    attributes = []
    for _ in range(rng.integers(1, 5)):
        values = int(rng.integers(1, 15))
        levels = []
        map_ = np.arange(values)
        for _ in range(rng.integers(0, 4)):
            map_ = rng.integers(0, map_.max() + 1, values)[map_]
            levels.append(map_.astype(np.uint32))
        column = np.minimum(rng.integers(0, values, rows), rng.integers(0, values, rows)).astype(np.uint32)
        attributes.append(OrderedAttribute(column, values, bool(rng.integers(2)), tuple(levels)))
    return attributes


def random_models(rng: np.random.Generator) -> list[Model]:
    others: list[Model] = [
        DistinctDiversity(0, 2),
        Closeness(0, Distance.EQUAL, Fraction(1, 3)),
        Closeness(0, Distance.ORDERED, Fraction(1, 5)),
        BetaLikeness(0, Fraction(3, 2)),
    ]
    return [KAnonymity(int(rng.integers(1, 7))), *others[rng.integers(0, 4) :][: rng.integers(0, 2)]]


def test_random_tables_keep_the_laws() -> None:
    rng = np.random.default_rng(SEED)
    infeasible = several = 0
    for round_ in range(300):
        rows = int(rng.integers(1, 80))
        attributes = random_attributes(rng, rows)
        ranks = np.unique(rng.integers(0, 4, rows), return_inverse=True)[1].astype(np.uint32)
        everyone = ranks.tolist()
        sensitive = [SensitiveCodes(ranks, max(everyone) + 1)]
        models, strict = random_models(rng), bool(rng.integers(2))
        where = f"seed {SEED}, round {round_}: {models}, strict {strict}"
        try:
            partition = mondrian(attributes, sensitive, models, strict=strict)
        except Infeasible:
            assert not all(holds(model, everyone, everyone) for model in models), where
            infeasible += 1
            continue
        classes = members(partition)
        several += len(classes) > 1
        cells = [released(attributes, partition, number) for number in range(len(classes))]
        # Who sees the release groups by what it says: that must be the classes.
        assert len(set(cells)) == len(classes), where
        for number, (class_, row) in enumerate(zip(classes, cells, strict=True)):
            assert all(holds(model, [everyone[i] for i in class_], everyone) for model in models), where
            for j, (attribute, cell) in enumerate(zip(attributes, row, strict=True)):
                own = {int(attribute.codes[i]) for i in class_}
                assert own <= covered(attribute, cell), where
                assert (partition.lows[number, j], partition.highs[number, j]) == (min(own), max(own)), where
        if strict:
            points = Counter(zip(*(attribute.codes.tolist() for attribute in attributes), strict=True))
            assert points.total() == rows
            rows_of = zip(zip(*(a.codes.tolist() for a in attributes), strict=True), partition.class_of_record, strict=True)
            assert len({(point, int(number)) for point, number in rows_of}) == len(points), where
    assert infeasible > 3
    assert several > 100


def test_the_example_of_the_paper() -> None:
    """LeFevre et al., figures 1 and 4: sex, age from 25, zip code from 53710; k = 2."""
    sex = OrderedAttribute(codes(1, 0, 1, 1, 0, 1), 2, ordered=False)
    age = OrderedAttribute(codes(0, 0, 1, 2, 2, 3), 4)
    zip_code = OrderedAttribute(codes(1, 2, 1, 0, 2, 1), 3)
    partition = mondrian([sex, age, zip_code], [], [KAnonymity(2)], strict=True)
    assert partition.class_of_record.tolist() == [0, 1, 0, 2, 1, 2]
    assert partition.lows.tolist() == [[1, 0, 1], [0, 0, 2], [1, 2, 0]]
    assert partition.highs.tolist() == [[1, 1, 1], [0, 2, 2], [1, 3, 1]]
    assert partition.levels.tolist() == [[0, 1, 0], [0, 1, 0], [0, 1, 1]]
    assert (partition.classes, partition.suppressed) == (3, 0)
    # With a heavier age it is the age that is cut first.
    partition = mondrian([sex, age, zip_code], [], [KAnonymity(3)], strict=True, weights=[1, 2, 1])
    assert partition.class_of_record.tolist() == [0, 0, 0, 1, 1, 1]


def test_what_mondrian_refuses() -> None:
    good = OrderedAttribute(codes(0, 1, 2, 2), 3, generalizations=(codes(0, 0, 1), codes(0, 0, 0)))
    crossed = OrderedAttribute(good.codes, 3, generalizations=(codes(0, 0, 1), codes(0, 1, 1)))
    sensitive = SensitiveCodes(codes(0, 1, 0, 1), 2)

    def run(attributes: list[OrderedAttribute], *models: Model, weights: Sequence[float] = ()) -> None:
        mondrian(attributes, [sensitive], models or [KAnonymity(2)], strict=True, weights=weights)

    with pytest.raises(Infeasible) as infeasible:
        run([good], KAnonymity(5))
    assert infeasible.value.fewest_suppressed == 4
    with pytest.raises(NotNested) as nested:
        run([good, crossed])
    assert (nested.value.attribute, nested.value.level) == (1, 2)
    with pytest.raises(InvalidArgumentError, match="population"):
        run([good], KMap(2))
    with pytest.raises(InvalidArgumentError, match="average risk"):
        run([good], AverageRisk(Fraction(1, 2)))
    with pytest.raises(InvalidArgumentError, match="at least one attribute"):
        run([])
    with pytest.raises(InvalidArgumentError, match="1 weights were given for 2"):
        run([good, good], weights=[1.0])
    with pytest.raises(InvalidArgumentError, match="weight of attribute 0"):
        run([good], weights=[float("nan")])
    with pytest.raises(InvalidArgumentError, match="not below its 2 leaves"):
        run([OrderedAttribute(good.codes, 2)])
    with pytest.raises(InvalidArgumentError, match="sensitive column"):
        run([good], DistinctDiversity(1, 2))
    with pytest.raises(InvalidArgumentError, match="uint32"):
        run([OrderedAttribute(good.codes.astype(np.int64), 3)])  # type: ignore[arg-type]
    for bad, sentence in ((codes(0, 1), "2 rows where"), (codes(0, 1, 2, 3), "not below its 2 values")):
        with pytest.raises(InvalidArgumentError, match=sentence):
            mondrian([good], [SensitiveCodes(bad, 2)], [DistinctDiversity(0, 1)], strict=True)


def naive_mdav(table: NDArray[np.float64], k: int) -> list[list[int]]:
    """The paper's algorithm, for tables without ties."""
    left = list(range(len(table)))
    classes = []

    def farthest(place: NDArray[np.float64]) -> int:
        return left[int(((table[left] - place) ** 2).sum(axis=1).argmax())]

    def take(center: int) -> None:
        order = ((table[left] - table[center]) ** 2).sum(axis=1).argsort(kind="stable")[:k]
        classes.append(sorted(left[i] for i in order))
        left[:] = [record for record in left if record not in classes[-1]]

    while len(left) >= 3 * k:
        first = farthest(table[left].mean(axis=0))
        second = farthest(table[first])
        take(first)
        take(second)
    if len(left) >= 2 * k:
        take(farthest(table[left].mean(axis=0)))
    return sorted([*classes, left])


def test_mdav_is_the_plain_algorithm() -> None:
    rng = np.random.default_rng(SEED)
    for _ in range(60):
        rows, k = int(rng.integers(1, 200)), int(rng.integers(1, 9))
        table = rng.lognormal(size=(rows, rng.integers(1, 5))) * 1000
        if k > rows:
            continue
        found = mdav([np.ascontiguousarray(column) for column in table.T], k)
        spread = np.where(table.std(axis=0) > 0, table.std(axis=0), 1)
        expected = naive_mdav((table - table.mean(axis=0)) / spread, k)
        classes = defaultdict(list)
        for record, number in enumerate(found.tolist()):
            classes[number].append(record)
        assert list(classes.values()) == expected, f"seed {SEED}, {rows} rows, k {k}"


def test_mdav_keeps_sizes_where_records_are_equal() -> None:
    rng = np.random.default_rng(SEED)
    columns = [rng.integers(0, 3, 1000).astype(np.float64) for _ in range(2)]
    sizes = sorted(Counter(mdav(columns, 7).tolist()).values())
    assert sizes[:-1] == [7] * (len(sizes) - 1)
    assert 7 <= sizes[-1] < 14
    assert mdav([np.zeros(5)], 2).tolist() == [0, 0, 1, 1, 1]


def test_what_mdav_refuses() -> None:
    column = np.array([1.0, 2.0, 3.0])
    for columns, k, sentence in (
        ([], 1, "at least one attribute"),
        ([column[:0]], 1, "at least one row"),
        ([column], 0, "k must be at least 1"),
        ([column], 4, "3 rows, fewer than the 4"),
        ([column, column[:2]], 1, "attribute 1 has 2 rows"),
        ([column, np.array([1, np.inf, 2])], 1, "column 1 holds an infinity"),
        ([column.astype(np.float32)], 1, "float64"),
        ([np.arange(900_000.0)], 2, r"at most \d+ rows"),
    ):
        with pytest.raises(InvalidArgumentError, match=sentence):
            mdav(columns, k)
    assert mdav([np.arange(12.0)[::2]], 3).tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("kernel", ["mondrian", "mdav"])
def test_both_can_be_cancelled_and_let_others_run(kernel: str) -> None:
    rng = np.random.default_rng(SEED)
    monitor = Monitor()
    raised: list[BaseException] = []
    attributes = [OrderedAttribute(rng.integers(0, 10_000, 1_000_000, dtype=np.uint32), 10_000) for _ in range(9)]
    columns = [rng.random(150_000) for _ in range(4)]

    def work() -> None:
        try:
            if kernel == "mdav":
                mdav(columns, 3, monitor=monitor)
            else:
                mondrian(attributes, [], [KAnonymity(2)], strict=True, monitor=monitor)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive() and monitor.progress()[0] == 0:
        time.sleep(0.001)
    monitor.cancel()
    start = time.monotonic()
    thread.join(timeout=10)
    assert time.monotonic() - start < 0.25
    assert [type(error) for error in raised] == [CancelledError]
