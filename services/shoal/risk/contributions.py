"""What each quasi-identifier adds to the risk: so that it is known which column to generalise.

Separation of a set of columns is the share of pairs of rows that differ on it. A column's Shapley value is the mean of what it
adds to the separation of those before it, over all orders of the columns; the values sum to the separation of all of them.

A minimal sample unique is a set of columns on which a row is alone in the table, while it is on no smaller set (Elliot,
Manning, Ford 2002; SUDA2: Manning, Haglin, Keane 2008). Small ones are what singles people out.

Up to 12 columns all 2^12 subsets are computed. Beyond, orders are drawn at random with a fixed seed; and minimal uniques are
looked for up to as many columns as is feasible.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shoal.measures.separation import Ints, refined, sampled_shares, shapley, together
from shoal.runtime.stopping import Stop

MOST_EXACT_COLUMNS = 12
MOST_WORK = 2**29
"""Combinations to be grouped, over all subsets of columns: about a minute."""


@dataclass(frozen=True)
class Contributions:
    """By column, in their order. separation: Shapley values, at most `error` from the exact ones with 95 % confidence.

    unique: share of the minimal uniques of up to `size` columns that the column takes part in; `uniques`: how many there are.
    """

    separation: tuple[float, ...]
    error: float
    unique: tuple[float, ...]
    uniques: int
    size: int
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Subset:
    """A set of columns, as bits. together: pairs of rows that agree on it, twice; alone: which combinations are unique."""

    mask: int
    together: int
    alone: NDArray[np.bool_]


def contributions(codes: Ints, rows: Ints, stop: Stop) -> Contributions:
    """The contributions of the columns. codes: of the distinct combinations, one row each; rows: of each combination."""
    width = codes.shape[1]
    exact = width <= MOST_EXACT_COLUMNS and len(codes) << width <= MOST_WORK
    size = width if exact else _feasible(len(codes), width)
    pairs = int(rows.sum()) * (int(rows.sum()) - 1)
    separation = np.zeros(1 << width) if exact else np.zeros(0)
    alone: dict[int, NDArray[np.uint8]] = {}
    takes_part, uniques = np.zeros(width, dtype=np.int64), 0
    for subset in _subsets(codes, rows, size, stop):
        if exact and pairs:
            separation[subset.mask] = (pairs - subset.together) / pairs
        found = np.packbits(subset.alone)
        columns = [column for column in range(width) if subset.mask >> column & 1]
        covered = np.zeros_like(found)
        for column in columns:
            covered |= alone[subset.mask ^ 1 << column]
        alone[subset.mask] = found
        minimal = int(np.unpackbits(found & ~covered, count=len(codes)).sum()) if subset.mask else 0
        uniques += minimal
        takes_part[columns] += minimal
    warnings = []
    if exact:
        shares, error = shapley(separation, width), 0.0
    else:
        shares, error = sampled_shares(codes, rows, stop.check)
        warnings.append(
            f"the shares of the separation are estimated from random orders of the columns, each to within {error:.2g} with "
            f"95 % confidence; minimal sample uniques were looked for up to {size} columns"
        )
    share = takes_part / uniques if uniques else np.zeros(width)
    return Contributions(tuple(shares.tolist()), error, tuple(share.tolist()), uniques, size, tuple(warnings))


def _feasible(combinations: int, width: int) -> int:
    """The most columns for which all subsets up to that many can be looked at; at least 1."""
    subsets, size = 1 + width, 1
    while size < width and (subsets + math.comb(width, size + 1)) * combinations <= MOST_WORK:
        size += 1
        subsets += math.comb(width, size)
    return size


def _subsets(codes: Ints, rows: Ints, size: int, stop: Stop) -> Iterator[Subset]:
    """All sets of up to `size` columns, each after all of its own subsets, that is in the order of their bits."""

    def below(mask: int, of: Ints, groups: int, chosen: int, highest: int) -> Iterator[Subset]:
        stop.check()
        yield _subset(mask, of, groups, rows)
        if chosen == size:
            return
        for column in range(highest):
            finer, count = refined(of, groups, codes[:, column])
            yield from below(mask | 1 << column, finer, count, chosen + 1, column)

    yield from below(0, np.zeros(len(codes), dtype=np.int64), 1, 0, codes.shape[1])


def _subset(mask: int, of: Ints, groups: int, rows: Ints) -> Subset:
    sizes, pairs = together(of, groups, rows)
    return Subset(mask, pairs, sizes[of] == 1)
