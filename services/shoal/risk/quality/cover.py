"""Which rows of the original each released class may stand for, and what follows from knowing it.

Nothing is matched by position. A class covers the rows whose values are its values, or lie under its labels. When no row is
covered twice and no class has more rows than it covers, the release is one of whole classes, and how many rows of each were
suppressed is known by counting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.errors import ErrorReason, ResourceExhaustedError
from shoal.risk.quality.losses import Rows
from shoal.risk.quality.recoding import ANY, Recoded
from shoal.risk.validation.grouping import Ints
from shoal.runtime.stopping import Stop

MOST_PAIRS = 2**28
"""Pairs of a distinct original row and a class that covers it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cover:
    """row, of: pairs of a distinct original row and a class that covers it; classes are distinct released rows."""

    row: Ints
    of: Ints


def cover(columns: Sequence[Recoded], stop: Stop) -> Cover:
    """Which distinct original rows each class covers. Raises ResourceExhaustedError when there are too many pairs."""
    levels = np.stack([column.level for column in columns], axis=1)
    combinations, place_of = np.unique(levels, axis=0, return_inverse=True)
    rows, members_of = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    pairs = 0
    for place, combination in enumerate(combinations.tolist()):
        stop.check()
        members = np.flatnonzero(place_of.reshape(-1) == place)
        known = [(column, level) for column, level in zip(columns, combination, strict=True) if level != ANY]
        keys = [str(each) for each in range(len(known))] or ["any"]
        outside = {key: column.labels[level][column.own] for key, (column, level) in zip(keys, known, strict=False)}
        inside = {key: column.label[members] for key, (column, _) in zip(keys, known, strict=False)}
        if not known:  # stars alone: they cover everything
            outside, inside = {"any": np.zeros_like(columns[0].own)}, {"any": np.zeros_like(members)}
        joined = (
            pl.DataFrame({**outside, "row": np.arange(len(columns[0].own))})
            .lazy()
            .join(pl.DataFrame({**inside, "class": members}).lazy(), on=keys, how="inner")
            .select("row", "class")
            .collect(engine="streaming")
        )
        pairs += joined.height
        if pairs > MOST_PAIRS:
            raise ResourceExhaustedError(
                f"more than {MOST_PAIRS} pairs of rows and classes that may stand for them: measure fewer quasi-identifiers",
                reason=ErrorReason.LIMIT_EXCEEDED,
                metadata={"limit": "quality_pairs"},
            )
        rows.append(joined["row"].to_numpy().astype(np.int64))
        members_of.append(joined["class"].to_numpy().astype(np.int64))
    return Cover(np.concatenate(rows), np.concatenate(members_of))


def kept_shares(found: Cover, rows: Rows) -> Floats | None:
    """The share of each distinct original row that was released; None where counting cannot tell.

    Within a class of which some rows were suppressed, all are taken to have been suppressed alike.
    """
    times = np.bincount(found.row, minlength=len(rows.before))
    covered = np.bincount(found.of, weights=rows.before[found.row], minlength=len(rows.after)).astype(np.int64)
    if (times > 1).any() or (rows.after > covered).any():
        return None
    shares = np.zeros(len(rows.before))
    shares[found.row] = rows.after[found.of] / covered[found.of]
    return shares


def classes_of(found: Cover, rows: Rows) -> Ints:
    """The class of each distinct original row that is covered once, -1 for the others."""
    of = np.full(len(rows.before), -1, dtype=np.int64)
    of[found.row] = found.of
    return of


def kl_divergence(columns: Sequence[Recoded], found: Cover, rows: Rows) -> float:
    """Kifer's and Gehrke's divergence (2006) of the release from the original, in nats; infinite where a row is impossible.

    Each class is spread evenly over the combinations of leaves that it stands for, the suppressed rows over all of them.
    """
    everything = math.fsum(math.log(len(column.leaves)) for column in columns)
    volumes = sum((np.log(column.volumes()) for column in columns), np.zeros(len(rows.after)))
    after = np.full(len(rows.before), math.log(rows.suppressed) - everything if rows.suppressed else -np.inf)
    np.logaddexp.at(after, found.row, (np.log(rows.after) - volumes)[found.of])
    return math.fsum((rows.before * (np.log(rows.before) - after)).tolist()) / rows.total


def ambiguity(columns: Sequence[Recoded], rows: Rows) -> float:
    """The mean number of combinations of leaves that a row may stand for (Goldberger, Tassa 2010), all for a suppressed one."""
    everything = math.prod(len(column.leaves) for column in columns)
    volumes = [column.volumes().tolist() for column in columns]
    after = rows.after.tolist()
    stood_for = sum(count * math.prod(cells) for count, *cells in zip(after, *volumes, strict=True))
    try:
        return float(Fraction(stood_for + rows.suppressed * everything, rows.total))
    except OverflowError:
        return math.inf
