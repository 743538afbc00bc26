from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NoiseType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOISE_TYPE_UNSPECIFIED: _ClassVar[NoiseType]
    NOISE_TYPE_LAPLACE: _ClassVar[NoiseType]
    NOISE_TYPE_GAUSSIAN: _ClassVar[NoiseType]
    NOISE_TYPE_DISCRETE_LAPLACE: _ClassVar[NoiseType]
    NOISE_TYPE_DISCRETE_GAUSSIAN: _ClassVar[NoiseType]

class NeighbouringRelation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NEIGHBOURING_RELATION_UNSPECIFIED: _ClassVar[NeighbouringRelation]
    NEIGHBOURING_RELATION_ADD_REMOVE: _ClassVar[NeighbouringRelation]
    NEIGHBOURING_RELATION_SUBSTITUTE: _ClassVar[NeighbouringRelation]

class Outliers(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTLIERS_UNSPECIFIED: _ClassVar[Outliers]
    OUTLIERS_DROP: _ClassVar[Outliers]
    OUTLIERS_CLAMP: _ClassVar[Outliers]

class Comparison(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPARISON_UNSPECIFIED: _ClassVar[Comparison]
    COMPARISON_EQUAL: _ClassVar[Comparison]
    COMPARISON_NOT_EQUAL: _ClassVar[Comparison]
    COMPARISON_LESS: _ClassVar[Comparison]
    COMPARISON_LESS_OR_EQUAL: _ClassVar[Comparison]
    COMPARISON_GREATER: _ClassVar[Comparison]
    COMPARISON_GREATER_OR_EQUAL: _ClassVar[Comparison]

class UnlistedGroups(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNLISTED_GROUPS_UNSPECIFIED: _ClassVar[UnlistedGroups]
    UNLISTED_GROUPS_DROP: _ClassVar[UnlistedGroups]
    UNLISTED_GROUPS_OTHER: _ClassVar[UnlistedGroups]
    UNLISTED_GROUPS_DISCOVER: _ClassVar[UnlistedGroups]
NOISE_TYPE_UNSPECIFIED: NoiseType
NOISE_TYPE_LAPLACE: NoiseType
NOISE_TYPE_GAUSSIAN: NoiseType
NOISE_TYPE_DISCRETE_LAPLACE: NoiseType
NOISE_TYPE_DISCRETE_GAUSSIAN: NoiseType
NEIGHBOURING_RELATION_UNSPECIFIED: NeighbouringRelation
NEIGHBOURING_RELATION_ADD_REMOVE: NeighbouringRelation
NEIGHBOURING_RELATION_SUBSTITUTE: NeighbouringRelation
OUTLIERS_UNSPECIFIED: Outliers
OUTLIERS_DROP: Outliers
OUTLIERS_CLAMP: Outliers
COMPARISON_UNSPECIFIED: Comparison
COMPARISON_EQUAL: Comparison
COMPARISON_NOT_EQUAL: Comparison
COMPARISON_LESS: Comparison
COMPARISON_LESS_OR_EQUAL: Comparison
COMPARISON_GREATER: Comparison
COMPARISON_GREATER_OR_EQUAL: Comparison
UNLISTED_GROUPS_UNSPECIFIED: UnlistedGroups
UNLISTED_GROUPS_DROP: UnlistedGroups
UNLISTED_GROUPS_OTHER: UnlistedGroups
UNLISTED_GROUPS_DISCOVER: UnlistedGroups

class PrivacyUnit(_message.Message):
    __slots__ = ("neighbouring", "max_contributions", "max_groups", "unit_column")
    NEIGHBOURING_FIELD_NUMBER: _ClassVar[int]
    MAX_CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_GROUPS_FIELD_NUMBER: _ClassVar[int]
    UNIT_COLUMN_FIELD_NUMBER: _ClassVar[int]
    neighbouring: NeighbouringRelation
    max_contributions: int
    max_groups: int
    unit_column: str
    def __init__(self, neighbouring: _Optional[_Union[NeighbouringRelation, str]] = ..., max_contributions: _Optional[int] = ..., max_groups: _Optional[int] = ..., unit_column: _Optional[str] = ...) -> None: ...

class Bounds(_message.Message):
    __slots__ = ("lower", "upper")
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    lower: float
    upper: float
    def __init__(self, lower: _Optional[float] = ..., upper: _Optional[float] = ...) -> None: ...

class BoundedColumn(_message.Message):
    __slots__ = ("column", "bounds", "epsilon")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    BOUNDS_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    column: str
    bounds: Bounds
    epsilon: float
    def __init__(self, column: _Optional[str] = ..., bounds: _Optional[_Union[Bounds, _Mapping]] = ..., epsilon: _Optional[float] = ...) -> None: ...

class MeanQuery(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[BoundedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[BoundedColumn, _Mapping]]] = ...) -> None: ...

class SumQuery(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[BoundedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[BoundedColumn, _Mapping]]] = ...) -> None: ...

class VarianceQuery(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[BoundedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[BoundedColumn, _Mapping]]] = ...) -> None: ...

