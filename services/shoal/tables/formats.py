"""The door to reading, judging and writing tables; the parts are in the modules beside this one."""

from __future__ import annotations

from pathlib import PurePath

from shoal.tables.arrow_size import FILE_MAGIC
from shoal.tables.csv_shape import CsvShape
from shoal.tables.facts import ColumnFacts, ColumnType, TableFacts, TableFormat, malformed
from shoal.tables.inspection import inspect
from shoal.tables.limits import Limits
from shoal.tables.meter import UploadMeter
from shoal.tables.reading import read_columns, read_headerless, read_table
from shoal.tables.scanning import scan_table
from shoal.tables.separators import SAMPLE_BYTES, find_separator
from shoal.tables.sources import TableSource
from shoal.tables.writing import write_table

__all__ = [
    "SAMPLE_BYTES",
    "ColumnFacts",
    "ColumnType",
    "CsvShape",
    "Limits",
    "TableFacts",
    "TableFormat",
    "TableSource",
    "UploadMeter",
    "find_format",
    "find_separator",
    "inspect",
    "read_columns",
    "read_headerless",
    "read_table",
    "scan_table",
    "write_table",
]

_EXTENSIONS = {
    ".csv": TableFormat.CSV,
    ".tsv": TableFormat.CSV,
    ".txt": TableFormat.CSV,
    ".parquet": TableFormat.PARQUET,
    ".pq": TableFormat.PARQUET,
    ".arrow": TableFormat.ARROW_IPC,
    ".arrows": TableFormat.ARROW_IPC,
    ".feather": TableFormat.ARROW_IPC,
    ".ipc": TableFormat.ARROW_IPC,
    ".jsonl": TableFormat.JSON_LINES,
    ".ndjson": TableFormat.JSON_LINES,
}

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")


def find_format(name: str, head: bytes) -> TableFormat:
    """The format of a file by its name's extension, else by its first bytes (16 are enough), else CSV.

    Raises MALFORMED_TABLE for an archive or a compressed file: it has to be unpacked first.
    """
    if head.startswith(_PACKED):
        raise malformed("The file is compressed: unpack it first, and send the table inside.")
    extension = PurePath(name).suffix.lower()
    if extension in _EXTENSIONS:
        return _EXTENSIONS[extension]
    if head.startswith(b"PAR1"):
        return TableFormat.PARQUET
    if head.startswith((FILE_MAGIC, b"\xff\xff\xff\xff")):
        return TableFormat.ARROW_IPC
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b'{"', b"{ ", b"{}")):
        return TableFormat.JSON_LINES
    return TableFormat.CSV
