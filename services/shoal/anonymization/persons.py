"""Persons instead of rows: how many different ones are in each class, where the policy says who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.ordering import Replacement
from shoal.anonymization.prepare import Prepared
from shoal.kernels import ClassHistogram


@dataclass(frozen=True, eq=False)
class Persons:
    """How many persons there are, and how many classes have so many of them; who is in several classes counts in each."""

    count: int
    classes: ClassHistogram


def before_and_after(
    prepared: Prepared, replacements: Sequence[Replacement], kept: NDArray[np.bool_]
) -> tuple[Persons, Persons] | None:
    """The persons of the input, and of the rows that are kept under their labels; None where every row is a person."""
    if prepared.entities is None:
        return None
    who, rows = prepared.sensitive_codes[-1].codes, np.flatnonzero(kept)
    before = _persons(who, [each.codes for each in prepared.attributes])
    return before, _persons(who[rows], [each.ranks[each.codes[rows]] for each in replacements])


def _persons(who: NDArray[np.uint32], columns: Sequence[NDArray[np.uint32]]) -> Persons:
    names = [str(place) for place in range(len(columns))]
    frame = pl.DataFrame(dict(zip(names, columns, strict=True))).with_columns(pl.Series("who", who))
    sizes = frame.lazy().unique().group_by(names).len("size").group_by("size").len("count").sort("size").collect()
    return Persons(
        count=int(frame["who"].n_unique()),
        classes=ClassHistogram(sizes["size"].to_numpy().astype(np.uint64), sizes["count"].to_numpy().astype(np.uint64)),
    )
