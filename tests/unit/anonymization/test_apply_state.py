"""The apply state in bytes: everything comes back, whatever the columns' types and names are."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.anonymization.apply_state import (
    MAGIC,
    ApplyState,
    Distinct,
    SensitiveState,
    distinct,
    state_from_bytes,
    state_to_bytes,
)
from shoal.errors import FailedPreconditionError
from shoal.privacy.hierarchies import ExplicitSpec, HierarchySpec, IntervalSpec, TableSpec, TopSpec, build
from shoal.privacy.hierarchies.pinning import pin

AGES = pl.Series(["17", "25", None, "38"])
CITIES = pl.Series(["bonn", "paris", "bonn", "paris"])
TYPED = [
    pl.Series([dt.date(2020, 1, 2), None]),
    pl.Series([dt.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC), None]),
    pl.Series([decimal.Decimal("1.50"), None]),
    pl.Series([dt.time(1, 2, 3), None]),
    pl.Series([dt.timedelta(seconds=5), None]),
    pl.Series([True, False, None]),
    pl.Series([1.5, float("nan"), None]),
    pl.Series([2**63], dtype=pl.UInt64),
    pl.Series(["", None, "ü,\n\0"]),
]


def state(
    *,
    values: pl.Series = TYPED[-1],
    hierarchy: HierarchySpec | None = None,
    entities: bool = False,
    population: bool = False,
) -> ApplyState:
    ages = build("age", AGES, IntervalSpec(widths=(10, 20)))
    rows = tuple((city, city[:1], "*") for city in ("bonn", "paris", "rome"))
    cities = build("*", CITIES, ExplicitSpec(rows=rows))  # `*` and `^a$` are names, too
    count = len(values)
    rng = np.random.default_rng(5)
    released = distinct(
        [rng.integers(0, 3, 50, dtype=np.uint32), rng.integers(0, 2, 50, dtype=np.uint32)],
        [rng.integers(0, count, 50, dtype=np.uint32)],
        rng.integers(0, 2**64, 50, dtype=np.uint64) if entities else None,
    )
    outside = [rng.integers(0, 3, 9, dtype=np.uint32), rng.integers(0, 2, 9, dtype=np.uint32)]
    return ApplyState(
        columns=pl.DataFrame(schema={"age": pl.String, "*": pl.String, "^a$": values.dtype, "who": pl.Int64}),
        released_columns=("age", "*", "^a$"),
        hierarchies=(pin(ages, 2), pin(cities, 0)),
        labels=(pl.Series(["[0-20)", "[20-40)", None]), pl.Series(["bonn", "paris"])),
        sensitive=(SensitiveState("^a$", values, np.arange(count, dtype=np.uint64), hierarchy),),
        released=released,
        population=distinct(outside, [], None) if population else None,
    )


def same_rows(left: Distinct | None, right: Distinct | None) -> None:
    if left is None or right is None:
        assert left is right
        return
    for one, other in zip((*left.quasi, *left.sensitive), (*right.quasi, *right.sensitive), strict=True):
        assert one.dtype == other.dtype == np.uint32
        assert np.array_equal(one, other)
    assert np.array_equal(left.counts, right.counts)
    assert (left.entities is None) == (right.entities is None)
    if left.entities is not None and right.entities is not None:
        assert np.array_equal(left.entities, right.entities)


def same(left: ApplyState, right: ApplyState) -> None:
    assert left.columns.schema == right.columns.schema
    assert left.released_columns == right.released_columns
    for one, other in zip(left.hierarchies, right.hierarchies, strict=True):
        assert (one.attribute, one.spec, one.levels) == (other.attribute, other.spec, other.levels)
        assert one.leaves.equals(other.leaves, check_dtypes=True, null_equal=True)
        assert list(one.labels) == list(other.labels)
        assert all(one.labels[level].equals(other.labels[level], check_dtypes=True) for level in one.labels)
    for mine, theirs in zip(left.labels, right.labels, strict=True):
        assert mine.equals(theirs, check_dtypes=True)
    for first, second in zip(left.sensitive, right.sensitive, strict=True):
        assert (first.name, first.hierarchy) == (second.name, second.hierarchy)
        assert first.values.equals(second.values, check_dtypes=True)
        assert np.array_equal(first.reference, second.reference)
    same_rows(left.released, right.released)
    same_rows(left.population, right.population)


@pytest.mark.parametrize("values", TYPED, ids=lambda series: str(series.dtype))
def test_every_type_comes_back(values: pl.Series) -> None:
    made = state(values=values)
    same(made, state_from_bytes(state_to_bytes(made)))


@pytest.mark.parametrize(
    "hierarchy",
    [None, TopSpec(), IntervalSpec(widths=(5,)), TableSpec(rows=pl.DataFrame({"a": ["x", "y"], "b": ["*", None]}))],
    ids=["none", "top", "intervals", "table"],
)
@pytest.mark.parametrize("entities", [False, True])
@pytest.mark.parametrize("population", [False, True])
def test_every_part_comes_back(hierarchy: HierarchySpec | None, entities: bool, population: bool) -> None:
    made = state(hierarchy=hierarchy, entities=entities, population=population)
    content = state_to_bytes(made)
    same(made, state_from_bytes(content))
    assert state_to_bytes(state_from_bytes(content)) == content


def test_a_version_to_come_is_refused_with_a_sentence() -> None:
    content = state_to_bytes(state()).replace(b'"format_version": 1', b'"format_version": 2')
    assert content.startswith(MAGIC)
    with pytest.raises(FailedPreconditionError, match="version"):
        state_from_bytes(content)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60))
def test_equal_rows_are_counted_once(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array(column, dtype=np.uint32) for column in zip(*rows, strict=True)]
    people = np.array([row[0] for row in rows], dtype=np.uint64) << np.uint64(40)
    found = distinct(columns[:2], columns[2:], people)
    assert found.entities is not None
    listed = zip(*found.quasi, *found.sensitive, found.entities >> np.uint64(40), found.counts, strict=True)
    counted = {(int(a), int(b), int(c)): int(n) for a, b, c, _, n in listed}
    assert counted == {row: rows.count(row) for row in set(rows)}
    assert found.rows == len(rows)
    again = distinct(found.quasi, found.sensitive, found.entities, found.counts)
    assert again.rows == found.rows
    assert sorted(again.counts) == sorted(found.counts)


def test_many_equal_rows_are_small() -> None:
    rng = np.random.default_rng(1)
    made = distinct([rng.integers(0, 10, 1_000_000, dtype=np.uint32)], [rng.integers(0, 5, 1_000_000, dtype=np.uint32)], None)
    assert len(made.counts) == 50
    assert made.rows == 1_000_000
