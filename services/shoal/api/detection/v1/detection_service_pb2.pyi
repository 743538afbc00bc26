from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from shoal.api.detection.v1 import detection_pb2 as _detection_pb2
from shoal.api.detection.v1 import pattern_pb2 as _pattern_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DetectQuasiIdentifiersRequest(_message.Message):
    __slots__ = ("table", "options")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    options: _detection_pb2.DetectionOptions
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., options: _Optional[_Union[_detection_pb2.DetectionOptions, _Mapping]] = ...) -> None: ...

class DetectQuasiIdentifiersResponse(_message.Message):
    __slots__ = ("detection",)
    DETECTION_FIELD_NUMBER: _ClassVar[int]
    detection: _detection_pb2.Detection
    def __init__(self, detection: _Optional[_Union[_detection_pb2.Detection, _Mapping]] = ...) -> None: ...

class GenerateConfigRequest(_message.Message):
    __slots__ = ("table", "options", "template")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    options: _detection_pb2.DetectionOptions
    template: _policy_pb2.AnonymizationPolicy
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., options: _Optional[_Union[_detection_pb2.DetectionOptions, _Mapping]] = ..., template: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ...) -> None: ...

class GenerateConfigResponse(_message.Message):
    __slots__ = ("detection", "policy")
    DETECTION_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    detection: _detection_pb2.Detection
    policy: _policy_pb2.AnonymizationPolicy
    def __init__(self, detection: _Optional[_Union[_detection_pb2.Detection, _Mapping]] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ...) -> None: ...

class CreatePatternRequest(_message.Message):
    __slots__ = ("pattern", "request_id")
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    pattern: _pattern_pb2.Pattern
    request_id: str
    def __init__(self, pattern: _Optional[_Union[_pattern_pb2.Pattern, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetPatternRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListPatternsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "role", "origin")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    role: _policy_pb2.AttributeRole
    origin: _pattern_pb2.PatternOrigin
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., role: _Optional[_Union[_policy_pb2.AttributeRole, str]] = ..., origin: _Optional[_Union[_pattern_pb2.PatternOrigin, str]] = ...) -> None: ...

class ListPatternsResponse(_message.Message):
    __slots__ = ("patterns", "next_page_token", "total_size")
    PATTERNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    patterns: _containers.RepeatedCompositeFieldContainer[_pattern_pb2.Pattern]
    next_page_token: str
    total_size: int
    def __init__(self, patterns: _Optional[_Iterable[_Union[_pattern_pb2.Pattern, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class UpdatePatternRequest(_message.Message):
    __slots__ = ("pattern", "update_mask")
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    pattern: _pattern_pb2.Pattern
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, pattern: _Optional[_Union[_pattern_pb2.Pattern, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class DeletePatternRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteAllPatternsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeleteAllPatternsResponse(_message.Message):
    __slots__ = ("deleted_count",)
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    def __init__(self, deleted_count: _Optional[int] = ...) -> None: ...

class ReloadPatternsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReloadPatternsResponse(_message.Message):
    __slots__ = ("file_pattern_count", "custom_pattern_count")
    FILE_PATTERN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_PATTERN_COUNT_FIELD_NUMBER: _ClassVar[int]
    file_pattern_count: int
    custom_pattern_count: int
    def __init__(self, file_pattern_count: _Optional[int] = ..., custom_pattern_count: _Optional[int] = ...) -> None: ...
