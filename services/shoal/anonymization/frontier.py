"""The trade between privacy, suppression and loss: one optimum for each setting, over one coded and compressed table."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from shoal.anonymization.models import Bound, Coding, PrivacyModel, bind
from shoal.anonymization.policy import Strategy
from shoal.anonymization.prepare import Prepared, suppression_limit
from shoal.anonymization.strategies import Choice, search
from shoal.errors import InfeasibleError
from shoal.kernels import Monitor


@dataclass(frozen=True)
class Setting:
    """One point to compute. k: 0 without k-anonymity. parameters: the varied values. models: the policy's with all of these."""

    k: int
    suppression_limit: float
    parameters: tuple[float, ...]
    models: tuple[PrivacyModel, ...]


@dataclass(frozen=True)
class Point:
    """The optimum of a setting; all but the setting None when no release satisfies it. risks: the prosecutor's."""

    setting: Setting
    choice: Choice | None = None
    suppressed: int = 0
    highest_risk: float = 0.0
    average_risk: float = 0.0


@dataclass(frozen=True)
class Frontier:
    """The points in the settings' order. seconds: inside the kernel, its preparation included."""

    points: tuple[Point, ...]
    seconds: float


def compute_frontier(prepared: Prepared, settings: Sequence[Setting], monitor: Monitor) -> Frontier:
    """The optimum of every setting. Raises CancelledError, and DeadlineExceededError when OPTIMAL runs out of time."""
    start = time.perf_counter()
    points = [_point(prepared, setting, monitor) for setting in settings]
    return Frontier(tuple(points), prepared.table.seconds + time.perf_counter() - start)


def _point(prepared: Prepared, setting: Setting, monitor: Monitor) -> Point:
    models = tuple(bound.kernel for bound in bounds_of(prepared, setting.models))
    limit = suppression_limit(setting.suppression_limit, prepared.rows)
    anytime = prepared.policy.search.strategy is Strategy.ANYTIME
    try:
        choice, found = search(prepared, models, limit, monitor, anytime=anytime)
    except InfeasibleError:
        return Point(setting)
    released = prepared.rows - found.suppressed
    return Point(
        setting,
        choice,
        suppressed=found.suppressed,
        highest_risk=1 / found.smallest,
        average_risk=found.classes / released,
    )


def bounds_of(prepared: Prepared, models: Sequence[PrivacyModel]) -> tuple[Bound, ...]:
    """Models with other parameters than the policy's, bound to the same columns."""
    positions: dict[tuple[str, Coding], int] = {
        (each.name, each.coding): place for place, each in enumerate(prepared.sensitive)
    }
    policy = prepared.policy
    entity = len(prepared.sensitive) if policy.entity_column is not None else None
    return bind(models, positions, entity=entity, population=policy.population)
