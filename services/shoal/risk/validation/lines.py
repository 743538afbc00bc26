"""Values in an order, and on a line: ranks for ORDERED, places for WASSERSTEIN. Numbers are those that are written."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from shoal.errors import InvalidArgumentError
from shoal.risk.validation.exact import Whole
from shoal.risk.validation.grouping import Ints
from shoal.tables.text import as_text

_PLAIN = r"^-?[0-9]{1,17}$"
_NUMBER = re.compile(r"[ \t]*([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,4}))?[ \t]*", re.ASCII)
_LARGEST_EXPONENT = 400  # floats end at 308


@dataclass(frozen=True, eq=False)
class Line:
    """Values in order. rank: of each leaf. places: of each rank, ascending from 0, in a unit that makes them whole."""

    rank: Ints
    places: Whole


def by_rank(leaves: pl.Series) -> Line:
    """By number when all values are numbers or points in time, else in the leaves' own order; null first."""
    numbers = numbers_of(leaves)
    rank = np.arange(len(leaves), dtype=np.int64) if numbers is None else _ranked(numbers)
    return Line(rank, np.arange(len(leaves), dtype=np.int64))


def by_place(name: str, leaves: pl.Series) -> Line:
    """By number, each value where its number is; raises InvalidArgumentError when one has none."""
    numbers = numbers_of(leaves)
    if numbers is None:
        raise InvalidArgumentError(
            f"t-closeness with the WASSERSTEIN distance needs numbers or dates, but '{name}' holds other values: use ORDERED, "
            "or clean the column",
            metadata={"column": name},
        )
    if leaves.null_count():
        raise InvalidArgumentError(
            f"t-closeness with the WASSERSTEIN distance has no place for the empty cells of '{name}': use ORDERED, "
            "or fill them",
            metadata={"column": name},
        )
    rank = _ranked(numbers)
    ordered = [number for _, number in sorted(zip(rank.tolist(), numbers, strict=True)) if number is not None]
    unit = math.lcm(*{number.denominator for number in ordered})
    whole = [int((number - ordered[0]) * unit) for number in ordered]
    fits = not whole or whole[-1] < 2**62
    return Line(rank, np.array(whole, dtype=np.int64 if fits else object))


def numbers_of(leaves: pl.Series) -> list[Fraction | int | None] | None:
    """The number of every value, None for null; None altogether when some value is neither a number nor a point in time."""
    if leaves.dtype in (pl.Date, pl.Datetime, pl.Time, pl.Duration):
        leaves = leaves.to_physical()
    if leaves.dtype.is_integer():
        return list(leaves.to_list())
    if leaves.dtype == pl.Boolean:
        return None
    text = as_text(leaves)
    if text.drop_nulls().str.contains(_PLAIN).all():
        return list(text.cast(pl.Int64).to_list())
    numbers: list[Fraction | int | None] = [None if each is None else _number(each) for each in text.to_list()]
    known = [number is not None or each is None for number, each in zip(numbers, text.to_list(), strict=True)]
    return numbers if all(known) else None


def _number(text: str) -> Fraction | None:
    """The number that a text spells: digits with or without a point and an exponent, blanks around; None for anything else."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    digits, exponent = int((found[2] + found[3]).lstrip("0") or "0"), int(found[4] or "0") - len(found[3])
    if digits and abs(len(str(digits)) - 1 + exponent) > _LARGEST_EXPONENT:
        return None  # nobody's salary: written out, such numbers would fill the memory
    value = Fraction(digits) * Fraction(10) ** exponent
    return -value if found[1] == "-" else value


def _ranked(numbers: list[Fraction | int | None]) -> Ints:
    """The rank of each number; null lowest, equal numbers in the order of their texts."""
    order = sorted(range(len(numbers)), key=lambda place: (numbers[place] is not None, numbers[place] or 0, place))
    rank = np.empty(len(numbers), dtype=np.int64)
    rank[order] = np.arange(len(numbers))
    return rank
