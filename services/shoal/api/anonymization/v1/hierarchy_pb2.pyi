from google.api import field_behavior_pb2 as _field_behavior_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MaskingDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MASKING_DIRECTION_UNSPECIFIED: _ClassVar[MaskingDirection]
    MASKING_DIRECTION_FROM_RIGHT: _ClassVar[MaskingDirection]
    MASKING_DIRECTION_FROM_LEFT: _ClassVar[MaskingDirection]

class DateUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATE_UNIT_UNSPECIFIED: _ClassVar[DateUnit]
    DATE_UNIT_DAY: _ClassVar[DateUnit]
    DATE_UNIT_MONTH: _ClassVar[DateUnit]
    DATE_UNIT_QUARTER: _ClassVar[DateUnit]
    DATE_UNIT_YEAR: _ClassVar[DateUnit]
    DATE_UNIT_DECADE: _ClassVar[DateUnit]
MASKING_DIRECTION_UNSPECIFIED: MaskingDirection
MASKING_DIRECTION_FROM_RIGHT: MaskingDirection
MASKING_DIRECTION_FROM_LEFT: MaskingDirection
DATE_UNIT_UNSPECIFIED: DateUnit
DATE_UNIT_DAY: DateUnit
DATE_UNIT_MONTH: DateUnit
DATE_UNIT_QUARTER: DateUnit
DATE_UNIT_YEAR: DateUnit
DATE_UNIT_DECADE: DateUnit

class Hierarchy(_message.Message):
    __slots__ = ("table", "explicit", "intervals", "masking", "dates", "rounding", "path")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    EXPLICIT_FIELD_NUMBER: _ClassVar[int]
    INTERVALS_FIELD_NUMBER: _ClassVar[int]
    MASKING_FIELD_NUMBER: _ClassVar[int]
    DATES_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    explicit: ExplicitHierarchy
    intervals: IntervalHierarchy
    masking: MaskingHierarchy
    dates: DateHierarchy
    rounding: RoundingHierarchy
    path: PathHierarchy
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., explicit: _Optional[_Union[ExplicitHierarchy, _Mapping]] = ..., intervals: _Optional[_Union[IntervalHierarchy, _Mapping]] = ..., masking: _Optional[_Union[MaskingHierarchy, _Mapping]] = ..., dates: _Optional[_Union[DateHierarchy, _Mapping]] = ..., rounding: _Optional[_Union[RoundingHierarchy, _Mapping]] = ..., path: _Optional[_Union[PathHierarchy, _Mapping]] = ...) -> None: ...

class ExplicitHierarchy(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[ExplicitRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[ExplicitRow, _Mapping]]] = ...) -> None: ...

class ExplicitRow(_message.Message):
    __slots__ = ("labels",)
    LABELS_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, labels: _Optional[_Iterable[str]] = ...) -> None: ...

class IntervalHierarchy(_message.Message):
    __slots__ = ("widths", "lower_bound", "upper_bound", "origin")
    WIDTHS_FIELD_NUMBER: _ClassVar[int]
    LOWER_BOUND_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    widths: _containers.RepeatedScalarFieldContainer[float]
    lower_bound: float
    upper_bound: float
    origin: float
    def __init__(self, widths: _Optional[_Iterable[float]] = ..., lower_bound: _Optional[float] = ..., upper_bound: _Optional[float] = ..., origin: _Optional[float] = ...) -> None: ...

class MaskingHierarchy(_message.Message):
    __slots__ = ("direction", "mask_char", "max_level", "positions")
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    MASK_CHAR_FIELD_NUMBER: _ClassVar[int]
    MAX_LEVEL_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    direction: MaskingDirection
    mask_char: str
    max_level: int
    positions: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, direction: _Optional[_Union[MaskingDirection, str]] = ..., mask_char: _Optional[str] = ..., max_level: _Optional[int] = ..., positions: _Optional[_Iterable[int]] = ...) -> None: ...

class DateHierarchy(_message.Message):
    __slots__ = ("levels", "format")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedScalarFieldContainer[DateUnit]
    format: str
    def __init__(self, levels: _Optional[_Iterable[_Union[DateUnit, str]]] = ..., format: _Optional[str] = ...) -> None: ...

class RoundingHierarchy(_message.Message):
    __slots__ = ("multiples",)
    MULTIPLES_FIELD_NUMBER: _ClassVar[int]
    multiples: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, multiples: _Optional[_Iterable[float]] = ...) -> None: ...

class PathHierarchy(_message.Message):
    __slots__ = ("separator",)
    SEPARATOR_FIELD_NUMBER: _ClassVar[int]
    separator: str
    def __init__(self, separator: _Optional[str] = ...) -> None: ...
