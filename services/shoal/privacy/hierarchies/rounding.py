"""Hierarchies of numbers rounded to ever larger multiples."""

from __future__ import annotations

import numpy as np
import polars as pl

from shoal.privacy.hierarchies.decimals import places_of, plain_text, read_numbers, scaled
from shoal.privacy.hierarchies.specs import RoundingSpec
from shoal.tables.text import as_text

__all__ = ["rounding_labels"]


def rounding_labels(attribute: str, leaves: pl.Series, spec: RoundingSpec) -> list[pl.Series]:
    """Each leaf rounded half away from zero, level i from the number of level i - 1; null stays null.

    Raises INVALID_HIERARCHY when values are not numbers, or have more than 17 digits together with the places
    of the multiples.
    """
    places = places_of(spec.multiples) + 1  # one more, so that half of a multiple is whole too
    numbers = read_numbers(attribute, as_text(leaves), places)
    magnitude = numbers.whole  # cut towards zero: what was cut is less than the half that decides
    sign = np.where(numbers.negative, -1, 1)
    missing = pl.Series(numbers.missing)
    labels = []
    for multiple in (scaled(multiple, places) for multiple in spec.multiples):
        magnitude = (magnitude + multiple // 2) // multiple * multiple
        distinct, place = np.unique(sign * magnitude, return_inverse=True)
        labels.append(plain_text(distinct, places).gather(place.astype(np.uint32)).set(missing, None))
    return labels
