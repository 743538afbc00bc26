"""Who was suppressed: the suppressed rows against all rows, by the values of a sensitive attribute.

Suppression hits minorities, and whoever signs for a release should see which. But a profile that is exact about few people
tells their values, the very thing that suppressing them was for. The release shows how many rows of each value were kept, and
the solution how many were suppressed in all; what must not come out is how many suppressed rows have a value that few have.

A value is shown when at least 10 of its rows were suppressed and 10 were kept; of persons, where rows have an entity. The rows
of the others can be had together, as what is missing from the sum. That must not tell the count of a single one of them: for
every hidden value with fewer than 10 suppressed rows each count from 0 to 9 must stay possible, else more values are hidden.
With n such values and m other hidden ones (10 rows or more each) whose suppressed rows are s together, that holds when

    s >= 9 + 10 m      and, when m = 0,      s <= 9 (n - 1).

Shares are rounded, and the order of values is that of the rounded shares. The distance takes all hidden values for one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.tables.coding import Codes
from shoal.tables.text import as_text

__all__ = ["Profile", "ValueShare", "suppressed_profile"]

LEAST_ROWS = 10
MOST_VALUES = 100
DECIMALS = 2
LONGEST_VALUE = 200

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ValueShare:
    """How suppression hit one value; shares are rounded to a hundredth. value: cut to 200 characters, empty for null."""

    value: str
    share_of_all: float
    share_of_suppressed: float
    suppressed_rate: float


@dataclass(frozen=True)
class Profile:
    """The suppressed rows against all rows.

    values: at most 100, those hit most first. hidden: values of the release that are left out because too few rows would show.
    distance: half the sum of absolute differences of the shares, rounded; None when nothing can be shown.
    """

    attribute: str
    values: tuple[ValueShare, ...]
    hidden: int
    distance: float | None


def suppressed_profile(
    attribute: str,
    codes: Codes,
    values: pl.Series,
    kept: NDArray[np.bool_],
    entities: Codes | None = None,
    *,
    most: int = MOST_VALUES,
) -> Profile:
    """The profile of one sensitive attribute.

    codes: of every row, places in `values`, which are distinct. kept: of every row, whether it was released. entities: of every
    row, the code of its person; None when every row is a person of its own. most: values to show.
    """
    codes, values = _without_empty_text(codes, values)
    size = len(values)
    suppressed, released = _rows(codes[~kept], size), _rows(codes[kept], size)
    absent = suppressed + released == 0
    if entities is None:
        few_suppressed, few_released = suppressed < LEAST_ROWS, released < LEAST_ROWS
    else:
        few_suppressed = _persons(codes[~kept], entities[~kept], size) < LEAST_ROWS
        few_released = _persons(codes[kept], entities[kept], size) < LEAST_ROWS
    shown = _shown(suppressed, few_suppressed & ~absent, few_released | absent)
    hidden = int((~shown & (released > 0)).sum())
    if not shown.any():
        return Profile(attribute, (), hidden, None)
    totals = suppressed + released
    shares = _shares(values, shown, suppressed, totals)
    merged = [np.append(each[shown], each[~shown].sum()) / each.sum() for each in (suppressed, totals)]
    distance = round(float(np.abs(merged[0] - merged[1]).sum() / 2), DECIMALS)
    return Profile(attribute, tuple(shares[:most]), hidden, distance)


def _shown(suppressed: Counts, few_suppressed: NDArray[np.bool_], few_released: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which values may be shown; the module's docstring has the rule."""
    shown = ~few_suppressed & ~few_released
    small = int(few_suppressed.sum())
    while small and shown.any():
        others = int((~shown & (suppressed > 0) & ~few_suppressed).sum())
        rest = int(suppressed[~shown].sum())
        if rest >= (LEAST_ROWS - 1) + LEAST_ROWS * others and (others or rest <= (LEAST_ROWS - 1) * (small - 1)):
            break
        # The smallest value that is enough by itself, else the largest there is.
        candidates = np.flatnonzero(shown)
        candidates = candidates[np.argsort(suppressed[candidates], kind="stable")]
        needed = (LEAST_ROWS - 1) + LEAST_ROWS * (others + 1) - rest
        enough = candidates[suppressed[candidates] >= needed]
        shown[enough[0] if len(enough) else candidates[-1]] = False
    return shown


def _shares(values: pl.Series, shown: NDArray[np.bool_], suppressed: Counts, totals: Counts) -> list[ValueShare]:
    """The shown values, those hit most first; ties by what is shown alone, so that the order tells nothing more."""
    places = np.flatnonzero(shown)
    texts = as_text(values.gather(places)).fill_null("").str.head(LONGEST_VALUE).to_list()
    shares = [
        ValueShare(
            value=text,
            share_of_all=round(float(totals[place] / totals.sum()), DECIMALS),
            share_of_suppressed=round(float(suppressed[place] / suppressed.sum()), DECIMALS),
            suppressed_rate=round(float(suppressed[place] / totals[place]), DECIMALS),
        )
        for text, place in zip(texts, places, strict=True)
    ]
    return sorted(shares, key=lambda each: (-each.suppressed_rate, -each.share_of_suppressed, -each.share_of_all, each.value))


def _without_empty_text(codes: Codes, values: pl.Series) -> tuple[Codes, pl.Series]:
    """The same with empty text as null: the profile's message cannot tell the two apart, so they are one value to it."""
    if values.dtype != pl.String or not (values == "").any() or not values.has_nulls():
        return codes, values
    empty, null = int((values == "").arg_max() or 0), int(values.is_null().arg_max() or 0)
    onto = np.arange(len(values), dtype=np.uint32)
    onto[empty] = null
    return onto[codes], values


def _rows(codes: Codes, size: int) -> Counts:
    return np.bincount(codes, minlength=size).astype(np.int64)


def _persons(codes: Codes, entities: Codes, size: int) -> Counts:
    """How many different entities each value has."""
    pairs = np.sort(codes.astype(np.uint64) << np.uint64(32) | entities)
    first = np.ones(len(pairs), dtype=np.bool_)  # np.unique takes ten times as long
    first[1:] = pairs[1:] != pairs[:-1]
    return _rows((pairs[first] >> np.uint64(32)).astype(np.uint32), size)
