"""What a search, an evaluation and a release answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal.kernels.classes import ClassHistogram
from shoal.kernels.objectives import Measure


@dataclass(frozen=True)
class Found:
    """The best node of a lattice.

    levels: one per attribute. loss: the objective's value. attribute_losses: unweighted, under the objective's measure when
    it is marginal, else under LOSS. suppressed: rows. smallest: rows of the smallest released class. classes: released
    classes. checked: nodes whose classes were computed. lattice_size: nodes in all, at most 2**64 - 1. optimal: whether the
    node is proved to be the best. lower_bound: proven, of every release's loss. stopped: the limit that ended the search
    before it had a proof, `seconds`, `nodes` or `memory`, or empty. seconds: of the search, without the preparation of the
    table.
    """

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[float, ...]
    suppressed: int
    smallest: int
    classes: int
    checked: int
    lattice_size: int
    optimal: bool
    lower_bound: float
    stopped: str
    seconds: float

    @property
    def gap(self) -> float:
        """How much less a release might lose, at most."""
        return self.loss - self.lower_bound


@dataclass(frozen=True)
class Evaluation:
    """One node.

    satisfied: within the limit and not everything suppressed. suppressed: rows. loss: the objective's value, infinite when
    nothing is released. classes: released. smallest: rows of the smallest of them, 0 when there is none.
    """

    levels: tuple[int, ...]
    satisfied: bool
    suppressed: int
    loss: float
    classes: int
    smallest: int


@dataclass(frozen=True, eq=False)
class Release:
    """What a node does to the table.

    kept: for every record whether it is released. class_of_record: for every record its class, numbered from 0 in order of
    first appearance, 2**32 - 1 when it is suppressed. before, after: class sizes of the input at level 0 and of the
    released rows. suppressed: rows. attribute_losses: unweighted, under LOSS. losses: of every measure, marginal ones under
    the objective's aggregate and weights; infinite when nothing is released. population_after: rows and population rows of
    every released class, in the order of their numbers; both empty without a population. measured: per model the worst
    value over released classes, empty without a class: k-anonymity: smallest rows; k-map: smallest population;
    delta-presence: smallest and largest share; distinct: fewest values; entropy: smallest exp(H); recursive: largest
    r1/(r_l + ...); closeness: largest distance; delta-disclosure: largest |ln(p/q)|; beta: largest (p - q)/q; average risk:
    the mean.
    """

    kept: NDArray[np.bool_]
    class_of_record: NDArray[np.uint32]
    before: ClassHistogram
    after: ClassHistogram
    suppressed: int
    attribute_losses: tuple[float, ...]
    losses: dict[Measure, float]
    population_after: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    measured: tuple[tuple[float, ...], ...]
