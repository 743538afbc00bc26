import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from shoal.api.identity.v1 import organization_pb2 as _organization_pb2
from shoal.api.identity.v1 import user_pb2 as _user_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Principal(_message.Message):
    __slots__ = ("organization", "user", "api_key", "role", "tier", "feature_scopes", "limits", "credential_expire_time", "cache_expire_time")
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    FEATURE_SCOPES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CACHE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    organization: str
    user: str
    api_key: str
    role: _user_pb2.Role
    tier: str
    feature_scopes: _containers.RepeatedScalarFieldContainer[_organization_pb2.FeatureScope]
    limits: _organization_pb2.Limits
    credential_expire_time: _timestamp_pb2.Timestamp
    cache_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, organization: _Optional[str] = ..., user: _Optional[str] = ..., api_key: _Optional[str] = ..., role: _Optional[_Union[_user_pb2.Role, str]] = ..., tier: _Optional[str] = ..., feature_scopes: _Optional[_Iterable[_Union[_organization_pb2.FeatureScope, str]]] = ..., limits: _Optional[_Union[_organization_pb2.Limits, _Mapping]] = ..., credential_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cache_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