class CountQuery(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[CountedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[CountedColumn, _Mapping]]] = ...) -> None: ...

class CountedColumn(_message.Message):
    __slots__ = ("column", "epsilon")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    column: str
    epsilon: float
    def __init__(self, column: _Optional[str] = ..., epsilon: _Optional[float] = ...) -> None: ...

class HistogramQuery(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[BinnedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[BinnedColumn, _Mapping]]] = ...) -> None: ...

class BinnedColumn(_message.Message):
    __slots__ = ("column", "equal_width", "edges", "categories", "outliers", "epsilon")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    EQUAL_WIDTH_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    OUTLIERS_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    column: str
    equal_width: EqualWidthBins
    edges: BinEdges
    categories: Categories
    outliers: Outliers
    epsilon: float
    def __init__(self, column: _Optional[str] = ..., equal_width: _Optional[_Union[EqualWidthBins, _Mapping]] = ..., edges: _Optional[_Union[BinEdges, _Mapping]] = ..., categories: _Optional[_Union[Categories, _Mapping]] = ..., outliers: _Optional[_Union[Outliers, str]] = ..., epsilon: _Optional[float] = ...) -> None: ...

class EqualWidthBins(_message.Message):
    __slots__ = ("count", "range")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    count: int
    range: Bounds
    def __init__(self, count: _Optional[int] = ..., range: _Optional[_Union[Bounds, _Mapping]] = ...) -> None: ...

class BinEdges(_message.Message):
    __slots__ = ("edges",)
    EDGES_FIELD_NUMBER: _ClassVar[int]
    edges: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, edges: _Optional[_Iterable[float]] = ...) -> None: ...

class Categories(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[str]] = ...) -> None: ...

class ExponentialQuery(_message.Message):
    __slots__ = ("candidates", "column", "sensitivity", "monotone")
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    SENSITIVITY_FIELD_NUMBER: _ClassVar[int]
    MONOTONE_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    column: str
    sensitivity: float
    monotone: bool
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., column: _Optional[str] = ..., sensitivity: _Optional[float] = ..., monotone: _Optional[bool] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("text", "number", "utility")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    UTILITY_FIELD_NUMBER: _ClassVar[int]
    text: str
    number: float
    utility: float
    def __init__(self, text: _Optional[str] = ..., number: _Optional[float] = ..., utility: _Optional[float] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("column", "comparison", "number", "text")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    column: str
    comparison: Comparison
    number: float
    text: str
    def __init__(self, column: _Optional[str] = ..., comparison: _Optional[_Union[Comparison, str]] = ..., number: _Optional[float] = ..., text: _Optional[str] = ...) -> None: ...

class GroupBy(_message.Message):
    __slots__ = ("column", "keys", "unlisted", "min_group_size")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    UNLISTED_FIELD_NUMBER: _ClassVar[int]
    MIN_GROUP_SIZE_FIELD_NUMBER: _ClassVar[int]
    column: str
    keys: _containers.RepeatedCompositeFieldContainer[GroupKey]
    unlisted: UnlistedGroups
    min_group_size: int
    def __init__(self, column: _Optional[str] = ..., keys: _Optional[_Iterable[_Union[GroupKey, _Mapping]]] = ..., unlisted: _Optional[_Union[UnlistedGroups, str]] = ..., min_group_size: _Optional[int] = ...) -> None: ...

class GroupKey(_message.Message):
    __slots__ = ("value", "epsilon")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    value: str
    epsilon: float
    def __init__(self, value: _Optional[str] = ..., epsilon: _Optional[float] = ...) -> None: ...
