from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from shoal.api.budget.v1 import budget_pb2 as _budget_pb2
from shoal.api.dp.v1 import answer_pb2 as _answer_pb2
from shoal.api.dp.v1 import query_pb2 as _query_pb2
from shoal.api.dp.v1 import stream_pb2 as _stream_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ComputeRequest(_message.Message):
    __slots__ = ("table", "mean", "sum", "variance", "count", "histogram", "exponential", "epsilon", "delta", "noise", "group_by", "where", "privacy_unit", "dataset_size", "budgets", "request_id", "validate_only", "expected_row_count")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    EXPONENTIAL_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_UNIT_FIELD_NUMBER: _ClassVar[int]
    DATASET_SIZE_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    mean: _query_pb2.MeanQuery
    sum: _query_pb2.SumQuery
    variance: _query_pb2.VarianceQuery
    count: _query_pb2.CountQuery
    histogram: _query_pb2.HistogramQuery
    exponential: _query_pb2.ExponentialQuery
    epsilon: float
    delta: float
    noise: _query_pb2.NoiseType
    group_by: _query_pb2.GroupBy
    where: _containers.RepeatedCompositeFieldContainer[_query_pb2.Condition]
    privacy_unit: _query_pb2.PrivacyUnit
    dataset_size: int
    budgets: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    validate_only: bool
    expected_row_count: int
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., mean: _Optional[_Union[_query_pb2.MeanQuery, _Mapping]] = ..., sum: _Optional[_Union[_query_pb2.SumQuery, _Mapping]] = ..., variance: _Optional[_Union[_query_pb2.VarianceQuery, _Mapping]] = ..., count: _Optional[_Union[_query_pb2.CountQuery, _Mapping]] = ..., histogram: _Optional[_Union[_query_pb2.HistogramQuery, _Mapping]] = ..., exponential: _Optional[_Union[_query_pb2.ExponentialQuery, _Mapping]] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., noise: _Optional[_Union[_query_pb2.NoiseType, str]] = ..., group_by: _Optional[_Union[_query_pb2.GroupBy, _Mapping]] = ..., where: _Optional[_Iterable[_Union[_query_pb2.Condition, _Mapping]]] = ..., privacy_unit: _Optional[_Union[_query_pb2.PrivacyUnit, _Mapping]] = ..., dataset_size: _Optional[int] = ..., budgets: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., expected_row_count: _Optional[int] = ...) -> None: ...

class ComputeResponse(_message.Message):
    __slots__ = ("answers", "noise", "spend", "epsilon", "delta", "budgets", "privacy_unit", "group_threshold", "warnings")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    SPEND_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_UNIT_FIELD_NUMBER: _ClassVar[int]
    GROUP_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Answer]
    noise: _query_pb2.NoiseType
    spend: str
    epsilon: float
    delta: float
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    privacy_unit: _query_pb2.PrivacyUnit
    group_threshold: float
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, answers: _Optional[_Iterable[_Union[_answer_pb2.Answer, _Mapping]]] = ..., noise: _Optional[_Union[_query_pb2.NoiseType, str]] = ..., spend: _Optional[str] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ..., privacy_unit: _Optional[_Union[_query_pb2.PrivacyUnit, _Mapping]] = ..., group_threshold: _Optional[float] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class UpdateStreamRequest(_message.Message):
    __slots__ = ("name", "spec", "batch", "release", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    spec: _stream_pb2.StreamSpec
    batch: _table_pb2.TableSource
    release: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., spec: _Optional[_Union[_stream_pb2.StreamSpec, _Mapping]] = ..., batch: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., release: _Optional[bool] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateStreamResponse(_message.Message):
    __slots__ = ("stream", "release", "repeated_release", "epsilon", "delta", "budgets", "group_threshold", "warnings")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    REPEATED_RELEASE_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    GROUP_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    stream: _stream_pb2.Stream
    release: _stream_pb2.StreamRelease
    repeated_release: bool
    epsilon: float
    delta: float
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    group_threshold: float
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, stream: _Optional[_Union[_stream_pb2.Stream, _Mapping]] = ..., release: _Optional[_Union[_stream_pb2.StreamRelease, _Mapping]] = ..., repeated_release: _Optional[bool] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ..., group_threshold: _Optional[float] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class GetStreamRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListStreamsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListStreamsResponse(_message.Message):
    __slots__ = ("streams", "next_page_token")
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    streams: _containers.RepeatedCompositeFieldContainer[_stream_pb2.Stream]
    next_page_token: str
    def __init__(self, streams: _Optional[_Iterable[_Union[_stream_pb2.Stream, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteStreamRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...
