"""Opens tables lazily. CSV cells are text, and an empty cell is null."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import polars as pl

from shoal.tables.arrow_size import FILE_MAGIC, ArrowLayout
from shoal.tables.columns import exact
from shoal.tables.csv_shape import CsvScanner, CsvShape
from shoal.tables.facts import TableFormat
from shoal.tables.json_lines import json_schema, scan_json_lines
from shoal.tables.limits import Limits
from shoal.tables.separators import SAMPLE_BYTES, find_separator
from shoal.tables.sources import TableSource, chunks, no_panic, open_source, polars_source

__all__ = [
    "UNREADABLE",
    "arrow_pieces",
    "csv_header",
    "numbered_names",
    "scan_arrow",
    "scan_csv",
    "scan_csv_shape",
    "scan_table",
]

UNREADABLE = {
    TableFormat.CSV: "The CSV file cannot be read: check that it is whole and is UTF-8 text.",
    TableFormat.PARQUET: "The Parquet file is broken or uses a feature that is not supported: write it "
    "again, or "
    "send the table as CSV.",
    TableFormat.ARROW_IPC: "The Arrow data is broken or uses a feature that is not supported: write it "
    "again, or "
    "send the table as CSV.",
    TableFormat.JSON_LINES: "The JSON lines cannot be read: every line must be one object of texts, numbers, "
    "booleans and nulls, and a key must have values of one type.",
}

PIECE_BYTES = 64 << 20

_ZLIB_STARTS = (b"x\x01", b"x^")
"""How a zlib stream and a UTF-8 text may both begin: polars would inflate the text."""


def scan_csv_shape(source: TableSource, separator: str | None, limits: Limits, *, header: bool = True) -> CsvShape:
    """The shape of a CSV file, every byte of it checked; see CsvScanner for the errors."""
    scanner: CsvScanner | None = None
    for chunk in chunks(source):
        if scanner is None:
            separator = separator or find_separator(chunk[:SAMPLE_BYTES])
            scanner = CsvScanner(separator, limits, header=header)
        scanner.feed(chunk)
    return (scanner or CsvScanner(separator or ",", limits, header=header)).finish()


def numbered_names(columns: int) -> tuple[str, ...]:
    """The names of the columns of a CSV without a header: "0", "1", ..."""
    return tuple(str(column) for column in range(columns))


def csv_header(source: TableSource, separator: str | None) -> tuple[tuple[str, ...], str]:
    """(names, separator) of a CSV file, from its beginning only."""
    scanner: CsvScanner | None = None
    for chunk in chunks(source):
        if scanner is None:
            separator = separator or find_separator(chunk[:SAMPLE_BYTES])
            scanner = CsvScanner(separator, Limits())
        scanner.feed(chunk)
        if scanner.names is not None:
            return scanner.names, scanner.separator
    shape = (scanner or CsvScanner(",", Limits())).finish()
    return shape.names, shape.separator


def scan_csv(source: TableSource, names: Sequence[str], separator: str, *, header: bool = True) -> pl.LazyFrame:
    """The rows of a CSV file that CsvScanner accepted, every cell text, the empty ones null.

    names: of all columns, in order. They are given, not read, because polars renames and does not unquote
    them.
    """
    with open_source(source) as file:
        start = file.read(5)
    if start.startswith(_ZLIB_STARTS):
        # Behind a byte order mark polars takes it for what it is. Only such a file is read into memory first.
        source = b"\xef\xbb\xbf" + (source.read_bytes() if isinstance(source, Path) else source)
    return pl.scan_csv(
        polars_source(source),
        has_header=False,
        skip_rows=1 if header else 0,
        schema=dict.fromkeys(names, pl.String),
        separator=separator,
        null_values=[""],  # unlike empty_string_is_null, this holds for a quoted empty cell too
        glob=False,
        raise_if_empty=False,
    )


def scan_table(
    source: TableSource,
    format: TableFormat,  # noqa: A002
    separator: str | None = None,
    *,
    header: bool = True,
) -> pl.LazyFrame:
    """The table, lazily. The source must have passed inspect(): what is claimed in it is believed here.

    header=False: a CSV whose first line is a row, its columns named "0", "1", ...

    Dictionary columns, and columns of nothing but nulls, are text. Errors of a broken file come from
    collect().
    """
    with no_panic(UNREADABLE[format]):
        if format is TableFormat.CSV:
            if not header:
                shape = scan_csv_shape(source, separator, Limits(), header=False)
                return scan_csv(source, numbered_names(shape.columns), shape.separator, header=False)
            names, separator = csv_header(source, separator)
            return scan_csv(source, names, separator)
        if format is TableFormat.PARQUET:
            frame = pl.scan_parquet(polars_source(source), glob=False, hive_partitioning=False)
        elif format is TableFormat.ARROW_IPC:
            frame = scan_arrow(source)
        else:
            frame = scan_json_lines(source, json_schema(source))
        return frame.with_columns(
            exact(name).cast(pl.String)
            for name, dtype in frame.collect_schema().items()
            if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null)
        )


def scan_arrow(source: TableSource) -> pl.LazyFrame:
    """An Arrow IPC stream or file."""
    with open_source(source) as file:
        if file.read(len(FILE_MAGIC)) == FILE_MAGIC:
            return pl.scan_ipc(polars_source(source), glob=False, hive_partitioning=False)
    # polars has no lazy reader of streams.
    return pl.read_ipc_stream(polars_source(source)).lazy()


def arrow_pieces(source: TableSource, layout: ArrowLayout) -> Iterator[pl.LazyFrame]:
    """An IPC table as frames that together have all its rows, a stream in pieces of some PIECE_BYTES.

    Where dictionaries may change between batches, the stream is one piece.
    """
    if layout.is_file or layout.dictionaries or not layout.batches:
        yield scan_arrow(source)
        return
    with open_source(source) as file:
        head, length, body = layout.schema
        file.seek(head)
        schema = file.read(length + body)
        first = 0
        while first < len(layout.batches):
            begin = layout.batches[first][0]
            last = first
            while last + 1 < len(layout.batches) and layout.batches[last + 1][0] - begin < PIECE_BYTES:
                last += 1
            end = sum(layout.batches[last])
            file.seek(begin)
            yield pl.read_ipc_stream(BytesIO(schema + file.read(end - begin))).lazy()
            first = last + 1
