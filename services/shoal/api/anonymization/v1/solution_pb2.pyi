import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from shoal.api.anonymization.v1 import hierarchy_pb2 as _hierarchy_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from shoal.api.measures.v1 import quality_pb2 as _quality_pb2
from shoal.api.measures.v1 import risk_pb2 as _risk_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Recoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECODING_UNSPECIFIED: _ClassVar[Recoding]
    RECODING_GLOBAL: _ClassVar[Recoding]
    RECODING_LOCAL: _ClassVar[Recoding]
    RECODING_MICROAGGREGATION: _ClassVar[Recoding]
RECODING_UNSPECIFIED: Recoding
RECODING_GLOBAL: Recoding
RECODING_LOCAL: Recoding
RECODING_MICROAGGREGATION: Recoding

class Solution(_message.Message):
    __slots__ = ("name", "format_version", "policy", "attributes", "dropped_columns", "row_count", "released_count", "suppressed_count", "loss", "quality", "risk_before", "risk_after", "search", "warnings", "input_sha256", "output_sha256", "output", "creator", "create_time", "shoal_version", "models", "recoding", "suppressed_profiles", "certificate", "apply_expire_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    DROPPED_COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELEASED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    RISK_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RISK_AFTER_FIELD_NUMBER: _ClassVar[int]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    INPUT_SHA256_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_SHA256_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SHOAL_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    RECODING_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_PROFILES_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    APPLY_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    format_version: int
    policy: _policy_pb2.AnonymizationPolicy
    attributes: _containers.RepeatedCompositeFieldContainer[AttributeResult]
    dropped_columns: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    released_count: int
    suppressed_count: int
    loss: float
    quality: _quality_pb2.QualityReport
    risk_before: _risk_pb2.RiskReport
    risk_after: _risk_pb2.RiskReport
    search: SearchReport
    warnings: _containers.RepeatedScalarFieldContainer[str]
    input_sha256: str
    output_sha256: str
    output: str
    creator: str
    create_time: _timestamp_pb2.Timestamp
    shoal_version: str
    models: _containers.RepeatedCompositeFieldContainer[ModelResult]
    recoding: Recoding
    suppressed_profiles: _containers.RepeatedCompositeFieldContainer[SuppressedProfile]
    certificate: Certificate
    apply_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., format_version: _Optional[int] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., attributes: _Optional[_Iterable[_Union[AttributeResult, _Mapping]]] = ..., dropped_columns: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., released_count: _Optional[int] = ..., suppressed_count: _Optional[int] = ..., loss: _Optional[float] = ..., quality: _Optional[_Union[_quality_pb2.QualityReport, _Mapping]] = ..., risk_before: _Optional[_Union[_risk_pb2.RiskReport, _Mapping]] = ..., risk_after: _Optional[_Union[_risk_pb2.RiskReport, _Mapping]] = ..., search: _Optional[_Union[SearchReport, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ..., input_sha256: _Optional[str] = ..., output_sha256: _Optional[str] = ..., output: _Optional[str] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., shoal_version: _Optional[str] = ..., models: _Optional[_Iterable[_Union[ModelResult, _Mapping]]] = ..., recoding: _Optional[_Union[Recoding, str]] = ..., suppressed_profiles: _Optional[_Iterable[_Union[SuppressedProfile, _Mapping]]] = ..., certificate: _Optional[_Union[Certificate, _Mapping]] = ..., apply_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ModelResult(_message.Message):
    __slots__ = ("model", "satisfied", "measured", "measured_least", "reference")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SATISFIED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_LEAST_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    model: _policy_pb2.PrivacyModel
    satisfied: bool
    measured: float
    measured_least: float
    reference: str
    def __init__(self, model: _Optional[_Union[_policy_pb2.PrivacyModel, _Mapping]] = ..., satisfied: _Optional[bool] = ..., measured: _Optional[float] = ..., measured_least: _Optional[float] = ..., reference: _Optional[str] = ...) -> None: ...

class SuppressedProfile(_message.Message):
    __slots__ = ("attribute", "values", "hidden_count", "distance")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    values: _containers.RepeatedCompositeFieldContainer[ValueShare]
    hidden_count: int
    distance: float
    def __init__(self, attribute: _Optional[str] = ..., values: _Optional[_Iterable[_Union[ValueShare, _Mapping]]] = ..., hidden_count: _Optional[int] = ..., distance: _Optional[float] = ...) -> None: ...

class ValueShare(_message.Message):
    __slots__ = ("value", "share_of_all", "share_of_suppressed", "suppressed_rate")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_ALL_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_RATE_FIELD_NUMBER: _ClassVar[int]
    value: str
    share_of_all: float
    share_of_suppressed: float
    suppressed_rate: float
    def __init__(self, value: _Optional[str] = ..., share_of_all: _Optional[float] = ..., share_of_suppressed: _Optional[float] = ..., suppressed_rate: _Optional[float] = ...) -> None: ...

class Certificate(_message.Message):
    __slots__ = ("payload", "algorithm", "signature", "public_key", "key_id")
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    payload: bytes
    algorithm: str
    signature: bytes
    public_key: bytes
    key_id: str
    def __init__(self, payload: _Optional[bytes] = ..., algorithm: _Optional[str] = ..., signature: _Optional[bytes] = ..., public_key: _Optional[bytes] = ..., key_id: _Optional[str] = ...) -> None: ...

class AttributeResult(_message.Message):
    __slots__ = ("name", "level", "level_count", "leaf_count", "loss", "weight", "hierarchy", "hierarchy_sha256")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    LEAF_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    HIERARCHY_FIELD_NUMBER: _ClassVar[int]
    HIERARCHY_SHA256_FIELD_NUMBER: _ClassVar[int]
    name: str
    level: int
    level_count: int
    leaf_count: int
    loss: float
    weight: float
    hierarchy: _hierarchy_pb2.Hierarchy
    hierarchy_sha256: str
    def __init__(self, name: _Optional[str] = ..., level: _Optional[int] = ..., level_count: _Optional[int] = ..., leaf_count: _Optional[int] = ..., loss: _Optional[float] = ..., weight: _Optional[float] = ..., hierarchy: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ..., hierarchy_sha256: _Optional[str] = ...) -> None: ...

class SearchReport(_message.Message):
    __slots__ = ("lattice_size", "checked_count", "optimal", "gap", "search_seconds", "stopped_by", "lower_bound")
    LATTICE_SIZE_FIELD_NUMBER: _ClassVar[int]
    CHECKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    OPTIMAL_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    SEARCH_SECONDS_FIELD_NUMBER: _ClassVar[int]
    STOPPED_BY_FIELD_NUMBER: _ClassVar[int]
    LOWER_BOUND_FIELD_NUMBER: _ClassVar[int]
    lattice_size: int
    checked_count: int
    optimal: bool
    gap: float
    search_seconds: float
    stopped_by: str
    lower_bound: float
    def __init__(self, lattice_size: _Optional[int] = ..., checked_count: _Optional[int] = ..., optimal: _Optional[bool] = ..., gap: _Optional[float] = ..., search_seconds: _Optional[float] = ..., stopped_by: _Optional[str] = ..., lower_bound: _Optional[float] = ...) -> None: ...
