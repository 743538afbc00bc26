"""Advice: what a number of equal queries may spend each under each composition, and which leaves them the least noise.

The plans are those that the ledger grants: each is computed from the limits that a budget of that composition would have, in
the ledger's units, so that the last query of an advised plan still fits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from shoal.accounting import privacy_loss
from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS, below, units_down, units_up
from shoal.accounting.gaussian import GRID_CORRECTION, GRID_SIGMA, gaussian_epsilon, gaussian_mu
from shoal.accounting.renyi import pure_divergence, renyi_epsilon, zcdp_epsilon
from shoal.budget.composition import Standing, Terms, charge, position, terms
from shoal.budget.events import Bill, Composition, Event, Mechanism
from shoal.errors import FieldViolation, invalid_fields

MOST_EPSILON = 100.0
"""The most epsilon that one query may claim."""

ROUNDED = 1e-12
"""What is added to a least sigma: whoever multiplies it by a sensitivity rounds, and the ledger counts every bit."""

AS_GOOD_AS = 1.01
_BISECTIONS = 100


@dataclass(frozen=True)
class Question:
    """A plan of `count` equal queries over the same rows. delta_per_query: 0 for Laplace noise."""

    epsilon: float
    delta: float
    count: int
    delta_per_query: float

    @property
    def is_gaussian(self) -> bool:
        """Whether the queries' noise is Gaussian."""
        return self.delta_per_query > 0.0


@dataclass(frozen=True)
class Plan:
    """What each query may claim, what all spend together, and the standard deviation of each one's noise at sensitivity 1."""

    epsilon_per_query: float
    delta_per_query: float
    total_epsilon: float
    total_delta: float
    noise: float


@dataclass(frozen=True)
class Advice:
    """The plans by composition (what is left out is not possible), the recommended one and how much of the limit RDP saves."""

    plans: dict[Composition, Plan]
    recommended: Composition
    explanation: str
    savings_percent: float
    noise_ratio: float | None
    privacy_loss: Plan | None


def advise(question: Question) -> Advice:
    """Looks at basic composition, at RDP where there is a delta, and at GDP where the noise is Gaussian.

    Raises InvalidArgumentError when a query's share is less than the ledger's unit of epsilon, or there is no plan at all.
    """
    if units_down(question.epsilon, EPSILON_UNITS) < question.count:
        raise invalid_fields([FieldViolation("query_count", "leaves each query less than 1e-9 of epsilon_budget")])
    plans: dict[Composition, Plan] = {}
    basic = _basic(question)
    if basic is not None:
        plans[Composition.BASIC] = basic
    if question.delta > 0.0:
        for composition in (Composition.RDP, Composition.GDP) if question.is_gaussian else (Composition.RDP,):
            limits = terms(composition, *_limits(question), 0)
            plans[composition] = _gaussian(question, limits) if question.is_gaussian else _pure(question, limits)
    least = min(plan.noise for plan in plans.values())
    recommended = next(each for each, plan in plans.items() if plan.noise <= AS_GOOD_AS * least)
    rdp = plans.get(Composition.RDP)
    saved, ratio = 0.0, None
    if basic is not None and rdp is not None:
        saved, ratio = _savings(question, basic), rdp.noise / basic.noise
    return Advice(
        plans=plans,
        recommended=recommended,
        explanation=_explain(question, plans, recommended),
        savings_percent=saved,
        noise_ratio=ratio,
        privacy_loss=_privacy_loss(question, least) if question.delta > 0.0 else None,
    )


def _limits(question: Question) -> tuple[int, int]:
    return units_down(question.epsilon, EPSILON_UNITS), units_down(question.delta, DELTA_UNITS)


