"""The wire of datasets: headers become checked values, rows become messages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shoal.api.datasets.v1 import dataset_pb2, dataset_storage_service_pb2, datasets_service_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.datasets.records import DatasetRow
from shoal.errors import FieldViolation, invalid_fields
from shoal.runtime import wire
from shoal.runtime.opened import COLUMN_TYPES, COLUMN_TYPES_TO_WIRE, FORMATS, FORMATS_TO_WIRE, separator_of
from shoal.tables.formats import ColumnFacts, ColumnType, TableFormat

LONGEST_NAME = 255
MOST_PREVIEW_ROWS = 1000


@dataclass(frozen=True)
class Incoming:
    """A table that is about to come in, checked."""

    display_name: str
    format: TableFormat
    separator: str | None
    ttl: dt.timedelta | None
    request_id: str | None
    headerless: bool
    request_sha256: str


def upload_header(header: datasets_service_pb2.UploadHeader) -> Incoming:
    """The header of an upload; raises InvalidArgumentError with all its violations."""
    return _incoming(header, "header.")


def import_request(request: datasets_service_pb2.ImportDatasetRequest) -> Incoming:
    """The content of an import; raises InvalidArgumentError with all its violations."""
    return _incoming(request, "")


def _incoming(message: datasets_service_pb2.UploadHeader | datasets_service_pb2.ImportDatasetRequest, path: str) -> Incoming:
    wrong: list[FieldViolation] = []
    if len(message.display_name) > LONGEST_NAME:
        wrong.append(FieldViolation(f"{path}display_name", f"must have at most {LONGEST_NAME} characters"))
    if message.format not in FORMATS:
        wrong.append(FieldViolation(f"{path}format", "is required: CSV, PARQUET, ARROW_IPC or JSON_LINES"))
    given = message.separator if message.HasField("separator") else None
    separator = separator_of(given, message.format, f"{path}separator", wrong)
    if message.headerless and message.format != table_pb2.TABLE_FORMAT_CSV:
        wrong.append(FieldViolation(f"{path}headerless", "is for CSV only"))
    ttl = wire.ttl(message.ttl if message.HasField("ttl") else None, f"{path}ttl", wrong)
    request_id = wire.request_id(message.request_id, f"{path}request_id", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return Incoming(
        message.display_name, FORMATS[message.format], separator, ttl, request_id, message.headerless, wire.digest(message)
    )


@dataclass(frozen=True)
class Committed:
    """A table that another service wrote and wants a name for, checked."""

    dataset_id: str
    staged_object: str
    display_name: str
    format: TableFormat
    separator: str | None
    columns: list[list[str]]
    row_count: int
    source: str
    ttl: dt.timedelta | None


def commit(request: dataset_storage_service_pb2.CommitDatasetRequest) -> Committed:
    """The content of a commit; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    dataset = request.dataset
    if not wire.is_id(request.dataset_id):
        wrong.append(FieldViolation("dataset_id", "must be 32 hexadecimal digits"))
    if not request.staged_object:
        wrong.append(FieldViolation("staged_object", "is required"))
    if dataset.format not in FORMATS:
        wrong.append(FieldViolation("dataset.format", "is required"))
    ttl = wire.ttl(request.ttl if request.HasField("ttl") else None, "ttl", wrong)
    if wrong:
        raise invalid_fields(wrong)
    columns = [[column.name, COLUMN_TYPES[column.type].value] for column in dataset.columns]
    return Committed(
        dataset_id=request.dataset_id,
        staged_object=request.staged_object,
        display_name=dataset.display_name,
        format=FORMATS[dataset.format],
        separator=dataset.separator if dataset.HasField("separator") else None,
        columns=columns,
        row_count=dataset.row_count,
        source=dataset.source,
        ttl=ttl,
    )


def wanted_format(value: int, kept: TableFormat) -> TableFormat:
    """The format that a download asks for; the kept one when it asks for none."""
    if value == table_pb2.TABLE_FORMAT_UNSPECIFIED:
        return kept
    if value not in FORMATS:
        raise invalid_fields([FieldViolation("format", "is not one of TableFormat")])
    return FORMATS[value]  # type: ignore[index]


def format_to_wire(value: TableFormat) -> table_pb2.TableFormat:
    """A table format as the wire's enum."""
    return FORMATS_TO_WIRE[value]


def preview_rows(asked: int) -> int:
    """The number of rows of a preview."""
    if asked == 0:
        return 10
    if not 1 <= asked <= MOST_PREVIEW_ROWS:
        raise invalid_fields([FieldViolation("row_count", f"must be between 1 and {MOST_PREVIEW_ROWS}")])
    return asked


def column_rows(columns: tuple[ColumnFacts, ...]) -> list[list[str]]:
    """Column facts as the JSON that a row keeps."""
    return [[column.name, column.type.value] for column in columns]


def columns_to_wire(columns: list[list[str]]) -> list[table_pb2.Column]:
    """Kept columns as messages."""
    return [table_pb2.Column(name=name, type=COLUMN_TYPES_TO_WIRE[ColumnType(kind)]) for name, kind in columns]


def dataset_to_wire(row: DatasetRow) -> dataset_pb2.Dataset:
    """A dataset's description as a message."""
    return dataset_pb2.Dataset(
        name=f"datasets/{row.id}",
        display_name=row.display_name,
        format=FORMATS_TO_WIRE[row.format],
        separator=row.separator,
        headerless=row.headerless,
        columns=columns_to_wire(row.columns),
        row_count=row.row_count,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        creator=f"users/{row.creator}",
        source=row.source,
        create_time=wire.timestamp(row.create_time),
        expire_time=wire.timestamp(row.expire_time),
    )
