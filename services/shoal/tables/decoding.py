"""Reads every value of a typed table once, so that one that breaks in the middle is refused before it has a
name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from shoal.tables.columns import exact
from shoal.tables.csv_shape import TEXT_CELL_BYTES
from shoal.tables.facts import ColumnFacts, ColumnType, TableFacts, check_names, column_facts, malformed
from shoal.tables.limits import Limits, exceeded

__all__ = ["decode"]


def decode(pieces: Iterable[pl.LazyFrame], rows: int, expanded: int, limits: Limits) -> TableFacts:
    """The facts of a table of so many rows, given in pieces, that takes at least `expanded` bytes in memory.

    The lengths of texts are summed, because columns may repeat one text a million times without holding it
    twice, but whatever is written from them later does hold it.
    """
    columns: tuple[ColumnFacts, ...] = ()
    text_bytes = found = 0
    for piece in pieces:
        schema = piece.collect_schema()
        columns = column_facts(schema)
        check_names(schema.names())
        piece_rows, piece_bytes, longest = _measure(piece, schema)
        if longest > limits.max_cell_bytes:
            raise exceeded("cell_bytes", limits.max_cell_bytes)
        found += piece_rows
        text_bytes += piece_bytes
        fixed = TEXT_CELL_BYTES * found * sum(column.type is ColumnType.TEXT for column in columns)
        expanded = max(expanded, text_bytes + fixed)
        if expanded > limits.max_expanded_bytes:
            raise exceeded("expanded_bytes", limits.max_expanded_bytes)
    if found != rows:
        raise malformed("The file does not have as many rows as it claims: it is cut off or broken; write it again.")
    return TableFacts(rows, columns, expanded, None)


def _measure(frame: pl.LazyFrame, schema: pl.Schema) -> tuple[int, int, int]:
    """(rows, bytes of all texts, bytes of the longest text); every value is decoded on the way."""
    text_bytes = longest = 0
    numbers: list[pl.Expr] = [pl.len().alias("rows")]
    for position, (name, dtype) in enumerate(schema.items()):
        if isinstance(dtype, pl.Categorical | pl.Enum):
            # By distinct value: turning all rows into text is what has to be measured first.
            counts = frame.group_by(name).len().collect(engine="streaming")
            lengths = counts[name].cast(pl.String).str.len_bytes().cast(pl.Int64).fill_null(0)
            text_bytes += int((lengths * counts["len"].cast(pl.Int64)).sum())
            longest = max(longest, *lengths.to_list(), 0)
        elif isinstance(dtype, pl.String):
            # len_bytes() is u32, and so would be its sum.
            length = exact(name).str.len_bytes().cast(pl.Int64)
            numbers += [length.sum().alias(f"sum{position}"), length.max().alias(f"max{position}")]
        else:
            numbers.append(exact(name).is_null().sum().alias(f"nulls{position}"))
    found: dict[str, Any] = frame.select(numbers).collect(engine="streaming").row(0, named=True)
    for key, value in found.items():
        if key.startswith("sum"):
            text_bytes += int(value or 0)
        elif key.startswith("max"):
            longest = max(longest, int(value or 0))
    return int(found["rows"]), text_bytes, longest
