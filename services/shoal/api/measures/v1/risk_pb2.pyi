from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RiskLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RISK_LEVEL_UNSPECIFIED: _ClassVar[RiskLevel]
    RISK_LEVEL_LOW: _ClassVar[RiskLevel]
    RISK_LEVEL_MEDIUM: _ClassVar[RiskLevel]
    RISK_LEVEL_HIGH: _ClassVar[RiskLevel]
    RISK_LEVEL_VERY_HIGH: _ClassVar[RiskLevel]
RISK_LEVEL_UNSPECIFIED: RiskLevel
RISK_LEVEL_LOW: RiskLevel
RISK_LEVEL_MEDIUM: RiskLevel
RISK_LEVEL_HIGH: RiskLevel
RISK_LEVEL_VERY_HIGH: RiskLevel

class RiskReport(_message.Message):
    __slots__ = ("quasi_identifiers", "row_count", "suppressed_count", "class_count", "k", "largest_class", "unique_count", "prosecutor", "journalist", "marketer", "highest_risk_level", "histogram", "histogram_complete", "distinction", "separation", "entity_count")
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    LARGEST_CLASS_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROSECUTOR_FIELD_NUMBER: _ClassVar[int]
    JOURNALIST_FIELD_NUMBER: _ClassVar[int]
    MARKETER_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_RISK_LEVEL_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    DISTINCTION_FIELD_NUMBER: _ClassVar[int]
    SEPARATION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_COUNT_FIELD_NUMBER: _ClassVar[int]
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    suppressed_count: int
    class_count: int
    k: int
    largest_class: int
    unique_count: int
    prosecutor: AttackerRisk
    journalist: AttackerRisk
    marketer: AttackerRisk
    highest_risk_level: RiskLevel
    histogram: _containers.RepeatedCompositeFieldContainer[ClassSizeCount]
    histogram_complete: bool
    distinction: float
    separation: float
    entity_count: int
    def __init__(self, quasi_identifiers: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., suppressed_count: _Optional[int] = ..., class_count: _Optional[int] = ..., k: _Optional[int] = ..., largest_class: _Optional[int] = ..., unique_count: _Optional[int] = ..., prosecutor: _Optional[_Union[AttackerRisk, _Mapping]] = ..., journalist: _Optional[_Union[AttackerRisk, _Mapping]] = ..., marketer: _Optional[_Union[AttackerRisk, _Mapping]] = ..., highest_risk_level: _Optional[_Union[RiskLevel, str]] = ..., histogram: _Optional[_Iterable[_Union[ClassSizeCount, _Mapping]]] = ..., histogram_complete: _Optional[bool] = ..., distinction: _Optional[float] = ..., separation: _Optional[float] = ..., entity_count: _Optional[int] = ...) -> None: ...

class AttackerRisk(_message.Message):
    __slots__ = ("records_at_risk", "highest_risk", "lowest_risk", "success_rate", "overall_risk", "risk_level", "threshold", "estimated_without_population")
    RECORDS_AT_RISK_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_RISK_FIELD_NUMBER: _ClassVar[int]
    LOWEST_RISK_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_RATE_FIELD_NUMBER: _ClassVar[int]
    OVERALL_RISK_FIELD_NUMBER: _ClassVar[int]
    RISK_LEVEL_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WITHOUT_POPULATION_FIELD_NUMBER: _ClassVar[int]
    records_at_risk: float
    highest_risk: float
    lowest_risk: float
    success_rate: float
    overall_risk: float
    risk_level: RiskLevel
    threshold: float
    estimated_without_population: bool
    def __init__(self, records_at_risk: _Optional[float] = ..., highest_risk: _Optional[float] = ..., lowest_risk: _Optional[float] = ..., success_rate: _Optional[float] = ..., overall_risk: _Optional[float] = ..., risk_level: _Optional[_Union[RiskLevel, str]] = ..., threshold: _Optional[float] = ..., estimated_without_population: _Optional[bool] = ...) -> None: ...

class ClassSizeCount(_message.Message):
    __slots__ = ("size", "count")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    size: int
    count: int
    def __init__(self, size: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...
