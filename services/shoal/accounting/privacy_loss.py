"""What equal queries cost together by numerical privacy-loss distributions: the tight answer, to compare the filters with.

Computed by Google's dp-accounting (the `pld` extra), which rounds losses up; delta is lowered by what its transforms in
floating point may lose, so that what is found here is not too good. Pure queries are taken for randomised response, which is
the worst that they can be (Kairouz, Oh and Viswanath, "The composition theorem for differential privacy", ICML 2015); its
losses lie on a grid of epsilon / 2 without rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

LEAST_DELTA = 1e-10
_ROUNDING, _ROUNDING_EACH = 1e-13, 1e-16
"""By how much delta may come out too small in the transforms, in all and for every query; measured at a quarter of it."""

MOST_PURE = 100_000
MOST_POINTS = 1 << 20
"""Losses that a composed distribution may hold: a tenth of a second. A bisection looks at some twenty."""

_COARSEST, _STEP = 1e-2, 0.01
_RELATIVE = 1e-5


@cache
def _accountant() -> Any:  # untyped; None where it is not installed
    try:
        from dp_accounting.pld import privacy_loss_distribution  # noqa: PLC0415 - takes a second, and is an extra
    except ModuleNotFoundError:
        return None
    return privacy_loss_distribution


def _usable(delta: float, count: int) -> float | None:
    """Delta less what rounding may hide; None if that is more than a tenth of it."""
    hidden = _ROUNDING + count * _ROUNDING_EACH
    return delta - hidden if delta >= max(LEAST_DELTA, 10.0 * hidden) else None


def pure_epsilon(epsilon: float, count: int, delta: float) -> float | None:
    """The epsilon at `delta` of `count` queries of a pure epsilon each; None if it is not computed."""
    accountant = _accountant()
    usable = _usable(delta, count)
    if accountant is None or usable is None or count > MOST_PURE:
        return None
    from dp_accounting.pld.common import DifferentialPrivacyParameters  # noqa: PLC0415

    one = accountant.from_privacy_parameters(
        DifferentialPrivacyParameters(epsilon), value_discretization_interval=epsilon / 2.0
    )
    return float(one.self_compose(count).get_epsilon_for_delta(usable))


def gaussian_epsilon(sigma: float, count: int, delta: float) -> float | None:
    """The epsilon at `delta` of `count` queries of sensitivity 1 and normal noise of `sigma`; None if it is not computed."""
    accountant = _accountant()
    usable = _usable(delta, count)
    if accountant is None or usable is None:
        return None
    # Relative error grows with the square of interval × sigma, and is 1e-5 at a hundredth.
    interval = min(_COARSEST, _STEP / sigma)
    mu = count**0.5 / sigma
    if mu * (mu + 14.0) / interval > MOST_POINTS:
        return None
    one = accountant.from_gaussian_mechanism(sigma, value_discretization_interval=interval)
    return float(one.self_compose(count).get_epsilon_for_delta(usable))


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
