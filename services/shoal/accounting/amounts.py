"""Amounts of the ledger: whole units, rounded against whoever spends.

Epsilon counts in 1e-9, delta in 1e-18, and the sums of a composition (Rényi divergence, rho, squared mu) in 1e-15. A sum of
whole units has no rounding of its own, so ten times 0.1 is 1.0 and a million spends are a million times one.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

EPSILON_UNITS = 10**9
DELTA_UNITS = 10**18
CURVE_UNITS = 10**15
# Far above the error of the few operations behind a divergence and of these products, far below what anybody would notice.
FLOAT_GUARD = 1e-12


def units_up(amount: float, units: int) -> int:
    """The units of what is spent: the shortest decimal that stands for `amount`, rounded up."""
    return int((Decimal(repr(amount)) * units).to_integral_value(ROUND_CEILING))


def units_down(amount: float, units: int) -> int:
    """The units of a limit: the shortest decimal that stands for `amount`, rounded down."""
    return int((Decimal(repr(amount)) * units).to_integral_value(ROUND_FLOOR))


def computed_up(amount: float, units: int) -> int:
    """The units of a cost that floating point computed, with its error on top; raises OverflowError when it is infinite."""
    return math.ceil(amount * (1 + FLOAT_GUARD) * units)


def computed_down(amount: float, units: int) -> int:
    """The units of a limit that floating point computed, less its error."""
    return math.floor(amount * (1 - FLOAT_GUARD) * units)


def below(units: int, scale: int) -> float:
    """The greatest double that is certainly not above `units` / `scale`: for a delta that a conversion may use."""
    return math.nextafter(units / scale, 0.0)
