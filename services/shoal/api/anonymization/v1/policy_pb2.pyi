from google.api import field_behavior_pb2 as _field_behavior_pb2
from shoal.api.anonymization.v1 import hierarchy_pb2 as _hierarchy_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttributeRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ATTRIBUTE_ROLE_UNSPECIFIED: _ClassVar[AttributeRole]
    ATTRIBUTE_ROLE_IDENTIFIER: _ClassVar[AttributeRole]
    ATTRIBUTE_ROLE_QUASI_IDENTIFIER: _ClassVar[AttributeRole]
    ATTRIBUTE_ROLE_SENSITIVE: _ClassVar[AttributeRole]
    ATTRIBUTE_ROLE_INSENSITIVE: _ClassVar[AttributeRole]

class UnlistedColumns(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNLISTED_COLUMNS_UNSPECIFIED: _ClassVar[UnlistedColumns]
    UNLISTED_COLUMNS_DROP: _ClassVar[UnlistedColumns]
    UNLISTED_COLUMNS_KEEP: _ClassVar[UnlistedColumns]
    UNLISTED_COLUMNS_REFUSE: _ClassVar[UnlistedColumns]

class LDiversityKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    L_DIVERSITY_KIND_UNSPECIFIED: _ClassVar[LDiversityKind]
    L_DIVERSITY_KIND_DISTINCT: _ClassVar[LDiversityKind]
    L_DIVERSITY_KIND_ENTROPY: _ClassVar[LDiversityKind]
    L_DIVERSITY_KIND_RECURSIVE: _ClassVar[LDiversityKind]

class EntropyEstimator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENTROPY_ESTIMATOR_UNSPECIFIED: _ClassVar[EntropyEstimator]
    ENTROPY_ESTIMATOR_SHANNON: _ClassVar[EntropyEstimator]
    ENTROPY_ESTIMATOR_GRASSBERGER: _ClassVar[EntropyEstimator]

class TClosenessDistance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    T_CLOSENESS_DISTANCE_UNSPECIFIED: _ClassVar[TClosenessDistance]
    T_CLOSENESS_DISTANCE_EQUAL: _ClassVar[TClosenessDistance]
    T_CLOSENESS_DISTANCE_ORDERED: _ClassVar[TClosenessDistance]
    T_CLOSENESS_DISTANCE_HIERARCHICAL: _ClassVar[TClosenessDistance]
    T_CLOSENESS_DISTANCE_WASSERSTEIN: _ClassVar[TClosenessDistance]

class LossMeasure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOSS_MEASURE_UNSPECIFIED: _ClassVar[LossMeasure]
    LOSS_MEASURE_LOSS: _ClassVar[LossMeasure]
    LOSS_MEASURE_PRECISION: _ClassVar[LossMeasure]
    LOSS_MEASURE_DISCERNIBILITY: _ClassVar[LossMeasure]
    LOSS_MEASURE_AVERAGE_CLASS_SIZE: _ClassVar[LossMeasure]
    LOSS_MEASURE_NON_UNIFORM_ENTROPY: _ClassVar[LossMeasure]
    LOSS_MEASURE_KL_DIVERGENCE: _ClassVar[LossMeasure]
    LOSS_MEASURE_AMBIGUITY: _ClassVar[LossMeasure]

class LossAggregate(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOSS_AGGREGATE_UNSPECIFIED: _ClassVar[LossAggregate]
    LOSS_AGGREGATE_GEOMETRIC_MEAN: _ClassVar[LossAggregate]
    LOSS_AGGREGATE_ARITHMETIC_MEAN: _ClassVar[LossAggregate]
    LOSS_AGGREGATE_MAXIMUM: _ClassVar[LossAggregate]
ATTRIBUTE_ROLE_UNSPECIFIED: AttributeRole
ATTRIBUTE_ROLE_IDENTIFIER: AttributeRole
ATTRIBUTE_ROLE_QUASI_IDENTIFIER: AttributeRole
ATTRIBUTE_ROLE_SENSITIVE: AttributeRole
ATTRIBUTE_ROLE_INSENSITIVE: AttributeRole
UNLISTED_COLUMNS_UNSPECIFIED: UnlistedColumns
UNLISTED_COLUMNS_DROP: UnlistedColumns
UNLISTED_COLUMNS_KEEP: UnlistedColumns
UNLISTED_COLUMNS_REFUSE: UnlistedColumns
L_DIVERSITY_KIND_UNSPECIFIED: LDiversityKind
L_DIVERSITY_KIND_DISTINCT: LDiversityKind
L_DIVERSITY_KIND_ENTROPY: LDiversityKind
L_DIVERSITY_KIND_RECURSIVE: LDiversityKind
ENTROPY_ESTIMATOR_UNSPECIFIED: EntropyEstimator
ENTROPY_ESTIMATOR_SHANNON: EntropyEstimator
ENTROPY_ESTIMATOR_GRASSBERGER: EntropyEstimator
T_CLOSENESS_DISTANCE_UNSPECIFIED: TClosenessDistance
T_CLOSENESS_DISTANCE_EQUAL: TClosenessDistance
T_CLOSENESS_DISTANCE_ORDERED: TClosenessDistance
T_CLOSENESS_DISTANCE_HIERARCHICAL: TClosenessDistance
T_CLOSENESS_DISTANCE_WASSERSTEIN: TClosenessDistance
LOSS_MEASURE_UNSPECIFIED: LossMeasure
LOSS_MEASURE_LOSS: LossMeasure
LOSS_MEASURE_PRECISION: LossMeasure
LOSS_MEASURE_DISCERNIBILITY: LossMeasure
LOSS_MEASURE_AVERAGE_CLASS_SIZE: LossMeasure
LOSS_MEASURE_NON_UNIFORM_ENTROPY: LossMeasure
LOSS_MEASURE_KL_DIVERGENCE: LossMeasure
LOSS_MEASURE_AMBIGUITY: LossMeasure
LOSS_AGGREGATE_UNSPECIFIED: LossAggregate
LOSS_AGGREGATE_GEOMETRIC_MEAN: LossAggregate
LOSS_AGGREGATE_ARITHMETIC_MEAN: LossAggregate
LOSS_AGGREGATE_MAXIMUM: LossAggregate

class AnonymizationPolicy(_message.Message):
    __slots__ = ("format_version", "attributes", "privacy_models", "suppression_limit", "quality", "search", "unlisted", "entity_column", "population")
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_MODELS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    UNLISTED_FIELD_NUMBER: _ClassVar[int]
    ENTITY_COLUMN_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    format_version: int
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    privacy_models: _containers.RepeatedCompositeFieldContainer[PrivacyModel]
    suppression_limit: float
    quality: QualityMeasure
    search: SearchStrategy
    unlisted: UnlistedColumns
    entity_column: str
    population: _table_pb2.TableSource
    def __init__(self, format_version: _Optional[int] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ..., privacy_models: _Optional[_Iterable[_Union[PrivacyModel, _Mapping]]] = ..., suppression_limit: _Optional[float] = ..., quality: _Optional[_Union[QualityMeasure, _Mapping]] = ..., search: _Optional[_Union[SearchStrategy, _Mapping]] = ..., unlisted: _Optional[_Union[UnlistedColumns, str]] = ..., entity_column: _Optional[str] = ..., population: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ...) -> None: ...

class Attribute(_message.Message):
    __slots__ = ("name", "role", "hierarchy", "weight")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    HIERARCHY_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: AttributeRole
    hierarchy: _hierarchy_pb2.Hierarchy
    weight: float
    def __init__(self, name: _Optional[str] = ..., role: _Optional[_Union[AttributeRole, str]] = ..., hierarchy: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class PrivacyModel(_message.Message):
    __slots__ = ("k_anonymity", "l_diversity", "t_closeness", "k_map", "delta_presence", "delta_disclosure", "beta_likeness", "risk_limit")
    K_ANONYMITY_FIELD_NUMBER: _ClassVar[int]
    L_DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    T_CLOSENESS_FIELD_NUMBER: _ClassVar[int]
    K_MAP_FIELD_NUMBER: _ClassVar[int]
    DELTA_PRESENCE_FIELD_NUMBER: _ClassVar[int]
    DELTA_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    BETA_LIKENESS_FIELD_NUMBER: _ClassVar[int]
    RISK_LIMIT_FIELD_NUMBER: _ClassVar[int]
    k_anonymity: KAnonymity
    l_diversity: LDiversity
    t_closeness: TCloseness
    k_map: KMap
    delta_presence: DeltaPresence
    delta_disclosure: DeltaDisclosure
    beta_likeness: BetaLikeness
    risk_limit: RiskLimit
    def __init__(self, k_anonymity: _Optional[_Union[KAnonymity, _Mapping]] = ..., l_diversity: _Optional[_Union[LDiversity, _Mapping]] = ..., t_closeness: _Optional[_Union[TCloseness, _Mapping]] = ..., k_map: _Optional[_Union[KMap, _Mapping]] = ..., delta_presence: _Optional[_Union[DeltaPresence, _Mapping]] = ..., delta_disclosure: _Optional[_Union[DeltaDisclosure, _Mapping]] = ..., beta_likeness: _Optional[_Union[BetaLikeness, _Mapping]] = ..., risk_limit: _Optional[_Union[RiskLimit, _Mapping]] = ...) -> None: ...

class KAnonymity(_message.Message):
    __slots__ = ("k",)
    K_FIELD_NUMBER: _ClassVar[int]
    k: int
    def __init__(self, k: _Optional[int] = ...) -> None: ...

class LDiversity(_message.Message):
    __slots__ = ("attribute", "kind", "l", "c", "estimator")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    L_FIELD_NUMBER: _ClassVar[int]
    C_FIELD_NUMBER: _ClassVar[int]
    ESTIMATOR_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    kind: LDiversityKind
    l: float
    c: float
    estimator: EntropyEstimator
    def __init__(self, attribute: _Optional[str] = ..., kind: _Optional[_Union[LDiversityKind, str]] = ..., l: _Optional[float] = ..., c: _Optional[float] = ..., estimator: _Optional[_Union[EntropyEstimator, str]] = ...) -> None: ...

class TCloseness(_message.Message):
    __slots__ = ("attribute", "distance", "t")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    T_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    distance: TClosenessDistance
    t: float
    def __init__(self, attribute: _Optional[str] = ..., distance: _Optional[_Union[TClosenessDistance, str]] = ..., t: _Optional[float] = ...) -> None: ...

class KMap(_message.Message):
    __slots__ = ("k",)
    K_FIELD_NUMBER: _ClassVar[int]
    k: int
    def __init__(self, k: _Optional[int] = ...) -> None: ...

class DeltaPresence(_message.Message):
    __slots__ = ("min_delta", "max_delta")
    MIN_DELTA_FIELD_NUMBER: _ClassVar[int]
    MAX_DELTA_FIELD_NUMBER: _ClassVar[int]
    min_delta: float
    max_delta: float
    def __init__(self, min_delta: _Optional[float] = ..., max_delta: _Optional[float] = ...) -> None: ...

class DeltaDisclosure(_message.Message):
    __slots__ = ("attribute", "delta")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    delta: float
    def __init__(self, attribute: _Optional[str] = ..., delta: _Optional[float] = ...) -> None: ...

class BetaLikeness(_message.Message):
    __slots__ = ("attribute", "beta", "enhanced")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    ENHANCED_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    beta: float
    enhanced: bool
    def __init__(self, attribute: _Optional[str] = ..., beta: _Optional[float] = ..., enhanced: _Optional[bool] = ...) -> None: ...

class RiskLimit(_message.Message):
    __slots__ = ("attacker", "max_highest", "max_average")
    class Attacker(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ATTACKER_UNSPECIFIED: _ClassVar[RiskLimit.Attacker]
        ATTACKER_PROSECUTOR: _ClassVar[RiskLimit.Attacker]
        ATTACKER_JOURNALIST: _ClassVar[RiskLimit.Attacker]
        ATTACKER_MARKETER: _ClassVar[RiskLimit.Attacker]
    ATTACKER_UNSPECIFIED: RiskLimit.Attacker
    ATTACKER_PROSECUTOR: RiskLimit.Attacker
    ATTACKER_JOURNALIST: RiskLimit.Attacker
    ATTACKER_MARKETER: RiskLimit.Attacker
    ATTACKER_FIELD_NUMBER: _ClassVar[int]
    MAX_HIGHEST_FIELD_NUMBER: _ClassVar[int]
    MAX_AVERAGE_FIELD_NUMBER: _ClassVar[int]
    attacker: RiskLimit.Attacker
    max_highest: float
    max_average: float
    def __init__(self, attacker: _Optional[_Union[RiskLimit.Attacker, str]] = ..., max_highest: _Optional[float] = ..., max_average: _Optional[float] = ...) -> None: ...

class QualityMeasure(_message.Message):
    __slots__ = ("measure", "aggregate")
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    AGGREGATE_FIELD_NUMBER: _ClassVar[int]
    measure: LossMeasure
    aggregate: LossAggregate
    def __init__(self, measure: _Optional[_Union[LossMeasure, str]] = ..., aggregate: _Optional[_Union[LossAggregate, str]] = ...) -> None: ...

class SearchStrategy(_message.Message):
    __slots__ = ("strategy", "max_seconds", "max_nodes", "max_memory_bytes", "local_recoding", "microaggregation")
    class Strategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STRATEGY_UNSPECIFIED: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_OPTIMAL: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_ANYTIME: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_BASIC: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_WITH_IMPORTANCE: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_WITH_DEVIATION: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_LOCAL_RECODING: _ClassVar[SearchStrategy.Strategy]
        STRATEGY_MICROAGGREGATION: _ClassVar[SearchStrategy.Strategy]
    STRATEGY_UNSPECIFIED: SearchStrategy.Strategy
    STRATEGY_OPTIMAL: SearchStrategy.Strategy
    STRATEGY_ANYTIME: SearchStrategy.Strategy
    STRATEGY_BASIC: SearchStrategy.Strategy
    STRATEGY_WITH_IMPORTANCE: SearchStrategy.Strategy
    STRATEGY_WITH_DEVIATION: SearchStrategy.Strategy
    STRATEGY_LOCAL_RECODING: SearchStrategy.Strategy
    STRATEGY_MICROAGGREGATION: SearchStrategy.Strategy
    class LocalRecoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        LOCAL_RECODING_UNSPECIFIED: _ClassVar[SearchStrategy.LocalRecoding]
        LOCAL_RECODING_MONDRIAN_STRICT: _ClassVar[SearchStrategy.LocalRecoding]
        LOCAL_RECODING_MONDRIAN_RELAXED: _ClassVar[SearchStrategy.LocalRecoding]
        LOCAL_RECODING_ITERATIVE: _ClassVar[SearchStrategy.LocalRecoding]
    LOCAL_RECODING_UNSPECIFIED: SearchStrategy.LocalRecoding
    LOCAL_RECODING_MONDRIAN_STRICT: SearchStrategy.LocalRecoding
    LOCAL_RECODING_MONDRIAN_RELAXED: SearchStrategy.LocalRecoding
    LOCAL_RECODING_ITERATIVE: SearchStrategy.LocalRecoding
    class Microaggregation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MICROAGGREGATION_UNSPECIFIED: _ClassVar[SearchStrategy.Microaggregation]
        MICROAGGREGATION_MEAN: _ClassVar[SearchStrategy.Microaggregation]
        MICROAGGREGATION_MEDIAN: _ClassVar[SearchStrategy.Microaggregation]
        MICROAGGREGATION_INTERVAL: _ClassVar[SearchStrategy.Microaggregation]
    MICROAGGREGATION_UNSPECIFIED: SearchStrategy.Microaggregation
    MICROAGGREGATION_MEAN: SearchStrategy.Microaggregation
    MICROAGGREGATION_MEDIAN: SearchStrategy.Microaggregation
    MICROAGGREGATION_INTERVAL: SearchStrategy.Microaggregation
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    MAX_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_NODES_FIELD_NUMBER: _ClassVar[int]
    MAX_MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    LOCAL_RECODING_FIELD_NUMBER: _ClassVar[int]
    MICROAGGREGATION_FIELD_NUMBER: _ClassVar[int]
    strategy: SearchStrategy.Strategy
    max_seconds: float
    max_nodes: int
    max_memory_bytes: int
    local_recoding: SearchStrategy.LocalRecoding
    microaggregation: SearchStrategy.Microaggregation
    def __init__(self, strategy: _Optional[_Union[SearchStrategy.Strategy, str]] = ..., max_seconds: _Optional[float] = ..., max_nodes: _Optional[int] = ..., max_memory_bytes: _Optional[int] = ..., local_recoding: _Optional[_Union[SearchStrategy.LocalRecoding, str]] = ..., microaggregation: _Optional[_Union[SearchStrategy.Microaggregation, str]] = ...) -> None: ...
