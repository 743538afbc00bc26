"""The one text form of every kind of value: what a CSV cell holds and a hierarchy's table is matched by."""

from __future__ import annotations

import polars as pl

from shoal.tables.columns import NEUTRAL

__all__ = ["as_text"]

_DATETIME = "%Y-%m-%dT%H:%M:%S%.f"  # the fraction only where there is one


def as_text(series: pl.Series) -> pl.Series:
    """The series as text of the same length; null stays null.

    integers `5`; floats in the shortest form that reads back as the same number, always with a point or an
    exponent (`5.0`, `1e300`, `NaN`); decimals with all their places (`1.50`); booleans `true`, `false`; dates
    `2023-04-17`; datetimes `2023-04-17T08:30:00`, with a fraction only when there is one and with the offset
    when there is a time zone; times `08:30:00`; durations ISO 8601 (`P1DT2H`); text and dictionary columns as
    they are.
    """
    return _text(series.alias(NEUTRAL)).alias(series.name)


def _text(series: pl.Series) -> pl.Series:
    dtype = series.dtype
    if isinstance(dtype, pl.String):
        return series
    if isinstance(dtype, pl.Datetime):
        return series.dt.to_string(_DATETIME + "%:z" if dtype.time_zone else _DATETIME)
    if isinstance(dtype, pl.Time):
        return series.dt.to_string("%H:%M:%S%.f")
    if isinstance(dtype, pl.Duration):
        return series.dt.to_string("iso")
    return series.cast(pl.String)
