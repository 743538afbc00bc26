"""A `TableSource` of a request, resolved: where its bytes are, and what is known of them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import format_tb

import polars as pl

from shoal.api.datasets.v1.dataset_storage_service_pb2 import OpenDatasetRequest
from shoal.api.datasets.v1.dataset_storage_service_pb2_grpc import DatasetStorageServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError, NotFoundError, invalid_fields
from shoal.runtime import wire
from shoal.runtime.calls import draft
from shoal.runtime.host import Host
from shoal.runtime.peers import Peers, answered
from shoal.runtime.settings import Settings
from shoal.tables.formats import ColumnType, Limits, TableFormat, find_format, inspect, read_headerless, scan_table
from shoal.tables.sources import TROUBLE, no_panic
from shoal.tables.storage import LocalStorage
from shoal.tables.uris import resolve_uri

log = logging.getLogger(__name__)

MOST_INLINE_BYTES = 3 * 1024**2
SEPARATORS = ",;\t|"

FORMATS = {
    table_pb2.TABLE_FORMAT_CSV: TableFormat.CSV,
    table_pb2.TABLE_FORMAT_PARQUET: TableFormat.PARQUET,
    table_pb2.TABLE_FORMAT_ARROW_IPC: TableFormat.ARROW_IPC,
    table_pb2.TABLE_FORMAT_JSON_LINES: TableFormat.JSON_LINES,
}
FORMATS_TO_WIRE = {value: name for name, value in FORMATS.items()}
COLUMN_TYPES_TO_WIRE = {
    ColumnType.TEXT: table_pb2.COLUMN_TYPE_TEXT,
    ColumnType.INTEGER: table_pb2.COLUMN_TYPE_INTEGER,
    ColumnType.FLOAT: table_pb2.COLUMN_TYPE_FLOAT,
    ColumnType.DECIMAL: table_pb2.COLUMN_TYPE_DECIMAL,
    ColumnType.BOOLEAN: table_pb2.COLUMN_TYPE_BOOLEAN,
    ColumnType.DATE: table_pb2.COLUMN_TYPE_DATE,
    ColumnType.DATETIME: table_pb2.COLUMN_TYPE_TIMESTAMP,
    ColumnType.TIME: table_pb2.COLUMN_TYPE_TIME,
    ColumnType.DURATION: table_pb2.COLUMN_TYPE_DURATION,
}
COLUMN_TYPES = {value: name for name, value in COLUMN_TYPES_TO_WIRE.items()}


@dataclass(frozen=True)
class OpenedTable:
    """A table that may be read.

    header: False for a CSV whose first line is a row. judged: its bytes were inspected when they came in. sha256: empty when
    not known yet.
    """

    source: Path | bytes
    format: TableFormat
    separator: str | None
    name: str
    sha256: str
    judged: bool
    header: bool = True

    def scan(self, limits: Limits) -> tuple[pl.LazyFrame, str | None]:
        """The rows, lazily, and the separator of a CSV; raises InvalidArgumentError when it is no table."""
        separator = self.separator
        if not self.judged:
            separator = inspect(self.source, self.format, limits, separator, header=self.header).separator
        return scan_table(self.source, self.format, separator, header=self.header), separator

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Work on the table's rows: what the table itself makes impossible becomes a sentence about the table."""
        try:
            with no_panic("The table holds values that cannot be processed, such as dates far out of range."), _noted():
                yield
        except FileNotFoundError:
            raise NotFoundError(f"{self.name or 'the table'} was deleted while it was read") from None

    def headerless(self, limits: Limits) -> pl.DataFrame:
        """The rows of a hierarchy. A CSV that was not uploaded as a dataset has no header line: that is ARX's format."""
        if self.format is TableFormat.CSV and not self.judged:
            return read_headerless(self.source, self.separator, limits)
        frame, _ = self.scan(limits)
        return frame.collect(engine="streaming")

    def state(self) -> tuple[int, ...]:
        """What changes when somebody writes or replaces the file; of bytes, and of a dataset's, which nobody changes, nothing.

        The time of a status change cannot be set by whoever may write the file, unlike that of its content.
        """
        if self.judged or isinstance(self.source, bytes):
            return ()
        found = self.source.stat()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def digest(self) -> str:
        """The SHA-256 of the table's bytes, in hexadecimal."""
        if self.sha256:
            return self.sha256
        if isinstance(self.source, bytes):
            return hashlib.sha256(self.source).hexdigest()
        with self.source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _noted() -> Iterator[None]:
    """Logs where a table could not be processed: it may be our mistake. Lines of code hold no values, polars' words do."""
    try:
        yield
    except TROUBLE as error:
        log.warning("a table could not be processed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
        raise


class TableOpener:
    """Resolves the table sources of requests: dataset names through the datasets service, URIs against the allow-list."""

    def __init__(self, peers: Peers, storage: LocalStorage, settings: Settings) -> None:
        self._peers = peers
        self._storage = storage
        self._roots = settings.import_roots
        self.limits = limits_of(settings)

    async def open(self, source: table_pb2.TableSource, field: str) -> OpenedTable:
        """The table behind a source; raises NotFoundError or InvalidArgumentError that names the field."""
        kind = source.WhichOneof("source")
        if kind == "dataset":
            return await self._dataset(source.dataset, f"{field}.dataset")
        if kind == "inline":
            return _inline(source.inline, field)
        if kind == "uri":
            path = resolve_uri(source.uri, self._roots)
            with path.open("rb") as file:
                head = file.read(16)
            return OpenedTable(path, find_format(path.name, head), None, "", "", judged=False)
        raise invalid_fields([FieldViolation(field, "is required: a dataset, an inline table or a URI")])

    async def _dataset(self, name: str, field: str) -> OpenedTable:
        wire.resource_id(name, "datasets", field)  # before it goes on record: a caller's text is no name yet
        draft().resources.append(name)
        stub = self._peers.stub(DatasetStorageServiceStub)
        request = OpenDatasetRequest(name=name)
        answer = await answered(stub.OpenDataset(request, metadata=self._peers.credential()))
        dataset = answer.dataset
        return OpenedTable(
            source=self._storage.path(answer.object),
            format=FORMATS[dataset.format],
            separator=dataset.separator if dataset.HasField("separator") else None,
            name=dataset.name,
            sha256=dataset.sha256,
            judged=True,
            header=not dataset.headerless,
        )


def opener_of(host: Host) -> TableOpener:
    """The opener of a service's host."""
    return TableOpener(host.peers, host.storage, host.settings)


def limits_of(settings: Settings) -> Limits:
    """The limits of a table that comes in."""
    return Limits(
        max_bytes=settings.max_upload_bytes,
        max_expanded_bytes=settings.max_expanded_bytes,
        max_rows=settings.max_rows,
        max_columns=settings.max_columns,
        max_cell_bytes=settings.max_cell_bytes,
    )


def separator_of(text: str | None, format: int, field: str, wrong: list[FieldViolation]) -> str | None:  # noqa: A002
    """A CSV separator, None when there is none; adds a violation when it is none of ours."""
    if text is None:
        return None
    if format != table_pb2.TABLE_FORMAT_CSV:
        wrong.append(FieldViolation(field, "is for CSV only"))
    elif len(text) != 1 or text not in SEPARATORS:
        wrong.append(FieldViolation(field, "must be one of comma, semicolon, tab and |"))
    return text


def _inline(table: table_pb2.InlineTable, field: str) -> OpenedTable:
    wrong: list[FieldViolation] = []
    if len(table.data) > MOST_INLINE_BYTES:
        wrong.append(FieldViolation(f"{field}.inline.data", f"must have at most {MOST_INLINE_BYTES} bytes"))
    if table.format not in FORMATS:
        wrong.append(FieldViolation(f"{field}.inline.format", "is required: CSV, PARQUET, ARROW_IPC or JSON_LINES"))
    given = table.separator if table.HasField("separator") else None
    separator = separator_of(given, table.format, f"{field}.inline.separator", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return OpenedTable(table.data, FORMATS[table.format], separator, "", "", judged=False)


def unknown_column(name: str, field: str) -> InvalidArgumentError:
    """The error of a request that names a column which the table does not have."""
    return InvalidArgumentError(
        f"{field}: the table has no column '{name}'", reason=ErrorReason.UNKNOWN_COLUMN, metadata={"column": name}
    )
