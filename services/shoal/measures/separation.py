"""Separation: the share of pairs of rows that a set of columns tells apart, and each column's part in it.

A column's Shapley value is the mean of what it adds to the separation of those before it, over all orders of the columns; the
values sum to the separation of all of them. Up to 12 columns all subsets are computed, beyond that orders are drawn at random
with a fixed seed. Separation and its use for quasi-identifiers: Motwani, Xu 2007.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ints", "refined", "sampled_shares", "separation", "separation_shares", "shapley", "together"]

Ints = NDArray[np.int64]

MOST_EXACT_COLUMNS = 12
SAMPLED_ROWS = 100_000
ORDERS_WORK = 2**27
FEWEST_ORDERS, MOST_ORDERS = 30, 1000
SEED = 20040131


def separation_shares(codes: Ints, rows: Ints, check: Callable[[], None]) -> tuple[NDArray[np.float64], float]:
    """The Shapley values of the columns, and how far they are at most from the exact ones with 95 % confidence.

    codes: shape (combinations, columns), distinct rows; rows: of each combination. check: raises when the work should end.
    """
    width = codes.shape[1]
    if width > MOST_EXACT_COLUMNS:
        return sampled_shares(codes, rows, check)
    pairs = int(rows.sum()) * (int(rows.sum()) - 1)
    values = np.zeros(1 << width)
    if not pairs:
        return np.zeros(width), 0.0

    def fill(mask: int, of: Ints, groups: int, highest: int) -> None:
        check()
        values[mask] = (pairs - together(of, groups, rows)[1]) / pairs
        for column in range(highest):
            finer, count = refined(of, groups, codes[:, column])
            fill(mask | 1 << column, finer, count, column)

    fill(0, np.zeros(len(codes), dtype=np.int64), 1, width)
    return shapley(values, width), 0.0


def separation(codes: Ints, rows: Ints) -> float:
    """The share of pairs of rows that differ on any of the columns; 0 for fewer than two rows or no column."""
    pairs = int(rows.sum()) * (int(rows.sum()) - 1)
    if not pairs:
        return 0.0
    of, groups = np.zeros(len(codes), dtype=np.int64), 1
    for column in range(codes.shape[1]):
        of, groups = refined(of, groups, codes[:, column])
    return (pairs - together(of, groups, rows)[1]) / pairs


def together(of: Ints, groups: int, rows: Ints) -> tuple[Ints, int]:
    """The rows of each group, and the ordered pairs of rows that stand together in one. of: the group of each combination."""
    sizes = np.bincount(of, weights=rows, minlength=groups).astype(np.int64)  # exact: below 2^53
    # At most rows^2, which is below 2^63 for 3 thousand million rows.
    return sizes, int((sizes * (sizes - 1)).sum())


def refined(of: Ints, groups: int, codes: Ints) -> tuple[Ints, int]:
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


def shapley(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The Shapley values of a function of sets, given for each set by its bits."""
    masks = np.arange(1 << width)
    members = np.array([mask.bit_count() for mask in range(1 << width)])
    weight = np.array([1 / (width * math.comb(width - 1, count)) for count in range(width)])
    found = np.empty(width)
    for column in range(width):
        without = masks[masks >> column & 1 == 0]
        found[column] = math.fsum(weight[members[without]] * (values[without | 1 << column] - values[without]))
    return found


def sampled_shares(codes: Ints, rows: Ints, check: Callable[[], None]) -> tuple[NDArray[np.float64], float]:
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
    orders = max(FEWEST_ORDERS, min(MOST_ORDERS, ORDERS_WORK // max(1, len(codes) * width)))
    added = np.zeros((orders, width))
    for order in added:
        of, groups, before = np.zeros(len(codes), dtype=np.int64), 1, 0.0
        for column in chance.permutation(width).tolist():
            check()
            of, groups = refined(of, groups, codes[:, column])
            after = (pairs - together(of, groups, rows)[1]) / pairs
            order[column], before = after - before, after
            if groups == len(codes):
                break  # all combinations stand alone: what comes after adds nothing
    spread = added.std(axis=0, ddof=1).max() / math.sqrt(orders)
    return added.mean(axis=0), float(1.96 * spread + slack)
