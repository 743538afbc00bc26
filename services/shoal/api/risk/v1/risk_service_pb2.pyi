from google.api import field_behavior_pb2 as _field_behavior_pb2
from shoal.api.anonymization.v1 import hierarchy_pb2 as _hierarchy_pb2
from shoal.api.anonymization.v1 import policy_pb2 as _policy_pb2
from shoal.api.measures.v1 import quality_pb2 as _quality_pb2
from shoal.api.measures.v1 import risk_pb2 as _risk_pb2
from shoal.api.tables.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Attacker(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ATTACKER_UNSPECIFIED: _ClassVar[Attacker]
    ATTACKER_PROSECUTOR: _ClassVar[Attacker]
    ATTACKER_JOURNALIST: _ClassVar[Attacker]
    ATTACKER_MARKETER: _ClassVar[Attacker]

class SuppressedValues(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUPPRESSED_VALUES_UNSPECIFIED: _ClassVar[SuppressedValues]
    SUPPRESSED_VALUES_OMIT_ROWS: _ClassVar[SuppressedValues]
    SUPPRESSED_VALUES_OWN_VALUE: _ClassVar[SuppressedValues]
    SUPPRESSED_VALUES_WILDCARD: _ClassVar[SuppressedValues]

class NullValues(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NULL_VALUES_UNSPECIFIED: _ClassVar[NullValues]
    NULL_VALUES_OWN_VALUE: _ClassVar[NullValues]
    NULL_VALUES_WILDCARD: _ClassVar[NullValues]
    NULL_VALUES_OMIT_ROWS: _ClassVar[NullValues]
ATTACKER_UNSPECIFIED: Attacker
ATTACKER_PROSECUTOR: Attacker
ATTACKER_JOURNALIST: Attacker
ATTACKER_MARKETER: Attacker
SUPPRESSED_VALUES_UNSPECIFIED: SuppressedValues
SUPPRESSED_VALUES_OMIT_ROWS: SuppressedValues
SUPPRESSED_VALUES_OWN_VALUE: SuppressedValues
SUPPRESSED_VALUES_WILDCARD: SuppressedValues
NULL_VALUES_UNSPECIFIED: NullValues
NULL_VALUES_OWN_VALUE: NullValues
NULL_VALUES_WILDCARD: NullValues
NULL_VALUES_OMIT_ROWS: NullValues

class AssessRiskRequest(_message.Message):
    __slots__ = ("table", "quasi_identifiers", "threshold", "attackers", "suppressed_values", "null_values", "population", "entity_column", "risk_level_cut_points", "hierarchies", "contributions", "sensitive_attributes")
    class HierarchiesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _hierarchy_pb2.Hierarchy
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ...) -> None: ...
    TABLE_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    ATTACKERS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_VALUES_FIELD_NUMBER: _ClassVar[int]
    NULL_VALUES_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_COLUMN_FIELD_NUMBER: _ClassVar[int]
    RISK_LEVEL_CUT_POINTS_FIELD_NUMBER: _ClassVar[int]
    HIERARCHIES_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    SENSITIVE_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    threshold: float
    attackers: _containers.RepeatedScalarFieldContainer[Attacker]
    suppressed_values: SuppressedValues
    null_values: NullValues
    population: _table_pb2.TableSource
    entity_column: str
    risk_level_cut_points: _containers.RepeatedScalarFieldContainer[float]
    hierarchies: _containers.MessageMap[str, _hierarchy_pb2.Hierarchy]
    contributions: bool
    sensitive_attributes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., quasi_identifiers: _Optional[_Iterable[str]] = ..., threshold: _Optional[float] = ..., attackers: _Optional[_Iterable[_Union[Attacker, str]]] = ..., suppressed_values: _Optional[_Union[SuppressedValues, str]] = ..., null_values: _Optional[_Union[NullValues, str]] = ..., population: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., entity_column: _Optional[str] = ..., risk_level_cut_points: _Optional[_Iterable[float]] = ..., hierarchies: _Optional[_Mapping[str, _hierarchy_pb2.Hierarchy]] = ..., contributions: _Optional[bool] = ..., sensitive_attributes: _Optional[_Iterable[str]] = ...) -> None: ...

class AssessRiskResponse(_message.Message):
    __slots__ = ("report", "contributions", "warnings", "contribution_error", "largest_minimal_unique", "minimal_unique_count", "sensitive")
    REPORT_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTION_ERROR_FIELD_NUMBER: _ClassVar[int]
    LARGEST_MINIMAL_UNIQUE_FIELD_NUMBER: _ClassVar[int]
    MINIMAL_UNIQUE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SENSITIVE_FIELD_NUMBER: _ClassVar[int]
    report: _risk_pb2.RiskReport
    contributions: _containers.RepeatedCompositeFieldContainer[AttributeContribution]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    contribution_error: float
    largest_minimal_unique: int
    minimal_unique_count: int
    sensitive: _containers.RepeatedCompositeFieldContainer[SensitiveReport]
    def __init__(self, report: _Optional[_Union[_risk_pb2.RiskReport, _Mapping]] = ..., contributions: _Optional[_Iterable[_Union[AttributeContribution, _Mapping]]] = ..., warnings: _Optional[_Iterable[str]] = ..., contribution_error: _Optional[float] = ..., largest_minimal_unique: _Optional[int] = ..., minimal_unique_count: _Optional[int] = ..., sensitive: _Optional[_Iterable[_Union[SensitiveReport, _Mapping]]] = ...) -> None: ...

class SensitiveReport(_message.Message):
    __slots__ = ("attribute", "distinct_l", "entropy_l", "t_equal", "t_ordered", "delta_disclosure", "basic_beta", "null_count", "disclosed_row_count")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    DISTINCT_L_FIELD_NUMBER: _ClassVar[int]
    ENTROPY_L_FIELD_NUMBER: _ClassVar[int]
    T_EQUAL_FIELD_NUMBER: _ClassVar[int]
    T_ORDERED_FIELD_NUMBER: _ClassVar[int]
    DELTA_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    BASIC_BETA_FIELD_NUMBER: _ClassVar[int]
    NULL_COUNT_FIELD_NUMBER: _ClassVar[int]
    DISCLOSED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    distinct_l: int
    entropy_l: float
    t_equal: float
    t_ordered: float
    delta_disclosure: float
    basic_beta: float
    null_count: int
    disclosed_row_count: int
    def __init__(self, attribute: _Optional[str] = ..., distinct_l: _Optional[int] = ..., entropy_l: _Optional[float] = ..., t_equal: _Optional[float] = ..., t_ordered: _Optional[float] = ..., delta_disclosure: _Optional[float] = ..., basic_beta: _Optional[float] = ..., null_count: _Optional[int] = ..., disclosed_row_count: _Optional[int] = ...) -> None: ...

class AttributeContribution(_message.Message):
    __slots__ = ("attribute", "separation_share", "minimal_unique_share")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    SEPARATION_SHARE_FIELD_NUMBER: _ClassVar[int]
    MINIMAL_UNIQUE_SHARE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    separation_share: float
    minimal_unique_share: float
    def __init__(self, attribute: _Optional[str] = ..., separation_share: _Optional[float] = ..., minimal_unique_share: _Optional[float] = ...) -> None: ...

class SimulateLinkageRequest(_message.Message):
    __slots__ = ("table", "roll", "columns", "truth_column", "hierarchies", "sensitive_columns")
    class HierarchiesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _hierarchy_pb2.Hierarchy
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ...) -> None: ...
    TABLE_FIELD_NUMBER: _ClassVar[int]
    ROLL_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    TRUTH_COLUMN_FIELD_NUMBER: _ClassVar[int]
    HIERARCHIES_FIELD_NUMBER: _ClassVar[int]
    SENSITIVE_COLUMNS_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    roll: _table_pb2.TableSource
    columns: _containers.RepeatedScalarFieldContainer[str]
    truth_column: str
    hierarchies: _containers.MessageMap[str, _hierarchy_pb2.Hierarchy]
    sensitive_columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., roll: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., columns: _Optional[_Iterable[str]] = ..., truth_column: _Optional[str] = ..., hierarchies: _Optional[_Mapping[str, _hierarchy_pb2.Hierarchy]] = ..., sensitive_columns: _Optional[_Iterable[str]] = ...) -> None: ...

