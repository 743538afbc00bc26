"""What a release should lose least of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What a release loses; core-rs/src/objective.rs has formulas and sources.

    The first three are marginal: a cost per cell, normalised per attribute to 0 ... 1 and aggregated. The others are one number
    for the list of classes.
    """

    LOSS = "LOSS"
    PRECISION = "PRECISION"
    NON_UNIFORM_ENTROPY = "NON_UNIFORM_ENTROPY"
    DISCERNIBILITY = "DISCERNIBILITY"
    AVERAGE_CLASS_SIZE = "AVERAGE_CLASS_SIZE"
    KL_DIVERGENCE = "KL_DIVERGENCE"
    AMBIGUITY = "AMBIGUITY"


class Aggregate(StrEnum):
    """How the losses of the attributes become one number."""

    GEOMETRIC_MEAN = "GEOMETRIC_MEAN"
    ARITHMETIC_MEAN = "ARITHMETIC_MEAN"
    MAXIMUM = "MAXIMUM"


@dataclass(frozen=True)
class Objective:
    """What a search minimises. aggregate, weights: of marginal measures; weights: one per attribute, empty for all 1."""

    measure: Measure = Measure.LOSS
    aggregate: Aggregate = Aggregate.GEOMETRIC_MEAN
    weights: tuple[float, ...] = ()


LOSS = Objective()
"""The default objective."""


def raw_objective(objective: Objective) -> tuple[str, str, list[float]]:
    """For the kernel: measure, aggregate and weights."""
    return objective.measure.value, objective.aggregate.value, list(objective.weights)
