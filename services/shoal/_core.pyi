"""The Rust kernels of Shoal, as `shoal.kernels` sees them; nothing else imports this module.

`stubtest` compares this file with the binary. Codes may be any contiguous one-dimensional buffer of native
u32, such as a numpy array of uint32, that nobody writes to while the call runs; they are read without a copy
and with the interpreter lock released.
"""

from collections.abc import Sequence
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CancelledError",
    "CoreError",
    "InfeasibleError",
    "LatticeTooLargeError",
    "Monitor",
    "NotNestedError",
    "Solution",
    "class_histogram",
    "search",
]

class CoreError(ValueError):
    """A kernel refused its input: (message,)."""

class InfeasibleError(CoreError):
    """No node qualifies: (message, fewest_suppressed, largest_k)."""

class NotNestedError(CoreError):
    """A hierarchy is not nested: (message, attribute, level)."""

class LatticeTooLargeError(CoreError):
    """The lattice has too many nodes: (message, size)."""

class CancelledError(CoreError):
    """The monitor was cancelled: (message,)."""

@final
class Monitor:
    """Carries cancellation into a running kernel and progress out of it."""

    def __new__(cls) -> Monitor: ...
    def cancel(self) -> None:
        """Asks the kernel to stop; it does within a few milliseconds. It cannot be undone."""

    def progress(self) -> tuple[int, int]:
        """Steps done and steps in all; (0, 0) before a kernel has started."""

@final
class Solution:
    """The best node and what it does to the table."""

    @property
    def levels(self) -> list[int]:
        """The level of every attribute."""

    @property
    def loss(self) -> float:
        """The aggregated loss."""

    @property
    def attribute_losses(self) -> list[float]:
        """The loss of every attribute, unweighted."""

    @property
    def suppressed(self) -> int:
        """Rows suppressed."""

    @property
    def checked(self) -> int:
        """Nodes whose classes were computed."""

    @property
    def lattice_size(self) -> int:
        """Nodes of the lattice."""

    @property
    def seconds(self) -> float:
        """Seconds inside the kernel."""

    @property
    def kept(self) -> bytes:
        """One byte per row: 1 released, 0 suppressed."""

    @property
    def before(self) -> list[tuple[int, int]]:
        """Class sizes of the input as (size, classes) pairs, ascending."""

    @property
    def after(self) -> list[tuple[int, int]]:
        """Class sizes of the released rows as (size, classes) pairs, ascending."""

def search(
    attributes: Sequence[tuple[NDArray[np.uint32], Sequence[NDArray[np.uint32]], int]],
    *,
    k: int,
    suppression_limit: int,
    weights: Sequence[float],
    aggregate: Literal["GEOMETRIC_MEAN", "ARITHMETIC_MEAN", "MAXIMUM"],
    monitor: Monitor | None = None,
) -> Solution:
    """Finds the k-anonymous node with the least loss.

    An attribute is its codes, one map leaf -> code for every level from 1 on, and its number of leaves.
    """

def class_histogram(
    columns: Sequence[NDArray[np.uint32]], cardinalities: Sequence[int], monitor: Monitor | None = None
) -> list[tuple[int, int]]:
    """The class sizes that equal rows form, as (size, classes of that size) pairs, ascending."""
