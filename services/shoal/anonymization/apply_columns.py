"""The columns of new rows, in the codes of a solution that they are released by.

Codes of the apply state stay what they are; labels and values that the new rows bring get the codes behind them. Rows with a
value that a hierarchy does not know, or a sensitive value without a rank among the input's or a place on their line, are
not known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.apply_state import ApplyState, SensitiveState
from shoal.anonymization.fingerprints import CodedColumn
from shoal.anonymization.models import Coding, TCloseness
from shoal.anonymization.policy import Policy, Unlisted
from shoal.anonymization.sensitive import code_sensitive, numbers_of
from shoal.errors import ErrorReason, InfeasibleError, InvalidArgumentError
from shoal.kernels import SensitiveCodes
from shoal.privacy.hierarchies import build
from shoal.privacy.hierarchies.pinning import Pinned, extend, pin
from shoal.privacy.models import Distance
from shoal.tables.coding import Codes, code_distinct, code_values
from shoal.tables.columns import NEUTRAL, exactly, in_one_piece
from shoal.tables.facts import column_facts
from shoal.tables.text import as_text

__all__ = [
    "LabelledColumn",
    "SensitiveCoding",
    "ValuedColumn",
    "code_labels",
    "code_sensitive_values",
    "plain_type",
    "read_columns",
]


@dataclass(frozen=True, eq=False)
class LabelledColumn:
    """A quasi-identifier. codes: of each row's label, any where it is not known. labels: by code. known: by row. level: theirs.

    column: the values as they came.
    """

    codes: Codes
    labels: pl.Series
    known: NDArray[np.bool_]
    level: int
    column: CodedColumn


@dataclass(frozen=True, eq=False)
class SensitiveCoding:
    """A sensitive attribute as a kind of model looks at it. place: of the attribute. by_value: the kernel's code of a value."""

    place: int
    by_value: Codes
    codes: SensitiveCodes

    def of_rows(self, values: Codes) -> SensitiveCodes:
        """The kernel's column for rows of these values."""
        return SensitiveCodes(
            self.by_value[values],
            self.codes.values,
            reference=self.codes.reference,
            positions=self.codes.positions,
            generalizations=self.codes.generalizations,
        )


@dataclass(frozen=True, eq=False)
class ValuedColumn:
    """A sensitive attribute. codes: of each row's value, any where it is not known. values: by code. known: by row.

    codings: by kind. column: the values as they came.
    """

    codes: Codes
    values: pl.Series
    known: NDArray[np.bool_]
    codings: dict[Coding, SensitiveCoding]
    column: CodedColumn


def plain_type(dtype: pl.DataType) -> pl.DataType:
    """The type as it is kept: a dictionary's values are text, and so is a column of nothing but nulls."""
    return pl.String() if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null) else dtype


def read_columns(table: pl.LazyFrame, policy: Policy, state: ApplyState) -> tuple[dict[str, pl.Series], list[str]]:
    """The columns that the solution's input had and its release needs, in their old types, and warnings about others.

    Raises InvalidArgumentError for a column that is missing or of another kind, InfeasibleError for a table without rows.
    """
    wanted = state.columns.schema
    names = table.collect_schema().names()
    known = set(names)
    for name in wanted:
        if name not in known:
            raise InvalidArgumentError(
                f"table: there is no column '{name}', which the solution's input had",
                reason=ErrorReason.UNKNOWN_COLUMN,
                metadata={"column": name},
            )
    listed = {each.name for each in policy.attributes}
    others = [name for name in names if name not in wanted and name not in listed]
    if others and policy.unlisted is Unlisted.REFUSE:
        raise InvalidArgumentError(
            f"the policy does not name the column '{others[0]}' and refuses unlisted columns: leave it out",
            reason=ErrorReason.UNKNOWN_COLUMN,
            metadata={"column": others[0]},
        )
    frame = in_one_piece(table.select(exactly(list(wanted))).collect(engine="streaming"))
    if frame.height == 0:
        raise InfeasibleError("the table has no rows: there is nothing to release", metadata={"rows": "0"})
    warnings = (
        [f"{len(others)} columns that the solution does not release were dropped: {', '.join(others[:20])}"] if others else []
    )
    return {name: _conformed(name, frame[name], dtype).alias(NEUTRAL) for name, dtype in wanted.items()}, warnings


