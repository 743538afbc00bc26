"""How much noise a stream's sums are given, from its spec alone: a plan like a query's, for more sensitive sums.

The kernel says how far one row moves everything that a series of releases consists of, in multiples of how far it moves a
single one. With the sensitivities stretched by that, the plan of one answer is the plan of the stream, and costs the same.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist

from shoal.dp.noise import Noise, Spread
from shoal.dp.parts import ColumnParts, Part, parts_of
from shoal.dp.plan import Plan, plan
from shoal.dp.streams.spec import Spec, WindowKind
from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.kernels import FACTOR_BITS, Series, Span, factor_squared_length, factor_variance, tree_levels, tree_terms

GROWTH = 16
"""How many times as many releases the next epoch is laid out for."""

LONGEST_EPOCH = 2**24
MOST_KEPT = 2**21
"""How many numbers of the past a stream may keep, all its sums together."""

WIDEST_SCALE = 2**100
"""In steps: beyond it sums and noise may not fit 128 bits."""


@dataclass(frozen=True)
class StreamNoise:
    """The noise in one release: of several draws. scale: of Laplace noise one draw's, of Gaussian noise its sigma."""

    scale: Fraction
    standard_deviation: float
    is_gaussian: bool

    def reach(self, confidence: float) -> float:
        """The steps that the noise stays within with at least this probability."""
        outside = 1.0 - confidence
        # A sum of Laplace draws has lighter tails than one of them, for its standard deviation; the step is for rounding.
        factor = NormalDist().inv_cdf(1.0 - outside / 2.0) if self.is_gaussian else math.log(1.0 / outside) / math.sqrt(2.0)
        return factor * self.standard_deviation + 1.0


@dataclass(frozen=True)
class Layout:
    """A stream's noise. series: the sums of every group, column and part, in this order."""

    spec: Spec
    count: int

    @property
    def is_gaussian(self) -> bool:
        """Which family of noise it is."""
        return self.spec.query.noise.is_gaussian

    @property
    def is_tumbling(self) -> bool:
        """Whether windows share no batches."""
        return self.spec.window is not None and self.spec.window.kind is WindowKind.TUMBLING

    def epoch_length(self, epoch: int) -> int:
        """How many releases an epoch has: more each time, as far as there is room for what must be kept."""
        first = self.spec.max_releases
        most = LONGEST_EPOCH if not self.is_gaussian else MOST_KEPT // self.count
        return max(first, min(first * int(GROWTH**epoch), LONGEST_EPOCH, most))

    def span(self, epoch: int) -> Span:
        """What the noise of an epoch is laid out for; windows have one epoch."""
        window = self.spec.window
        return Span(window=window.length) if window is not None else Span(horizon=self.epoch_length(epoch))

    def plan(self, epoch: int) -> Plan:
        """The noise of every draw in an epoch, and what the stream costs."""
        return _planned(self.spec, None if self.is_tumbling else self.span(epoch))

    def noises(self, epoch: int) -> list[Noise]:
        """The noise of one draw of every series."""
        found = self.plan(epoch)
        return [noise for group in found.groups for column in group.columns for noise in column.noises]

    def series(self, epoch: int, states: list[bytes] | None) -> Series:
        """The sums: empty ones, or as they wrote themselves down."""
        if self.is_tumbling and self.spec.window is not None:
            return Series.blocks(self.spec.window.length, self.count, states)
        make = Series.gaussian if self.is_gaussian else Series.laplace
        return make(self.span(epoch), self.count, states)

    def released_noises(self, epoch: int, step: int) -> Sequence[Spread]:
        """The noise in the release of every series after a step of an epoch; what epochs before left in it included."""
        draws = self.noises(epoch)
        if self.is_tumbling:
            return [*draws]
        ends = [(self.noises(each), each, self.epoch_length(each)) for each in range(epoch)] + [(draws, epoch, step)]
        found = []
        for place, draw in enumerate(draws):
            deviation = math.sqrt(math.fsum(self._variance(noises[place], each, last) for noises, each, last in ends))
            found.append(StreamNoise(Fraction(deviation) if self.is_gaussian else draw.scale, deviation, self.is_gaussian))
        return found

    def _variance(self, draw: Noise, epoch: int, step: int) -> float:
        span = self.span(epoch)
        if self.is_gaussian:
            deviation = math.ldexp(draw.standard_deviation, -FACTOR_BITS)
            return deviation * deviation * factor_variance(span, step)
        return draw.standard_deviation * draw.standard_deviation * tree_terms(span, step)


def layout(spec: Spec) -> Layout:
    """The layout of a spec; raises InvalidArgumentError where it asks for more than can be kept."""
    by = spec.query.group_by
    groups = 1 if by is None else len(by.keys) + (by.unlisted.value == "OTHER")
    found = Layout(spec, groups * sum(len(parts_of(spec.query, column).parts) for column in spec.query.columns))
    kept = found.count * _kept(spec)
    if kept > MOST_KEPT:
        raise InvalidArgumentError(
            f"spec: {found.count} sums with that many releases or batches are more than a stream can keep: at most "
            f"{MOST_KEPT:,} numbers; ask for fewer groups or columns, for fewer max_releases, or for a shorter window",
            reason=ErrorReason.INVALID_FIELD,
        )
    if max(noise.scale for noise in found.noises(0)) > WIDEST_SCALE:
        raise InvalidArgumentError(
            "spec.epsilon: is too small for bounds that wide and that many contributions of one unit",
            reason=ErrorReason.INVALID_FIELD,
        )
    return found


def _kept(spec: Spec) -> int:
    if spec.window is None:
        return spec.max_releases if spec.query.noise.is_gaussian else 64
    if spec.window.kind is WindowKind.TUMBLING:
        return 1
    return spec.window.length * (8 if spec.query.noise.is_gaussian else 2)


@functools.lru_cache(maxsize=64)
def _planned(spec: Spec, span: Span | None) -> Plan:
    columns = tuple(parts_of(spec.query, column) for column in spec.query.columns)
    if span is not None:
        columns = tuple(_stretched(each, span, gaussian=spec.query.noise.is_gaussian) for each in columns)
    return plan(spec.query, columns)


def _stretched(column: ColumnParts, span: Span, *, gaussian: bool) -> ColumnParts:
    def stretch(part: Part) -> Part:
        if not gaussian:
            return replace(part, l1=part.l1 * tree_levels(span))
        # Noise is on a grid finer by the factor's bits, and so is what moves it.
        longer = math.nextafter(math.sqrt(factor_squared_length(span)), math.inf) * 2**FACTOR_BITS
        return replace(part, l2=math.nextafter(part.l2 * longer, math.inf))

    return replace(column, parts=tuple(stretch(part) for part in column.parts))
