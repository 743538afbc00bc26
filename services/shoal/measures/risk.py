"""Re-identification risk from the sizes of equivalence classes.

Prosecutor, journalist and marketer are El Emam's attackers (Guide to the De-Identification of Personal Health Information,
2013); the figures and their names are those of ARX's `RiskModelSampleSummary`, checked against its published values. Every
row's prosecutor risk is one over the size of its class. The journalist's and the marketer's risks are over the matching rows
of the population; without a population table the journalist's is the prosecutor's, an upper bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from shoal.kernels import ClassHistogram
from shoal.privacy.models import Attacker

DEFAULT_THRESHOLD = 0.2
# 0.09: EMA Policy 0070's threshold for publication, classes of 11 or more; 0.2: classes of five; 0.5: pairs.
DEFAULT_CUT_POINTS = (0.09, 0.2, 0.5)


ATTACKERS = frozenset(Attacker)


class RiskLevel(IntEnum):
    """The name of a range of overall risk, in order."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4


@dataclass(frozen=True)
class AttackerRisk:
    """The risk from one attacker; all values are probabilities. None: not defined for this attacker."""

    success_rate: float
    overall_risk: float
    risk_level: RiskLevel
    records_at_risk: float | None = None
    highest_risk: float | None = None
    lowest_risk: float | None = None
    threshold: float | None = None
    without_population: bool = False


@dataclass(frozen=True, eq=False)
class PopulationClasses:
    """The released classes against a population; rows: of each class in the table; population: that match it. uint64 each."""

    rows: NDArray[np.uint64]
    population: NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Crowds:
    """Combinations of values that hide among others, too. rows: of each; sizes: the rows that each of them hides among."""

    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]


@dataclass(frozen=True)
class RiskSummary:
    """How exposed the rows of a table are. attackers is empty for a table without rows to count.

    classes: how many combinations of values hide among so many rows. unique_rows: rows that hide among none but themselves.
    distinction, separation: None without a row, without a pair. entities: persons, None where every row is one.
    """

    quasi_identifiers: tuple[str, ...]
    classes: ClassHistogram
    suppressed: int
    rows: int = 0
    unique_rows: int = 0
    distinction: float | None = None
    separation: float | None = None
    entities: int | None = None
    attackers: dict[Attacker, AttackerRisk] = field(default_factory=dict)

    @property
    def highest_level(self) -> RiskLevel | None:
        """The highest level of the attackers, None without any."""
        return max((risk.risk_level for risk in self.attackers.values()), default=None)


def summarize(
    quasi_identifiers: tuple[str, ...],
    classes: ClassHistogram,
    *,
    suppressed: int = 0,
    threshold: float = DEFAULT_THRESHOLD,
    attackers: frozenset[Attacker] = ATTACKERS,
    cut_points: tuple[float, float, float] = DEFAULT_CUT_POINTS,
    population: PopulationClasses | None = None,
    crowds: Crowds | None = None,
    entities: int | None = None,
) -> RiskSummary:
    """The risk of the rows in `classes`. A row is at risk when its risk is above the threshold, strictly.

    crowds: among how many rows each class hides, where that is not just its own. entities: persons, who then are the rows.
    """
    if classes.rows == 0:
        return RiskSummary(quasi_identifiers, classes, suppressed, entities=entities)
    if crowds is None:
        own = _sample_risk(classes, threshold, cut_points)
        shown, alone = classes, int(classes.counts[0]) if classes.smallest == 1 else 0
    else:
        own = _crowd_risk(crowds.rows, crowds.sizes, threshold, cut_points)
        sizes, counts = np.unique(crowds.sizes, return_counts=True)
        shown = ClassHistogram(sizes.astype(np.uint64), counts.astype(np.uint64))
        alone = int(crowds.rows[crowds.sizes == 1].sum())
    found: dict[Attacker, AttackerRisk] = {}
    for attacker in Attacker:
        if attacker not in attackers:
            continue
        if attacker is Attacker.PROSECUTOR:
            found[attacker] = own
        elif population is not None:
            found[attacker] = _population_risk(attacker, population, threshold, cut_points)
        elif attacker is Attacker.JOURNALIST:
            found[attacker] = replace(own, without_population=True)
        else:
            success = own.success_rate
            found[attacker] = AttackerRisk(success, success, level_of(success, cut_points), without_population=True)
    return RiskSummary(
        quasi_identifiers,
        shown,
        suppressed,
        rows=classes.rows,
        unique_rows=alone,
        distinction=classes.classes / classes.rows,
        separation=_separation(classes),
        entities=entities,
        attackers=found,
    )


def _separation(classes: ClassHistogram) -> float | None:
    """The share of pairs of rows that are in different classes, in whole numbers divided once; None without a pair."""
    pairs = classes.rows * (classes.rows - 1)
    if not pairs:
        return None
    together = sum(int(size) * (int(size) - 1) * int(count) for size, count in zip(classes.sizes, classes.counts, strict=True))
    return (pairs - together) / pairs


def _sample_risk(classes: ClassHistogram, threshold: float, cut_points: tuple[float, float, float]) -> AttackerRisk:
    """The prosecutor's: one over the rows of a row's class."""
    highest, lowest = 1 / classes.smallest, 1 / classes.largest
    at_risk_rows = int((classes.sizes * classes.counts)[1 / classes.sizes.astype(np.float64) > threshold].sum())
    return AttackerRisk(
        success_rate=classes.classes / classes.rows,
        overall_risk=highest,
        risk_level=level_of(highest, cut_points),
        records_at_risk=at_risk_rows / classes.rows,
        highest_risk=highest,
        lowest_risk=lowest,
        threshold=threshold,
    )


def _crowd_risk(
    rows: NDArray[np.int64], sizes: NDArray[np.int64], threshold: float, cut_points: tuple[float, float, float]
) -> AttackerRisk:
    """The risk of rows that hide among `sizes` others: one over that each; the mean of it is the success rate."""
    total, risks = int(rows.sum()), 1 / sizes.astype(np.float64)
    highest = float(risks.max())
    return AttackerRisk(
        success_rate=math.fsum((rows * risks).tolist()) / total,
        overall_risk=highest,
        risk_level=level_of(highest, cut_points),
        records_at_risk=int(rows[risks > threshold].sum()) / total,
        highest_risk=highest,
        lowest_risk=float(risks.min()),
        threshold=threshold,
    )


def _population_risk(
    attacker: Attacker, classes: PopulationClasses, threshold: float, cut_points: tuple[float, float, float]
) -> AttackerRisk:
    """One over the population's rows that match a row's class (El Emam 2013, chapter 16; ARX's RiskModelSampleSummary).

    The journalist succeeds with classes / population or the marketer's share, whichever is larger. A table that is not drawn
    from the population may have classes that none of it matches: their rows are at a risk of 1.
    """
    rows, matching = classes.rows.astype(np.int64), np.maximum(classes.population.astype(np.int64), 1)
    risk = _crowd_risk(rows, matching, threshold, cut_points)
    if attacker is Attacker.MARKETER:
        return AttackerRisk(risk.success_rate, risk.success_rate, level_of(risk.success_rate, cut_points))
    return replace(risk, success_rate=max(len(rows) / int(matching.sum()), risk.success_rate))


def level_of(risk: float, cut_points: tuple[float, float, float]) -> RiskLevel:
    """The level of an overall risk: LOW up to the first cut point, and so on."""
    return RiskLevel(1 + sum(risk > point for point in cut_points))
