from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TableFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TABLE_FORMAT_UNSPECIFIED: _ClassVar[TableFormat]
    TABLE_FORMAT_CSV: _ClassVar[TableFormat]
    TABLE_FORMAT_PARQUET: _ClassVar[TableFormat]
    TABLE_FORMAT_ARROW_IPC: _ClassVar[TableFormat]
    TABLE_FORMAT_JSON_LINES: _ClassVar[TableFormat]

class ColumnType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLUMN_TYPE_UNSPECIFIED: _ClassVar[ColumnType]
    COLUMN_TYPE_TEXT: _ClassVar[ColumnType]
    COLUMN_TYPE_INTEGER: _ClassVar[ColumnType]
    COLUMN_TYPE_FLOAT: _ClassVar[ColumnType]
    COLUMN_TYPE_DECIMAL: _ClassVar[ColumnType]
    COLUMN_TYPE_BOOLEAN: _ClassVar[ColumnType]
    COLUMN_TYPE_DATE: _ClassVar[ColumnType]
    COLUMN_TYPE_TIMESTAMP: _ClassVar[ColumnType]
    COLUMN_TYPE_TIME: _ClassVar[ColumnType]
    COLUMN_TYPE_DURATION: _ClassVar[ColumnType]
TABLE_FORMAT_UNSPECIFIED: TableFormat
TABLE_FORMAT_CSV: TableFormat
TABLE_FORMAT_PARQUET: TableFormat
TABLE_FORMAT_ARROW_IPC: TableFormat
TABLE_FORMAT_JSON_LINES: TableFormat
COLUMN_TYPE_UNSPECIFIED: ColumnType
COLUMN_TYPE_TEXT: ColumnType
COLUMN_TYPE_INTEGER: ColumnType
COLUMN_TYPE_FLOAT: ColumnType
COLUMN_TYPE_DECIMAL: ColumnType
COLUMN_TYPE_BOOLEAN: ColumnType
COLUMN_TYPE_DATE: ColumnType
COLUMN_TYPE_TIMESTAMP: ColumnType
COLUMN_TYPE_TIME: ColumnType
COLUMN_TYPE_DURATION: ColumnType

class TableSource(_message.Message):
    __slots__ = ("dataset", "inline", "uri")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    INLINE_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    inline: InlineTable
    uri: str
    def __init__(self, dataset: _Optional[str] = ..., inline: _Optional[_Union[InlineTable, _Mapping]] = ..., uri: _Optional[str] = ...) -> None: ...

class InlineTable(_message.Message):
    __slots__ = ("data", "format", "separator")
    DATA_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SEPARATOR_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    format: TableFormat
    separator: str
    def __init__(self, data: _Optional[bytes] = ..., format: _Optional[_Union[TableFormat, str]] = ..., separator: _Optional[str] = ...) -> None: ...

class Column(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ColumnType
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ColumnType, str]] = ...) -> None: ...

class TableSet(_message.Message):
    __slots__ = ("tables", "links")
    TABLES_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    tables: _containers.RepeatedCompositeFieldContainer[NamedTable]
    links: _containers.RepeatedCompositeFieldContainer[TableLink]
    def __init__(self, tables: _Optional[_Iterable[_Union[NamedTable, _Mapping]]] = ..., links: _Optional[_Iterable[_Union[TableLink, _Mapping]]] = ...) -> None: ...

class NamedTable(_message.Message):
    __slots__ = ("id", "table", "primary_key")
    ID_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_KEY_FIELD_NUMBER: _ClassVar[int]
    id: str
    table: TableSource
    primary_key: str
    def __init__(self, id: _Optional[str] = ..., table: _Optional[_Union[TableSource, _Mapping]] = ..., primary_key: _Optional[str] = ...) -> None: ...

class TableLink(_message.Message):
    __slots__ = ("parent", "child", "foreign_key")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CHILD_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_KEY_FIELD_NUMBER: _ClassVar[int]
    parent: str
    child: str
    foreign_key: str
    def __init__(self, parent: _Optional[str] = ..., child: _Optional[str] = ..., foreign_key: _Optional[str] = ...) -> None: ...
