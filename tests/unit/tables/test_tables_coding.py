"""Codes of columns, and the text form of values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.tables.coding import SHORT, MissingValuesError, code_distinct, code_values, decode
from shoal.tables.text import as_text

COLUMNS = [
    pl.Series("c", ["b", "a", None, "b", "", "é", "😀", "z"]),
    pl.Series("c", [3, 1, None, 3]),
    pl.Series("c", [True, None, False]),
    pl.Series("c", [1.5, None, -1.0, float("inf")]),
    pl.Series("c", [dt.date(2020, 1, 2), None, dt.date(2019, 1, 1)]),
    pl.Series("c", [dt.time(1), None]),
    pl.Series("c", [dt.timedelta(1), None]),
    pl.Series("c", [Decimal("1.50"), None, Decimal("-1.00")]),
    pl.Series("c", [2**100, 1], dtype=pl.Int128),
    pl.Series("c", [], dtype=pl.String),
    pl.Series("c", [None, None], dtype=pl.String),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.dtype))
def test_codes_and_back(column: pl.Series) -> None:
    codes, leaves = code_distinct(column)
    assert codes.dtype == np.uint32
    assert codes.flags.c_contiguous
    assert leaves.dtype == column.dtype
    assert leaves.name == "c"
    assert leaves.to_list() == leaves.sort(nulls_last=False).to_list()
    assert leaves.n_unique() == len(leaves)
    assert decode(codes, leaves).to_list() == column.to_list()
    again = code_values(column, leaves.reverse())
    assert (again == len(leaves) - 1 - codes.astype(np.int64)).all()


def test_text_sorts_by_code_point_and_null_comes_first() -> None:
    assert code_distinct(COLUMNS[0])[1].to_list() == [None, "", "a", "b", "z", "é", "😀"]


def test_nan_and_zeros_are_one_value_each() -> None:
    codes, leaves = code_distinct(pl.Series([0.0, -0.0, float("nan"), -float("nan"), 1.0]))
    assert codes.tolist() == [0, 0, 2, 2, 1]
    assert as_text(leaves).to_list() == ["0.0", "1.0", "NaN"]


def test_dictionary_columns_are_text() -> None:
    codes, leaves = code_distinct(pl.Series(["b", "a", None], dtype=pl.Categorical))
    assert leaves.dtype == pl.String
    assert codes.tolist() == [2, 1, 0]
    enum = pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"]))
    assert code_values(enum, pl.Series(["a", "b"])).tolist() == [1, 0]


def test_missing_values_are_counted_not_shown() -> None:
    column = pl.Series(["a", "canary", None, "canary", "dog"])
    with pytest.raises(MissingValuesError) as caught:
        code_values(column, pl.Series(["a", "b"]))
    assert (caught.value.distinct, caught.value.rows, caught.value.null) == (3, 4, True)
    assert "canary" not in str(caught.value)
    with pytest.raises(MissingValuesError) as caught:
        code_values(column, pl.Series(["a", "dog", None]))
    assert (caught.value.distinct, caught.value.rows, caught.value.null) == (1, 2, False)


def test_leaves_must_be_distinct_and_of_the_columns_type() -> None:
    with pytest.raises(ValueError, match="repeat"):
        code_values(pl.Series(["a"]), pl.Series(["a", "a"]))
    with pytest.raises(ValueError, match="cannot be coded"):
        code_values(pl.Series([1]), pl.Series(["1"]))


@given(st.lists(st.none() | st.text(max_size=5), max_size=30))
def test_leaves_depend_on_the_values_alone(values: list[str | None]) -> None:
    column = pl.Series(values, dtype=pl.String)
    codes, leaves = code_distinct(column)
    assert leaves.to_list() == sorted(set(values), key=lambda value: (value is not None, (value or "").encode()))
    assert decode(codes, leaves).to_list() == values


@given(st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=30))
def test_a_long_column_is_coded_as_a_short_one(values: list[str | None]) -> None:
    short = pl.Series(values, dtype=pl.String)
    times = SHORT // len(values) + 1
    codes, leaves = code_distinct(short)
    long_codes, long_leaves = code_distinct(pl.concat([short] * times))
    assert long_leaves.to_list() == leaves.to_list()
    assert (long_codes == np.tile(codes, times)).all()


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pl.Series([5, -1, None]), ["5", "-1", None]),
        (pl.Series([5.0, 0.1, 1e300, -0.0, None]), ["5.0", "0.1", "1e+300", "-0.0", None]),
        (pl.Series([float("nan"), float("inf")]), ["NaN", "inf"]),
        (pl.Series([True, False, None]), ["true", "false", None]),
        (pl.Series([dt.date(2023, 4, 17), None]), ["2023-04-17", None]),
        (pl.Series([dt.datetime(2023, 4, 17, 8, 30)]), ["2023-04-17T08:30:00"]),  # noqa: DTZ001
        (pl.Series([dt.datetime(2023, 4, 17, 8, 30, 0, 500)]), ["2023-04-17T08:30:00.000500"]),  # noqa: DTZ001
        (
            pl.Series([dt.datetime(2023, 1, 17, 8, tzinfo=dt.UTC)]).dt.convert_time_zone("Europe/Berlin"),
            ["2023-01-17T09:00:00+01:00"],
        ),
        (pl.Series([dt.time(8, 30)]), ["08:30:00"]),
        (pl.Series([dt.timedelta(days=1, hours=2)]), ["P1DT2H"]),
        (pl.Series([Decimal("1.50")]), ["1.50"]),
        (pl.Series(["x", None], dtype=pl.Categorical), ["x", None]),
        (pl.Series([None, None]), [None, None]),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pl.Series) else "",
)
def test_text_form(values: pl.Series, texts: list[str | None]) -> None:
    assert as_text(values).to_list() == texts


def test_nan_and_null_are_found_among_sorted_leaves() -> None:
    """A join takes a NaN of a sorted column for no NaN: floats meet by their bits."""
    column = pl.Series([float("nan"), 1.0, None, -0.0, 0.0, float("nan")])
    codes, leaves = code_distinct(column)
    again, _ = code_distinct(leaves)
    assert codes.tolist() == [3, 2, 0, 1, 1, 3]
    assert again.tolist() == [0, 1, 2, 3]


TEXTS = [*(str(number) for number in range(3000)), None, ""]


def test_long_columns_of_texts_are_coded_like_short_ones() -> None:
    random = np.random.default_rng(5)
    column = pl.Series("c", TEXTS).gather(random.integers(0, len(TEXTS), 2 * SHORT))
    codes, leaves = code_distinct(column)
    assert leaves.to_list() == sorted(set(column.to_list()), key=lambda text: (text is not None, text))
    assert decode(codes, leaves).to_list() == column.to_list()
    with pytest.raises(MissingValuesError) as caught:
        code_values(column, leaves.filter(leaves != "7"))
    assert (caught.value.distinct, caught.value.rows) == (2, int(((column == "7") | column.is_null()).sum()))


def test_texts_of_one_hash_get_codes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(6)
    column = pl.Series("c", TEXTS).gather(random.integers(0, len(TEXTS), 2 * SHORT))
    expected, leaves = code_distinct(column)
    asked = []

    def poor_hash(series: pl.Series) -> pl.Series:
        asked.append(len(series))
        return series.str.len_chars().fill_null(0).cast(pl.UInt64)

    monkeypatch.setattr(pl.Series, "hash", poor_hash)
    codes, again = code_distinct(column)
    assert asked
    assert again.to_list() == leaves.to_list()
    assert (codes == expected).all()
    assert (code_values(column, leaves) == expected).all()
    with pytest.raises(MissingValuesError) as caught:
        # Its hash is among those of the leaves, and it is not.
        code_values(column, leaves.filter(leaves.eq_missing("7").not_()))
    assert (caught.value.distinct, caught.value.rows, caught.value.null) == (1, int((column == "7").sum()), False)
