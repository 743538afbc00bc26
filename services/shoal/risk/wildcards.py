"""Cells that match every value: among how many rows a combination of values hides then.

Two rows match when they are equal in every column in which neither has a wildcard (sdcMicro reads null so, ARX `*`). The
matching rows of a combination are no class: matching is not transitive. Combinations are gathered by the columns in which they
have wildcards; two such patterns are compared on the columns that both have values in, by grouping.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.errors import ErrorReason, ResourceExhaustedError
from shoal.risk.validation.grouping import Ints
from shoal.runtime.stopping import Stop

MOST_WORK = 2**29
"""Combinations to be looked at, over all pairs of patterns."""
MOST_PAIRS = 2**26
"""Pairs of a combination and a person whom it may be."""


def crowds(codes: Ints, wild: NDArray[np.bool_], rows: Ints, stop: Stop, members: tuple[Ints, Ints] | None = None) -> Ints:
    """For each combination, the rows that it matches, its own included.

    codes: of the combinations, one row each, all different where nothing is wild; wild: which cells match everything; rows: of
    each combination. members: pairs of a combination and a person in it, where persons are counted: one who is in several
    combinations that match is one person. Raises ResourceExhaustedError when there is too much to compare.
    """
    patterns, of = np.unique(wild, axis=0, return_inverse=True)
    places = [np.flatnonzero(of.reshape(-1) == place) for place in range(len(patterns))]
    if len(patterns) * len(codes) > MOST_WORK:
        raise ResourceExhaustedError(
            f"wildcards stand in {len(patterns)} different sets of columns, too many to compare the rows of each with all "
            "others: use fewer quasi-identifiers, or read `*` and null as values",
            reason=ErrorReason.LIMIT_EXCEEDED,
            metadata={"limit": "wildcard_patterns"},
        )
    found = np.zeros(len(codes), dtype=np.int64)
    for pattern, own in zip(patterns, places, strict=True):
        stop.check()
        shared: dict[tuple[bool, ...], list[Ints]] = defaultdict(list)
        for other, theirs in zip(patterns, places, strict=True):
            shared[tuple((~(pattern | other)).tolist())].append(theirs)
        pairs: list[pl.DataFrame] = []
        for columns, groups in shared.items():
            others, seen = np.concatenate(groups), codes[:, np.array(columns, dtype=np.bool_)]
            if members is None:
                found[own] += _counted(seen, own, others, rows)
            else:
                pairs.append(_met(seen, own, others, members))
        if members is not None:
            found += np.bincount(pl.concat(pairs).unique()["own"].to_numpy(), minlength=len(codes))
    return found


def _counted(codes: Ints, own: Ints, others: Ints, rows: Ints) -> Ints:
    """For each of `own`, the rows of those `others` that have its codes."""
    key = packed(codes[np.concatenate([own, others])])
    counted = np.bincount(key[len(own) :], weights=rows[others], minlength=int(key.max(initial=0)) + 1)
    return counted[key[: len(own)]].astype(np.int64)


def _met(codes: Ints, own: Ints, others: Ints, members: tuple[Ints, Ints]) -> pl.DataFrame:
    """Pairs of one of `own` and a person of those `others` that have its codes; `own`, `person`, each pair once."""
    key = packed(codes[np.concatenate([own, others])])
    keys = np.full(len(codes), -1, dtype=np.int64)
    keys[others] = key[len(own) :]
    of, person = members
    there = pl.DataFrame({"key": keys[of], "person": person}).filter(pl.col("key") >= 0).unique()
    here = pl.DataFrame({"key": key[: len(own)], "own": own})
    if int(np.bincount(there["key"], minlength=int(key.max(initial=0)) + 1)[here["key"]].sum()) > MOST_PAIRS:
        raise ResourceExhaustedError(
            "too many persons match too many rows by wildcards to be told apart: read `*` and null as values, or count rows",
            reason=ErrorReason.LIMIT_EXCEEDED,
            metadata={"limit": "wildcard_persons"},
        )
    return here.join(there, on="key").select("own", "person")


def packed(codes: Ints) -> Ints:
    """A number from 0 for each distinct row of codes."""
    key = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        key = np.unique(key * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1].reshape(-1)
    return key
