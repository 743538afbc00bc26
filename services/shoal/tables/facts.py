"""What is known of a table without its cells: format, size, column names and types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError

__all__ = [
    "ColumnFacts",
    "ColumnType",
    "TableFacts",
    "TableFormat",
    "check_names",
    "column_facts",
    "malformed",
]


class TableFormat(StrEnum):
    """The file formats that tables come and go in."""

    CSV = "CSV"
    PARQUET = "PARQUET"
    ARROW_IPC = "ARROW_IPC"
    JSON_LINES = "JSON_LINES"


class ColumnType(StrEnum):
    """The kinds of column a table may have; every column of a CSV file is TEXT."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    FLOAT = "FLOAT"
    DECIMAL = "DECIMAL"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"
    TIME = "TIME"
    DURATION = "DURATION"


@dataclass(frozen=True)
class ColumnFacts:
    """A column's name, byte for byte as in the file, and its type."""

    name: str
    type: ColumnType


@dataclass(frozen=True)
class TableFacts:
    """The exact size and shape of a table.

    rows: without the header. expanded_bytes: the columns in memory, unpacked. separator: of a CSV file, else
    None.
    """

    rows: int
    columns: tuple[ColumnFacts, ...]
    expanded_bytes: int
    separator: str | None


MOST_NAME_BYTES = 1 << 20
"""What the names of all columns may take together: a dataset's description must fit into a message."""


def malformed(sentence: str) -> InvalidArgumentError:
    """The error of a file that is not a table we can read; the sentence says what, where and what to do."""
    return InvalidArgumentError(sentence, reason=ErrorReason.MALFORMED_TABLE)


def check_names(names: Sequence[str]) -> None:
    """Raises MALFORMED_TABLE when a column has no name, or two have the same."""
    if not names:
        raise malformed("The table has no columns.")
    if sum(len(name.encode()) for name in names) > MOST_NAME_BYTES:
        raise malformed(f"The column names are longer than {MOST_NAME_BYTES} bytes altogether: shorten them.")
    seen: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        if not name:
            raise malformed(f"Column {position} has no name: give every column a name in the header.")
        if name in seen:
            raise malformed(f"Columns {seen[name]} and {position} have the same name: rename one of them.")
        seen[name] = position


def _column_type(dtype: pl.DataType) -> ColumnType | None:
    """The type of a polars column, None when it is none of ours (nested, binary, objects)."""
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
        return ColumnType.TEXT
    if dtype.is_integer():
        return ColumnType.INTEGER
    if dtype.is_float():
        return ColumnType.FLOAT
    kinds: dict[type[pl.DataType], ColumnType] = {
        pl.Decimal: ColumnType.DECIMAL,
        pl.Boolean: ColumnType.BOOLEAN,
        pl.Date: ColumnType.DATE,
        pl.Datetime: ColumnType.DATETIME,
        pl.Time: ColumnType.TIME,
        pl.Duration: ColumnType.DURATION,
    }
    return kinds.get(type(dtype))


def column_facts(schema: pl.Schema) -> tuple[ColumnFacts, ...]:
    """The columns of a polars schema; MALFORMED_TABLE for a column of lists, structs, bytes or objects.

    Dictionary columns are text, and so is a column that has nothing but nulls.
    """
    facts = []
    for name, dtype in schema.items():
        kind = _column_type(dtype)
        if kind is None:
            word = type(dtype).__name__.lower()
            raise malformed(
                f"Column '{name}' holds values of the kind '{word}': a table may hold text, numbers, "
                "booleans, "
                "dates and times only; flatten or drop the column."
            )
        facts.append(ColumnFacts(name, kind))
    return tuple(facts)
