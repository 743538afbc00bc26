"""Columns as dense integer codes, the only thing kernels see, and back."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["SHORT", "Codes", "MissingValuesError", "code_distinct", "code_values", "decode"]

Codes = NDArray[np.uint32]

SHORT = 1 << 14
"""Rows up to which texts are coded one column at a time: a group-by and a join each cost as much as thousands of rows."""


class MissingValuesError(ValueError):
    """Values of a column that are not among the leaves; it never holds the values themselves.

    distinct: how many, null included when it is one of them. rows: how many rows hold them. null: whether
    null is. The layer above turns it into an error of its own vocabulary.
    """

    def __init__(self, distinct: int, rows: int, *, null: bool) -> None:
        super().__init__(f"{distinct} distinct values, in {rows} rows, are not among the leaves")
        self.distinct = distinct
        self.rows = rows
        self.null = null


def code_values(column: pl.Series, leaves: pl.Series) -> Codes:
    """The position in `leaves` of each row's value: contiguous, shape (rows,), perhaps read-only.

    leaves: distinct values of the column's type, at most one of them null. Floats meet by value: 0.0 is -0.0
    and NaN is NaN. Raises MissingValuesError when a row's value is no leaf, ValueError when leaves repeat or
    have another type.
    """
    column, leaves = _joinable(column), _joinable(leaves)
    if column.dtype != leaves.dtype:
        raise ValueError(f"a column of {column.dtype} cannot be coded by leaves of {leaves.dtype}")
    if leaves.n_unique() != len(leaves):
        raise ValueError("leaves repeat")
    if column.dtype == pl.String:
        codes = _places(column.hash(), leaves.hash())
        if codes.null_count() == 0 and _are_codes(codes, column, leaves):
            return np.ascontiguousarray(codes.to_numpy())
    codes = _places(column, leaves)
    if codes.null_count():
        missing = column.filter(codes.is_null())
        raise MissingValuesError(missing.n_unique(), len(missing), null=missing.null_count() > 0)
    return np.ascontiguousarray(codes.to_numpy())


def code_distinct(column: pl.Series) -> tuple[Codes, pl.Series]:
    """(codes, leaves): the distinct values of a column, sorted, and the position in them of each row's value.

    The order of leaves depends on the values alone: null first, then text by code point (polars compares
    UTF-8 bytes, which sort alike), numbers and dates ascending with NaN last, false before true. Leaves have
    the column's type; a dictionary column, or one of nothing but nulls, becomes text, and -0.0 becomes 0.0.
    """
    column = _hashable(column)
    if column.dtype == pl.String and len(column) <= SHORT:
        leaves = column.unique().sort(nulls_last=False)
        return _code_texts(column, leaves), leaves.alias(column.name)
    if column.dtype == pl.String:
        keys = column.hash()
        rows = keys.arg_unique()
        leaves = column.gather(rows)
        order = leaves.arg_sort(nulls_last=False)
        leaves = leaves.gather(order)
        codes = _places(keys, keys.gather(rows).gather(order))
        if _are_codes(codes, column, leaves):
            return np.ascontiguousarray(codes.to_numpy()), leaves.alias(column.name)
    keys = _joinable(column)
    leaves = column.gather(keys.arg_unique()).sort(nulls_last=False)
    return code_values(column, leaves), leaves.alias(column.name)


def _places(keys: pl.Series, among: pl.Series) -> pl.Series:
    """The position of each key in `among`, which are distinct; null where it is not there."""
    numbered = pl.DataFrame({"key": among, "place": np.arange(len(among), dtype=np.uint32)})
    return pl.DataFrame({"key": keys}).join(numbered, on="key", how="left", nulls_equal=True, maintain_order="left")["place"]


def _are_codes(codes: pl.Series, column: pl.Series, leaves: pl.Series) -> bool:
    """Whether the codes, found by hashes, are right: two texts may have one hash.

    To group and join hashes and then compare every text with its leaf takes a sixth of the time of grouping and joining texts
    (10 M rows, 100,000 distinct).
    """
    return len(codes) == len(column) and leaves.gather(codes).eq_missing(column).all()


def _code_texts(column: pl.Series, leaves: pl.Series) -> Codes:
    """The position in `leaves`, null first, of each text: all of them are there."""
    codes = column.cast(pl.Enum(leaves.drop_nulls())).to_physical().cast(pl.UInt32)
    if leaves.null_count():
        codes = (codes + 1).fill_null(0)
    return np.ascontiguousarray(codes.to_numpy())


def decode(codes: Codes, labels: pl.Series) -> pl.Series:
    """The label of every code: a series of the labels' type and name, as long as `codes`."""
    return labels.gather(codes)


def _joinable(series: pl.Series) -> pl.Series:
    """The series in a type that joins find equal values of: floats by their bits, as a join takes a sorted NaN for no NaN."""
    series = _hashable(series)
    if not series.dtype.is_float():
        return series
    numbers = np.where(np.isnan(raw := series.to_numpy()), np.nan, raw)  # one NaN for all of them
    bits = pl.Series("bits", np.ascontiguousarray(numbers, dtype=raw.dtype).view(f"u{raw.dtype.itemsize}"))
    return pl.select(pl.when(series.is_null()).then(None).otherwise(bits)).to_series()


def _hashable(series: pl.Series) -> pl.Series:
    """The series in a type whose values meet only when they are equal."""
    if isinstance(series.dtype, pl.Categorical | pl.Enum | pl.Null):
        # Physical codes of two dictionaries are not comparable, and those of one sort by first appearance.
        return series.cast(pl.String)
    if series.dtype.is_float():
        # polars takes the two zeros for one value and keeps either: which one must not depend on chance.
        return (
            series.to_frame("value")
            .select(pl.when(pl.col("value") == 0.0).then(pl.lit(0.0, series.dtype)).otherwise(pl.col("value")))
            .to_series()
            .alias(series.name)
        )
    return series
