"""The printed optima of ARX (reference/arx.md 2.1 to 2.3): same loss, same suppressed rows, same levels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from arx_tables import ADULT8, ADULT9, CC8, adult, creditcard
from lattice_oracle import generalized

from shoal.kernels import Aggregate, AttributeCodes, class_histogram, search

G, A = Aggregate.GEOMETRIC_MEAN, Aggregate.ARITHMETIC_MEAN


@dataclass(frozen=True)
class Case:
    name: str
    k: int
    share: float
    aggregate: Aggregate
    levels: tuple[int, ...]
    loss: float
    suppressed: int
    lattice_size: int

    def table(self) -> list[AttributeCodes]:
        if self.name.startswith("cc8"):
            return creditcard(CC8)
        return adult(ADULT8 if self.name.startswith("adult8") else ADULT9)


CASES = [
    Case("adult-k5-s0", 5, 0, G, (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.5731509656, 0, 12960),
    Case("adult-k5-s2", 5, 0.02, G, (0, 3, 0, 2, 2, 1, 1, 2, 0), 0.3137130353, 506, 12960),
    Case("adult-k5-s5", 5, 0.05, G, (0, 3, 0, 0, 2, 1, 1, 2, 0), 0.2419323651, 1346, 12960),
    Case("adult-k5-s100", 5, 1, G, (0, 3, 0, 0, 2, 1, 1, 1, 0), 0.2204119285, 2553, 12960),
    Case("adult-k2-s2", 2, 0.02, G, (0, 3, 0, 1, 2, 1, 1, 1, 0), 0.2093709911, 573, 12960),
    Case("adult-k10-s2", 10, 0.02, G, (0, 4, 0, 1, 2, 1, 1, 2, 0), 0.3423367036, 592, 12960),
    Case("adult-k5-s0-am", 5, 0, A, (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.6355438467, 0, 12960),
    Case("adult-k5-s2-am", 5, 0.02, A, (0, 3, 0, 2, 2, 1, 1, 2, 0), 0.3574824899, 506, 12960),
    Case("adult-k5-s5-am", 5, 0.05, A, (0, 3, 0, 0, 2, 1, 1, 2, 0), 0.2696346628, 1346, 12960),
    Case("adult-k5-s100-am", 5, 1, A, (0, 3, 0, 0, 2, 1, 1, 1, 0), 0.2277003232, 2553, 12960),
    Case("adult8-k5-s0", 5, 0, G, (0, 4, 1, 2, 3, 2, 0, 0), 0.5422108254, 0, 4320),
    Case("adult8-k5-s2", 5, 0.02, G, (0, 3, 0, 2, 2, 1, 1, 0), 0.2464771552, 506, 4320),
    Case("cc8-k5-s0", 5, 0, G, (3, 0, 2, 1, 4, 3, 2, 2), 0.5834455675, 0, 23040),
    Case("cc8-k5-s2", 5, 0.02, G, (2, 0, 1, 1, 4, 1, 1, 1), 0.2103474711, 405, 23040),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_optimum(case: Case) -> None:
    attributes = case.table()
    rows = len(attributes[0].codes)
    limit = int(case.share * rows)
    outcome = search(attributes, k=case.k, suppression_limit=limit, weights=[1] * len(attributes), aggregate=case.aggregate)
    assert outcome.levels == case.levels
    assert outcome.loss == pytest.approx(case.loss, abs=1e-9)
    assert (outcome.suppressed, outcome.released) == (case.suppressed, rows - case.suppressed)
    assert outcome.lattice_size == case.lattice_size
    assert outcome.checked < case.lattice_size / 4

    columns = [generalized(a, level) for a, level in zip(attributes, case.levels, strict=True)]
    classes = Counter(row for row, kept in zip(zip(*columns, strict=True), outcome.kept, strict=True) if kept)
    assert min(classes.values()) >= case.k
    assert classes.total() == outcome.released
    sizes = Counter(classes.values())
    assert sorted(sizes.items()) == list(zip(outcome.after.sizes.tolist(), outcome.after.counts.tolist(), strict=True))


def test_distinct_tuples_of_adult() -> None:
    """reference/arx.md 2.1: d = 19502 for the nine quasi-identifiers, 12458 for the eight."""
    for names, distinct in ((ADULT9, 19502), (ADULT8, 12458)):
        attributes = adult(names)
        histogram = class_histogram([a.codes for a in attributes], [a.leaves for a in attributes])
        assert (histogram.classes, histogram.rows) == (distinct, 30162)
