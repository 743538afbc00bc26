"""Exact statistics of clipped columns in whole numbers: what differentially private answers are before their noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import InvalidArgumentError
from shoal.kernels.codes import U32, as_codes, natural
from shoal.kernels.refusals import translated


@dataclass(frozen=True)
class Grid:
    """Bounds that values are clipped to, and steps of 2^exponent around an origin; at most 2^31 of them to either bound."""

    lower: float
    upper: float
    origin: float
    exponent: int

    @property
    def ends(self) -> tuple[int, int]:
        """The bounds in steps; every value's steps are between them."""
        try:
            return _core.grid_ends(self._raw)
        except _core.CoreError as error:
            raise translated(error) from None

    @property
    def _raw(self) -> tuple[float, float, float, int]:
        return (self.lower, self.upper, self.origin, self.exponent)


@dataclass(frozen=True, eq=False)
class Groups:
    """The group of every row: a code below `count`."""

    codes: NDArray[np.uint32]
    count: int


@dataclass(frozen=True)
class Moments:
    """Of one group, in steps of the grid: how many values there are, their sum, and the sum of their squares."""

    count: int
    sum: int
    squares: int


def moments(
    values: NDArray[np.float64],
    grid: Grid,
    *,
    squares: bool = False,
    groups: Groups | None = None,
    monitor: Monitor | None = None,
) -> list[Moments]:
    """The moments of every group, of all rows without groups. NaN is a missing value; every other one is clipped.

    Values are rounded to whole steps, half to even, and added exactly: neither the order of the rows nor the number of threads
    changes a bit. squares: False leaves the sums of squares at 0.
    """
    try:
        found = _core.moments(_as_floats(values), grid._raw, squares=squares, groups=_raw(groups), monitor=monitor)
    except _core.CoreError as error:
        raise translated(error) from None
    return [Moments(*each) for each in found]


def histogram(
    values: NDArray[np.float64],
    edges: NDArray[np.float64],
    *,
    clamp: bool = False,
    groups: Groups | None = None,
    monitor: Monitor | None = None,
) -> NDArray[np.uint64]:
    """The number of values in every bin, a row of them a group. Bins are half-open, `[a, b)`, the last one closed.

    clamp: values in no bin count in the first or the last one.
    """
    try:
        found = _core.histogram(_as_floats(values), _as_floats(edges), clamp=clamp, groups=_raw(groups), monitor=monitor)
    except _core.CoreError as error:
        raise translated(error) from None
    return np.frombuffer(found, dtype=np.uint64).reshape(groups.count if groups else 1, len(edges) - 1)


def cross_counts(
    codes: NDArray[np.uint32], cardinality: int, *, groups: Groups | None = None, monitor: Monitor | None = None
) -> NDArray[np.uint64]:
    """The number of rows of every code, a row of them a group."""
    column = (as_codes(codes), natural(cardinality, "cardinality", U32))
    try:
        found = _core.cross_counts(column, groups=_raw(groups), monitor=monitor)
    except _core.CoreError as error:
        raise translated(error) from None
    return np.frombuffer(found, dtype=np.uint64).reshape(groups.count if groups else 1, cardinality)


def _as_floats(array: NDArray[np.float64]) -> NDArray[np.float64]:
    if array.dtype != np.float64 or array.ndim != 1:
        raise InvalidArgumentError("values and edges must be one-dimensional arrays of float64")
    return np.ascontiguousarray(array)


def _raw(groups: Groups | None) -> tuple[NDArray[np.uint32], int] | None:
    return None if groups is None else (as_codes(groups.codes), natural(groups.count, "groups", U32))
