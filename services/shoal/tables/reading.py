"""Reads tables: whole, by columns, or without a header. CSV cells are text, and an empty cell is null."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.tables.columns import exactly
from shoal.tables.facts import TableFormat
from shoal.tables.inspection import inspect
from shoal.tables.limits import Limits
from shoal.tables.scanning import UNREADABLE, numbered_names, scan_csv, scan_csv_shape, scan_table
from shoal.tables.sources import TableSource, no_panic

__all__ = ["read_columns", "read_headerless", "read_table"]


def read_table(
    source: TableSource,
    format: TableFormat,  # noqa: A002
    separator: str | None = None,
    *,
    inspected: bool = False,
    limits: Limits | None = None,
    header: bool = True,
) -> pl.DataFrame:
    """The whole table; header=False: a CSV whose first line is a row.

    inspected: the source has passed inspect(), now or when it was taken in; otherwise it passes it here.
    Raises MALFORMED_TABLE and LIMIT_EXCEEDED as inspect() does.
    """
    if not inspected:
        separator = inspect(source, format, limits or Limits(), separator, header=header).separator
    with no_panic(UNREADABLE[format]):
        return scan_table(source, format, separator, header=header).collect(engine="streaming")


def read_columns(
    source: TableSource,
    format: TableFormat,  # noqa: A002
    columns: Sequence[str],
    separator: str | None = None,
) -> pl.DataFrame:
    """Some columns of a table that has passed inspect(), in the order asked for; UNKNOWN_COLUMN for one it
    lacks.
    """
    frame = scan_table(source, format, separator)
    known = set(frame.collect_schema().names())
    for name in columns:
        if name not in known:
            raise InvalidArgumentError(
                f"The table has no column '{name}'.",
                reason=ErrorReason.UNKNOWN_COLUMN,
                metadata={"column": name},
            )
    with no_panic(UNREADABLE[format]):
        return frame.select(exactly(columns)).collect(engine="streaming")


def read_headerless(source: TableSource, separator: str | None = None, limits: Limits | None = None) -> pl.DataFrame:
    """A CSV table without a header, as hierarchies come: one row a value, one column a level.

    Columns are named "0", "1", ...; every cell is text, an empty one null. Raises MALFORMED_TABLE as
    inspect() does.
    """
    shape = scan_csv_shape(source, separator, limits or Limits(), header=False)
    names = numbered_names(shape.columns)
    with no_panic(UNREADABLE[TableFormat.CSV]):
        return scan_csv(source, names, shape.separator, header=False).collect(engine="streaming")
