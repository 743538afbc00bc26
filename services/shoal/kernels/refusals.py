"""What the kernels refuse, as exceptions."""

from __future__ import annotations

from shoal import _core
from shoal.errors import CancelledError, InvalidArgumentError


class Infeasible(Exception):  # noqa: N818
    """No node of the lattice satisfies the models; the service makes an error with names and advice of it.

    fewest_suppressed: the fewest rows that any node that was looked at suppresses; a limit of that many is feasible unless it
    is all rows. largest_k: the largest k that is possible within the same suppression limit when classes are judged by
    k-anonymity alone, else None.
    """

    def __init__(self, message: str, fewest_suppressed: int, largest_k: int | None) -> None:
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


class OutOfMemory(Exception):  # noqa: N818
    """A search needs more memory than its limits allow; found out before it starts. needed, allowed: bytes."""

    def __init__(self, message: str, needed: int, allowed: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.allowed = allowed


class LimitReached(Exception):  # noqa: N818
    """A search has spent what it may before it had a proof, or, when any release would do, before it had found one.

    kind: `seconds`, `nodes` or `memory`.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def translated(error: _core.CoreError) -> Exception:
    """The kernel's exception in the words of this module."""
    match error:
        case _core.InfeasibleError(args=(message, fewest_suppressed, largest_k)):
            return Infeasible(message, fewest_suppressed, largest_k)
        case _core.NotNestedError(args=(message, attribute, level)):
            return NotNested(message, attribute, level)
        case _core.OutOfMemoryError(args=(message, needed, allowed)):
            return OutOfMemory(message, needed, allowed)
        case _core.LimitReachedError(args=(message, kind)):
            return LimitReached(message, kind)
        case _core.CancelledError(args=(message,)):
            return CancelledError(message)
        case _:
            return InvalidArgumentError(str(error.args[0]))
