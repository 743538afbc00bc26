import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from shoal.api.dp.v1 import answer_pb2 as _answer_pb2
from shoal.api.dp.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WindowKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WINDOW_KIND_UNSPECIFIED: _ClassVar[WindowKind]
    WINDOW_KIND_SLIDING: _ClassVar[WindowKind]
    WINDOW_KIND_TUMBLING: _ClassVar[WindowKind]

class StreamState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STREAM_STATE_UNSPECIFIED: _ClassVar[StreamState]
    STREAM_STATE_ACTIVE: _ClassVar[StreamState]
    STREAM_STATE_FENCED: _ClassVar[StreamState]
WINDOW_KIND_UNSPECIFIED: WindowKind
WINDOW_KIND_SLIDING: WindowKind
WINDOW_KIND_TUMBLING: WindowKind
STREAM_STATE_UNSPECIFIED: StreamState
STREAM_STATE_ACTIVE: StreamState
STREAM_STATE_FENCED: StreamState

class StreamSpec(_message.Message):
    __slots__ = ("mean", "sum", "variance", "count", "window", "epsilon", "delta", "noise", "group_by", "where", "privacy_unit", "max_releases", "budgets")
    MEAN_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_UNIT_FIELD_NUMBER: _ClassVar[int]
    MAX_RELEASES_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    mean: _query_pb2.MeanQuery
    sum: _query_pb2.SumQuery
    variance: _query_pb2.VarianceQuery
    count: _query_pb2.CountQuery
    window: Window
    epsilon: float
    delta: float
    noise: _query_pb2.NoiseType
    group_by: _query_pb2.GroupBy
    where: _containers.RepeatedCompositeFieldContainer[_query_pb2.Condition]
    privacy_unit: _query_pb2.PrivacyUnit
    max_releases: int
    budgets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, mean: _Optional[_Union[_query_pb2.MeanQuery, _Mapping]] = ..., sum: _Optional[_Union[_query_pb2.SumQuery, _Mapping]] = ..., variance: _Optional[_Union[_query_pb2.VarianceQuery, _Mapping]] = ..., count: _Optional[_Union[_query_pb2.CountQuery, _Mapping]] = ..., window: _Optional[_Union[Window, _Mapping]] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., noise: _Optional[_Union[_query_pb2.NoiseType, str]] = ..., group_by: _Optional[_Union[_query_pb2.GroupBy, _Mapping]] = ..., where: _Optional[_Iterable[_Union[_query_pb2.Condition, _Mapping]]] = ..., privacy_unit: _Optional[_Union[_query_pb2.PrivacyUnit, _Mapping]] = ..., max_releases: _Optional[int] = ..., budgets: _Optional[_Iterable[str]] = ...) -> None: ...

class Window(_message.Message):
    __slots__ = ("kind", "batch_count")
    KIND_FIELD_NUMBER: _ClassVar[int]
    BATCH_COUNT_FIELD_NUMBER: _ClassVar[int]
    kind: WindowKind
    batch_count: int
    def __init__(self, kind: _Optional[_Union[WindowKind, str]] = ..., batch_count: _Optional[int] = ...) -> None: ...

class Stream(_message.Message):
    __slots__ = ("name", "spec", "state", "batch_count", "release_count", "spent_epsilon", "spent_delta", "last_release", "creator", "create_time", "update_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BATCH_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELEASE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SPENT_EPSILON_FIELD_NUMBER: _ClassVar[int]
    SPENT_DELTA_FIELD_NUMBER: _ClassVar[int]
    LAST_RELEASE_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    spec: StreamSpec
    state: StreamState
    batch_count: int
    release_count: int
    spent_epsilon: float
    spent_delta: float
    last_release: StreamRelease
    creator: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., spec: _Optional[_Union[StreamSpec, _Mapping]] = ..., state: _Optional[_Union[StreamState, str]] = ..., batch_count: _Optional[int] = ..., release_count: _Optional[int] = ..., spent_epsilon: _Optional[float] = ..., spent_delta: _Optional[float] = ..., last_release: _Optional[_Union[StreamRelease, _Mapping]] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamRelease(_message.Message):
    __slots__ = ("release_number", "batch_count", "answers", "release_time")
    RELEASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BATCH_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_TIME_FIELD_NUMBER: _ClassVar[int]
    release_number: int
    batch_count: int
    answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Answer]
    release_time: _timestamp_pb2.Timestamp
    def __init__(self, release_number: _Optional[int] = ..., batch_count: _Optional[int] = ..., answers: _Optional[_Iterable[_Union[_answer_pb2.Answer, _Mapping]]] = ..., release_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
