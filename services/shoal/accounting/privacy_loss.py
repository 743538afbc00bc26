"""What equal queries cost together by numerical privacy-loss distributions: the tight answer, to compare the filters with.

Computed by Google's dp-accounting (the `pld` extra), which rounds losses up: what is found here is never too good. Pure queries
are taken for randomised response, which is the worst that they can be (Kairouz, Oh and Viswanath, "The composition theorem for
differential privacy", ICML 2015); its losses lie on a grid of epsilon / 2 without rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

LEAST_DELTA = 1e-10
"""Below it the accountant's transforms in floating point show their rounding."""

MOST_PURE = 100_000
MOST_POINTS = 1 << 20
"""Losses that a composed distribution may hold: a tenth of a second. A bisection looks at some twenty."""

_FINEST, _STEP = 1e-3, 0.01
_RELATIVE = 1e-5


@cache
def _accountant() -> Any:  # untyped; None where it is not installed
    try:
        from dp_accounting.pld import privacy_loss_distribution  # noqa: PLC0415 - takes a second, and is an extra
    except ModuleNotFoundError:
        return None
    return privacy_loss_distribution


def pure_epsilon(epsilon: float, count: int, delta: float) -> float | None:
    """The epsilon at `delta` of `count` queries of a pure epsilon each; None if it is not computed."""
    accountant = _accountant()
    if accountant is None or delta < LEAST_DELTA or count > MOST_PURE:
        return None
    from dp_accounting.pld.common import DifferentialPrivacyParameters  # noqa: PLC0415

    one = accountant.from_privacy_parameters(
        DifferentialPrivacyParameters(epsilon), value_discretization_interval=epsilon / 2.0
    )
    return float(one.self_compose(count).get_epsilon_for_delta(delta))


def gaussian_epsilon(sigma: float, count: int, delta: float) -> float | None:
    """The epsilon at `delta` of `count` queries of sensitivity 1 and normal noise of `sigma`; None if it is not computed."""
    accountant = _accountant()
    if accountant is None or delta < LEAST_DELTA:
        return None
    # Relative error grows with the square of interval × sigma, and is 1e-5 at a hundredth.
    interval = min(_FINEST, _STEP / sigma)
    mu = count**0.5 / sigma
    if mu * (mu + 14.0) / interval > MOST_POINTS:
        return None
    one = accountant.from_gaussian_mechanism(sigma, value_discretization_interval=interval)
    return float(one.self_compose(count).get_epsilon_for_delta(delta))


def greatest(cost: Callable[[float], float | None], limit: float, low: float, high: float) -> tuple[float, float] | None:
    """The greatest x between `low` and `high` whose cost is within the limit, and its cost; cost grows with x, and `low` fits.

    None if the cost of one of them is not computed, or `low` does not fit.
    """
    most, least = cost(high), cost(low)
    if most is None or least is None or least > limit:
        return None
    if most <= limit:
        return high, most
    while high - low > _RELATIVE * high:
        middle = (low + high) / 2.0
        found = cost(middle)
        if found is None:
            return None
        if found <= limit:
            low, least = middle, found
        else:
            high = middle
    return low, least
