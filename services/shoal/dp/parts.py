"""What is released of a column, as whole numbers on a grid, and how far one privacy unit can move it.

| statistic | parts | moved by one row, added or removed | replaced |
|---|---|---|---|
| count | n | 1 | 1 |
| histogram | bins | 1 in l1 and l2 | 2 in l1, sqrt(2) in l2 |
| sum | S(x) | max(|L|, |U|) | max(U - L, |L|, |U|) |
| mean | S(x - m), n | r; 1 | 2r; 1 |
| variance | S(x - m), S((x - m)² - r²/2), n | r; r²/2; 1 | 2r; r²; 1 |
| mean of a public number of rows | S(x - m) | - | 2r |
| variance of a public number of rows | S(x - m), S((x - m)²) | - | 2r; r² |

with L, U the bounds, m their middle and r half their distance. A row that is replaced may also begin or cease to count (its
cell becomes null, another group's, or fails a condition), so a replaced row is never taken to move less than an added one. A
unit of c rows moves c times as much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from shoal.dp.query import Bounds, Column, Neighbouring, Query, Statistic
from shoal.kernels import Grid

FINEST_BITS = 30
"""The bounds are between 2^29 and 2^30 steps from the grid's origin."""

COUNT_EXPONENT = -20
"""The step of counts under noise with decimals."""

MOST_WHOLE = 2**30
"""The largest bound of a sum in whole numbers."""


class PartKind(StrEnum):
    """Which number of a column is released."""

    COUNT = "COUNT"
    BINS = "BINS"
    SUM = "SUM"
    SQUARES = "SQUARES"


@dataclass(frozen=True)
class Part:
    """One released number, or a histogram's.

    exponent: the step is 2^exponent. l1, l2: how far one unit moves it, in steps. shift: steps that are taken off for every
    row, so that squares are moved as little as possible.
    """

    kind: PartKind
    exponent: int
    l1: int
    l2: float
    shift: int = 0


@dataclass(frozen=True)
class ColumnParts:
    """A column's parts, and the grid that its values are laid on."""

    column: Column
    grid: Grid | None
    parts: tuple[Part, ...]


def parts_of(query: Query, column: Column) -> ColumnParts:
    """What is released of a column."""
    rows = query.unit.max_contributions
    replaced = query.unit.neighbouring is Neighbouring.SUBSTITUTE
    count_exponent = 0 if query.noise.is_whole else COUNT_EXPONENT
    step = rows << -count_exponent
    count = Part(PartKind.COUNT, count_exponent, step, float(step))
    if query.statistic is Statistic.COUNT:
        return ColumnParts(column, None, (count,))
    if query.statistic is Statistic.HISTOGRAM:
        moved = Part(PartKind.BINS, count_exponent, step, float(step))
        if replaced:
            moved = Part(PartKind.BINS, count_exponent, 2 * step, math.nextafter(math.sqrt(2.0) * step, math.inf))
        return ColumnParts(column, None, (moved,))
    assert column.bounds is not None  # noqa: S101 (a request without bounds was refused)
    if query.statistic is Statistic.SUM:
        grid = sum_grid(column.bounds, whole=query.noise.is_whole)
        low, high = grid.ends
        most = max(abs(low), abs(high), high - low if replaced else 0) * rows
        return ColumnParts(column, grid, (Part(PartKind.SUM, grid.exponent, most, float(most)),))
    grid = centred_grid(column.bounds)
    low, high = grid.ends
    most = max(abs(low), abs(high), high - low if replaced else 0) * rows
    parts = [Part(PartKind.SUM, grid.exponent, most, float(most))]
    if query.statistic is Statistic.VARIANCE:
        furthest = max(low * low, high * high)
        shift = 0 if query.dataset_size is not None else furthest // 2
        moved_by = (furthest if replaced else furthest - shift) * rows
        parts.append(Part(PartKind.SQUARES, 2 * grid.exponent, moved_by, math.nextafter(moved_by, math.inf), shift))
    if query.dataset_size is None:
        parts.append(count)
    return ColumnParts(column, grid, tuple(parts))


def sum_grid(bounds: Bounds, *, whole: bool) -> Grid:
    """The grid of a sum: whole numbers, or steps that are fine against the larger bound."""
    exponent = 0 if whole else _exponent(max(abs(bounds.lower), abs(bounds.upper)))
    return Grid(bounds.lower, bounds.upper, 0.0, exponent)


def centred_grid(bounds: Bounds) -> Grid:
    """The grid of values around the middle of their bounds."""
    middle = bounds.lower / 2.0 + bounds.upper / 2.0
    return Grid(bounds.lower, bounds.upper, middle, _exponent(max(bounds.upper - middle, middle - bounds.lower)))


def _exponent(furthest: float) -> int:
    return math.frexp(furthest)[1] - FINEST_BITS
