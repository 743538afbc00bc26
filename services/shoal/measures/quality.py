"""What a release lost, from levels and class sizes; the losses of the attributes come from the search."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shoal.kernels import Aggregate, ClassHistogram, Measure


@dataclass(frozen=True)
class Quality:
    """The measures of one release; docs/quality.md has their formulas and sources. None: not known of this release."""

    loss_geometric_mean: float
    loss_arithmetic_mean: float
    loss_maximum: float
    precision: float | None
    discernibility: float
    average_class_size: float
    suppression_rate: float
    non_uniform_entropy: float | None = None
    kl_divergence: float | None = None
    ambiguity: float | None = None


def measure(
    *,
    attribute_losses: Sequence[float],
    weights: Sequence[float],
    precision: float | None,
    released: ClassHistogram,
    rows: int,
    losses: Mapping[Measure, float],
) -> Quality:
    """The quality of a release.

    attribute_losses: normalised loss of each attribute, without weight. precision: Sweeney's. released: class sizes of the
    release. rows: rows of the input. losses: the measures that need more than this, where they are known.
    """
    suppressed = rows - released.rows
    return Quality(
        loss_geometric_mean=aggregate(attribute_losses, weights, Aggregate.GEOMETRIC_MEAN),
        loss_arithmetic_mean=aggregate(attribute_losses, weights, Aggregate.ARITHMETIC_MEAN),
        loss_maximum=aggregate(attribute_losses, weights, Aggregate.MAXIMUM),
        precision=precision,
        discernibility=released.squares + float(rows) * suppressed,
        average_class_size=released.rows / released.classes,
        suppression_rate=suppressed / rows,
        non_uniform_entropy=losses.get(Measure.NON_UNIFORM_ENTROPY),
        kl_divergence=losses.get(Measure.KL_DIVERGENCE),
        ambiguity=losses.get(Measure.AMBIGUITY),
    )


def aggregate(losses: Sequence[float], weights: Sequence[float], how: Aggregate) -> float:
    """The losses of the attributes as one, each times its weight over the largest weight; no weights: all alike."""
    heaviest = max(weights, default=1.0)
    shares = [weight / heaviest for weight in weights] or [1.0] * len(losses)
    weighted = sorted(loss * share for loss, share in zip(losses, shares, strict=True))
    match how:
        case Aggregate.GEOMETRIC_MEAN:
            return math.prod(value + 1 for value in weighted) ** (1 / len(weighted)) - 1
        case Aggregate.ARITHMETIC_MEAN:
            return math.fsum(weighted) / len(weighted)
        case Aggregate.MAXIMUM:
            return weighted[-1]


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