class SimulateLinkageResponse(_message.Message):
    __slots__ = ("person_count", "linked_count", "uniquely_linked_count", "exclusively_linked_count", "correctly_linked_count", "expected_correct", "learned", "column_effects", "row_count", "suppressed_count", "warnings")
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    LINKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNIQUELY_LINKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXCLUSIVELY_LINKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CORRECTLY_LINKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_CORRECT_FIELD_NUMBER: _ClassVar[int]
    LEARNED_FIELD_NUMBER: _ClassVar[int]
    COLUMN_EFFECTS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    person_count: int
    linked_count: int
    uniquely_linked_count: int
    exclusively_linked_count: int
    correctly_linked_count: int
    expected_correct: float
    learned: _containers.RepeatedCompositeFieldContainer[LearnedColumn]
    column_effects: _containers.RepeatedCompositeFieldContainer[ColumnEffect]
    row_count: int
    suppressed_count: int
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, person_count: _Optional[int] = ..., linked_count: _Optional[int] = ..., uniquely_linked_count: _Optional[int] = ..., exclusively_linked_count: _Optional[int] = ..., correctly_linked_count: _Optional[int] = ..., expected_correct: _Optional[float] = ..., learned: _Optional[_Iterable[_Union[LearnedColumn, _Mapping]]] = ..., column_effects: _Optional[_Iterable[_Union[ColumnEffect, _Mapping]]] = ..., row_count: _Optional[int] = ..., suppressed_count: _Optional[int] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class LearnedColumn(_message.Message):
    __slots__ = ("column", "person_count", "correct_count")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    CORRECT_COUNT_FIELD_NUMBER: _ClassVar[int]
    column: str
    person_count: int
    correct_count: int
    def __init__(self, column: _Optional[str] = ..., person_count: _Optional[int] = ..., correct_count: _Optional[int] = ...) -> None: ...

