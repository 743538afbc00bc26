from shoal.api.dp.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Answer(_message.Message):
    __slots__ = ("column", "group", "value", "histogram", "selected", "interval", "noise_scale", "noise_standard_deviation", "noisy_row_count", "epsilon", "delta")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    SELECTED_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    NOISE_SCALE_FIELD_NUMBER: _ClassVar[int]
    NOISE_STANDARD_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    NOISY_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    column: str
    group: Group
    value: float
    histogram: Histogram
    selected: _query_pb2.Candidate
    interval: Interval
    noise_scale: float
    noise_standard_deviation: float
    noisy_row_count: float
    epsilon: float
    delta: float
    def __init__(self, column: _Optional[str] = ..., group: _Optional[_Union[Group, _Mapping]] = ..., value: _Optional[float] = ..., histogram: _Optional[_Union[Histogram, _Mapping]] = ..., selected: _Optional[_Union[_query_pb2.Candidate, _Mapping]] = ..., interval: _Optional[_Union[Interval, _Mapping]] = ..., noise_scale: _Optional[float] = ..., noise_standard_deviation: _Optional[float] = ..., noisy_row_count: _Optional[float] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ...) -> None: ...

class Group(_message.Message):
    __slots__ = ("key", "other")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    key: str
    other: bool
    def __init__(self, key: _Optional[str] = ..., other: _Optional[bool] = ...) -> None: ...

class Histogram(_message.Message):
    __slots__ = ("counts", "edges", "interval_half_width")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_HALF_WIDTH_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedScalarFieldContainer[float]
    edges: _containers.RepeatedScalarFieldContainer[float]
    interval_half_width: float
    def __init__(self, counts: _Optional[_Iterable[float]] = ..., edges: _Optional[_Iterable[float]] = ..., interval_half_width: _Optional[float] = ...) -> None: ...

class Interval(_message.Message):
    __slots__ = ("lower", "upper")
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    lower: float
    upper: float
    def __init__(self, lower: _Optional[float] = ..., upper: _Optional[float] = ...) -> None: ...
