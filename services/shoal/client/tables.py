"""What a table may be for the client, and how it becomes bytes: files as they are, frames as an Arrow IPC
stream."""

from __future__ import annotations

import importlib.util
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from shoal.api.tables.v1 import table_pb2
from shoal.errors import ErrorReason, InvalidArgumentError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

INLINE_BYTES = 256 * 1024
"""The largest table that travels inside a request."""

CHUNK_BYTES = 1024 * 1024
"""The size of one message of an upload."""

FORMATS: dict[str, table_pb2.TableFormat] = {
    ".csv": table_pb2.TABLE_FORMAT_CSV,
    ".tsv": table_pb2.TABLE_FORMAT_CSV,
    ".txt": table_pb2.TABLE_FORMAT_CSV,
    ".parquet": table_pb2.TABLE_FORMAT_PARQUET,
    ".pq": table_pb2.TABLE_FORMAT_PARQUET,
    ".arrow": table_pb2.TABLE_FORMAT_ARROW_IPC,
    ".arrows": table_pb2.TABLE_FORMAT_ARROW_IPC,
    ".ipc": table_pb2.TABLE_FORMAT_ARROW_IPC,
    ".feather": table_pb2.TABLE_FORMAT_ARROW_IPC,
    ".jsonl": table_pb2.TABLE_FORMAT_JSON_LINES,
    ".ndjson": table_pb2.TABLE_FORMAT_JSON_LINES,
}

_DATASET = re.compile(r"datasets/[A-Za-z0-9_-]+")
_URI = re.compile(r"(file|s3|gs|az):.+")


class ArrowStream(Protocol):
    """Any table that hands out its rows through the Arrow C stream interface: pyarrow, polars, DuckDB,
    nanoarrow and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Frame: TypeAlias = "pl.DataFrame | pl.LazyFrame | pd.DataFrame | ArrowStream"
Table: TypeAlias = "str | os.PathLike[str] | Frame | table_pb2.TableSource"
"""A file's path, a `datasets/…` name, a URI, a frame of polars or pandas, an Arrow table, or a finished
TableSource message."""


@dataclass(frozen=True)
class Payload:
    """A table as bytes to send. `open` starts reading at the first byte; the caller closes what it
    returns."""

    format: table_pb2.TableFormat
    separator: str | None
    size: int
    display_name: str
    open: Callable[[], BinaryIO]

    def inline(self) -> table_pb2.InlineTable:
        """The whole table as part of a request."""
        with self.open() as file:
            data = file.read()
        return table_pb2.InlineTable(data=data, format=self.format, separator=self.separator)


def named_source(table: Table) -> table_pb2.TableSource | None:
    """The source of a table that the server can reach by itself, by name or URI; None for one that must be
    sent."""
    if isinstance(table, table_pb2.TableSource):
        return table
    if isinstance(table, str):
        if _DATASET.fullmatch(table):
            return table_pb2.TableSource(dataset=table)
        if _URI.fullmatch(table):
            return table_pb2.TableSource(uri=table)
    return None


def format_of(path: Path) -> table_pb2.TableFormat:
    """The format that a file's name stands for."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise InvalidArgumentError(
            f"{path.name}: the name does not say what format the table has; use one of {', '.join(sorted(FORMATS))}",
            reason=ErrorReason.MALFORMED_TABLE,
        )
    return found


def payload(table: Table, separator: str | None = None) -> Payload:
    """The bytes of a table that must be sent. `separator` is a CSV file's, None: the server finds it."""
    if isinstance(table, str | os.PathLike):
        return _file_payload(Path(table), separator)
    if separator is not None:
        raise InvalidArgumentError("separator: only CSV files have one, not a table in memory")
    data = _frame_bytes(table)
    return Payload(table_pb2.TABLE_FORMAT_ARROW_IPC, None, len(data), "", lambda: io.BytesIO(data))


def _file_payload(path: Path, separator: str | None) -> Payload:
    form = format_of(path)
    if separator is not None and form != table_pb2.TABLE_FORMAT_CSV:
        raise InvalidArgumentError(f"separator: {path.name} is not a CSV file")
    if separator is None and path.suffix.lower() == ".tsv":
        separator = "\t"
    with path.open("rb") as file:  # a missing or unreadable file is refused here, before anything is sent
        size = os.fstat(file.fileno()).st_size
    return Payload(form, separator, size, path.name[:255], lambda: path.open("rb"))


def _frame_bytes(table: object) -> bytes:
    import polars as pl  # noqa: PLC0415 (slow to load, not needed for files)

    frame: pl.DataFrame
    if isinstance(table, pl.LazyFrame):
        frame = table.collect()
    elif isinstance(table, pl.DataFrame):
        frame = table
    elif type(table).__module__.split(".")[0] == "pandas":
        frame = _from_pandas(table)  # pandas is looked at, never imported here
    elif hasattr(table, "__arrow_c_stream__"):
        frame = pl.DataFrame(table)
    else:
        raise InvalidArgumentError(
            f"a {type(table).__name__} is not a table: give a path, a `datasets/…` name, "
            "a polars or pandas DataFrame, or an Arrow table"
        )
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compression="lz4")
    return buffer.getvalue()


def _from_pandas(frame: pd.DataFrame) -> pl.DataFrame:
    """The columns of a pandas frame; its index is left behind, because nobody asked to send it."""
    import polars as pl  # noqa: PLC0415 (as above)

    if not hasattr(frame, "columns"):
        raise InvalidArgumentError(f"a pandas {type(frame).__name__} is not a table: give a DataFrame")
    columns = []
    for place, name in enumerate(frame.columns):
        series = frame.iloc[:, place]
        kind = getattr(series.dtype, "kind", "O")
        plain = type(series.dtype).__module__.split(".")[0] == "numpy"
        try:
            if plain and kind in "iufbM":
                columns.append(pl.Series(str(name), series.to_numpy(), nan_to_null=True))
            else:
                missing = series.isna().to_numpy()
                values = [None if gone else value for value, gone in zip(series.tolist(), missing, strict=True)]
                columns.append(pl.Series(str(name), values))
        except (TypeError, ValueError, pl.exceptions.PolarsError):
            # The libraries' own sentences quote the cell, which may be a person's.
            raise InvalidArgumentError(
                f"column {name}: its values are of several types; make them one type, as astype(str) does",
                reason=ErrorReason.MALFORMED_TABLE,
                metadata={"column": str(name)},
            ) from None
    return pl.DataFrame(columns)


def read_frame(data: bytes) -> pl.DataFrame:
    """The polars frame of an Arrow IPC stream."""
    import polars as pl  # noqa: PLC0415 (as above)

    return pl.read_ipc_stream(io.BytesIO(data))


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The pandas frame with the same columns."""
    try:
        import pandas as pd  # noqa: PLC0415 (an optional dependency)
    except ImportError as error:
        raise ImportError("to_pandas needs pandas: install `shoal[pandas]`, or use to_polars") from error
    if importlib.util.find_spec("pyarrow") is not None:
        return frame.to_pandas()
    return pd.DataFrame({series.name: series.to_list() for series in frame.iter_columns()})


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """The pyarrow table with the same columns."""
    if importlib.util.find_spec("pyarrow") is None:
        raise ImportError("to_arrow needs pyarrow: install it, or use to_polars, whose frames speak Arrow, too")
    return frame.to_arrow()
