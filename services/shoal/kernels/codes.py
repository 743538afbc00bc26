"""Columns as codes, and numbers on their way to the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shoal.errors import InvalidArgumentError

U32 = 2**32
U63 = 2**63
U64 = 2**64


@dataclass(frozen=True, eq=False)
class AttributeCodes:
    """One quasi-identifier as codes.

    codes: the leaf of every record, below `leaves`. generalizations: for every level from 1 on, the code of
    every leaf at that level; codes are dense (below `leaves`) and the levels nested. leaves: the leaves of
    the hierarchy, whether the data holds them or not.
    """

    codes: NDArray[np.uint32]
    generalizations: tuple[NDArray[np.uint32], ...]
    leaves: int


@dataclass(frozen=True, eq=False)
class SensitiveCodes:
    """One column that models look at, as codes.

    codes: the value of every record, below `values`; for ORDERED codes are ranks. reference: rows per value of the reference
    distribution, None for that of the table itself. positions: for WASSERSTEIN, the place of every value on a line, ascending.
    generalizations: for HIERARCHICAL, as in AttributeCodes, over the values.
    """

    codes: NDArray[np.uint32]
    values: int
    reference: NDArray[np.uint64] | None = None
    positions: NDArray[np.uint64] | None = None
    generalizations: tuple[NDArray[np.uint32], ...] = ()


RawSensitive = tuple[NDArray[np.uint32], int, NDArray[np.uint64] | None, NDArray[np.uint64] | None, list[NDArray[np.uint32]]]


def raw_sensitive(columns: Sequence[SensitiveCodes]) -> list[RawSensitive]:
    """Sensitive columns as they cross."""
    return [
        (
            as_codes(column.codes),
            natural(column.values, "values", U32),
            None if column.reference is None else as_wide(column.reference),
            None if column.positions is None else as_wide(column.positions),
            [as_codes(map_) for map_ in column.generalizations],
        )
        for column in columns
    ]


def as_codes(array: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The array itself when it can cross as it is, a contiguous copy when only its strides are in the way."""
    if array.dtype != np.uint32 or array.ndim != 1:
        raise InvalidArgumentError("codes must be one-dimensional arrays of uint32")
    return np.ascontiguousarray(array)


def as_wide(array: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same for rows of a reference and for positions."""
    if array.dtype != np.uint64 or array.ndim != 1:
        raise InvalidArgumentError("reference and positions must be one-dimensional arrays of uint64")
    return np.ascontiguousarray(array)


def natural(value: int, name: str, limit: int = U64) -> int:
    """The value, if it is a natural number below the limit."""
    if not 0 <= value < limit:
        raise InvalidArgumentError(f"{name} must be at least 0 and below {limit}")
    return value


def fraction(value: Fraction, name: str) -> tuple[int, int]:
    """Numerator and denominator, if they fit 63 bits."""
    numerator, denominator = value.as_integer_ratio()
    if not 0 <= numerator < U63 or denominator >= U63:
        raise InvalidArgumentError(f"{name} must be a fraction of at least 0 with numerator and denominator below 2**63")
    return numerator, denominator
