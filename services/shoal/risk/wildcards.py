"""Cells that match every value: among how many rows a combination of values hides then.

Two rows match when they are equal in every column in which neither has a wildcard (sdcMicro reads null so, ARX `*`). The
matching rows of a combination are no class: matching is not transitive. Combinations are gathered by the columns in which they
have wildcards; two such patterns are compared on the columns that both have values in, by grouping.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from shoal.errors import ErrorReason, ResourceExhaustedError
from shoal.risk.validation.grouping import Ints
from shoal.runtime.stopping import Stop

MOST_WORK = 2**29
"""Combinations to be looked at, over all pairs of patterns."""


def crowds(codes: Ints, wild: NDArray[np.bool_], rows: Ints, stop: Stop) -> Ints:
    """For each combination, the rows that it matches, its own included.

    codes: of the combinations, one row each, all different where nothing is wild; wild: which cells match everything; rows: of
    each combination. Raises ResourceExhaustedError when there are too many patterns of wildcards.
    """
    patterns, of = np.unique(wild, axis=0, return_inverse=True)
    members = [np.flatnonzero(of.reshape(-1) == place) for place in range(len(patterns))]
    if len(patterns) * len(codes) > MOST_WORK:
        raise ResourceExhaustedError(
            f"wildcards stand in {len(patterns)} different sets of columns, too many to compare the rows of each with all "
            "others: use fewer quasi-identifiers, or read `*` and null as values",
            reason=ErrorReason.LIMIT_EXCEEDED,
            metadata={"limit": "wildcard_patterns"},
        )
    found = np.zeros(len(codes), dtype=np.int64)
    for pattern, own in zip(patterns, members, strict=True):
        stop.check()
        shared: dict[tuple[bool, ...], list[Ints]] = defaultdict(list)
        for other, theirs in zip(patterns, members, strict=True):
            shared[tuple((~(pattern | other)).tolist())].append(theirs)
        for columns, groups in shared.items():
            others = np.concatenate(groups)
            found[own] += _counted(codes[:, np.array(columns, dtype=np.bool_)], own, others, rows)
    return found


def _counted(codes: Ints, own: Ints, others: Ints, rows: Ints) -> Ints:
    """For each of `own`, the rows of those `others` that have its codes."""
    key = packed(codes[np.concatenate([own, others])])
    counted = np.bincount(key[len(own) :], weights=rows[others], minlength=int(key.max(initial=0)) + 1)
    return counted[key[: len(own)]].astype(np.int64)


def packed(codes: Ints) -> Ints:
    """A number from 0 for each distinct row of codes."""
    key = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        key = np.unique(key * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1].reshape(-1)
    return key
