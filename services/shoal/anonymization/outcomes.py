"""What a strategy did to a table, whichever it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.models import Bound, PrivacyModel, RiskLimit
from shoal.anonymization.persons import Persons
from shoal.kernels import ClassHistogram, Measure
from shoal.measures.risk import PopulationClasses


class Recoding(StrEnum):
    """Whether all classes of a release share their levels."""

    GLOBAL = "GLOBAL"
    LOCAL = "LOCAL"
    MICROAGGREGATION = "MICROAGGREGATION"


@dataclass(frozen=True)
class Measured:
    """What one model measures of a release: the worst of its classes. least: the lower side of δ-presence."""

    model: PrivacyModel
    place: int
    value: float
    least: float | None = None


@dataclass(frozen=True)
class Proof:
    """How a release was found and what is proven of it.

    lattice_size: combinations of levels, at most 2**64 - 1. lower_bound: of the loss of every full-domain release. stopped_by:
    the policy's limit that ended the search, empty when none did. seconds: grouping of rows included.
    """

    checked: int
    lattice_size: int
    optimal: bool
    lower_bound: float
    stopped_by: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a strategy did to a table.

    frame: the released rows, sorted. levels: by attribute, the highest of any class where classes have their own. kept:
    whether each row of the table is released. attribute_losses: under LOSS. losses: the measures that are known. precision:
    Sweeney's, None where classes have no levels. before, after: class sizes of the input and of the release. persons: those of
    both, None where every row is one.
    """

    frame: pl.DataFrame
    recoding: Recoding
    levels: tuple[int, ...]
    loss: float
    kept: NDArray[np.bool_]
    attribute_losses: tuple[float, ...]
    losses: dict[Measure, float]
    precision: float | None
    before: ClassHistogram
    after: ClassHistogram
    measured: tuple[Measured, ...]
    proof: Proof
    population: PopulationClasses | None = None
    persons: tuple[Persons, Persons] | None = None

    @property
    def gap(self) -> float:
        """How much smaller the least loss could be."""
        return max(0.0, self.loss - self.proof.lower_bound)


def measured_of(bounds: Sequence[Bound], values: Sequence[tuple[float, ...]]) -> tuple[Measured, ...]:
    """The kernel's measurements, model by model; a highest risk is one over the size that it measured."""
    found = []
    for bound, value in zip(bounds, values, strict=True):
        worst, least = (value[1], value[0]) if len(value) == 2 else (value[0], None)
        if isinstance(bound.model, RiskLimit) and bound.model.highest is not None:
            worst = 1 / worst if worst else 1.0
        found.append(Measured(bound.model, bound.place, worst, least))
    return tuple(found)
