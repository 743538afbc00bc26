"""Noise, drawn exactly from the operating system's entropy; there is no seed.

The draws come from the OpenDP library's samplers (Canonne, Kamath and Steinke, "The discrete Gaussian for differential
privacy", 2020): the scale is a fraction, and nothing is rounded on the way. How long a draw takes depends on what is drawn, so
nobody outside may see when one began and ended.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import CancelledError, InvalidArgumentError

WIDEST = 2**127
"""Numerator and denominator of a scale are below this."""


def discrete_laplace(scale: Fraction, count: int, *, monitor: Monitor | None = None) -> list[int]:
    """Independent draws: P(x) is proportional to exp(-|x| / scale)."""
    try:
        return _core.discrete_laplace(_as_pair(scale), count, monitor)
    except _core.CoreError as error:
        raise _failed(error) from None


def discrete_gaussian(scale: Fraction, count: int, *, monitor: Monitor | None = None) -> list[int]:
    """Independent draws: P(x) is proportional to exp(-x² / (2 scale²))."""
    try:
        return _core.discrete_gaussian(_as_pair(scale), count, monitor)
    except _core.CoreError as error:
        raise _failed(error) from None


def choose(utilities: NDArray[np.float64], scale: float) -> int:
    """The place of one utility, each with a probability proportional to exp(utility / scale): the exponential mechanism
    (McSherry and Talwar 2007), drawn by rejection from the place of the best.
    """
    if utilities.dtype != np.float64 or utilities.ndim != 1 or not utilities.size:
        raise InvalidArgumentError("utilities must be a one-dimensional array of float64, not an empty one")
    try:
        return _core.choose(np.ascontiguousarray(utilities), scale)
    except _core.CoreError as error:
        raise _failed(error) from None


def _as_pair(scale: Fraction) -> tuple[int, int]:
    numerator, denominator = scale.as_integer_ratio()
    if not 0 < numerator < WIDEST or denominator >= WIDEST:
        raise InvalidArgumentError("the scale of noise must be above 0, with numerator and denominator below 2**127")
    return numerator, denominator


def _failed(error: _core.CoreError) -> Exception:
    """What ends a draw is never the caller's fault: it stops, or the machine has no entropy."""
    if isinstance(error, _core.CancelledError):
        return CancelledError(str(error.args[0]))
    return RuntimeError(str(error.args[0]))
