"""The Rust kernels of Shoal, as `shoal.kernels` sees them; nothing else imports this module.

`stubtest` compares this file with the binary. Codes may be any contiguous one-dimensional buffer of native
u32, such as a numpy array of uint32, that nobody writes to while the call runs; they are read without a copy
and with the interpreter lock released. Wide numbers are buffers of native u64.
"""

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CancelledError",
    "CoreError",
    "Found",
    "InfeasibleError",
    "LimitReachedError",
    "Monitor",
    "NotNestedError",
    "OutOfMemoryError",
    "Partition",
    "Release",
    "Series",
    "Table",
    "__version__",
    "choose",
    "class_histogram",
    "cross_counts",
    "discrete_gaussian",
    "discrete_laplace",
    "factor_squared_length",
    "factor_variance",
    "grid_ends",
    "histogram",
    "mdav",
    "moments",
    "mondrian",
    "tree_levels",
    "tree_terms",
]

__version__: str
"""The version of the kernels' crate."""

class CoreError(ValueError):
    """A kernel refused its input: (message,)."""

class InfeasibleError(CoreError):
    """No node qualifies: (message, fewest_suppressed, largest_k)."""

class NotNestedError(CoreError):
    """A hierarchy is not nested: (message, attribute, level)."""

class OutOfMemoryError(CoreError):
    """The search needs more memory than it may use: (message, needed, allowed)."""

class LimitReachedError(CoreError):
    """A limit was reached before the end: (message, limit)."""

class CancelledError(CoreError):
    """The monitor was cancelled: (message,)."""

@final
class Monitor:
    """Carries cancellation into a running kernel and progress out of it."""

    def __new__(cls) -> Monitor: ...
    def cancel(self) -> None:
        """Asks the kernel to stop; it does within a few milliseconds. It cannot be undone."""

    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""

    def progress(self) -> tuple[int, int]:
        """Steps done and steps in all; (0, 0) before a kernel has started."""

@final
class Found:
    """The best node of a search."""

    @property
    def levels(self) -> list[int]:
        """The level of every attribute."""

    @property
    def loss(self) -> float:
        """The objective's value."""

    @property
    def attribute_losses(self) -> list[float]:
        """The loss of every attribute, unweighted."""

    @property
    def suppressed(self) -> int:
        """Rows suppressed."""

    @property
    def smallest(self) -> int:
        """Rows of the smallest released class."""

    @property
    def classes(self) -> int:
        """Released classes."""

    @property
    def checked(self) -> int:
        """Nodes whose classes were computed."""

    @property
    def lattice_size(self) -> int:
        """Nodes of the lattice, at most 2**64 - 1."""

    @property
    def lower_bound(self) -> float:
        """Proven: no release has less loss."""

    @property
    def stopped(self) -> str:
        """The limit that ended the search before it had a proof, or nothing."""

    @property
    def seconds(self) -> float:
        """Seconds of the search."""

@final
class Release:
    """What a node does to a table."""

    @property
    def kept(self) -> bytes:
        """One byte per record: 1 released, 0 suppressed."""

    @property
    def class_of_record(self) -> bytes:
        """Four bytes, in the machine's order, per record: the number of its class, all ones when it is suppressed."""

    @property
    def before(self) -> list[tuple[int, int]]:
        """Class sizes of the input as (size, classes) pairs, ascending."""

    @property
    def after(self) -> list[tuple[int, int]]:
        """Class sizes of the released rows as (size, classes) pairs, ascending."""

    @property
    def population_after(self) -> list[tuple[int, int]]:
        """(rows, rows of the population) of every released class; empty without a population."""

    @property
    def suppressed(self) -> int:
        """Rows suppressed."""

    @property
    def attribute_losses(self) -> list[float]:
        """The loss of every attribute, unweighted, under LOSS."""

    @property
    def losses(self) -> list[tuple[str, float]]:
        """(measure, value) of every measure."""

    @property
    def measured(self) -> list[list[float]]:
        """What each model measures."""

@final
class Table:
    """Records prepared once, for any number of searches in any threads.

    An attribute is its codes, one map leaf -> code for every level from 1 on, and its number of leaves. A sensitive column
    is its codes, its number of values, a reference, positions, and its maps. A model is its name, its whole numbers and its
    floats; an objective its measure, aggregate and weights; limits are seconds, nodes, bytes and threads.
    """

    def __new__(
        cls,
        attributes: Sequence[tuple[NDArray[np.uint32], Sequence[NDArray[np.uint32]], int]],
        sensitive: Sequence[
            tuple[
                NDArray[np.uint32],
                int,
                NDArray[np.uint64] | None,
                NDArray[np.uint64] | None,
                Sequence[NDArray[np.uint32]],
            ]
        ],
        population: Sequence[NDArray[np.uint32]] | None = None,
        population_counts: NDArray[np.uint32] | None = None,
        counts: NDArray[np.uint32] | None = None,
        monitor: Monitor | None = None,
    ) -> Table: ...
    @property
    def rows(self) -> int:
        """Rows that the records stand for."""

    @property
    def records(self) -> int:
        """Records."""

    @property
    def tuples(self) -> int:
        """Distinct tuples."""

    @property
    def lattice_size(self) -> int:
        """Nodes of the lattice, at most 2**64 - 1."""

    @property
    def seconds(self) -> float:
        """Seconds of the preparation."""

    def search(
        self,
        models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
        suppression_limit: int,
        objective: tuple[str, str, Sequence[float]],
        limits: tuple[float | None, int | None, int, int],
        anytime: bool,
        monitor: Monitor | None = None,
        boxes: bool = False,
    ) -> Found:
        """Finds the node with the least loss; in the way that lattices of any size are searched if `boxes` says so."""

    def evaluate(
        self,
        nodes: Sequence[Sequence[int]],
        models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
        suppression_limit: int,
        objective: tuple[str, str, Sequence[float]],
        monitor: Monitor | None = None,
    ) -> list[tuple[bool, int, float, int, int]]:
        """Measures nodes: (satisfied, suppressed, loss, classes, smallest) each."""

    def release(
        self,
        levels: Sequence[int],
        models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
        objective: tuple[str, str, Sequence[float]],
        monitor: Monitor | None = None,
    ) -> Release:
        """Applies a node to the table."""

