"""Quality measures against the golden table (levels age = decade, zip = 3 digits, sex exact; row 10 suppressed)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from shoal.kernels import ClassHistogram
from shoal.measures import quality, risk

CLASSES = ClassHistogram(np.array([2, 3, 4], dtype=np.uint64), np.array([1, 1, 1], dtype=np.uint64))


def test_the_golden_table() -> None:
    found = quality.measure(
        attribute_losses=[2 / 11, 13 / 40, 1 / 10],
        weights=[1, 1, 1],
        precision=quality.precision([1, 2, 0], [4, 6, 2], 9, 10),
        released=CLASSES,
        rows=10,
        losses={},
    )
    assert found.precision == pytest.approx(17 / 25, abs=1e-12)
    assert found.discernibility == 39
    assert found.average_class_size == 3
    assert found.loss_arithmetic_mean == pytest.approx(float(Fraction(89, 440)), abs=1e-12)
    assert found.loss_maximum == 13 / 40
    expected = ((1 + 2 / 11) * (1 + 13 / 40) * (1 + 1 / 10)) ** (1 / 3) - 1
    assert found.loss_geometric_mean == pytest.approx(expected, abs=1e-12)
    assert found.suppression_rate == 0.1


@pytest.mark.parametrize(
    ("value", "level"),
    [(0.0, 1), (0.09, 1), (0.0901, 2), (0.158, 2), (0.2, 2), (0.486, 3), (0.5, 3), (0.51, 4), (1.0, 4)],
)
def test_risk_levels_follow_their_cut_points(value: float, level: int) -> None:
    # 0.158 and 0.2 medium, 0.486 high, 1.0 very high: the vendor's published observations.
    assert risk.level_of(value, risk.DEFAULT_CUT_POINTS) == level