def code_labels(pinned: Pinned, before: pl.Series, column: pl.Series) -> LabelledColumn:
    """A quasi-identifier's labels. before: the labels that have codes."""
    codes, values = code_distinct(column)
    extension = extend(pinned, values)
    ((level, labels),) = extension.labels.items()
    known = extension.known
    new = labels.filter(pl.Series(known))
    every = pl.concat([before.alias(NEUTRAL), new.alias(NEUTRAL)]).unique(maintain_order=True)
    by_value = np.zeros(len(values), dtype=np.uint32)
    by_value[known] = code_values(new, every)
    return LabelledColumn(by_value[codes], every, known[codes], level, (pinned.attribute, codes, values))


def code_sensitive_values(state: SensitiveState, policy: Policy, column: pl.Series, place: int) -> ValuedColumn:
    """A sensitive attribute's values, coded for every kind of model that looks at it. place: of the attribute."""
    wanted = [coding for name, coding in policy.codings if name == state.name]
    distances = {model.distance for model in policy.models if isinstance(model, TCloseness) and model.attribute == state.name}
    on_a_line = Distance.WASSERSTEIN in distances
    codes, values = code_distinct(column)
    known = np.logical_and.reduce([_codable(state, coding, values, distances) for coding in wanted])
    new = values.filter(pl.Series(known))
    every = pl.concat([state.values.alias(NEUTRAL), new.alias(NEUTRAL)]).unique(maintain_order=True)
    by_value = np.zeros(len(values), dtype=np.uint32)
    by_value[known] = code_values(new, every)
    rows = np.zeros(len(every), dtype=np.uint64)
    rows[: len(state.reference)] = state.reference
    codings = {}
    for coding in wanted:
        line = on_a_line and coding is Coding.ORDERED
        coded = code_sensitive(state.name, every, coding, state.hierarchy, on_a_line=line).codes
        reference = np.zeros(coded.values, dtype=np.uint64)
        np.add.at(reference, coded.codes, rows)  # two values may share a leaf, as null and the empty text do
        with_reference = SensitiveCodes(coded.codes, coded.values, reference, coded.positions, coded.generalizations)
        codings[coding] = SensitiveCoding(place, coded.codes, with_reference)
    return ValuedColumn(by_value[codes], every, known[codes], codings, (state.name, codes, values))


def _codable(state: SensitiveState, coding: Coding, values: pl.Series, distances: Collection[Distance]) -> NDArray[np.bool_]:
    """Which values have codes of this kind without changing what is measured of the old values.

    A new value has no rank among the input's, and one beyond the input's range would stretch the line: either would shrink the
    distances of all rows, its own suppressed one or not.
    """
    if coding is Coding.HIERARCHICAL and state.hierarchy is not None:
        before = build(state.name, state.values, state.hierarchy)
        return extend(pin(before, *range(1, before.levels)), values).known
    if coding is not Coding.ORDERED:
        return np.ones(len(values), dtype=np.bool_)
    if Distance.ORDERED in distances:
        return values.is_in(state.values.implode(), nulls_equal=True).to_numpy()
    line = [number for number in numbers_of(state.values) or [] if number is not None]
    least, most = min(line), max(line)
    return np.array([_lies_between(values.slice(place, 1), least, most) for place in range(len(values))], dtype=np.bool_)


def _lies_between(value: pl.Series, least: Decimal, most: Decimal) -> bool:
    """Whether the one value is a number, and from `least` to `most`."""
    numbers = numbers_of(value)
    return numbers is not None and numbers[0] is not None and least <= numbers[0] <= most


def _conformed(name: str, column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """The column in the type that it had in the solution's input; refuses what that type cannot hold."""
    plain = column.cast(plain_type(column.dtype))
    if plain.dtype == dtype:
        return plain
    if isinstance(dtype, pl.String):
        return as_text(plain)
    if isinstance(column.dtype, pl.Null):
        return column.cast(dtype)
    had, has = (column_facts(pl.Schema({name: each}))[0].type for each in (dtype, plain.dtype))
    if had is has:
        found = plain.cast(dtype, strict=False)
        if found.cast(plain.dtype, strict=False).equals(plain, null_equal=True):
            return found
    raise InvalidArgumentError(
        f"table: the column '{name}' holds values of the kind {has.value}, in the solution's input it held {had.value}: "
        "send it in the same form",
        reason=ErrorReason.MALFORMED_TABLE,
        metadata={"column": name},
    )
