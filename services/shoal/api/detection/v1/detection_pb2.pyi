import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DetectionMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DETECTION_MODE_UNSPECIFIED: _ClassVar[DetectionMode]
    DETECTION_MODE_AUTO: _ClassVar[DetectionMode]
    DETECTION_MODE_HEURISTIC: _ClassVar[DetectionMode]
    DETECTION_MODE_MODEL: _ClassVar[DetectionMode]

class SamplingMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SAMPLING_METHOD_UNSPECIFIED: _ClassVar[SamplingMethod]
    SAMPLING_METHOD_FAST: _ClassVar[SamplingMethod]
    SAMPLING_METHOD_FULL: _ClassVar[SamplingMethod]
    SAMPLING_METHOD_ADAPTIVE: _ClassVar[SamplingMethod]
DETECTION_MODE_UNSPECIFIED: DetectionMode
DETECTION_MODE_AUTO: DetectionMode
DETECTION_MODE_HEURISTIC: DetectionMode
DETECTION_MODE_MODEL: DetectionMode
SAMPLING_METHOD_UNSPECIFIED: SamplingMethod
SAMPLING_METHOD_FAST: SamplingMethod
SAMPLING_METHOD_FULL: SamplingMethod
SAMPLING_METHOD_ADAPTIVE: SamplingMethod

class DetectionOptions(_message.Message):
    __slots__ = ("mode", "sampling", "cumulative_importance_threshold", "max_quasi_identifiers", "uniqueness_threshold", "known_roles", "ignored_columns")
    class KnownRolesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _policy_pb2.AttributeRole
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_policy_pb2.AttributeRole, str]] = ...) -> None: ...
    MODE_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_FIELD_NUMBER: _ClassVar[int]
    CUMULATIVE_IMPORTANCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MAX_QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    UNIQUENESS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    KNOWN_ROLES_FIELD_NUMBER: _ClassVar[int]
    IGNORED_COLUMNS_FIELD_NUMBER: _ClassVar[int]
    mode: DetectionMode
    sampling: SamplingMethod
    cumulative_importance_threshold: float
    max_quasi_identifiers: int
    uniqueness_threshold: float
    known_roles: _containers.ScalarMap[str, _policy_pb2.AttributeRole]
    ignored_columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, mode: _Optional[_Union[DetectionMode, str]] = ..., sampling: _Optional[_Union[SamplingMethod, str]] = ..., cumulative_importance_threshold: _Optional[float] = ..., max_quasi_identifiers: _Optional[int] = ..., uniqueness_threshold: _Optional[float] = ..., known_roles: _Optional[_Mapping[str, _policy_pb2.AttributeRole]] = ..., ignored_columns: _Optional[_Iterable[str]] = ...) -> None: ...

class Detection(_message.Message):
    __slots__ = ("columns", "mode", "row_count", "sampled_row_count", "duration", "model_metrics", "left_out", "entity_column", "separation")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    MODEL_METRICS_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    ENTITY_COLUMN_FIELD_NUMBER: _ClassVar[int]
    SEPARATION_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[ColumnDetection]
    mode: DetectionMode
    row_count: int
    sampled_row_count: int
    duration: _duration_pb2.Duration
    model_metrics: ModelMetrics
    left_out: LeftOut
    entity_column: str
    separation: float
    def __init__(self, columns: _Optional[_Iterable[_Union[ColumnDetection, _Mapping]]] = ..., mode: _Optional[_Union[DetectionMode, str]] = ..., row_count: _Optional[int] = ..., sampled_row_count: _Optional[int] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., model_metrics: _Optional[_Union[ModelMetrics, _Mapping]] = ..., left_out: _Optional[_Union[LeftOut, _Mapping]] = ..., entity_column: _Optional[str] = ..., separation: _Optional[float] = ...) -> None: ...

class LeftOut(_message.Message):
    __slots__ = ("columns", "separation")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SEPARATION_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedScalarFieldContainer[str]
    separation: float
    def __init__(self, columns: _Optional[_Iterable[str]] = ..., separation: _Optional[float] = ...) -> None: ...

class ColumnDetection(_message.Message):
    __slots__ = ("name", "role", "confidence", "importance", "unique_ratio", "reasons", "pattern")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    IMPORTANCE_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_RATIO_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: _policy_pb2.AttributeRole
    confidence: float
    importance: float
    unique_ratio: float
    reasons: _containers.RepeatedScalarFieldContainer[str]
    pattern: str
    def __init__(self, name: _Optional[str] = ..., role: _Optional[_Union[_policy_pb2.AttributeRole, str]] = ..., confidence: _Optional[float] = ..., importance: _Optional[float] = ..., unique_ratio: _Optional[float] = ..., reasons: _Optional[_Iterable[str]] = ..., pattern: _Optional[str] = ...) -> None: ...

class ModelMetrics(_message.Message):
    __slots__ = ("accuracy", "hamming_loss", "reliable", "training_sample_count")
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    HAMMING_LOSS_FIELD_NUMBER: _ClassVar[int]
    RELIABLE_FIELD_NUMBER: _ClassVar[int]
    TRAINING_SAMPLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    accuracy: float
    hamming_loss: float
    reliable: bool
    training_sample_count: int
    def __init__(self, accuracy: _Optional[float] = ..., hamming_loss: _Optional[float] = ..., reliable: _Optional[bool] = ..., training_sample_count: _Optional[int] = ...) -> None: ...
