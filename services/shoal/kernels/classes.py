"""Equivalence classes and how large they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import InvalidArgumentError
from shoal.kernels.codes import U32, as_codes, natural
from shoal.kernels.refusals import translated


@dataclass(frozen=True, eq=False)
class ClassHistogram:
    """How many equivalence classes there are of each size, ascending by size."""

    sizes: NDArray[np.uint64]
    counts: NDArray[np.uint64]

    @property
    def rows(self) -> int:
        """Rows in all classes."""
        return int((self.sizes * self.counts).sum())

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.counts.sum())

    @property
    def smallest(self) -> int:
        """The size of the smallest class, 0 when there is none."""
        return int(self.sizes[0]) if self.sizes.size else 0

    @property
    def squares(self) -> float:
        """The sum of squared class sizes."""
        return float((self.sizes.astype(np.float64) ** 2 * self.counts.astype(np.float64)).sum())

    @property
    def largest(self) -> int:
        """The size of the largest class, 0 when there is none."""
        return int(self.sizes[-1]) if self.sizes.size else 0


def class_histogram(
    columns: Sequence[NDArray[np.uint32]], cardinalities: Sequence[int], *, monitor: Monitor | None = None
) -> ClassHistogram:
    """The sizes of the classes that equal rows form; every code of a column is below its cardinality."""
    if len(columns) != len(cardinalities):
        raise InvalidArgumentError("there must be one cardinality per column")
    limits = [natural(c, "cardinality", U32) for c in cardinalities]
    try:
        return histogram_of(_core.class_histogram([as_codes(column) for column in columns], limits, monitor))
    except _core.CoreError as error:
        raise translated(error) from None


def histogram_of(pairs: list[tuple[int, int]]) -> ClassHistogram:
    """A histogram of the kernel\'s (size, classes) pairs."""
    table = np.array(pairs, dtype=np.uint64).reshape(-1, 2)
    return ClassHistogram(sizes=table[:, 0].copy(), counts=table[:, 1].copy())
