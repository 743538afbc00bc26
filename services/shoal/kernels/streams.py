"""Sums that are released again and again while rows arrive, for the price of one release.

The noise is handed in by the caller, who draws it with the scale that the sensitivity here asks for; docs/streams.md says why
that is enough.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ParamSpec, TypeVar

from shoal import _core
from shoal.errors import InvalidArgumentError

P = ParamSpec("P")
T = TypeVar("T")

FACTOR_BITS = 20
"""The noise of Gaussian series is in multiples of 2^-20 of the unit of what they take in."""

LONGEST_WINDOW = 2**16
LONGEST_HORIZON = 2**24


@dataclass(frozen=True)
class Span:
    """How far a stream's noise is laid out: `horizon` releases of the sum of everything, or any number of releases of the sum
    of the last `window` steps.
    """

    horizon: int | None = None
    window: int | None = None

    @property
    def raw(self) -> tuple[int | None, int | None]:
        """As the kernel takes it."""
        return self.horizon, self.window


@functools.lru_cache(maxsize=256)
def factor_squared_length(span: Span) -> Fraction:
    """By how much a Gaussian stream's squared sensitivity is above that of one release."""
    return Fraction(_asked(_core.factor_squared_length, span.raw), 1 << 2 * FACTOR_BITS)


@functools.lru_cache(maxsize=4096)
def factor_variance(span: Span, step: int) -> float:
    """At least the variance of a Gaussian release after that step, counted from 1, in variances of one draw."""
    return _asked(_core.factor_variance, span.raw, step)


@functools.lru_cache(maxsize=256)
def tree_levels(span: Span) -> int:
    """By how much a Laplace stream's sensitivity is above that of one release."""
    return _asked(_core.tree_levels, span.raw)


@functools.lru_cache(maxsize=4096)
def tree_terms(span: Span, step: int) -> int:
    """How many draws the noise of a Laplace release after that step, counted from 1, consists of."""
    return _asked(_core.tree_terms, span.raw, step)


class Series:
    """Series that take their steps together: sums of different things in the same batches."""

    def __init__(self, kernel: _core.Series) -> None:
        self._kernel = kernel

    @classmethod
    def gaussian(cls, span: Span, count: int, states: Sequence[bytes] | None = None) -> Series:
        """For Gaussian noise: empty ones, or as they wrote themselves down."""
        return cls(_asked(_core.Series.gaussian, span.raw, count, states))

    @classmethod
    def laplace(cls, span: Span, count: int, states: Sequence[bytes] | None = None) -> Series:
        """For Laplace noise: empty ones, or as they wrote themselves down."""
        return cls(_asked(_core.Series.laplace, span.raw, count, states))

    @classmethod
    def blocks(cls, length: int, count: int, states: Sequence[bytes] | None = None) -> Series:
        """Of windows of that many steps that share none, for any noise: empty ones, or as they wrote themselves down."""
        return cls(_asked(_core.Series.blocks, length, count, states))

    @property
    def draws(self) -> int:
        """How many draws of noise each takes in the next step."""
        return self._kernel.draws

    def step(self, added: Sequence[int], noise: Sequence[int]) -> list[float | None]:
        """Takes in a number of each and the draws of each, one after the other; what each releases, None as long as there is
        nothing. After an error they are not to be used any more.
        """
        return _asked(self._kernel.step, added, noise)

    def states(self) -> list[bytes]:
        """What each needs to go on; it holds what the noise is to hide."""
        return self._kernel.states()


def _asked(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except _core.CoreError as error:
        raise InvalidArgumentError(str(error.args[0])) from None
