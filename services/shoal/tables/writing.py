"""Writes tables so that reading them gives back the same cells."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from shoal.tables.facts import TableFormat
from shoal.tables.separators import check_separator
from shoal.tables.text import as_text

__all__ = ["write_table"]


def write_table(
    frame: pl.DataFrame,
    path: Path,
    format: TableFormat,  # noqa: A002
    separator: str | None = None,
) -> None:
    """Writes the frame to `path` (an existing file is overwritten, its mode kept) and waits until it is on
    disk.

    CSV: UTF-8 without a mark, `\\n` at line ends, cells quoted only where they must be, a null an empty cell.
    An empty text is written as `""`, but reading makes null of both. In a table of one column a null is `""`
    as well: an empty line would be a row to us and none to others. separator: default ",".
    Parquet: zstd. Arrow: an IPC stream, lz4, in the layout every reader knows. JSON lines: numbers, booleans,
    and the rest as text.
    """
    with path.open("wb") as file:
        if format is TableFormat.CSV:
            _write_csv(frame, file, separator or ",")
        elif format is TableFormat.PARQUET:
            frame.write_parquet(file, compression="zstd")
        elif format is TableFormat.ARROW_IPC:
            frame.write_ipc_stream(file, compression="lz4", compat_level=pl.CompatLevel.oldest())
        else:
            frame.with_columns(_temporal_as_text(frame)).write_ndjson(file)
        file.flush()
        os.fsync(file.fileno())


def _temporal_as_text(frame: pl.DataFrame) -> list[pl.Series]:
    return [as_text(column) for column in frame if column.dtype.is_temporal() or column.dtype.is_decimal()]


def _write_csv(frame: pl.DataFrame, file: BinaryIO, separator: str) -> None:
    check_separator(separator)
    file.write(_header(frame.columns, separator))
    file.flush()  # polars writes to the descriptor, past Python's buffer
    frame = frame.select(as_text(column) for column in frame)
    if frame.width == 1:
        frame = frame.fill_null("")
    frame.write_csv(file, include_header=False, separator=separator)


def _header(names: Sequence[str], separator: str) -> bytes:
    """The header's line. A name that could be taken for a byte order mark or for a zlib stream is quoted."""
    special = ('"', "\n", "\r", separator)
    cells = [
        '"' + name.replace('"', '""') + '"'
        if any(mark in name for mark in special) or name.startswith(("\ufeff", "x\x01", "x^")) or not name
        else name
        for name in names
    ]
    return (separator.join(cells) + "\n").encode()
