"""Judges a whole file before it gets a name: is it a table, how large, with which columns."""

from __future__ import annotations

from shoal.tables.arrow_size import measure_arrow
from shoal.tables.csv_shape import TEXT_CELL_BYTES, CsvShape
from shoal.tables.decoding import decode
from shoal.tables.facts import (
    ColumnFacts,
    ColumnType,
    TableFacts,
    TableFormat,
)
from shoal.tables.json_lines import json_schema, scan_json_lines, scan_json_shape
from shoal.tables.limits import Limits, exceeded
from shoal.tables.parquet_size import measure_parquet
from shoal.tables.scanning import UNREADABLE, arrow_pieces, numbered_names, scan_csv_shape
from shoal.tables.sources import TableSource, no_panic, open_source, source_size
from shoal.tables.trial import try_parquet

__all__ = ["inspect"]


def inspect(
    source: TableSource,
    format: TableFormat,  # noqa: A002
    limits: Limits,
    separator: str | None = None,
    *,
    shape: CsvShape | None = None,
    header: bool = True,
) -> TableFacts:
    """The exact facts of a finished file, every row of it checked.

    shape: what UploadMeter.finish() found on these very bytes, which spares a second scan of a CSV file.
    Raises MALFORMED_TABLE for whatever is not a table, with a sentence that says what, where and what to do,
    and LIMIT_EXCEEDED for one that is too large, before anything of that size is allocated.
    """
    if source_size(source) > limits.max_bytes:
        raise exceeded("bytes", limits.max_bytes)
    if format is TableFormat.CSV:
        shape = shape or scan_csv_shape(source, separator, limits, header=header)
        columns = tuple(ColumnFacts(name, ColumnType.TEXT) for name in shape.names or numbered_names(shape.columns))
        return TableFacts(shape.rows, columns, shape.expanded_bytes, shape.separator)
    with no_panic(UNREADABLE[format]):
        if format is TableFormat.PARQUET:
            return _inspect_parquet(source, limits)
        if format is TableFormat.ARROW_IPC:
            return _inspect_arrow(source, limits)
        return _inspect_json_lines(source, limits)


def _inspect_parquet(source: TableSource, limits: Limits) -> TableFacts:
    with open_source(source) as file:
        rows, expanded = measure_parquet(file, source_size(source), limits)
    return try_parquet(source, rows, expanded, limits)


def _inspect_arrow(source: TableSource, limits: Limits) -> TableFacts:
    with open_source(source) as file:
        layout = measure_arrow(file, source_size(source), limits)
    pieces = arrow_pieces(source, layout)
    return decode(pieces, layout.rows, layout.expanded_bytes, limits)


def _inspect_json_lines(source: TableSource, limits: Limits) -> TableFacts:
    shape = scan_json_shape(source, limits)
    # By the keys that were counted, so that a million of them are refused before polars makes columns of
    # them.
    expanded = shape.bytes + TEXT_CELL_BYTES * shape.rows * shape.keys
    if expanded > limits.max_expanded_bytes:
        raise exceeded("expanded_bytes", limits.max_expanded_bytes)
    frame = scan_json_lines(source, json_schema(source))
    return decode([frame], shape.rows, expanded, limits)
