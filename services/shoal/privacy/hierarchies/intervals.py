"""Hierarchies of numbers in ever wider bins."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.privacy.hierarchies.decimals import places_of, plain_text, read_numbers, scaled
from shoal.privacy.hierarchies.specs import IntervalSpec
from shoal.tables.text import as_text

__all__ = ["interval_labels"]


def interval_labels(attribute: str, leaves: pl.Series, spec: IntervalSpec) -> list[pl.Series]:
    """The bin `[lower-upper)` of each leaf at each level of the spec, lower <= value < upper; null stays
    null.

    Bins of a width w begin at origin + i w. A value below lower_bound is taken for lower_bound, one at or
    above upper_bound for the largest number below it. Raises INVALID_HIERARCHY when values are not numbers,
    or have more than 18 digits together with the places of the spec.
    """
    places = places_of(spec.numbers)
    numbers = read_numbers(attribute, as_text(leaves), places)
    values = numbers.floor()  # edges have no more places: the floor is in the same bin
    if spec.lower_bound is not None:
        values = np.maximum(values, scaled(spec.lower_bound, places))
    if spec.upper_bound is not None:
        values = np.minimum(values, scaled(spec.upper_bound, places) - 1)
    origin = scaled(spec.origin, places)
    missing = pl.Series(numbers.missing)
    labels = []
    bins: NDArray[np.int64] = values - origin
    before = 1
    for width in (scaled(width, places) for width in spec.widths):
        bins = bins // (width // before)  # of the finer bins: nested by construction
        before = width
        distinct, place = np.unique(bins, return_inverse=True)
        lower, upper = distinct * width + origin, (distinct + 1) * width + origin
        text = pl.select("[" + plain_text(lower, places) + "-" + plain_text(upper, places) + ")").to_series()
        labels.append(text.gather(place.astype(np.uint32)).set(missing, None))
    return labels
