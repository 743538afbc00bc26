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

from shoal.risk.validation.grouping import Ints
from shoal.risk.validation.stopping import Stop

MOST_EXACT_COLUMNS = 12
MOST_WORK = 2**29
"""Combinations to be grouped, over all subsets of columns: about a minute."""

SAMPLED_ROWS = 100_000
ORDERS_WORK = 2**27
FEWEST_ORDERS, MOST_ORDERS = 30, 1000
SEED = 20040131


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
        shares, error = _shapley(separation, width), 0.0
    else:
        shares, error = _sampled(codes, rows, stop)
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
            finer, count = _refined(of, groups, codes[:, column])
            yield from below(mask | 1 << column, finer, count, chosen + 1, column)

    yield from below(0, np.zeros(len(codes), dtype=np.int64), 1, 0, codes.shape[1])


def _subset(mask: int, of: Ints, groups: int, rows: Ints) -> Subset:
    sizes = np.bincount(of, weights=rows, minlength=groups).astype(np.int64)  # exact: below 2^53
    # At most rows^2, which is below 2^63 for 3 thousand million rows.
    return Subset(mask, int((sizes * (sizes - 1)).sum()), sizes[of] == 1)


def _refined(of: Ints, groups: int, codes: Ints) -> tuple[Ints, int]:
    """The groups that the groups fall into by one more column, and how many they are."""
    if groups == len(of):
        return of, groups
    width = int(codes.max(initial=0)) + 1
    key = of * width + codes
    if groups * width <= 16 * len(of) + 1024:
        present = np.zeros(groups * width, dtype=np.bool_)
        present[key] = True
        numbers = np.cumsum(present) - 1
        return numbers[key], int(numbers[-1]) + 1
    distinct, finer = np.unique(key, return_inverse=True)
    return finer.reshape(-1), len(distinct)


def _shapley(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The Shapley values of a function of sets, given for each set by its bits."""
    masks = np.arange(1 << width)
    members = np.array([mask.bit_count() for mask in range(1 << width)])
    weight = np.array([1 / (width * math.comb(width - 1, count)) for count in range(width)])
    found = np.empty(width)
    for column in range(width):
        without = masks[masks >> column & 1 == 0]
        found[column] = math.fsum(weight[members[without]] * (values[without | 1 << column] - values[without]))
    return found


def _sampled(codes: Ints, rows: Ints, stop: Stop) -> tuple[NDArray[np.float64], float]:
    """Shapley values from random orders, and the half-width of their confidence.

    The mean over orders has a normal error, to be measured; that of a sample of rows is bounded by Hoeffding's inequality for
    means over pairs, for each of the two separations that make a difference.
    """
    chance = np.random.default_rng(SEED)
    total, slack = int(rows.sum()), 0.0
    if total > SAMPLED_ROWS and len(codes) > SAMPLED_ROWS:
        chosen = np.searchsorted(np.cumsum(rows), chance.choice(total, SAMPLED_ROWS, replace=False), side="right")
        kept, rows = np.unique(chosen, return_counts=True)
        codes, total = codes[kept], SAMPLED_ROWS
        slack = 2 * math.sqrt(math.log(2 / 0.05) / (2 * (SAMPLED_ROWS // 2)))
    width, pairs = codes.shape[1], max(1, total * (total - 1))
    orders = max(FEWEST_ORDERS, min(MOST_ORDERS, ORDERS_WORK // (len(codes) * width)))
    added = np.zeros((orders, width))
    for order in added:
        of, groups, before = np.zeros(len(codes), dtype=np.int64), 1, 0.0
        for column in chance.permutation(width).tolist():
            stop.check()
            of, groups = _refined(of, groups, codes[:, column])
            after = (pairs - _subset(0, of, groups, rows).together) / pairs
            order[column], before = after - before, after
    spread = added.std(axis=0, ddof=1).max() / math.sqrt(orders)
    return added.mean(axis=0), float(1.96 * spread + slack)