class ColumnEffect(_message.Message):
    __slots__ = ("column", "uniquely_linked_without")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    UNIQUELY_LINKED_WITHOUT_FIELD_NUMBER: _ClassVar[int]
    column: str
    uniquely_linked_without: int
    def __init__(self, column: _Optional[str] = ..., uniquely_linked_without: _Optional[int] = ...) -> None: ...

class ValidatePrivacyRequest(_message.Message):
    __slots__ = ("table", "quasi_identifiers", "privacy_models", "reference", "solution", "entity_column", "population", "hierarchies")
    class HierarchiesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _hierarchy_pb2.Hierarchy
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ...) -> None: ...
    TABLE_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_MODELS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SOLUTION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_COLUMN_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    HIERARCHIES_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    privacy_models: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PrivacyModel]
    reference: _table_pb2.TableSource
    solution: str
    entity_column: str
    population: _table_pb2.TableSource
    hierarchies: _containers.MessageMap[str, _hierarchy_pb2.Hierarchy]
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., quasi_identifiers: _Optional[_Iterable[str]] = ..., privacy_models: _Optional[_Iterable[_Union[_policy_pb2.PrivacyModel, _Mapping]]] = ..., reference: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., solution: _Optional[str] = ..., entity_column: _Optional[str] = ..., population: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., hierarchies: _Optional[_Mapping[str, _hierarchy_pb2.Hierarchy]] = ...) -> None: ...

class ValidatePrivacyResponse(_message.Message):
    __slots__ = ("valid", "models", "violations", "violating_class_count", "reference", "quasi_identifiers", "row_count", "suppressed_count", "class_count", "warnings")
    VALID_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    VIOLATING_CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    valid: bool
    models: _containers.RepeatedCompositeFieldContainer[ModelCheck]
    violations: _containers.RepeatedCompositeFieldContainer[ClassViolation]
    violating_class_count: int
    reference: str
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    suppressed_count: int
    class_count: int
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, valid: _Optional[bool] = ..., models: _Optional[_Iterable[_Union[ModelCheck, _Mapping]]] = ..., violations: _Optional[_Iterable[_Union[ClassViolation, _Mapping]]] = ..., violating_class_count: _Optional[int] = ..., reference: _Optional[str] = ..., quasi_identifiers: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., suppressed_count: _Optional[int] = ..., class_count: _Optional[int] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class ModelCheck(_message.Message):
    __slots__ = ("model", "satisfied", "measured", "measured_least", "violating_class_count")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SATISFIED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_LEAST_FIELD_NUMBER: _ClassVar[int]
    VIOLATING_CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    model: _policy_pb2.PrivacyModel
    satisfied: bool
    measured: float
    measured_least: float
    violating_class_count: int
    def __init__(self, model: _Optional[_Union[_policy_pb2.PrivacyModel, _Mapping]] = ..., satisfied: _Optional[bool] = ..., measured: _Optional[float] = ..., measured_least: _Optional[float] = ..., violating_class_count: _Optional[int] = ...) -> None: ...

class ClassViolation(_message.Message):
    __slots__ = ("model", "quasi_identifier_values", "row_count", "measured", "severity")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIER_VALUES_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    model: int
    quasi_identifier_values: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    measured: float
    severity: float
    def __init__(self, model: _Optional[int] = ..., quasi_identifier_values: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., measured: _Optional[float] = ..., severity: _Optional[float] = ...) -> None: ...

class MeasureQualityRequest(_message.Message):
    __slots__ = ("original", "released", "policy", "solution", "quasi_identifiers", "target_column", "hierarchies")
    class HierarchiesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _hierarchy_pb2.Hierarchy
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_hierarchy_pb2.Hierarchy, _Mapping]] = ...) -> None: ...
    ORIGINAL_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    SOLUTION_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    TARGET_COLUMN_FIELD_NUMBER: _ClassVar[int]
    HIERARCHIES_FIELD_NUMBER: _ClassVar[int]
    original: _table_pb2.TableSource
    released: _table_pb2.TableSource
    policy: _policy_pb2.AnonymizationPolicy
    solution: str
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    target_column: str
    hierarchies: _containers.MessageMap[str, _hierarchy_pb2.Hierarchy]
    def __init__(self, original: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., released: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., policy: _Optional[_Union[_policy_pb2.AnonymizationPolicy, _Mapping]] = ..., solution: _Optional[str] = ..., quasi_identifiers: _Optional[_Iterable[str]] = ..., target_column: _Optional[str] = ..., hierarchies: _Optional[_Mapping[str, _hierarchy_pb2.Hierarchy]] = ...) -> None: ...

