"""Cells as a query reads them. Each rule looks at one row alone and never fails: what a row holds shows in no error."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.dp.query import Comparison, Condition
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

LONGEST_TEXT = 255
"""A longer value is in no group and no category: nobody could have listed it."""

_FIRST_DAY, _LAST_DAY = -4_371_587, 2_932_896
"""Days from 1970-01-01 to -9999-01-01 and to 9999-12-31."""

_STEPS_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}

_TESTS: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.NOT_EQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.LESS_OR_EQUAL: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_OR_EQUAL: operator.ge,
}


def holds_numbers(dtype: pl.DataType) -> bool:
    """Whether values of this type may be numbers: numbers themselves, truth values as 1 and 0, and text."""
    return dtype.is_numeric() or isinstance(dtype, pl.Boolean | pl.String)


def numbers(series: pl.Series) -> NDArray[np.float64]:
    """The cells as numbers; NaN for a null and for what is no number."""
    cells = series.alias(NEUTRAL)
    if isinstance(cells.dtype, pl.String):
        cells = cells.str.strip_chars(" \t").cast(pl.Float64, strict=False)
    elif holds_numbers(cells.dtype):
        cells = cells.cast(pl.Float64, strict=False)
    else:
        cells = pl.repeat(None, len(cells), dtype=pl.Float64, eager=True)
    return np.ascontiguousarray(cells.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def passing(frame: pl.DataFrame, conditions: tuple[Condition, ...]) -> NDArray[np.bool_]:
    """Which rows pass every condition."""
    kept = np.ones(frame.height, dtype=np.bool_)
    for condition in conditions:
        kept &= _passes(frame[condition.column], condition)
    return kept


def _passes(series: pl.Series, condition: Condition) -> NDArray[np.bool_]:
    test = _TESTS[condition.comparison]
    if isinstance(condition.operand, str):
        # polars compares text by its UTF-8 bytes, which sort as code points do.
        found: pl.Series = test(_words(series), condition.operand)
        return found.fill_null(value=False).to_numpy()
    cells = numbers(series)
    with np.errstate(invalid="ignore"):
        passed: NDArray[np.bool_] = test(cells, condition.operand) & ~np.isnan(cells)
    return passed


def texts(series: pl.Series) -> pl.Series:
    """The cells as text; null for a null and for one that is too long."""
    cells = _words(series).to_frame()
    return cells.select(pl.when(pl.col(NEUTRAL).str.len_chars() <= LONGEST_TEXT).then(pl.col(NEUTRAL))).to_series()


def _words(series: pl.Series) -> pl.Series:
    """The cells as text. Days that no calendar has are null: polars fails at them, and no row may decide whether it does."""
    cells = series.alias(NEUTRAL)
    if isinstance(cells.dtype, pl.Date | pl.Datetime):
        unit = cells.dtype.time_unit if isinstance(cells.dtype, pl.Datetime) else None
        steps = 1 if unit is None else _STEPS_A_DAY[unit]
        known = cells.to_physical().cast(pl.Int64).is_between(_FIRST_DAY * steps, _LAST_DAY * steps)
        cells = cells.to_frame().select(pl.when(pl.lit(known)).then(pl.col(NEUTRAL))).to_series()
    return as_text(cells).alias(NEUTRAL)


def coded(series: pl.Series, values: list[str]) -> NDArray[np.uint32]:
    """The place of every cell among the values, their number for one that is not there."""
    places = pl.DataFrame({NEUTRAL: pl.Series(values, dtype=pl.String), "place": np.arange(len(values), dtype=np.uint32)})
    found = texts(series).to_frame(NEUTRAL).join(places, on=NEUTRAL, how="left", maintain_order="left")["place"]
    return np.ascontiguousarray(found.fill_null(len(values)).to_numpy(), dtype=np.uint32)
