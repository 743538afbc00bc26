"""Hierarchies of days: months, quarters, years, decades."""

from __future__ import annotations

import re

import polars as pl

from shoal.privacy.hierarchies.refusals import invalid, unreadable_values
from shoal.privacy.hierarchies.specs import DateSpec, DateUnit
from shoal.tables.text import as_text

__all__ = ["date_labels", "days_of", "iso_dates"]

_ISO = (
    r"^[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?[ \t]*$"
)
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60).*)?$"
_TIME_LETTERS = re.compile(r"%[-_0]?[HIklMSTRrpPfsXcZz+.]")


def iso_dates(text: pl.Series) -> pl.Series:
    """The day of each text in ISO 8601, `2023-04-17` or with a time behind; null where it is none.

    The day is the one written: an offset does not move it.
    """
    groups = text.str.extract_groups(_ISO).struct.unnest()
    groups.columns = ["day", "time"]
    valid = pl.col("time").is_null() | pl.col("time").str.contains(_TIME)
    return groups.select(pl.when(valid).then(pl.col("day").str.to_date("%Y-%m-%d", strict=False)).alias("day"))["day"]


def date_labels(attribute: str, leaves: pl.Series, spec: DateSpec) -> list[pl.Series]:
    """The unit of each leaf at each level of the spec; null stays null.

    `2023-04-17`, `2023-04`, `2023-Q2`, `2023`, `2020-2029`. A datetime column counts by the day in its own
    time zone. Raises INVALID_HIERARCHY with the attribute and the count when values are no dates.
    """
    days = days_of(attribute, leaves, spec.format)
    unreadable = int((days.is_null() & leaves.is_not_null()).sum())
    if unreadable:
        form = f"the format {spec.format}" if spec.format else "ISO 8601 (2023-04-17)"
        raise unreadable_values(attribute, unreadable, f"dates in {form}")
    frame = days.to_frame("day")
    return [frame.select(_UNITS[unit].alias("label"))["label"] for unit in spec.levels]


def days_of(attribute: str, leaves: pl.Series, form: str | None) -> pl.Series:
    """The day of each leaf, null where it cannot be read. form: of text, None for ISO 8601."""
    if isinstance(leaves.dtype, pl.Date):
        return leaves
    if isinstance(leaves.dtype, pl.Datetime):
        return leaves.dt.date()
    text = as_text(leaves)
    if form is None:
        return iso_dates(text)
    try:
        if _TIME_LETTERS.search(form.replace("%%", "")):
            return text.str.to_datetime(form, strict=False).dt.date()
        return text.str.to_date(form, strict=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise invalid(attribute, "has a date format that cannot be read: use letters such as %Y-%m-%d.") from None


def _year(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.zfill(4)


_DAY = pl.col("day")
_DECADE = _DAY.dt.year() // 10 * 10
_UNITS = {
    DateUnit.DAY: _DAY.dt.to_string("%Y-%m-%d"),
    DateUnit.MONTH: _DAY.dt.to_string("%Y-%m"),
    DateUnit.QUARTER: _year(_DAY.dt.year()) + pl.lit("-Q") + _DAY.dt.quarter().cast(pl.String),
    DateUnit.YEAR: _year(_DAY.dt.year()),
    DateUnit.DECADE: _year(_DECADE) + pl.lit("-") + _year(_DECADE + 9),
}
