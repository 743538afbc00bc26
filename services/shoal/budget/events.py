"""What is spent: randomised releases as an accountant sees them, and what they cost under each composition."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shoal.accounting.amounts import CURVE_UNITS, DELTA_UNITS, EPSILON_UNITS, computed_up, units_up
from shoal.accounting.gaussian import GRID_SIGMA, gaussian_delta, grid_mu_squared, pure_mu
from shoal.accounting.renyi import bounded_range_rho, gaussian_divergence, pure_divergence, pure_rho, zcdp_epsilon

ROUNDING = 1e-9
"""By how much a claim may miss the noise's cost, relatively: noise that was fitted to its claim comes out on either side of it
in the last bits. The grid's correction leaves more room than this."""


class Composition(StrEnum):
    """How a budget adds up what is spent."""

    BASIC = "BASIC"
    RDP = "RDP"
    ZCDP = "ZCDP"
    GDP = "GDP"


class Mechanism(StrEnum):
    """How a release is randomised. UNKNOWN counts as the worst of its epsilon and delta."""

    UNKNOWN = "UNKNOWN"
    PURE = "PURE"
    GAUSSIAN = "GAUSSIAN"
    BOUNDED_RANGE = "BOUNDED_RANGE"


@dataclass(frozen=True)
class Event:
    """`count` equal releases. epsilon, delta: what one guarantees; sigma, sensitivity: of Gaussian noise, in grid steps."""

    epsilon: float
    delta: float
    count: int
    mechanism: Mechanism
    sigma: float = 0.0
    sensitivity: float = 0.0

    @property
    def rho(self) -> float:
        """Of Gaussian noise: half the squared ratio of sensitivity and sigma."""
        return (self.sensitivity / self.sigma) ** 2 / 2.0

    def claims_enough(self) -> bool:
        """Whether the epsilon and delta of Gaussian noise are not below what the noise costs."""
        if self.mechanism is not Mechanism.GAUSSIAN:
            return True
        if self.delta <= 0.0:
            return False
        if self.sigma >= GRID_SIGMA:
            mu = grid_mu_squared(self.sigma, self.sensitivity) ** 0.5
            return gaussian_delta(mu, self.epsilon) <= self.delta * (1.0 + ROUNDING)
        return zcdp_epsilon(self.rho, self.delta) <= self.epsilon * (1.0 + ROUNDING)

    def keeps_its_delta(self, composition: Composition) -> bool:
        """Whether the event's own delta is added up: where it is not part of a curve."""
        if composition is Composition.BASIC or self.mechanism is not Mechanism.GAUSSIAN:
            return True
        return composition is Composition.GDP and self.sigma < GRID_SIGMA


def divergence_of(event: Event, order: float) -> float:
    """What one release of the event costs at an order, its own delta aside."""
    if event.mechanism is Mechanism.GAUSSIAN:
        return gaussian_divergence(order, event.rho)
    if event.epsilon == 0.0:
        return 0.0
    worst = pure_divergence(order, event.epsilon)
    if event.mechanism is Mechanism.BOUNDED_RANGE:
        return min(worst, gaussian_divergence(order, bounded_range_rho(event.epsilon)))
    return worst


def rho_of(event: Event) -> float:
    """What one release of the event costs as zCDP, its own delta aside."""
    if event.mechanism is Mechanism.GAUSSIAN:
        return event.rho
    return bounded_range_rho(event.epsilon) if event.mechanism is Mechanism.BOUNDED_RANGE else pure_rho(event.epsilon)


def mu_squared_of(event: Event) -> float:
    """What one release of the event costs as GDP, its own delta aside."""
    if event.mechanism is Mechanism.GAUSSIAN and event.sigma >= GRID_SIGMA:
        return grid_mu_squared(event.sigma, event.sensitivity)
    return pure_mu(event.epsilon) ** 2 if event.epsilon else 0.0


class Bill:
    """What events cost together, in units; each sum is computed once, however many budgets are charged."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = tuple(events)
        self.epsilon = sum(each.count * units_up(each.epsilon, EPSILON_UNITS) for each in self.events)
        self.is_pure = all(each.delta == 0.0 and each.mechanism is not Mechanism.GAUSSIAN for each in self.events)
        self.delta = self.kept_delta(Composition.BASIC)
        self._divergences: dict[float, int] = {}
        self._others: dict[Composition, int] = {}

    def kept_delta(self, composition: Composition) -> int:
        """The sum of the deltas that the composition's curve does not cover."""
        kept = (each for each in self.events if each.keeps_its_delta(composition))
        return sum(each.count * units_up(each.delta, DELTA_UNITS) for each in kept)

    def divergence(self, order: float) -> int:
        """The sum of the divergences at an order."""
        if order not in self._divergences:
            self._divergences[order] = _sum_up(each.count * divergence_of(each, order) for each in self.events)
        return self._divergences[order]

    def curve(self, composition: Composition, order: float) -> int:
        """The sum that a composition limits: the divergence at the order, rho, or squared mu."""
        if composition is Composition.RDP:
            return self.divergence(order)
        if composition not in self._others:
            cost: Callable[[Event], float] = rho_of if composition is Composition.ZCDP else mu_squared_of
            self._others[composition] = _sum_up(each.count * cost(each) for each in self.events)
        return self._others[composition]


def _sum_up(costs: Iterable[float]) -> int:
    """The sum in units: one rounding for all, upwards, beyond the error of the products and of the sum."""
    return computed_up(math.fsum(costs), CURVE_UNITS)
