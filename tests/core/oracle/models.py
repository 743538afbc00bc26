"""Privacy models: when a class holds, and what it measures.

`holds` follows the condition as the literature writes it; `measured` is a formula of its own, so that the two check each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from oracle.distances import distance
from oracle.exact import CONTEXT, INFINITE, Number, decimal, exp, ln, plus
from oracle.table import Group, Table

TOLERANCE = Decimal("1e-9")  # nats: entropies closer than this are equal


@dataclass(frozen=True)
class KAnonymity:
    k: int

    def holds(self, group: Group, table: Table) -> bool:
        return group.rows >= self.k

    def measured(self, group: Group, table: Table) -> Number:
        return Fraction(group.rows)


@dataclass(frozen=True)
class KMap:
    k: int

    def holds(self, group: Group, table: Table) -> bool:
        return group.population >= self.k

    def measured(self, group: Group, table: Table) -> Number:
        return Fraction(group.population)


@dataclass(frozen=True)
class DeltaPresence:
    least: Fraction
    most: Fraction

    def holds(self, group: Group, table: Table) -> bool:
        return self.least * group.population <= group.rows <= self.most * group.population

    def measured(self, group: Group, table: Table) -> Number:
        return Fraction(group.rows, group.population) if group.population else INFINITE


@dataclass(frozen=True)
class DistinctDiversity:
    column: int
    l: int  # noqa: E741

    def holds(self, group: Group, table: Table) -> bool:
        return len(group.histograms[self.column]) >= self.l

    def measured(self, group: Group, table: Table) -> Number:
        return Fraction(len(group.histograms[self.column]))


@dataclass(frozen=True)
class EntropyDiversity:
    column: int
    l: float  # noqa: E741
    grassberger: bool = False

    def entropy(self, group: Group) -> Number:
        counts = group.histograms[self.column].values()
        if self.grassberger:
            return grassberger(group.rows) - sum((c * grassberger(c) for c in counts), Fraction(0)) / group.rows
        total = ln(group.rows)
        for count in counts:
            total = CONTEXT.subtract(total, CONTEXT.multiply(decimal(Fraction(count, group.rows)), ln(count)))
        return total

    def margin(self, group: Group) -> Decimal:
        """The entropy less the entropy that is asked for."""
        return CONTEXT.subtract(decimal(self.entropy(group)), ln(Fraction(self.l)))

    def holds(self, group: Group, table: Table) -> bool:
        return len(group.histograms[self.column]) >= math.ceil(self.l) and self.margin(group) >= -TOLERANCE

    def measured(self, group: Group, table: Table) -> Number:
        return exp(self.entropy(group))


def grassberger(n: int) -> Fraction:
    """G(n) = psi(n) + (-1)^n (psi((n+1)/2) - psi(n/2)) / 2 of Grassberger (2003), without its constant -gamma - ln 2.

    psi(m) = -gamma + sum 1/i for i < m, and psi(m + 1/2) = -gamma - 2 ln 2 + sum 2/(2i-1) for i <= m. The constant cancels out
    of every entropy, because the counts of a class sum to its rows.
    """

    def whole(m: int) -> Fraction:
        return sum((Fraction(1, i) for i in range(1, m)), Fraction(0))

    def half(m: int) -> Fraction:
        return sum((Fraction(2, 2 * i - 1) for i in range(1, m + 1)), Fraction(0))

    m = n // 2
    if n % 2 == 0:
        return whole(n) + (half(m) - whole(m)) / 2
    return whole(n) - (whole(m + 1) - half(m)) / 2


@dataclass(frozen=True)
class RecursiveDiversity:
    column: int
    c: Fraction
    l: int  # noqa: E741

    def holds(self, group: Group, table: Table) -> bool:
        counts = sorted(group.histograms[self.column].values(), reverse=True)
        return len(counts) >= self.l and counts[0] < self.c * sum(counts[self.l - 1 :])

    def measured(self, group: Group, table: Table) -> Number:
        counts = sorted(group.histograms[self.column].values(), reverse=True)
        rest = sum(counts[self.l - 1 :])
        return Fraction(counts[0], rest) if rest else INFINITE


@dataclass(frozen=True)
class Closeness:
    column: int
    distance: str  # EQUAL ORDERED HIERARCHICAL WASSERSTEIN
    t: Fraction

    def holds(self, group: Group, table: Table) -> bool:
        return self.measured(group, table) <= self.t

    def measured(self, group: Group, table: Table) -> Fraction:
        column = table.sensitive[self.column]
        return distance(self.distance, group.shares(self.column, column.values), table.shares(self.column), column)


@dataclass(frozen=True)
class DeltaDisclosure:
    column: int
    delta: float

    def holds(self, group: Group, table: Table) -> bool:
        bound = Fraction(self.delta)
        shares = table.shares(self.column)
        for value, count in group.histograms[self.column].items():
            if shares[value] == 0 or not -bound < ln(Fraction(count, group.rows) / shares[value]) < bound:
                return False
        return True

    def measured(self, group: Group, table: Table) -> Number:
        worst = Decimal(0)
        for value, count in group.histograms[self.column].items():
            share = table.shares(self.column)[value]
            worst = max(worst, abs(ln(Fraction(count, group.rows) / share)) if share else INFINITE)
        return worst


@dataclass(frozen=True)
class BetaLikeness:
    column: int
    beta: Fraction
    enhanced: bool = False

    def holds(self, group: Group, table: Table) -> bool:
        for value, count in group.histograms[self.column].items():
            p, q = Fraction(count, group.rows), table.shares(self.column)[value]
            if p > q and (q == 0 or (p - q) / q > self.beta):
                return False
            if self.enhanced and p > q and (p - q) / q > -ln(q):
                return False
        return True

    def measured(self, group: Group, table: Table) -> Number:
        worst: Number = Fraction(0)
        for value, count in group.histograms[self.column].items():
            p, q = Fraction(count, group.rows), table.shares(self.column)[value]
            worst = max(worst, p / q - 1 if q else INFINITE)
        return worst


@dataclass(frozen=True)
class AverageRisk:
    """A condition on all released classes together: the mean over their rows of one over the rows (or population rows)."""

    limit: Fraction
    population: bool = False

    def size(self, group: Group) -> int:
        """The rows among which a row of the class hides."""
        return group.population if self.population else group.rows

    def mean(self, released: Sequence[Group]) -> Number:
        """The mean risk of released rows, which there must be."""
        total: Number = Fraction(0)
        for group in released:
            total = plus(total, Fraction(group.rows, self.size(group)) if self.size(group) else INFINITE)
        rows = sum(group.rows for group in released)
        return total / rows

    def suppressed(self, released: Sequence[Group]) -> list[Group]:
        """The classes that stay when the smallest leave, all of one size together, until the mean is small enough."""
        stay = list(released)
        while stay and self.mean(stay) > self.limit:
            smallest = min(self.size(group) for group in stay)
            stay = [group for group in stay if self.size(group) > smallest]
        return stay


ClassModel = (
    KAnonymity
    | KMap
    | DeltaPresence
    | DistinctDiversity
    | EntropyDiversity
    | RecursiveDiversity
    | Closeness
    | DeltaDisclosure
    | BetaLikeness
)
Model = ClassModel | AverageRisk
SMALLEST_IS_WORST = (KAnonymity, KMap, DistinctDiversity, EntropyDiversity)


def measured(model: Model, released: Sequence[Group], table: Table) -> tuple[Number, ...]:
    """What a model measures of the released classes, of which there must be one: the worst, or for delta-presence both ends."""
    if isinstance(model, AverageRisk):
        return (model.mean(released),)
    values = [model.measured(group, table) for group in released]
    if isinstance(model, DeltaPresence):
        return (min(values), max(values))
    return (min(values) if isinstance(model, SMALLEST_IS_WORST) else max(values),)