def _basic(question: Question) -> Plan | None:
    epsilon, delta = _limits(question)
    each = min(epsilon // question.count / EPSILON_UNITS, MOST_EPSILON)
    total_delta = units_up(question.delta_per_query, DELTA_UNITS) * question.count
    if total_delta > delta:
        return None
    return Plan(
        epsilon_per_query=each,
        delta_per_query=question.delta_per_query,
        total_epsilon=units_up(each, EPSILON_UNITS) * question.count / EPSILON_UNITS,
        total_delta=total_delta / DELTA_UNITS,
        noise=_sigma(each, question.delta_per_query) if question.is_gaussian else math.sqrt(2.0) / each,
    )


def _pure(question: Question, limits: Terms) -> Plan:
    """Laplace noise: the greatest epsilon whose queries fit the curve, or the plain sum where that grants more."""

    def fits(units: int) -> bool:
        return _fits(question, limits, Event(units / EPSILON_UNITS, 0.0, 1, Mechanism.PURE))

    low = min(limits.epsilon // question.count, units_down(MOST_EPSILON, EPSILON_UNITS))
    high = units_down(MOST_EPSILON, EPSILON_UNITS) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    epsilon = low / EPSILON_UNITS
    return _granted(question, limits, Event(epsilon, 0.0, 1, Mechanism.PURE), math.sqrt(2.0) / epsilon)


def _gaussian(question: Question, limits: Terms) -> Plan:
    """Gaussian noise: the least sigma whose queries fit the curve, and the epsilon that each may claim with it."""

    def event(sigma: float) -> Event:
        # On a grid so fine that the steps do not matter; only the ratio of the two is accounted for.
        steps = max(1.0, 2.0 * GRID_SIGMA / sigma)
        return Event(MOST_EPSILON, question.delta_per_query, 1, Mechanism.GAUSSIAN, sigma * steps, steps)

    def fits(sigma: float) -> bool:
        return _fits(question, limits, event(sigma))

    sigma = max(_least(fits), _sigma(MOST_EPSILON, question.delta_per_query)) * (1.0 + ROUNDED)
    claimed = gaussian_epsilon(math.sqrt(1.0 + GRID_CORRECTION) / sigma, question.delta_per_query)
    epsilon = units_up(claimed, EPSILON_UNITS) / EPSILON_UNITS
    found = event(sigma)
    return _granted(question, limits, replace(found, epsilon=epsilon), sigma)


def _privacy_loss(question: Question, least: float) -> Plan | None:
    """The plan by privacy-loss distributions; `least`: the noise of the best other plan, never much less than its own.

    No ledger grants it: no filter is known for queries that are chosen after the answers of those before.
    """
    epsilon, delta, count = question.epsilon, question.delta, question.count
    if question.is_gaussian:
        loudest = _sigma(MOST_EPSILON, question.delta_per_query)
        precision = privacy_loss.greatest(
            lambda each: privacy_loss.gaussian_epsilon(1.0 / each, count, delta),
            epsilon,
            low=0.999 / max(least, loudest),
            high=min(1.01 / least, 1.0 / loudest),
        )
        if precision is None:
            return None
        sigma = 1.0 / precision[0]
        claimed = gaussian_epsilon(math.sqrt(1.0 + GRID_CORRECTION) / sigma, question.delta_per_query)
        return Plan(claimed, question.delta_per_query, precision[1], delta, sigma)
    pure = privacy_loss.greatest(
        lambda each: privacy_loss.pure_epsilon(each, count, delta),
        epsilon,
        low=min(0.999 * math.sqrt(2.0) / least, MOST_EPSILON),
        high=min(3.0 * math.sqrt(2.0) / least, MOST_EPSILON),
    )
    return None if pure is None else Plan(pure[0], 0.0, pure[1], delta, math.sqrt(2.0) / pure[0])


def _fits(question: Question, limits: Terms, event: Event) -> bool:
    """Whether the plan's events fit the curve, spent one by one or all at once: the two are rounded differently."""
    one_by_one = Bill([event]).curve(limits.composition, limits.order) * question.count
    at_once = Bill([replace(event, count=question.count)]).curve(limits.composition, limits.order)
    return max(one_by_one, at_once) <= limits.curve


def _granted(question: Question, limits: Terms, event: Event, noise: float) -> Plan:
    """The plan as the ledger would show it after its last query."""
    standing = charge(limits, Standing(), Bill([replace(event, count=question.count)]))
    if standing is None:
        raise ArithmeticError("an advised plan does not fit its own budget")
    spent = position(limits, standing)
    return Plan(event.epsilon, event.delta, spent.epsilon / EPSILON_UNITS, spent.delta / DELTA_UNITS, noise)


def _sigma(epsilon: float, delta: float) -> float:
    """The least sigma, at sensitivity 1 on a fine grid, of a release that may claim (epsilon, delta)."""
    return math.sqrt(1.0 + GRID_CORRECTION) / gaussian_mu(epsilon, delta)


def _least(fits: Callable[[float], bool]) -> float:
    """The least sigma that fits, to the last bits and not below."""
    high = 1.0
    while not fits(high):
        high *= 2.0
    low = high / 2.0
    while fits(low):
        low, high = low / 2.0, low
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _savings(question: Question, basic: Plan) -> float:
    """How much of the limit the basic plan's queries leave unspent by Rényi accounting over all orders, in per cent."""
    delta = below(units_down(question.delta, DELTA_UNITS), DELTA_UNITS)
    if question.is_gaussian:
        epsilon = zcdp_epsilon(question.count / basic.noise**2 / 2.0, delta)
    else:
        epsilon = renyi_epsilon(lambda order: question.count * pure_divergence(order, basic.epsilon_per_query), delta)
    return max(0.0, 100.0 * (1.0 - epsilon / question.epsilon))


def _explain(question: Question, plans: dict[Composition, Plan], recommended: Composition) -> str:
    queries = "the one query" if question.count == 1 else f"each of {question.count:,} queries"
    kind = "Gaussian" if question.is_gaussian else "Laplace"
    parts = [f"{plan.noise:.4g} under {composition.value}" for composition, plan in plans.items()]
    return (
        f"{recommended.value} suits this plan: {kind} noise of standard deviation {' and '.join(parts)} lets {queries} "
        f"stay within epsilon {question.epsilon:.6g} and delta {question.delta:.3g} together, for a sensitivity of 1."
    )
