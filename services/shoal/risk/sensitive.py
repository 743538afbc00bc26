"""How diverse a sensitive attribute is within the classes of a table as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from shoal.risk.validation import distances, diversity, frequency, lines
from shoal.risk.validation.exact import ratio
from shoal.risk.validation.grouping import Classes
from shoal.risk.validation.histograms import attribute_of


@dataclass(frozen=True)
class SensitiveFigures:
    """The worst class by each measure; all 0 for a table without rows. disclosed: rows in classes of a single value."""

    attribute: str
    distinct_l: int = 0
    entropy_l: float = 0.0
    t_equal: float = 0.0
    t_ordered: float = 0.0
    delta_disclosure: float = 0.0
    basic_beta: float = 0.0
    nulls: int = 0
    disclosed: int = 0


def figures(classes: Classes, name: str) -> SensitiveFigures:
    """The figures of one attribute; the reference distribution is that of the rows that count."""
    if not classes.count:
        return SensitiveFigures(name)
    attribute = attribute_of(name, classes, None)
    values = diversity.distinct(attribute)
    equal = distances.equal(attribute)
    ordered = distances.along(attribute, lines.by_rank(attribute.leaves))
    _, gains, _ = frequency.likeness(attribute, Fraction(1), enhanced=False)
    return SensitiveFigures(
        attribute=name,
        distinct_l=int(values.min()),
        entropy_l=float(np.exp(diversity.entropy(attribute, grassberger=False).min())),
        t_equal=float(ratio(equal.above, equal.below).max()),
        t_ordered=float(ratio(ordered.above, ordered.below).max()),
        delta_disclosure=float(frequency.disclosure(attribute).max()),
        basic_beta=float(gains.max()),
        nulls=int(classes.weights[classes.merged[name].is_null().to_numpy()].sum()),
        disclosed=int(classes.sizes[values == 1].sum()),
    )
