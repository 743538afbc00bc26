"""How much each quasi-identifier adds to telling rows apart, which of them a limit cuts, and what the cut ones still tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.measures.separation import Ints, separation, separation_shares
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL

__all__ = ["Ranking", "rank"]

FEWEST_ROWS = 2_000
ROWS_A_COLUMN = 200
"""Rows of the sample for each column: 2 / sqrt(ε) for ε = 1e-4, after Hildebrant, Le, Ta, Vu 2023: a sample of Θ(m / sqrt(ε))
rows tells for m columns which sets leave fewer than a share ε of the pairs together."""


@dataclass(frozen=True)
class Ranking:
    """The candidates for quasi-identifiers, judged by what they separate.

    importance: by column; adds up to 1. separation: of all of them, share of pairs of rows; None without candidates or
    with fewer than two rows. left_out: those that were cut, the most important first. left_out_separation: of those alone.
    """

    importance: dict[str, float]
    separation: float | None
    left_out: tuple[str, ...]
    left_out_separation: float


def rank(
    sample: pl.DataFrame,
    candidates: Sequence[str],
    *,
    stay: Set[str],
    threshold: float,
    most: int,
    check: Callable[[], None],
) -> Ranking:
    """Ranks columns and cuts the ranking.

    sample: rows in random order. stay: candidates that are never cut, but count. threshold: cumulative importance at which the
    list stops, 0 to 1, 1 for never. most: quasi-identifiers at most. check: raises when the work should end.
    """
    names = sorted(candidates)
    if not names:
        return Ranking({}, None, (), 0.0)
    rows = max(FEWEST_ROWS, ROWS_A_COLUMN * len(names))
    codes, counts = _combinations(sample.head(rows), names)
    shares, _ = separation_shares(codes, counts, check)
    shares = np.maximum(shares, 0.0)
    total = math.fsum(shares.tolist())
    importance = dict(zip(names, (shares / total if total else np.full(len(names), 1 / len(names))).tolist(), strict=True))
    order = sorted(names, key=lambda name: (name not in stay, -importance[name], name))
    kept: list[str] = []
    reached = 0.0
    for name in order:
        if name in stay or (len(kept) < most and (threshold >= 1 or reached < threshold)):
            kept.append(name)
            reached += importance[name]
    left_out = [name for name in order if name not in set(kept)]
    of = {name: place for place, name in enumerate(names)}
    lost = separation(codes[:, [of[name] for name in left_out]], counts) if left_out else 0.0
    whole = separation(codes, counts) if sample.height > 1 else None
    return Ranking(importance, whole, tuple(left_out), lost)


def _combinations(sample: pl.DataFrame, names: Sequence[str]) -> tuple[Ints, Ints]:
    """The distinct combinations of the columns' values as codes, and how many rows have each."""
    coded = np.stack([code_distinct(sample.get_column(name).alias(NEUTRAL))[0] for name in names], axis=1)
    combinations, counts = np.unique(coded, axis=0, return_counts=True)
    return combinations.astype(np.int64), counts.astype(np.int64)
