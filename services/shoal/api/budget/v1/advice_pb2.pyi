from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class CompositionAnalysis(_message.Message):
    __slots__ = ("epsilon_per_query", "delta_per_query", "total_epsilon", "total_delta", "noise_standard_deviation")
    EPSILON_PER_QUERY_FIELD_NUMBER: _ClassVar[int]
    DELTA_PER_QUERY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_EPSILON_FIELD_NUMBER: _ClassVar[int]
    TOTAL_DELTA_FIELD_NUMBER: _ClassVar[int]
    NOISE_STANDARD_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    epsilon_per_query: float
    delta_per_query: float
    total_epsilon: float
    total_delta: float
    noise_standard_deviation: float
    def __init__(self, epsilon_per_query: _Optional[float] = ..., delta_per_query: _Optional[float] = ..., total_epsilon: _Optional[float] = ..., total_delta: _Optional[float] = ..., noise_standard_deviation: _Optional[float] = ...) -> None: ...
