import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Spend(_message.Message):
    __slots__ = ("name", "request_id", "charges", "events", "epsilon", "delta", "purpose", "creator", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    charges: _containers.RepeatedCompositeFieldContainer[Charge]
    events: _containers.RepeatedCompositeFieldContainer[PrivacyEvent]
    epsilon: float
    delta: float
    purpose: str
    creator: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., charges: _Optional[_Iterable[_Union[Charge, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[PrivacyEvent, _Mapping]]] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., purpose: _Optional[str] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Charge(_message.Message):
    __slots__ = ("budget", "epsilon", "delta", "remaining_epsilon", "remaining_delta")
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    REMAINING_EPSILON_FIELD_NUMBER: _ClassVar[int]
    REMAINING_DELTA_FIELD_NUMBER: _ClassVar[int]
    budget: str
    epsilon: float
    delta: float
    remaining_epsilon: float
    remaining_delta: float
    def __init__(self, budget: _Optional[str] = ..., epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., remaining_epsilon: _Optional[float] = ..., remaining_delta: _Optional[float] = ...) -> None: ...

class PrivacyEvent(_message.Message):
    __slots__ = ("epsilon", "delta", "count", "pure", "gaussian", "bounded_range")
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    PURE_FIELD_NUMBER: _ClassVar[int]
    GAUSSIAN_FIELD_NUMBER: _ClassVar[int]
    BOUNDED_RANGE_FIELD_NUMBER: _ClassVar[int]
    epsilon: float
    delta: float
    count: int
    pure: PureMechanism
    gaussian: GaussianMechanism
    bounded_range: BoundedRangeMechanism
    def __init__(self, epsilon: _Optional[float] = ..., delta: _Optional[float] = ..., count: _Optional[int] = ..., pure: _Optional[_Union[PureMechanism, _Mapping]] = ..., gaussian: _Optional[_Union[GaussianMechanism, _Mapping]] = ..., bounded_range: _Optional[_Union[BoundedRangeMechanism, _Mapping]] = ...) -> None: ...

class PureMechanism(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GaussianMechanism(_message.Message):
    __slots__ = ("sigma", "sensitivity")
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    SENSITIVITY_FIELD_NUMBER: _ClassVar[int]
    sigma: float
    sensitivity: float
    def __init__(self, sigma: _Optional[float] = ..., sensitivity: _Optional[float] = ...) -> None: ...

class BoundedRangeMechanism(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
