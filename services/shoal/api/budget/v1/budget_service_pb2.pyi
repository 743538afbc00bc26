from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from shoal.api.budget.v1 import advice_pb2 as _advice_pb2
from shoal.api.budget.v1 import budget_pb2 as _budget_pb2
from shoal.api.budget.v1 import spend_pb2 as _spend_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateBudgetRequest(_message.Message):
    __slots__ = ("budget_id", "budget", "request_id", "reuse_deleted_id")
    BUDGET_ID_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REUSE_DELETED_ID_FIELD_NUMBER: _ClassVar[int]
    budget_id: str
    budget: _budget_pb2.Budget
    request_id: str
    reuse_deleted_id: bool
    def __init__(self, budget_id: _Optional[str] = ..., budget: _Optional[_Union[_budget_pb2.Budget, _Mapping]] = ..., request_id: _Optional[str] = ..., reuse_deleted_id: _Optional[bool] = ...) -> None: ...

class GetBudgetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListBudgetsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "kind", "show_deleted")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    kind: _budget_pb2.BudgetKind
    show_deleted: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., kind: _Optional[_Union[_budget_pb2.BudgetKind, str]] = ..., show_deleted: _Optional[bool] = ...) -> None: ...

class ListBudgetsResponse(_message.Message):
    __slots__ = ("budgets", "next_page_token")
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    next_page_token: str
    def __init__(self, budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteBudgetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SpendRequest(_message.Message):
    __slots__ = ("request_id", "budgets", "events", "purpose", "validate_only")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    budgets: _containers.RepeatedScalarFieldContainer[str]
    events: _containers.RepeatedCompositeFieldContainer[_spend_pb2.PrivacyEvent]
    purpose: str
    validate_only: bool
    def __init__(self, request_id: _Optional[str] = ..., budgets: _Optional[_Iterable[str]] = ..., events: _Optional[_Iterable[_Union[_spend_pb2.PrivacyEvent, _Mapping]]] = ..., purpose: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class SpendResponse(_message.Message):
    __slots__ = ("spend", "budgets", "repeated_request")
    SPEND_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    REPEATED_REQUEST_FIELD_NUMBER: _ClassVar[int]
    spend: _spend_pb2.Spend
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    repeated_request: bool
    def __init__(self, spend: _Optional[_Union[_spend_pb2.Spend, _Mapping]] = ..., budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ..., repeated_request: _Optional[bool] = ...) -> None: ...

class ListSpendsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "budget")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    budget: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., budget: _Optional[str] = ...) -> None: ...

class ListSpendsResponse(_message.Message):
    __slots__ = ("spends", "next_page_token")
    SPENDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    spends: _containers.RepeatedCompositeFieldContainer[_spend_pb2.Spend]
    next_page_token: str
    def __init__(self, spends: _Optional[_Iterable[_Union[_spend_pb2.Spend, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AdviseCompositionRequest(_message.Message):
    __slots__ = ("epsilon_budget", "delta_budget", "query_count", "delta_per_query")
    EPSILON_BUDGET_FIELD_NUMBER: _ClassVar[int]
    DELTA_BUDGET_FIELD_NUMBER: _ClassVar[int]
    QUERY_COUNT_FIELD_NUMBER: _ClassVar[int]
    DELTA_PER_QUERY_FIELD_NUMBER: _ClassVar[int]
    epsilon_budget: float
    delta_budget: float
    query_count: int
    delta_per_query: float
    def __init__(self, epsilon_budget: _Optional[float] = ..., delta_budget: _Optional[float] = ..., query_count: _Optional[int] = ..., delta_per_query: _Optional[float] = ...) -> None: ...

class AdviseCompositionResponse(_message.Message):
    __slots__ = ("basic", "rdp", "exact_gaussian", "privacy_loss", "recommendation", "explanation", "savings_percent", "noise_ratio")
    BASIC_FIELD_NUMBER: _ClassVar[int]
    RDP_FIELD_NUMBER: _ClassVar[int]
    EXACT_GAUSSIAN_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_LOSS_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    SAVINGS_PERCENT_FIELD_NUMBER: _ClassVar[int]
    NOISE_RATIO_FIELD_NUMBER: _ClassVar[int]
    basic: _advice_pb2.CompositionAnalysis
    rdp: _advice_pb2.CompositionAnalysis
    exact_gaussian: _advice_pb2.CompositionAnalysis
    privacy_loss: _advice_pb2.CompositionAnalysis
    recommendation: _budget_pb2.Composition
    explanation: str
    savings_percent: float
    noise_ratio: float
    def __init__(self, basic: _Optional[_Union[_advice_pb2.CompositionAnalysis, _Mapping]] = ..., rdp: _Optional[_Union[_advice_pb2.CompositionAnalysis, _Mapping]] = ..., exact_gaussian: _Optional[_Union[_advice_pb2.CompositionAnalysis, _Mapping]] = ..., privacy_loss: _Optional[_Union[_advice_pb2.CompositionAnalysis, _Mapping]] = ..., recommendation: _Optional[_Union[_budget_pb2.Composition, str]] = ..., explanation: _Optional[str] = ..., savings_percent: _Optional[float] = ..., noise_ratio: _Optional[float] = ...) -> None: ...
