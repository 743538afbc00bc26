"""Statistics from noisy numbers. All of it is post-processing: it sees no row, and no number without noise."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from shoal.dp.noise import Spread
from shoal.dp.parts import ColumnParts, Part, PartKind

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Noisy:
    """A part with noise. value: in the unit of the answer."""

    part: Part
    noise: Spread
    value: float

    @property
    def deviation(self) -> float:
        """The standard deviation of the noise."""
        return math.ldexp(self.noise.standard_deviation, self.part.exponent)

    def reach(self, confidence: float) -> float:
        """How far the number without noise may be, with this probability."""
        return math.ldexp(self.noise.reach(confidence), self.part.exponent)


@dataclass(frozen=True)
class Estimate:
    """A statistic. interval: where it is without noise, with 95 % confidence. rows: the noisy number of rows behind it."""

    value: float
    interval: tuple[float, float]
    deviation: float
    rows: float | None = None


@dataclass(frozen=True)
class _Spread:
    """Numbers between two."""

    low: float
    high: float

    def over(self, divisor: _Spread) -> _Spread:
        """Quotients; the divisors are above 0."""
        found = [each / other for each, other in itertools.product((self.low, self.high), (divisor.low, divisor.high))]
        return _Spread(min(found), max(found))

    def squared(self) -> _Spread:
        ends = (self.low * self.low, self.high * self.high)
        return _Spread(0.0 if self.low <= 0.0 <= self.high else min(ends), max(ends))


def counted(noisy: Noisy) -> Estimate:
    """A count or a sum: the noisy number itself."""
    reach = noisy.reach(CONFIDENCE)
    return Estimate(noisy.value, (noisy.value - reach, noisy.value + reach), noisy.deviation)


def mean(column: ColumnParts, noisy: dict[PartKind, Noisy], size: int | None) -> Estimate:
    """The mean from the centred sum and the number of rows, or its public number; within the bounds."""
    bounds, middle = column.column.bounds, column.grid.origin if column.grid is not None else 0.0
    assert bounds is not None  # noqa: S101 (a request without bounds was refused)
    total, rows = noisy[PartKind.SUM], noisy.get(PartKind.COUNT)
    each = 1.0 - (1.0 - CONFIDENCE) / len(noisy)
    count, among = _rows(rows, size, each)

    def placed(centred: float) -> float:
        return min(max(centred + middle, bounds.lower), bounds.upper)

    value = placed(total.value / count)
    interval = (bounds.lower, bounds.upper)
    if among is not None:
        spread = _around(total, each).over(among)
        interval = (placed(spread.low), placed(spread.high))
    off = (value - middle) * rows.deviation if rows is not None else 0.0
    return Estimate(value, interval, math.hypot(total.deviation, off) / count, rows.value if rows is not None else None)


def variance(column: ColumnParts, noisy: dict[PartKind, Noisy], size: int | None) -> Estimate:
    """The population variance from the centred moments; from 0 to its greatest within the bounds."""
    bounds = column.column.bounds
    assert bounds is not None  # noqa: S101 (a request without bounds was refused)
    total, squares, rows = noisy[PartKind.SUM], noisy[PartKind.SQUARES], noisy.get(PartKind.COUNT)
    most = (bounds.upper / 2.0 - bounds.lower / 2.0) ** 2
    shift = math.ldexp(float(squares.part.shift), squares.part.exponent)
    each = 1.0 - (1.0 - CONFIDENCE) / len(noisy)
    count, among = _rows(rows, size, each)

    def placed(found: float) -> float:
        return min(max(found, 0.0), most)

    centre, square = total.value / count, squares.value / count + shift
    value = placed(square - centre * centre)
    interval = (0.0, most)
    if among is not None:
        high_square, low_square = _around(squares, each).over(among), _around(total, each).over(among).squared()
        interval = (placed(high_square.low + shift - low_square.high), placed(high_square.high + shift - low_square.low))
    # To first order: d(Q/n + h - (S/n)²) = dQ/n - 2(S/n) dS/n + (2(S/n)² - Q/n) dn/n.
    slopes = [(squares, 1.0), (total, 2.0 * centre)]
    if rows is not None:
        slopes.append((rows, 2.0 * centre * centre - squares.value / count))
    deviation = math.hypot(*(slope * part.deviation for part, slope in slopes)) / count
    return Estimate(value, interval, min(deviation, most), rows.value if rows is not None else None)


def _rows(noisy: Noisy | None, size: int | None, confidence: float) -> tuple[float, _Spread | None]:
    """The number of rows to divide by, at least 1, and where it may be; None when there may be no row at all."""
    if noisy is None:
        known = float(size or 1)
        return known, _Spread(known, known)
    around = _around(noisy, confidence)
    return max(1.0, noisy.value), around if around.low >= 1.0 else None


def _around(noisy: Noisy, confidence: float) -> _Spread:
    reach = noisy.reach(confidence)
    return _Spread(noisy.value - reach, noisy.value + reach)
