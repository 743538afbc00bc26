"""What a column gets when the policy names no hierarchy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.privacy.hierarchies import (
    DateSpec,
    DefaultSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingSpec,
    TopSpec,
    build,
)
from shoal.privacy.hierarchies.defaults import nice_widths

AGES = [str(age) for age in range(17, 91)]


@pytest.mark.parametrize(
    ("values", "spec"),
    [
        (AGES, IntervalSpec(widths=(5, 10, 20))),
        ([*AGES, None], IntervalSpec(widths=(5, 10, 20))),
        ([*AGES, "unknown"], TopSpec()),
        (list(range(17, 91)), IntervalSpec(widths=(5, 10, 20))),
        (AGES[:10], TopSpec()),
        (AGES[:11], IntervalSpec(widths=(1, 5))),
        ([f"{code:05d}" for code in range(100)], MaskingSpec()),
        ([f"{code:04d}" for code in range(100)], MaskingSpec()),
        ([f"{code:03d}" for code in range(100)], IntervalSpec(widths=(5, 10, 20))),
        ([str(code) for code in range(10_001, 10_100)], MaskingSpec()),
        ([code * 1000 for code in range(10, 90)], IntervalSpec(widths=(5000, 10_000, 20_000))),
        ([str(year) for year in range(1950, 2020)], IntervalSpec(widths=(5, 10, 20))),
        ([str(step / 8) for step in range(20)], IntervalSpec(widths=(0.2, 1, 2))),
        (["2020-01-01", "2021-05-06T10:00", None], DateSpec()),
        ([dt.date(2020, 1, 1)], DateSpec()),
        ([f"{day:02d}.01.2020" for day in range(1, 29)], TopSpec()),
        (["a", "b"], TopSpec()),
        ([f"name {i}" for i in range(100)], TopSpec()),
        ([True, False], TopSpec()),
        ([dt.timedelta(hours=i) for i in range(20)], TopSpec()),
        ([float(i) for i in range(20)] + [float("nan")], TopSpec()),
        ([i * 10**18 for i in range(20)], TopSpec()),
        ([str(i) + "e-20" for i in range(20)], TopSpec()),
        (
            ["1", "01", "1.0", "+1", "1.00", "001", " 1", "1 ", "1e0", "1.000", "0001"],
            IntervalSpec(widths=(1,)),
        ),
        ([None], TopSpec()),
        ([], TopSpec()),
    ],
)
def test_choice(values: list[Any], spec: HierarchySpec) -> None:
    column = pl.Series(values, dtype=pl.Int128 if values[1:2] == [10**18] else None)
    built = build("x", column, DefaultSpec())
    assert built.spec == spec
    assert build("x", column.reverse(), DefaultSpec()).spec == spec
    again = build("x", column, built.spec)
    assert [label.to_list() for label in again.labels] == [label.to_list() for label in built.labels]


@given(st.decimals(min_value=Decimal("1e-6"), max_value=Decimal("1e17"), allow_nan=False), st.booleans())
def test_nice_widths(span: Decimal, whole: bool) -> None:
    widths = nice_widths(span, whole=whole)
    assert 1 <= len(widths) <= 4
    assert IntervalSpec(widths=widths).widths == widths  # each divides the next
    assert all(Decimal(repr(width)).normalize().as_tuple().digits in ((1,), (2,), (5,)) for width in widths)
    assert span / Decimal(repr(widths[0])) <= 20
    assert all(finer < coarser < span for finer, coarser in pairwise(widths))
    if whole:
        assert widths[0] >= 1
