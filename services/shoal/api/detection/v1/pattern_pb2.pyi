import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PatternOrigin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PATTERN_ORIGIN_UNSPECIFIED: _ClassVar[PatternOrigin]
    PATTERN_ORIGIN_CUSTOM: _ClassVar[PatternOrigin]
    PATTERN_ORIGIN_FILE: _ClassVar[PatternOrigin]
PATTERN_ORIGIN_UNSPECIFIED: PatternOrigin
PATTERN_ORIGIN_CUSTOM: PatternOrigin
PATTERN_ORIGIN_FILE: PatternOrigin

class Pattern(_message.Message):
    __slots__ = ("name", "display_name", "description", "role", "priority", "column_patterns", "value_patterns", "min_match_ratio", "origin", "creator", "create_time", "update_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    COLUMN_PATTERNS_FIELD_NUMBER: _ClassVar[int]
    VALUE_PATTERNS_FIELD_NUMBER: _ClassVar[int]
    MIN_MATCH_RATIO_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    role: _policy_pb2.AttributeRole
    priority: int
    column_patterns: _containers.RepeatedScalarFieldContainer[str]
    value_patterns: _containers.RepeatedScalarFieldContainer[str]
    min_match_ratio: float
    origin: PatternOrigin
    creator: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., role: _Optional[_Union[_policy_pb2.AttributeRole, str]] = ..., priority: _Optional[int] = ..., column_patterns: _Optional[_Iterable[str]] = ..., value_patterns: _Optional[_Iterable[str]] = ..., min_match_ratio: _Optional[float] = ..., origin: _Optional[_Union[PatternOrigin, str]] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
