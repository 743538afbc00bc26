"""What a hierarchy is asked to be, one frozen model a kind."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from shoal.privacy.hierarchies.decimals import MAX_DIGITS, is_multiple, places_of, scaled

__all__ = [
    "DateSpec",
    "DateUnit",
    "DefaultSpec",
    "ExplicitSpec",
    "HierarchySpec",
    "IntervalSpec",
    "MaskingDirection",
    "MaskingSpec",
    "PathSpec",
    "RoundingSpec",
    "TableSpec",
    "TopSpec",
]

MAX_LEVELS = 255
"""The most levels of a hierarchy beyond level 0 that masking and paths make."""


class MaskingDirection(StrEnum):
    """The end of a value that is masked first."""

    RIGHT = "RIGHT"
    LEFT = "LEFT"


class DateUnit(StrEnum):
    """Spans of the calendar, from fine to coarse."""

    DAY = "DAY"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    DECADE = "DECADE"


class _Spec(BaseModel):
    # hide_input: the rows of a table are data, and a validation error may reach a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TableSpec(_Spec):
    """A table: column 0 holds the values, column i their labels at level i. The frame has no header of its
    own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)

    kind: Literal["table"] = "table"
    rows: Annotated[pl.DataFrame, Field(repr=False)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TableSpec) and self.rows.equals(other.rows)

    def __hash__(self) -> int:
        return hash((self.kind, self.rows.shape))


class ExplicitSpec(_Spec):
    """The same, written out; an empty cell is null. That rows have one length is checked by build()."""

    kind: Literal["explicit"] = "explicit"
    rows: tuple[tuple[str, ...], ...] = Field(repr=False)


def _check_steps(steps: tuple[float, ...], word: str) -> None:
    if any(step <= 0 for step in steps):
        raise ValueError(f"every {word} must be greater than 0")
    for level, (finer, coarser) in enumerate(pairwise(steps), 2):
        if not is_multiple(coarser, finer):
            raise ValueError(f"the {word} of level {level} must be a whole multiple of the one before")


def _check_digits(numbers: tuple[float, ...]) -> None:
    """One more place than the numbers have is kept for rounding."""
    places = places_of(numbers) + 1
    if places > MAX_DIGITS:
        raise ValueError(f"the numbers must have at most {MAX_DIGITS - 1} decimal places")
    if any(abs(scaled(number, places)) >= 10**MAX_DIGITS for number in numbers):
        raise ValueError(f"the numbers must be written with at most {MAX_DIGITS - 1} digits altogether")


class IntervalSpec(_Spec):
    """Bins `[65-70)` of numbers, aligned to `origin`; `widths` by level."""

    kind: Literal["intervals"] = "intervals"
    widths: tuple[FiniteFloat, ...] = Field(min_length=1, max_length=30)
    lower_bound: FiniteFloat | None = None
    upper_bound: FiniteFloat | None = None
    origin: FiniteFloat = 0.0

    @model_validator(mode="after")
    def _check(self) -> IntervalSpec:
        _check_steps(self.widths, "width")
        _check_digits(self.numbers)
        if self.lower_bound is not None and self.upper_bound is not None and self.lower_bound >= self.upper_bound:
            raise ValueError("lower_bound must be less than upper_bound")
        return self

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number of the spec: what decides how many places are needed."""
        bounds = tuple(bound for bound in (self.lower_bound, self.upper_bound) if bound is not None)
        return (*self.widths, self.origin, *bounds)


class MaskingSpec(_Spec):
    """One more character masked at every level, or fixed `positions` (from 0 at the left) at level 1."""

    kind: Literal["masking"] = "masking"
    direction: MaskingDirection = MaskingDirection.RIGHT
    mask_char: str = Field(default="*", min_length=1, max_length=1)
    max_level: int | None = Field(default=None, ge=1, le=MAX_LEVELS)
    positions: tuple[Annotated[int, Field(ge=0, lt=1 << 20)], ...] = Field(default=(), max_length=1000)

    @model_validator(mode="after")
    def _check(self) -> MaskingSpec:
        if self.positions and (self.max_level is not None or self.direction is not MaskingDirection.RIGHT):
            raise ValueError("positions cannot be given together with max_level or direction")
        return self


class DateSpec(_Spec):
    """Calendar units by level. format: how text spells a date, as in strftime; None for ISO 8601."""

    kind: Literal["dates"] = "dates"
    levels: tuple[DateUnit, ...] = Field(
        default=(DateUnit.MONTH, DateUnit.QUARTER, DateUnit.YEAR, DateUnit.DECADE), min_length=1
    )
    format: str | None = Field(default=None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _check(self) -> DateSpec:
        order = list(DateUnit)
        if any(order.index(coarser) <= order.index(finer) for finer, coarser in pairwise(self.levels)):
            raise ValueError("levels must go from finer to coarser units, each once")
        return self


class RoundingSpec(_Spec):
    """Numbers rounded half away from zero to `multiples` by level."""

    kind: Literal["rounding"] = "rounding"
    multiples: tuple[FiniteFloat, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _check(self) -> RoundingSpec:
        _check_steps(self.multiples, "multiple")
        _check_digits(self.multiples)
        return self


class PathSpec(_Spec):
    """Paths such as `Europe/France/Lyon`, cut from their end."""

    kind: Literal["path"] = "path"
    separator: str = Field(default="/", min_length=1, max_length=8)


class TopSpec(_Spec):
    """The value itself, then `*`: what a column gets that nothing finer is known for."""

    kind: Literal["top"] = "top"


class DefaultSpec(_Spec):
    """Chosen from the values; see the package's docstring for the rule."""

    kind: Literal["default"] = "default"


HierarchySpec = (
    TableSpec | ExplicitSpec | IntervalSpec | MaskingSpec | DateSpec | RoundingSpec | PathSpec | TopSpec | DefaultSpec
)
