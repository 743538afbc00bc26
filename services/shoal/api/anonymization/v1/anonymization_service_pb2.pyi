import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from shoal.api.anonymization.v1 import solution_pb2 as _solution_pb2
from shoal.api.datasets.v1 import dataset_pb2 as _dataset_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AnonymizeRequest(_message.Message):
    __slots__ = ("table", "policy", "output_format", "output_display_name", "output_ttl", "request_id", "apply_ttl")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TTL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    APPLY_TTL_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    policy: _policy_pb2.AnonymizationPolicy
    output_format: _table_pb2.TableFormat
    output_display_name: str
    output_ttl: _duration_pb2.Duration
    request_id: str
    apply_ttl: _duration_pb2.Duration
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., output_format: _Optional[_Union[_table_pb2.TableFormat, str]] = ..., output_display_name: _Optional[str] = ..., output_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., apply_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AnonymizeResponse(_message.Message):
    __slots__ = ("solution", "output")
    SOLUTION_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    solution: _solution_pb2.Solution
    output: _dataset_pb2.Dataset
    def __init__(self, solution: _Optional[_Union[_solution_pb2.Solution, _Mapping]] = ..., output: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ...) -> None: ...

class AutoAnonymizeRequest(_message.Message):
    __slots__ = ("table", "privacy_models", "suppression_limit", "output_format", "output_ttl", "request_id")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_MODELS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TTL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    privacy_models: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PrivacyModel]
    suppression_limit: float
    output_format: _table_pb2.TableFormat
    output_ttl: _duration_pb2.Duration
    request_id: str
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., privacy_models: _Optional[_Iterable[_Union[_policy_pb2.PrivacyModel, _Mapping]]] = ..., suppression_limit: _Optional[float] = ..., output_format: _Optional[_Union[_table_pb2.TableFormat, str]] = ..., output_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class AutoAnonymizeResponse(_message.Message):
    __slots__ = ("policy", "solution", "output")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    SOLUTION_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.AnonymizationPolicy
    solution: _solution_pb2.Solution
    output: _dataset_pb2.Dataset
    def __init__(self, policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., solution: _Optional[_Union[_solution_pb2.Solution, _Mapping]] = ..., output: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ...) -> None: ...

class ApplySolutionRequest(_message.Message):
    __slots__ = ("solution", "table", "output_format", "output_ttl", "request_id")
    SOLUTION_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TTL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    solution: str
    table: _table_pb2.TableSource
    output_format: _table_pb2.TableFormat
    output_ttl: _duration_pb2.Duration
    request_id: str
    def __init__(self, solution: _Optional[str] = ..., table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., output_format: _Optional[_Union[_table_pb2.TableFormat, str]] = ..., output_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ApplySolutionResponse(_message.Message):
    __slots__ = ("output", "row_count", "released_count", "unseen_count", "violating_count", "guarantee", "batch_models", "union_models", "certificate", "warnings")
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELEASED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNSEEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    VIOLATING_COUNT_FIELD_NUMBER: _ClassVar[int]
    GUARANTEE_FIELD_NUMBER: _ClassVar[int]
    BATCH_MODELS_FIELD_NUMBER: _ClassVar[int]
    UNION_MODELS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    output: _dataset_pb2.Dataset
    row_count: int
    released_count: int
    unseen_count: int
    violating_count: int
    guarantee: str
    batch_models: _containers.RepeatedCompositeFieldContainer[_solution_pb2.ModelResult]
    union_models: _containers.RepeatedCompositeFieldContainer[_solution_pb2.ModelResult]
    certificate: _solution_pb2.Certificate
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, output: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., row_count: _Optional[int] = ..., released_count: _Optional[int] = ..., unseen_count: _Optional[int] = ..., violating_count: _Optional[int] = ..., guarantee: _Optional[str] = ..., batch_models: _Optional[_Iterable[_Union[_solution_pb2.ModelResult, _Mapping]]] = ..., union_models: _Optional[_Iterable[_Union[_solution_pb2.ModelResult, _Mapping]]] = ..., certificate: _Optional[_Union[_solution_pb2.Certificate, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class ComputeFrontierRequest(_message.Message):
    __slots__ = ("table", "policy", "ks", "suppression_limits", "parameters")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    KS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_LIMITS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    policy: _policy_pb2.AnonymizationPolicy
    ks: _containers.RepeatedScalarFieldContainer[int]
    suppression_limits: _containers.RepeatedScalarFieldContainer[float]
    parameters: _containers.RepeatedCompositeFieldContainer[VariedParameter]
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., ks: _Optional[_Iterable[int]] = ..., suppression_limits: _Optional[_Iterable[float]] = ..., parameters: _Optional[_Iterable[_Union[VariedParameter, _Mapping]]] = ...) -> None: ...

class VariedParameter(_message.Message):
    __slots__ = ("model", "parameter", "values")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    model: int
    parameter: str
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, model: _Optional[int] = ..., parameter: _Optional[str] = ..., values: _Optional[_Iterable[float]] = ...) -> None: ...

class ComputeFrontierResponse(_message.Message):
    __slots__ = ("points", "search_seconds", "lattice_size", "row_count", "attributes")
    POINTS_FIELD_NUMBER: _ClassVar[int]
    SEARCH_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LATTICE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    points: _containers.RepeatedCompositeFieldContainer[FrontierPoint]
    search_seconds: float
    lattice_size: int
    row_count: int
    attributes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, points: _Optional[_Iterable[_Union[FrontierPoint, _Mapping]]] = ..., search_seconds: _Optional[float] = ..., lattice_size: _Optional[int] = ..., row_count: _Optional[int] = ..., attributes: _Optional[_Iterable[str]] = ...) -> None: ...

