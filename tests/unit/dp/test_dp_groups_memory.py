"""What a query needs follows from what it answers, not from how many groups the table holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import polars as pl
import pytest

from shoal.accounting.amounts import EPSILON_UNITS
from shoal.dp import compute as compute_module
from shoal.dp.compute import compute
from shoal.dp.estimates import Estimate
from shoal.dp.plan import plan
from shoal.dp.query import (
    ALL_ROWS,
    Bins,
    Bounds,
    Choice,
    Column,
    GroupBy,
    GroupKey,
    Query,
    Statistic,
    Unlisted,
)
from shoal.errors import CancelledError
from shoal.kernels import Monitor

E9 = EPSILON_UNITS

CHILD = """
import json, re, resource, sys
import polars as pl
from shoal.dp.compute import compute
from shoal.dp.plan import plan
from shoal.dp.query import *

# 20,001 groups and 10,000 numbers for each are 1.6 GB; there is room for 1 GiB more than the imports have taken.
used = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30),) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
table = pl.DataFrame({"g": [*map(str, range(20_000)), *["many"] * 500], "x": [0.0] * 20_000 + [7.0] * 500}).lazy()
by = GroupBy("g", (GroupKey("7"),), Unlisted.DISCOVER, 400)
if sys.argv[1] == "histogram":
    columns = (Column("x", "x", None, Bins(edges=tuple(map(float, range(10_001))))),)
    query = Query(Statistic.HISTOGRAM, columns, 2 * 10**9, 10**12, group_by=by)
else:
    choice = Choice(tuple(map(float, range(10_000))), "x", (), 1.0, True)
    query = Query(Statistic.CHOICE, (), 2 * 10**9, 10**12, choice=choice, group_by=by)
found = {each.group.key: each.result for each in compute(table, plan(query))}
best = found["many"] if query.choice else max(range(10_000), key=found["many"].counts.__getitem__)
print(json.dumps([list(found), best]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited by Linux")
@pytest.mark.parametrize("kind", ["histogram", "choice"])
def test_groups_that_are_not_shown_take_no_memory(kind: str) -> None:
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    command = [sys.executable, "-c", CHILD, kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert json.loads(done.stdout) == [["7", "many"], 7]


def test_groups_that_are_shown_have_their_own_numbers() -> None:
    """At a high epsilon: listed groups, also empty ones, in their order, then discovered ones; small ones are in none."""
    sizes = {"z": 300, "m": 50, "b": 200, "few": 2, "a": 400, "lone": 1}
    rows = [(key, float(place)) for place, (key, size) in enumerate(sizes.items()) for _ in range(size)]
    table = pl.DataFrame(rows, schema={"g": pl.String, "x": pl.Float64}, orient="row").lazy()
    by = GroupBy("g", (GroupKey("m"), GroupKey("nobody")), Unlisted.DISCOVER, 20)
    order = ["m", "nobody", "a", "b", "z"]
    counts = [sizes.get(key, 0) for key in order]
    values = dict(rows)
    more = {"epsilon": 100 * E9, "delta": 10**12, "group_by": by}

    found = compute(table, plan(Query(Statistic.COUNT, (ALL_ROWS,), **more)))
    assert [each.group.key for each in found if each.group] == order
    assert [each.result.value for each in found if isinstance(each.result, Estimate)] == pytest.approx(counts, abs=2)

    found = compute(table, plan(Query(Statistic.SUM, (Column("x", "x", Bounds(0.0, 8.0)),), **more)))
    sums = [count * values.get(key, 0.0) for key, count in zip(order, counts, strict=True)]
    assert [each.result.value for each in found if isinstance(each.result, Estimate)] == pytest.approx(sums, abs=10)

    bins = Bins(edges=tuple(float(edge) for edge in range(9)))
    found = compute(table, plan(Query(Statistic.HISTOGRAM, (Column("x", "x", None, bins),), **more)))
    for key, count, each in zip(order, counts, found, strict=True):
        assert isinstance(each.result, compute_module.Histogram)
        expected = [count if place == values.get(key) else 0 for place in range(8)]
        assert each.result.counts == pytest.approx(expected, abs=2)

    choice = Choice(tuple(float(each) for each in range(8)), "x", (), 1.0, monotone=True)
    found = compute(table, plan(Query(Statistic.CHOICE, (), choice=choice, **more)))
    assert [each.result for each in found if each.group and each.group.key != "nobody"] == [values[key] for key in "mabz"]


def test_no_more_groups_are_shown_than_their_candidates_have_room() -> None:
    table = pl.DataFrame({"g": [str(at) for at in range(20) for _ in range(100)], "x": [1.0] * 2000}).lazy()
    choice = Choice(tuple(float(each) for each in range(10_000)), "x", (), 1.0, monotone=True)
    by = GroupBy("g", (GroupKey("0"),), Unlisted.DISCOVER, 5)
    assert len(compute(table, plan(Query(Statistic.CHOICE, (), 10 * E9, 10**12, choice=choice, group_by=by)))) == 5


def test_choices_of_many_groups_are_cancelled_between_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor, made = Monitor(), []

    def choose(*_: object) -> int:
        made.append(0)
        if len(made) == 3:
            monitor.cancel()
        return 0

    monkeypatch.setattr(compute_module, "choose", choose)
    by = GroupBy("g", tuple(GroupKey(str(at)) for at in range(9)), Unlisted.DROP, 5)
    query = Query(Statistic.CHOICE, (), E9, choice=Choice(("a", "b"), "x", (), 1.0, monotone=True), group_by=by)
    with pytest.raises(CancelledError):
        compute(pl.DataFrame({"g": ["0"], "x": ["a"]}).lazy(), plan(query), monitor)
    assert len(made) == 3
