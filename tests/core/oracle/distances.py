"""Distances of two distributions of a sensitive attribute, for t-closeness (Li, Li and Venkatasubramanian 2007)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from oracle.table import Sensitive


def distance(kind: str, p: Sequence[Fraction], q: Sequence[Fraction], column: Sensitive) -> Fraction:
    """The distance of p from q; both over all values that the column may have."""
    match kind:
        case "EQUAL":
            return equal(p, q)
        case "ORDERED":
            return ordered(p, q)
        case "HIERARCHICAL":
            return hierarchical(p, q, column.maps)
        case "WASSERSTEIN":
            assert column.positions is not None
            return wasserstein(p, q, column.positions)
        case _:
            raise ValueError(kind)


def equal(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    """Every two values are equally far apart: half the sum of the differences."""
    return sum((abs(a - b) for a, b in zip(p, q, strict=True)), Fraction(0)) / 2


def ordered(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    """Values are ranks: what has to be carried over every step between neighbours, over the number of steps."""
    steps = len(p) - 1
    return sum(_carried(p, q)[:steps], Fraction(0)) / steps if steps else Fraction(0)


def wasserstein(p: Sequence[Fraction], q: Sequence[Fraction], positions: Sequence[int]) -> Fraction:
    """Values are places on a line: the area between the cumulative distributions, over the line's length."""
    length = positions[-1] - positions[0]
    if length == 0:
        return Fraction(0)
    widths = [right - left for left, right in pairwise(positions)]
    return sum((carried * width for carried, width in zip(_carried(p, q), widths, strict=False)), Fraction(0)) / length


def _carried(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    return [abs(total) for total in accumulate(a - b for a, b in zip(p, q, strict=True))]


def hierarchical(p: Sequence[Fraction], q: Sequence[Fraction], maps: Sequence[Sequence[int]]) -> Fraction:
    """Values are leaves of a tree: to move mass between two of them costs the level of their lowest common ancestor over the
    height. Li et al.: each inner node settles what it can among its children, the lesser of what they have too much and too
    little, at level/height; the rest is settled further up. Without a root the levels get one.
    """
    levels = [list(range(len(p))), *(list(level) for level in maps)]
    if len(set(levels[-1])) > 1:
        levels.append([0] * len(p))
    height = len(levels) - 1
    total = Fraction(0)
    for level in range(1, height + 1):
        for node in set(levels[level]):
            children = {levels[level - 1][leaf] for leaf in range(len(p)) if levels[level][leaf] == node}
            extras = [
                sum((p[leaf] - q[leaf] for leaf in range(len(p)) if levels[level - 1][leaf] == child), Fraction(0))
                for child in children
            ]
            too_much = sum((extra for extra in extras if extra > 0), Fraction(0))
            too_little = -sum((extra for extra in extras if extra < 0), Fraction(0))
            total += Fraction(level, height) * min(too_much, too_little)
    return total
