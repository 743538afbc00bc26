"""The door to the Rust kernels: typed functions over arrays of codes; the only importer of `shoal._core`.

Arrays cross without a copy and the interpreter lock is released while a kernel runs, so nobody may write to
an array that a call is using. Kernels know positions, levels and counts, never names or values: the caller
turns the positions of the errors below into the names of its attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import CancelledError, InvalidArgumentError

__all__ = [
    "Aggregate",
    "AttributeCodes",
    "ClassHistogram",
    "Infeasible",
    "LatticeTooLarge",
    "Monitor",
    "NotNested",
    "SearchOutcome",
    "class_histogram",
    "search",
]


class Infeasible(Exception):  # noqa: N818
    """No node of the lattice satisfies the policy; the service makes an error with names and advice of it.

    fewest_suppressed: the rows that even the most general node suppresses. largest_k: the largest k that is
    possible within the same suppression limit.
    """

    def __init__(self, message: str, fewest_suppressed: int, largest_k: int) -> None:
        super().__init__(message)
        self.fewest_suppressed = fewest_suppressed
        self.largest_k = largest_k


class NotNested(Exception):  # noqa: N818
    """Leaves that share a value at one level of a hierarchy part again at the next.

    attribute: position of the attribute, from 0. level: the level at which they part.
    """

    def __init__(self, message: str, attribute: int, level: int) -> None:
        super().__init__(message)
        self.attribute = attribute
        self.level = level


class LatticeTooLarge(Exception):  # noqa: N818
    """The lattice has more nodes than an optimal search takes. size: how many, at most 2**64 - 1."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class Aggregate(StrEnum):
    """How the losses of the attributes become one number."""

    GEOMETRIC_MEAN = "GEOMETRIC_MEAN"
    ARITHMETIC_MEAN = "ARITHMETIC_MEAN"
    MAXIMUM = "MAXIMUM"


@dataclass(frozen=True, eq=False)
class AttributeCodes:
    """One quasi-identifier as codes.

    codes: the leaf of every row, below `leaves`. generalizations: for every level from 1 on, the code of
    every leaf at that level; codes are dense (below `leaves`) and the levels nested. leaves: the leaves of
    the hierarchy, whether the data holds them or not.
    """

    codes: NDArray[np.uint32]
    generalizations: tuple[NDArray[np.uint32], ...]
    leaves: int


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
    def largest(self) -> int:
        """The size of the largest class, 0 when there is none."""
        return int(self.sizes[-1]) if self.sizes.size else 0


@dataclass(frozen=True, eq=False)
class SearchOutcome:
    """The best node of a lattice and what it does to the table.

    levels: one per attribute. loss: the aggregated loss. attribute_losses: unweighted. released, suppressed:
    rows. checked: nodes whose classes were computed. lattice_size: nodes in all. optimal: whether the node is
    proved to be the best. gap: loss - proven lower bound. seconds: inside the kernel, grouping of rows
    included. kept: for every row whether it is released. before, after: class sizes of the input at level 0
    and of the released rows.
    """

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[float, ...]
    released: int
    suppressed: int
    checked: int
    lattice_size: int
    optimal: bool
    gap: float
    seconds: float
    kept: NDArray[np.bool_]
    before: ClassHistogram
    after: ClassHistogram


def search(
    attributes: Sequence[AttributeCodes],
    *,
    k: int,
    suppression_limit: int,
    weights: Sequence[float],
    aggregate: Aggregate,
    monitor: Monitor | None = None,
) -> SearchOutcome:
    """The k-anonymous node with the least loss, proved optimal.

    At most `suppression_limit` rows, and never all, are suppressed. Ties: smaller level sum, then the
    lexicographically smaller vector of levels. Raises Infeasible, NotNested, LatticeTooLarge, CancelledError
    or InvalidArgumentError.
    """
    raw = [
        (_codes(a.codes), [_codes(map_) for map_ in a.generalizations], _natural(a.leaves, "leaves", _U32)) for a in attributes
    ]
    try:
        solution = _core.search(
            raw,
            k=_natural(k, "k"),
            suppression_limit=_natural(suppression_limit, "suppression_limit"),
            weights=list(weights),
            aggregate=aggregate.value,
            monitor=monitor,
        )
    except _core.CoreError as error:
        raise _translated(error) from None
    kept = np.frombuffer(solution.kept, dtype=np.bool_)
    return SearchOutcome(
        levels=tuple(solution.levels),
        loss=solution.loss,
        attribute_losses=tuple(solution.attribute_losses),
        released=len(kept) - solution.suppressed,
        suppressed=solution.suppressed,
        checked=solution.checked,
        lattice_size=solution.lattice_size,
        optimal=True,
        gap=0.0,
        seconds=solution.seconds,
        kept=kept,
        before=_histogram(solution.before),
        after=_histogram(solution.after),
    )


def class_histogram(
    columns: Sequence[NDArray[np.uint32]], cardinalities: Sequence[int], *, monitor: Monitor | None = None
) -> ClassHistogram:
    """The sizes of the classes that equal rows form; every code of a column is below its cardinality."""
    if len(columns) != len(cardinalities):
        raise InvalidArgumentError("there must be one cardinality per column")
    limits = [_natural(c, "cardinality", _U32) for c in cardinalities]
    try:
        return _histogram(_core.class_histogram([_codes(column) for column in columns], limits, monitor))
    except _core.CoreError as error:
        raise _translated(error) from None


_U32 = 2**32
_U64 = 2**64


def _codes(array: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The array itself when it can cross as it is, a contiguous copy when only its strides are in the way."""
    if array.dtype != np.uint32 or array.ndim != 1:
        raise InvalidArgumentError("codes must be one-dimensional arrays of uint32")
    return np.ascontiguousarray(array)


def _natural(value: int, name: str, limit: int = _U64) -> int:
    if not 0 <= value < limit:
        raise InvalidArgumentError(f"{name} must be at least 0 and below {limit}")
    return value


def _histogram(pairs: list[tuple[int, int]]) -> ClassHistogram:
    table = np.array(pairs, dtype=np.uint64).reshape(-1, 2)
    return ClassHistogram(sizes=table[:, 0].copy(), counts=table[:, 1].copy())


def _translated(error: _core.CoreError) -> Exception:
    """The kernel's exception in the words of this module."""
    match error:
        case _core.InfeasibleError(args=(message, fewest_suppressed, largest_k)):
            return Infeasible(message, fewest_suppressed, largest_k)
        case _core.NotNestedError(args=(message, attribute, level)):
            return NotNested(message, attribute, level)
        case _core.LatticeTooLargeError(args=(message, size)):
            return LatticeTooLarge(message, size)
        case _core.CancelledError(args=(message,)):
            return CancelledError(message)
        case _:
            return InvalidArgumentError(str(error.args[0]))
