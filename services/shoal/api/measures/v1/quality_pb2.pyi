from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class QualityReport(_message.Message):
    __slots__ = ("loss_geometric_mean", "loss_arithmetic_mean", "loss_maximum", "precision", "discernibility", "average_class_size", "suppression_rate", "non_uniform_entropy", "kl_divergence", "ambiguity")
    LOSS_GEOMETRIC_MEAN_FIELD_NUMBER: _ClassVar[int]
    LOSS_ARITHMETIC_MEAN_FIELD_NUMBER: _ClassVar[int]
    LOSS_MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    DISCERNIBILITY_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_CLASS_SIZE_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_RATE_FIELD_NUMBER: _ClassVar[int]
    NON_UNIFORM_ENTROPY_FIELD_NUMBER: _ClassVar[int]
    KL_DIVERGENCE_FIELD_NUMBER: _ClassVar[int]
    AMBIGUITY_FIELD_NUMBER: _ClassVar[int]
    loss_geometric_mean: float
    loss_arithmetic_mean: float
    loss_maximum: float
    precision: float
    discernibility: float
    average_class_size: float
    suppression_rate: float
    non_uniform_entropy: float
    kl_divergence: float
    ambiguity: float
    def __init__(self, loss_geometric_mean: _Optional[float] = ..., loss_arithmetic_mean: _Optional[float] = ..., loss_maximum: _Optional[float] = ..., precision: _Optional[float] = ..., discernibility: _Optional[float] = ..., average_class_size: _Optional[float] = ..., suppression_rate: _Optional[float] = ..., non_uniform_entropy: _Optional[float] = ..., kl_divergence: _Optional[float] = ..., ambiguity: _Optional[float] = ...) -> None: ...
