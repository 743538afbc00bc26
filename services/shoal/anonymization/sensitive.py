"""Sensitive columns as codes: equal values, ranks, places on a line, leaves of a hierarchy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.models import Coding
from shoal.errors import InvalidArgumentError
from shoal.kernels import SensitiveCodes
from shoal.privacy.hierarchies import DefaultSpec, HierarchySpec, build
from shoal.tables.coding import Codes, code_distinct
from shoal.tables.text import as_text

# As parse_numbers reads them: no NaN, no infinity, no digit groups.
_NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?[ \t]*", re.ASCII)
_LARGEST_POSITION = 2**62
_LARGEST_EXPONENT = 400  # floats end at 308


@dataclass(frozen=True, eq=False)
class SensitiveColumn:
    """One coded column. values: the value of each code, None for a hierarchy's leaves that need not be shown."""

    name: str
    coding: Coding
    codes: SensitiveCodes
    values: pl.Series


def code_sensitive(
    name: str, column: pl.Series, coding: Coding, hierarchy: HierarchySpec | None, *, on_a_line: bool = False
) -> SensitiveColumn:
    """A sensitive column as codes; null is a value like others and has the lowest rank.

    hierarchy: for HIERARCHICAL. on_a_line: positions are needed (Wasserstein), so every value must be a number or a date.
    Raises InvalidArgumentError that names the column.
    """
    if coding is Coding.HIERARCHICAL:
        return _by_hierarchy(name, column, hierarchy)
    codes, leaves = code_distinct(column)
    if coding is Coding.PLAIN:
        return SensitiveColumn(name, coding, SensitiveCodes(codes, len(leaves)), leaves)
    numbers = numbers_of(leaves)
    if numbers is None:
        if on_a_line:
            raise InvalidArgumentError(
                f"t-closeness with the WASSERSTEIN distance needs numbers or dates, but '{name}' holds other values or empty "
                "cells: use ORDERED, or clean the column"
            )
        return SensitiveColumn(name, coding, SensitiveCodes(codes, len(leaves)), leaves)
    order = sorted(range(len(leaves)), key=lambda place: (numbers[place] is not None, numbers[place] or 0, place))
    rank = np.empty(len(leaves), dtype=np.uint32)
    rank[order] = np.arange(len(leaves), dtype=np.uint32)
    positions = None
    if on_a_line:
        placed = [numbers[place] for place in order]
        if any(number is None for number in placed):
            raise InvalidArgumentError(
                f"t-closeness with the WASSERSTEIN distance has no place for the empty cells of '{name}': use ORDERED, "
                "or fill them"
            )
        positions = positions_of([number for number in placed if number is not None])
    return SensitiveColumn(
        name,
        coding,
        SensitiveCodes(rank[codes], len(leaves), positions=positions),
        leaves.gather(np.array(order, dtype=np.uint32)),
    )


def numbers_of(leaves: pl.Series) -> list[Decimal | None] | None:
    """The number of every value, None for null; None altogether when some value is no number and no date."""
    if leaves.dtype in (pl.Date, pl.Datetime, pl.Time, pl.Duration):
        leaves = leaves.to_physical()
    if leaves.dtype == pl.Boolean:
        return None
    texts: Sequence[str | None] = as_text(leaves).to_list()
    if any(text is not None and not _NUMBER.fullmatch(text) for text in texts):
        return None
    numbers = [None if text is None else Decimal(text.strip(" \t")) for text in texts]
    if any(number and abs(number.adjusted()) > _LARGEST_EXPONENT for number in numbers):
        return None  # nobody's salary: written out, such numbers would fill the memory
    return numbers


def positions_of(numbers: Sequence[Decimal]) -> NDArray[np.uint64]:
    """Ascending numbers as whole places on a line from 0.

    Exact while the range fits 62 bits in units of the last decimal place; beyond that rounded to a 2^-62 part of the range.
    """
    exponents = [exponent for number in numbers if isinstance(exponent := number.normalize().as_tuple().exponent, int)]
    unit = min(exponents, default=0)
    first = numbers[0]
    # With whole numbers of Python: decimal arithmetic would round to the context's 28 digits.
    whole = [_scaled(number, unit) for number in numbers]
    start, span = _scaled(first, unit), whole[-1] - whole[0]
    if span <= _LARGEST_POSITION:
        return np.array([each - start for each in whole], dtype=np.uint64)
    return np.array([(each - start) * _LARGEST_POSITION // span for each in whole], dtype=np.uint64)


def _scaled(number: Decimal, unit: int) -> int:
    """number / 10^unit, a whole number."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 (infinities were refused)
    magnitude = int("".join(map(str, digits)) or "0")
    shift: int = exponent - unit
    power: int = 10 ** abs(shift)
    magnitude = magnitude * power if shift >= 0 else magnitude // power
    return -magnitude if sign else magnitude


def _by_hierarchy(name: str, column: pl.Series, spec: HierarchySpec | None) -> SensitiveColumn:
    if spec is None or isinstance(spec, DefaultSpec):
        raise InvalidArgumentError(
            f"t-closeness with the HIERARCHICAL distance needs a hierarchy of '{name}': give the attribute one in the policy"
        )
    built = build(name, column, spec)
    codes = SensitiveCodes(built.row_codes, len(built.leaves), generalizations=built.codes)
    return SensitiveColumn(name, Coding.HIERARCHICAL, codes, built.leaves)


def code_entities(column: pl.Series) -> tuple[Codes, pl.Series]:
    """The person of every row, and the persons; rows without one count as one person together, the careful reading."""
    return code_distinct(column)
