"""Problems of special shapes: with many ties, and with numbers near the largest that there may be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from oracle.generate import Instance, Rng, hierarchy, model, table
from oracle.losses import AGGREGATES, MEASURES, Objective
from oracle.models import AverageRisk, BetaLikeness, Closeness, DeltaPresence, KAnonymity, Model, RecursiveDiversity
from oracle.search import Oracle, Task
from oracle.table import Attribute, Sensitive, Table

MOST_ROWS = 2**32 - 2
LARGEST = 2**63 - 1  # numerator or denominator of a bound


def tied(rng: Rng) -> Instance:
    """A problem with many nodes of the same loss: every combination of leaves once, attributes that are alike but for levels
    that change nothing.
    """
    leaves, count = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    steps = hierarchy(rng, leaves, int(rng.integers(1, 3)))
    cells = [tuple(int(code) for code in cell) for cell in np.ndindex(*[leaves] * count)]
    cells = [cells[place] for place in rng.permutation(len(cells))]
    attributes = []
    for j in range(count):
        maps = [tuple(range(leaves))] * int(rng.integers(0, 3)) + list(steps)
        attributes.append(Attribute(tuple(cell[j] for cell in cells), leaves, tuple(maps)))
    measure = MEASURES[int(rng.integers(0, len(MEASURES)))]
    limit = int(len(cells) * rng.choice([0.0, 0.3]))
    found = Table(tuple(attributes))
    models = (KAnonymity(int(rng.choice([2, leaves, leaves**2]))),)
    return Instance(found, Task(models, limit, Objective(measure, AGGREGATES[int(rng.integers(0, 3))])), ("k",))


def large(rng: Rng, kind: str) -> Instance:
    """A problem of records that stand for up to 2^32 rows, places on a line up to 2^62, bounds with parts up to 2^63."""
    found = table(rng, population=True)
    people = len(found.population or ())
    found = replace(
        found,
        counts=_counts(rng, found.records),
        population_counts=_counts(rng, people),
        sensitive=tuple(_large_column(rng, column) for column in found.sensitive),
    )
    oracle = Oracle(found)
    bounded = _bounded(model(rng, kind, oracle))
    return Instance(found, Task((bounded,), int(rng.choice([0, found.rows // 3])), Objective("DISCERNIBILITY")), (kind,))


def _counts(rng: Rng, records: int) -> tuple[int, ...]:
    """Some ones, some as large as they may be together, some powers of two, some between."""
    most = MOST_ROWS // records
    drawn = [int(2 ** rng.uniform(0, np.log2(most))) for _ in range(records)]
    powers = [2 ** int(rng.integers(0, most.bit_length())) for _ in range(records)]
    return tuple(int(rng.choice([1, most, a, min(most, b)])) for a, b in zip(drawn, powers, strict=True))


def _large_column(rng: Rng, column: Sensitive) -> Sensitive:
    places = np.unique(rng.integers(0, 2**62, column.values))
    reference = column.reference
    if reference is not None and sum(reference) < 2**12:
        reference = tuple(rows * 2**20 for rows in reference)
    if len(places) < column.values:
        return replace(column, reference=reference)
    return replace(column, reference=reference, positions=tuple(places.tolist()))


def _bounded(given: Model) -> Model:
    """The model with bounds as near to the given ones as fits, and not simpler."""
    match given:
        case Closeness(t=t):
            return replace(given, t=min(Fraction(1), near(t)))
        case RecursiveDiversity(c=c):
            return replace(given, c=near(c))
        case BetaLikeness(beta=beta):
            return replace(given, beta=near(beta))
        case DeltaPresence(most=most):
            return replace(given, least=Fraction(0), most=near(most))
        case AverageRisk(limit=limit):
            return replace(given, limit=near(limit))
        case _:
            return given


def near(number: Fraction | Decimal) -> Fraction:
    """The nearest positive fraction whose parts fit."""
    fraction = Fraction(number)
    size = LARGEST if fraction <= 1 else LARGEST * fraction.denominator // fraction.numerator
    return fraction.limit_denominator(max(1, size - 1)) or Fraction(1, LARGEST)
