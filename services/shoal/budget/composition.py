"""Composition: what a budget allows, where it stands, and whether a spend still fits.

A budget with a composition other than BASIC grants a spend while one of two filters holds:

    pure     no event so far had a delta, and their epsilons add up to at most the limit
    curve    the composition's sum (divergence at the fixed order, rho, squared mu) stays within the limit that was fixed with
             the budget, and the deltas beside the curves within the approximate delta

Both together are one (epsilon, delta) filter with the delta of the second. Let S be any set of outcomes and A those among all
outcomes that end within the first filter. On A every outcome is at most e^epsilon times as likely as at a neighbour, so
P(S in A) <= e^epsilon Q(S in A), with no delta. The outcomes outside A end within the second filter; all sums only grow, so
they were within it all along, and a ledger with the second filter alone would have granted the same: P(S not in A) <=
e^epsilon Q(S not in A) + delta by the filter theorem of the curve. The filter of one order is Feldman and Zrnic, "Individual
privacy accounting via a Rényi filter", NeurIPS 2021 (for rho: every order at once; with approximate parts: Whitehouse, Ramdas,
Rogers and Wu, "Fully-adaptive composition in differential privacy", ICML 2023), that of mu is in gaussian.py. Choosing the best
of several orders *while* spending would need a proof that we do not have, so the order is fixed beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from shoal.accounting.amounts import CURVE_UNITS, DELTA_UNITS, EPSILON_UNITS, below, computed_down, computed_up
from shoal.accounting.gaussian import gaussian_epsilon, gaussian_mu
from shoal.accounting.renyi import best_order, conversion, zcdp_epsilon
from shoal.budget.events import Bill, Composition

READING_ORDERS = tuple(1.0 + 10.0 ** (-1.5 + 6.5 * index / 96) for index in range(97))
"""The orders at which a Rényi budget is read; none of them decides anything. Part of the stored format: never change one."""

DELTA_GUARD = 1e-6
"""By how much the delta behind a limit of mu is lowered, relatively: cancellation in its formula is smaller from 1e-15 on."""


@dataclass(frozen=True)
class Terms:
    """What a budget allows, in units, fixed when it is made. order: of RDP, 0 otherwise. curve: of the composition's sum."""

    composition: Composition
    epsilon: int
    delta: int
    approximate_delta: int
    order: float
    curve: int

    @property
    def curve_delta(self) -> int:
        """The delta at which the composition's sum is turned into epsilon."""
        return self.delta - self.approximate_delta


@dataclass(frozen=True)
class Standing:
    """What was spent of a budget, in units.

    epsilon: the plain sum. delta: the sum of the deltas beside the curves (all deltas under BASIC). curve: the composition's
    sum. readings: the divergences at READING_ORDERS, of RDP only. pure: no event had a delta.
    """

    epsilon: int = 0
    delta: int = 0
    curve: int = 0
    readings: tuple[int, ...] = ()
    pure: bool = True
    count: int = 0


@dataclass(frozen=True)
class Position:
    """What a budget shows as spent, in units."""

    epsilon: int
    delta: int


def terms(composition: Composition, epsilon: int, delta: int, approximate_delta: int) -> Terms:
    """The terms of a budget with these limits; delta less approximate_delta must be above 0 unless it is BASIC."""
    order, curve = 0.0, 0
    if composition is not Composition.BASIC:
        order, curve = _curve_limit(composition, epsilon, delta - approximate_delta)
    return Terms(composition, epsilon, delta, approximate_delta, order, curve)


@lru_cache(maxsize=1024)
def _curve_limit(composition: Composition, epsilon: int, delta: int) -> tuple[float, int]:
    limit, usable = epsilon / EPSILON_UNITS, below(delta, DELTA_UNITS)
    if composition is Composition.GDP:
        return 0.0, computed_down(gaussian_mu(limit, usable * (1.0 - DELTA_GUARD)) ** 2, CURVE_UNITS)
    order = best_order(limit, usable)
    divergence = max(0.0, limit - conversion(order, usable))
    if composition is Composition.ZCDP:
        return 0.0, computed_down(divergence / order, CURVE_UNITS)
    return order, computed_down(divergence, CURVE_UNITS)


def charge(limits: Terms, standing: Standing, bill: Bill) -> Standing | None:
    """Where the budget stands after the bill, None when it does not cover it."""
    after = replace(
        standing,
        epsilon=standing.epsilon + bill.epsilon,
        delta=standing.delta + bill.kept_delta(limits.composition),
        pure=standing.pure and bill.is_pure,
        count=standing.count + 1,
    )
    if limits.composition is Composition.BASIC:
        return after if after.epsilon <= limits.epsilon and after.delta <= limits.delta else None
    after = replace(after, curve=standing.curve + bill.curve(limits.composition, limits.order))
    fits_curve = after.curve <= limits.curve and after.delta <= limits.approximate_delta
    if not fits_curve and not (after.pure and after.epsilon <= limits.epsilon):
        return None
    if limits.composition is Composition.RDP:
        before = standing.readings or (0,) * len(READING_ORDERS)
        sums = (old + bill.divergence(order) for old, order in zip(before, READING_ORDERS, strict=True))
        after = replace(after, readings=tuple(sums))
    return after


def position(limits: Terms, standing: Standing) -> Position:
    """What was spent, as epsilon and delta: the plain sums, or the least epsilon of the curve at the budget's delta."""
    if limits.composition is Composition.BASIC or standing.count == 0:
        return Position(standing.epsilon, standing.delta)
    delta = below(limits.curve_delta, DELTA_UNITS)
    epsilon = computed_up(_curve_epsilon(limits, standing, delta), EPSILON_UNITS)
    if standing.pure:
        epsilon = min(epsilon, standing.epsilon)
    # A curve at its limit may come out one unit above by the guards of both roundings.
    return Position(min(epsilon, limits.epsilon), limits.curve_delta + standing.delta)


def _curve_epsilon(limits: Terms, standing: Standing, delta: float) -> float:
    if limits.composition is Composition.ZCDP:
        return zcdp_epsilon(standing.curve / CURVE_UNITS, delta)
    if limits.composition is Composition.GDP:
        return gaussian_epsilon((standing.curve / CURVE_UNITS) ** 0.5, delta)
    sums = ((limits.order, standing.curve), *zip(READING_ORDERS, standing.readings, strict=True))
    return max(0.0, min(spent / CURVE_UNITS + _conversion(order, delta) for order, spent in sums))


@lru_cache(maxsize=65536)
def _conversion(order: float, delta: float) -> float:
    return conversion(order, delta)
