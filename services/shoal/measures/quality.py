"""What a release lost, from levels and class sizes; the losses of the attributes come from the search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shoal.kernels import ClassHistogram


@dataclass(frozen=True)
class Quality:
    """The measures of one release; docs/quality.md has their formulas and sources."""

    loss_geometric_mean: float
    loss_arithmetic_mean: float
    loss_maximum: float
    precision: float
    discernibility: float
    average_class_size: float
    suppression_rate: float


def measure(
    *,
    attribute_losses: Sequence[float],
    weights: Sequence[float],
    levels: Sequence[int],
    level_counts: Sequence[int],
    released: ClassHistogram,
    rows: int,
) -> Quality:
    """The quality of a release.

    attribute_losses: normalised loss of each attribute, without weight. levels, level_counts: the chosen level and the
    number of levels of each. released: class sizes of the release. rows: rows of the input.
    """
    suppressed = rows - released.rows
    heaviest = max(weights)
    weighted = sorted(loss * weight / heaviest for loss, weight in zip(attribute_losses, weights, strict=True))
    return Quality(
        loss_geometric_mean=math.prod(value + 1 for value in weighted) ** (1 / len(weighted)) - 1,
        loss_arithmetic_mean=math.fsum(weighted) / len(weighted),
        loss_maximum=weighted[-1],
        precision=precision(levels, level_counts, released.rows, rows),
        discernibility=float(np.sum(released.counts.astype(np.float64) * released.sizes.astype(np.float64) ** 2))
        + float(rows) * suppressed,
        average_class_size=released.rows / released.classes,
        suppression_rate=suppressed / rows,
    )


def precision(levels: Sequence[int], level_counts: Sequence[int], released: int, rows: int) -> float:
    """Sweeney's Prec (2002): 1 minus the mean of level over height; a suppressed row counts as generalised to the top.

    An attribute whose hierarchy has only level 0 loses nothing in a released row.
    """
    suppressed = rows - released
    losses = []
    for level, count in zip(levels, level_counts, strict=True):
        height = count - 1
        share = level / height if height else 0.0
        losses.append((share * released + suppressed) / rows)
    return 1 - math.fsum(losses) / len(losses)
