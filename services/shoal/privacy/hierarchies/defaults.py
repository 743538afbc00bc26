"""Which hierarchy a column gets when the policy names none; the rule is in the package's docstring."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from shoal.privacy.hierarchies.dates import iso_dates
from shoal.privacy.hierarchies.decimals import parse_numbers, places_of
from shoal.privacy.hierarchies.specs import (
    DateSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingSpec,
    TopSpec,
)
from shoal.tables.text import as_text

__all__ = ["choose", "nice_widths"]

_FEW_VALUES = 10
_FINEST_BINS = 20
# From the first digit of the finest width to the next ones: each divides the one behind it, and all are 1, 2
# or 5 times a power of ten.
_LADDERS = {1: (1, 5, 10, 50), 2: (1, 5, 10, 50), 5: (1, 2, 4, 20)}
_SMALLEST_WIDTH = Decimal("1e-9")


def choose(leaves: pl.Series) -> HierarchySpec:
    """The spec for a column of these distinct values."""
    values = leaves.drop_nulls()
    if values.is_empty() or values.dtype == pl.Boolean:
        return TopSpec()
    text = as_text(values)
    if values.dtype in (pl.Date, pl.Datetime) or not iso_dates(text).has_nulls():
        return DateSpec()
    if len(values) <= _FEW_VALUES:
        return TopSpec()
    return MaskingSpec() if _are_codes(text) else _numeric(text)


def _numeric(text: pl.Series) -> HierarchySpec:
    """Intervals when all values are numbers that can be told apart, else the top."""
    if parse_numbers(text, 0).bad.any():
        return TopSpec()
    numbers = text.str.strip_chars(" \t").cast(pl.Float64).to_numpy()
    span = Decimal(repr(float(numbers.max()))) - Decimal(repr(float(numbers.min())))
    widths = nice_widths(span, whole=not text.str.contains(r"[.eE]").any())
    if not widths or parse_numbers(text, places_of(widths)).bad.any():
        return TopSpec()
    return IntervalSpec(widths=widths)


def _are_codes(text: pl.Series) -> bool:
    """Whether these are digit strings of one length that look like codes, not like amounts."""
    if not text.str.contains(r"^[0-9]+$").all() or text.str.len_bytes().n_unique() != 1:
        return False
    length = len(text[0])
    if length >= 4 and text.str.starts_with("0").any():
        return True
    round_ones = text.str.ends_with("0").sum()
    return length >= 5 and 2 * round_ones < len(text)


def nice_widths(span: Decimal, *, whole: bool) -> tuple[float, ...]:
    """One to four bin widths of 1, 2 or 5 times a power of ten, each dividing the next, for numbers over
    `span`.

    The finest makes at most 20 bins (and is at least 1 for whole numbers); wider ones follow while they are
    less than the span. Empty when the finest would be too small to be told apart.
    """
    if span <= 0:
        return (1.0,)
    wanted = span / _FINEST_BINS
    power = Decimal(1).scaleb(wanted.adjusted())
    digit = wanted / power
    first, power = next(((first, power) for first in (1, 2, 5) if digit <= first), (1, power * 10))
    if whole and first * power < 1:
        first, power = 1, Decimal(1)
    if first * power < _SMALLEST_WIDTH:
        return ()
    widths = [first * step * power for step in _LADDERS[first]]
    return tuple(float(width) for place, width in enumerate(widths) if place == 0 or width < span)
