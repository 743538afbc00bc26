"""Re-identification risk from the sizes of equivalence classes.

Prosecutor, journalist and marketer are El Emam's attackers (Guide to the De-Identification of Personal Health Information,
2013); the figures and their names are those of ARX's `RiskModelSampleSummary`, checked against its published values. Every
row's prosecutor risk is one over the size of its class. Without a population table the journalist's risk is the
prosecutor's, an upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np

from shoal.kernels import ClassHistogram

DEFAULT_THRESHOLD = 0.2
# 0.09: EMA Policy 0070's threshold for publication, classes of 11 or more; 0.2: classes of five; 0.5: pairs.
DEFAULT_CUT_POINTS = (0.09, 0.2, 0.5)


class Attacker(StrEnum):
    """Whom a risk is measured against."""

    PROSECUTOR = "PROSECUTOR"
    JOURNALIST = "JOURNALIST"
    MARKETER = "MARKETER"


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


@dataclass(frozen=True)
class RiskSummary:
    """How exposed the rows of a table are. attackers is empty for a table without rows to count."""

    quasi_identifiers: tuple[str, ...]
    classes: ClassHistogram
    suppressed: int
    attackers: dict[Attacker, AttackerRisk] = field(default_factory=dict)

    @property
    def unique_rows(self) -> int:
        """Rows that are alone in their class."""
        return int(self.classes.counts[0]) if self.classes.smallest == 1 else 0

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
) -> RiskSummary:
    """The risk of the rows in `classes`. A row is at risk when its risk is above the threshold, strictly."""
    if classes.rows == 0:
        return RiskSummary(quasi_identifiers, classes, suppressed)
    success = classes.classes / classes.rows
    highest, lowest = 1 / classes.smallest, 1 / classes.largest
    at_risk_rows = int((classes.sizes * classes.counts)[1 / classes.sizes.astype(np.float64) > threshold].sum())
    found: dict[Attacker, AttackerRisk] = {}
    for attacker in Attacker:
        if attacker not in attackers:
            continue
        if attacker is Attacker.MARKETER:
            found[attacker] = AttackerRisk(success, success, level_of(success, cut_points), without_population=True)
        else:
            found[attacker] = AttackerRisk(
                success_rate=success,
                overall_risk=highest,
                risk_level=level_of(highest, cut_points),
                records_at_risk=at_risk_rows / classes.rows,
                highest_risk=highest,
                lowest_risk=lowest,
                threshold=threshold,
                without_population=attacker is Attacker.JOURNALIST,
            )
    return RiskSummary(quasi_identifiers, classes, suppressed, found)


def level_of(risk: float, cut_points: tuple[float, float, float]) -> RiskLevel:
    """The level of an overall risk: LOW up to the first cut point, and so on."""
    return RiskLevel(1 + sum(risk > point for point in cut_points))
