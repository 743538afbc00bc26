import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Composition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPOSITION_UNSPECIFIED: _ClassVar[Composition]
    COMPOSITION_BASIC: _ClassVar[Composition]
    COMPOSITION_RDP: _ClassVar[Composition]
    COMPOSITION_ZCDP: _ClassVar[Composition]
    COMPOSITION_GDP: _ClassVar[Composition]

class BudgetKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BUDGET_KIND_UNSPECIFIED: _ClassVar[BudgetKind]
    BUDGET_KIND_NAMED: _ClassVar[BudgetKind]
    BUDGET_KIND_CONTENT: _ClassVar[BudgetKind]
COMPOSITION_UNSPECIFIED: Composition
COMPOSITION_BASIC: Composition
COMPOSITION_RDP: Composition
COMPOSITION_ZCDP: Composition
COMPOSITION_GDP: Composition
BUDGET_KIND_UNSPECIFIED: BudgetKind
BUDGET_KIND_NAMED: BudgetKind
BUDGET_KIND_CONTENT: BudgetKind

class Budget(_message.Message):
    __slots__ = ("name", "description", "kind", "epsilon_budget", "delta_budget", "composition", "spent_epsilon", "spent_delta", "remaining_epsilon", "remaining_delta", "query_count", "creator", "create_time", "update_time", "delete_time", "approximate_delta")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EPSILON_BUDGET_FIELD_NUMBER: _ClassVar[int]
    DELTA_BUDGET_FIELD_NUMBER: _ClassVar[int]
    COMPOSITION_FIELD_NUMBER: _ClassVar[int]
    SPENT_EPSILON_FIELD_NUMBER: _ClassVar[int]
    SPENT_DELTA_FIELD_NUMBER: _ClassVar[int]
    REMAINING_EPSILON_FIELD_NUMBER: _ClassVar[int]
    REMAINING_DELTA_FIELD_NUMBER: _ClassVar[int]
    QUERY_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    APPROXIMATE_DELTA_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    kind: BudgetKind
    epsilon_budget: float
    delta_budget: float
    composition: Composition
    spent_epsilon: float
    spent_delta: float
    remaining_epsilon: float
    remaining_delta: float
    query_count: int
    creator: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    approximate_delta: float
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., kind: _Optional[_Union[BudgetKind, str]] = ..., epsilon_budget: _Optional[float] = ..., delta_budget: _Optional[float] = ..., composition: _Optional[_Union[Composition, str]] = ..., spent_epsilon: _Optional[float] = ..., spent_delta: _Optional[float] = ..., remaining_epsilon: _Optional[float] = ..., remaining_delta: _Optional[float] = ..., query_count: _Optional[int] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., approximate_delta: _Optional[float] = ...) -> None: ...