@final
class Partition:
    """Classes of records, each with a box around its values. Arrays are bytes of native numbers."""

    @property
    def classes(self) -> int:
        """The number of classes."""

    @property
    def class_of_record(self) -> bytes:
        """The class of every record, as u32."""

    @property
    def lows(self) -> bytes:
        """The smallest code of every class in every attribute, class after class, as u32."""

    @property
    def highs(self) -> bytes:
        """The largest code, likewise."""

    @property
    def levels(self) -> bytes:
        """The lowest level at which all codes of the class have one value, likewise, as u16."""

def mondrian(
    attributes: Sequence[tuple[NDArray[np.uint32], Sequence[NDArray[np.uint32]], int, bool, float]],
    sensitive: Sequence[
        tuple[
            NDArray[np.uint32],
            int,
            NDArray[np.uint64] | None,
            NDArray[np.uint64] | None,
            Sequence[NDArray[np.uint32]],
        ]
    ],
    models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
    *,
    strict: bool,
    monitor: Monitor | None = None,
) -> Partition:
    """Partitions the records into classes that satisfy the models.

    An attribute is its codes, one map value -> code for every level from 1 on, its number of values, whether the codes
    are an order to cut along, and its weight. A sensitive column is its codes, its number of values, rows per value of
    the reference, positions, and maps.
    """

def mdav(columns: Sequence[NDArray[np.float64]], *, k: int, monitor: Monitor | None = None) -> bytes:
    """Clusters the records by the distances of their numbers; the class of every record, as u32."""

def class_histogram(
    columns: Sequence[NDArray[np.uint32]], cardinalities: Sequence[int], monitor: Monitor | None = None
) -> list[tuple[int, int]]:
    """The class sizes that equal rows form, as (size, classes of that size) pairs, ascending."""

def grid_ends(grid: tuple[float, float, float, int]) -> tuple[int, int]:
    """The bounds of a column in steps of its grid: lower and upper bound, origin, exponent of the step."""

def moments(
    values: NDArray[np.float64],
    grid: tuple[float, float, float, int],
    *,
    squares: bool,
    groups: tuple[NDArray[np.uint32], int] | None = None,
    monitor: Monitor | None = None,
) -> list[tuple[int, int, int]]:
    """The (count, sum, sum of squares) of every group, in steps of the grid; groups are codes and their number."""

def histogram(
    values: NDArray[np.float64],
    edges: NDArray[np.float64],
    *,
    clamp: bool,
    groups: tuple[NDArray[np.uint32], int] | None = None,
    monitor: Monitor | None = None,
) -> bytes:
    """The number of values in every bin of every group, as native u64."""

def cross_counts(
    codes: tuple[NDArray[np.uint32], int],
    *,
    groups: tuple[NDArray[np.uint32], int] | None = None,
    monitor: Monitor | None = None,
) -> bytes:
    """The number of rows of every code of every group, as native u64."""

def discrete_laplace(scale: tuple[int, int], count: int, monitor: Monitor | None = None) -> list[int]:
    """Draws of the discrete Laplace distribution with the scale numerator / denominator."""

def discrete_gaussian(scale: tuple[int, int], count: int, monitor: Monitor | None = None) -> list[int]:
    """Draws of the discrete Gaussian distribution with the scale numerator / denominator."""

def choose(utilities: NDArray[np.float64], scale: float) -> int:
    """The place of one utility, chosen by the exponential mechanism."""

def factor_squared_length(span: tuple[int | None, int | None]) -> int:
    """The squared length of a Gaussian stream's factor, in multiples of 2^-40; a span is (horizon, None) or (None, window)."""

def factor_variance(span: tuple[int | None, int | None], step: int) -> float:
    """At least the variance of the noise in the release after a step, for draws of variance 2^40."""

def tree_levels(span: tuple[int | None, int | None]) -> int:
    """The levels of a Laplace stream's tree."""

def tree_terms(span: tuple[int | None, int | None], step: int) -> int:
    """How many draws the noise in the release after a step consists of."""
@final
class Series:
    """Series that take the same steps: sums of different things in the same batches."""

    @staticmethod
    def gaussian(span: tuple[int | None, int | None], count: int, states: Sequence[bytes] | None = None) -> Series:
        """Empty series for Gaussian noise, or those of the states."""

    @staticmethod
    def laplace(span: tuple[int | None, int | None], count: int, states: Sequence[bytes] | None = None) -> Series:
        """Empty series for Laplace noise, or those of the states."""

    @staticmethod
    def blocks(length: int, count: int, states: Sequence[bytes] | None = None) -> Series:
        """Empty series of windows that share no steps, for any noise, or those of the states."""

    @property
    def draws(self) -> int:
        """How many draws of noise one series takes in the next step."""

    def step(self, added: Sequence[int], noise: Sequence[int]) -> list[float | None]:
        """Takes one number of every series in, and the draws of all of them; what each releases after the step."""

    def states(self) -> list[bytes]:
        """What is needed to go on, for each series."""