class MeasureQualityResponse(_message.Message):
    __slots__ = ("report", "metrics", "attributes", "warnings", "row_count", "released_count", "suppressed_count", "class_count", "dropped_columns", "prediction", "loss", "measure")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    REPORT_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELEASED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_COLUMNS_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    report: _quality_pb2.QualityReport
    metrics: _containers.ScalarMap[str, float]
    attributes: _containers.RepeatedCompositeFieldContainer[AttributeQuality]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    released_count: int
    suppressed_count: int
    class_count: int
    dropped_columns: _containers.RepeatedScalarFieldContainer[str]
    prediction: TargetPrediction
    loss: float
    measure: _policy_pb2.QualityMeasure
    def __init__(self, report: _Optional[_Union[_quality_pb2.QualityReport, _Mapping]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., attributes: _Optional[_Iterable[_Union[AttributeQuality, _Mapping]]] = ..., warnings: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., released_count: _Optional[int] = ..., suppressed_count: _Optional[int] = ..., class_count: _Optional[int] = ..., dropped_columns: _Optional[_Iterable[str]] = ..., prediction: _Optional[_Union[TargetPrediction, _Mapping]] = ..., loss: _Optional[float] = ..., measure: _Optional[_Union[_policy_pb2.QualityMeasure, _Mapping]] = ...) -> None: ...

class AttributeQuality(_message.Message):
    __slots__ = ("name", "metrics", "quasi_identifier", "level", "level_count")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    metrics: _containers.ScalarMap[str, float]
    quasi_identifier: bool
    level: int
    level_count: int
    def __init__(self, name: _Optional[str] = ..., metrics: _Optional[_Mapping[str, float]] = ..., quasi_identifier: _Optional[bool] = ..., level: _Optional[int] = ..., level_count: _Optional[int] = ...) -> None: ...

class TargetPrediction(_message.Message):
    __slots__ = ("column", "score", "original", "released", "baseline", "tested_count")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    BASELINE_FIELD_NUMBER: _ClassVar[int]
    TESTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    column: str
    score: str
    original: float
    released: float
    baseline: float
    tested_count: int
    def __init__(self, column: _Optional[str] = ..., score: _Optional[str] = ..., original: _Optional[float] = ..., released: _Optional[float] = ..., baseline: _Optional[float] = ..., tested_count: _Optional[int] = ...) -> None: ...

class EstimatePopulationUniquenessRequest(_message.Message):
    __slots__ = ("table", "quasi_identifiers", "population_size", "sampling_fraction", "region")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    QUASI_IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_FRACTION_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    table: _table_pb2.TableSource
    quasi_identifiers: _containers.RepeatedScalarFieldContainer[str]
    population_size: int
    sampling_fraction: float
    region: str
    def __init__(self, table: _Optional[_Union[_table_pb2.TableSource, _Mapping]] = ..., quasi_identifiers: _Optional[_Iterable[str]] = ..., population_size: _Optional[int] = ..., sampling_fraction: _Optional[float] = ..., region: _Optional[str] = ...) -> None: ...

class EstimatePopulationUniquenessResponse(_message.Message):
    __slots__ = ("population_size", "zayatz", "pitman", "snb", "dankar", "dankar_model", "warnings", "row_count", "unique_count", "sampling_fraction", "dankar_by_arx")
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    ZAYATZ_FIELD_NUMBER: _ClassVar[int]
    PITMAN_FIELD_NUMBER: _ClassVar[int]
    SNB_FIELD_NUMBER: _ClassVar[int]
    DANKAR_FIELD_NUMBER: _ClassVar[int]
    DANKAR_MODEL_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_FRACTION_FIELD_NUMBER: _ClassVar[int]
    DANKAR_BY_ARX_FIELD_NUMBER: _ClassVar[int]
    population_size: int
    zayatz: float
    pitman: float
    snb: float
    dankar: float
    dankar_model: str
    warnings: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    unique_count: int
    sampling_fraction: float
    dankar_by_arx: float
    def __init__(self, population_size: _Optional[int] = ..., zayatz: _Optional[float] = ..., pitman: _Optional[float] = ..., snb: _Optional[float] = ..., dankar: _Optional[float] = ..., dankar_model: _Optional[str] = ..., warnings: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., unique_count: _Optional[int] = ..., sampling_fraction: _Optional[float] = ..., dankar_by_arx: _Optional[float] = ...) -> None: ...
