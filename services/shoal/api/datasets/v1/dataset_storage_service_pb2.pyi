import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from shoal.api.datasets.v1 import dataset_pb2 as _dataset_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenDatasetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class OpenDatasetResponse(_message.Message):
    __slots__ = ("dataset", "object")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    OBJECT_FIELD_NUMBER: _ClassVar[int]
    dataset: _dataset_pb2.Dataset
    object: str
    def __init__(self, dataset: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., object: _Optional[str] = ...) -> None: ...

class CommitDatasetRequest(_message.Message):
    __slots__ = ("dataset_id", "staged_object", "dataset", "ttl")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    STAGED_OBJECT_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    TTL_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    staged_object: str
    dataset: _dataset_pb2.Dataset
    ttl: _duration_pb2.Duration
    def __init__(self, dataset_id: _Optional[str] = ..., staged_object: _Optional[str] = ..., dataset: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class DiscardDatasetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DiscardDatasetResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
