import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FeatureScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEATURE_SCOPE_UNSPECIFIED: _ClassVar[FeatureScope]
    FEATURE_SCOPE_ANONYMIZATION: _ClassVar[FeatureScope]
    FEATURE_SCOPE_DETECTION: _ClassVar[FeatureScope]
    FEATURE_SCOPE_PRIVACY_ASSESSMENT: _ClassVar[FeatureScope]
    FEATURE_SCOPE_DIFFERENTIAL_PRIVACY: _ClassVar[FeatureScope]
    FEATURE_SCOPE_PSEUDONYMIZATION: _ClassVar[FeatureScope]
    FEATURE_SCOPE_AVATARS: _ClassVar[FeatureScope]
    FEATURE_SCOPE_SINGLE_TABLE: _ClassVar[FeatureScope]
    FEATURE_SCOPE_MULTI_TABLE: _ClassVar[FeatureScope]
    FEATURE_SCOPE_TIME_SERIES: _ClassVar[FeatureScope]
    FEATURE_SCOPE_GEOLOCATION: _ClassVar[FeatureScope]
    FEATURE_SCOPE_DATA_AUGMENTATION: _ClassVar[FeatureScope]
    FEATURE_SCOPE_REPORTS: _ClassVar[FeatureScope]
FEATURE_SCOPE_UNSPECIFIED: FeatureScope
FEATURE_SCOPE_ANONYMIZATION: FeatureScope
FEATURE_SCOPE_DETECTION: FeatureScope
FEATURE_SCOPE_PRIVACY_ASSESSMENT: FeatureScope
FEATURE_SCOPE_DIFFERENTIAL_PRIVACY: FeatureScope
FEATURE_SCOPE_PSEUDONYMIZATION: FeatureScope
FEATURE_SCOPE_AVATARS: FeatureScope
FEATURE_SCOPE_SINGLE_TABLE: FeatureScope
FEATURE_SCOPE_MULTI_TABLE: FeatureScope
FEATURE_SCOPE_TIME_SERIES: FeatureScope
FEATURE_SCOPE_GEOLOCATION: FeatureScope
FEATURE_SCOPE_DATA_AUGMENTATION: FeatureScope
FEATURE_SCOPE_REPORTS: FeatureScope

class Organization(_message.Message):
    __slots__ = ("name", "display_name", "tier", "limits", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    tier: str
    limits: Limits
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., tier: _Optional[str] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_rows", "max_dimensions", "dataset_ttl")
    MAX_ROWS_FIELD_NUMBER: _ClassVar[int]
    MAX_DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    DATASET_TTL_FIELD_NUMBER: _ClassVar[int]
    max_rows: int
    max_dimensions: int
    dataset_ttl: _duration_pb2.Duration
    def __init__(self, max_rows: _Optional[int] = ..., max_dimensions: _Optional[int] = ..., dataset_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Features(_message.Message):
    __slots__ = ("tier", "feature_scopes")
    TIER_FIELD_NUMBER: _ClassVar[int]
    FEATURE_SCOPES_FIELD_NUMBER: _ClassVar[int]
    tier: str
    feature_scopes: _containers.RepeatedScalarFieldContainer[FeatureScope]
    def __init__(self, tier: _Optional[str] = ..., feature_scopes: _Optional[_Iterable[_Union[FeatureScope, str]]] = ...) -> None: ...

class Credits(_message.Message):
    __slots__ = ("enabled", "remaining")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    remaining: int
    def __init__(self, enabled: _Optional[bool] = ..., remaining: _Optional[int] = ...) -> None: ...