class FrontierPoint(_message.Message):
    __slots__ = ("k", "suppression_limit", "feasible", "loss", "levels", "suppressed_count", "highest_risk", "average_risk", "optimal", "gap", "parameters")
    K_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    FEASIBLE_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_RISK_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_RISK_FIELD_NUMBER: _ClassVar[int]
    OPTIMAL_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    k: int
    suppression_limit: float
    feasible: bool
    loss: float
    levels: _containers.RepeatedScalarFieldContainer[int]
    suppressed_count: int
    highest_risk: float
    average_risk: float
    optimal: bool
    gap: float
    parameters: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, k: _Optional[int] = ..., suppression_limit: _Optional[float] = ..., feasible: _Optional[bool] = ..., loss: _Optional[float] = ..., levels: _Optional[_Iterable[int]] = ..., suppressed_count: _Optional[int] = ..., highest_risk: _Optional[float] = ..., average_risk: _Optional[float] = ..., optimal: _Optional[bool] = ..., gap: _Optional[float] = ..., parameters: _Optional[_Iterable[float]] = ...) -> None: ...

class ExploreLatticeRequest(_message.Message):
    __slots__ = ("table", "policy", "levels", "radius")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    RADIUS_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    policy: _policy_pb2.AnonymizationPolicy
    levels: _containers.RepeatedScalarFieldContainer[int]
    radius: int
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., levels: _Optional[_Iterable[int]] = ..., radius: _Optional[int] = ...) -> None: ...

class ExploreLatticeResponse(_message.Message):
    __slots__ = ("nodes", "attributes", "complete")
    NODES_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[LatticeNode]
    attributes: _containers.RepeatedScalarFieldContainer[str]
    complete: bool
    def __init__(self, nodes: _Optional[_Iterable[_Union[LatticeNode, _Mapping]]] = ..., attributes: _Optional[_Iterable[str]] = ..., complete: _Optional[bool] = ...) -> None: ...

class LatticeNode(_message.Message):
    __slots__ = ("levels", "satisfied", "suppressed_count", "loss", "class_count", "smallest_class")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    SATISFIED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    SMALLEST_CLASS_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedScalarFieldContainer[int]
    satisfied: bool
    suppressed_count: int
    loss: float
    class_count: int
    smallest_class: int
    def __init__(self, levels: _Optional[_Iterable[int]] = ..., satisfied: _Optional[bool] = ..., suppressed_count: _Optional[int] = ..., loss: _Optional[float] = ..., class_count: _Optional[int] = ..., smallest_class: _Optional[int] = ...) -> None: ...

class GetSolutionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListSolutionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSolutionsResponse(_message.Message):
    __slots__ = ("solutions", "next_page_token")
    SOLUTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    solutions: _containers.RepeatedCompositeFieldContainer[_solution_pb2.Solution]
    next_page_token: str
    def __init__(self, solutions: _Optional[_Iterable[_Union[_solution_pb2.Solution, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteSolutionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...
