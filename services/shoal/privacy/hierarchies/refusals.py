"""The errors of hierarchies. They name the attribute, counts and levels, never a value."""

from __future__ import annotations

from shoal.errors import ErrorReason, InvalidArgumentError

__all__ = ["incomplete", "invalid", "not_nested", "unreadable_values"]


def invalid(attribute: str, sentence: str, **metadata: str) -> InvalidArgumentError:
    """A hierarchy that cannot be built. sentence: goes on after "The hierarchy of 'x' "."""
    return InvalidArgumentError(
        f"The hierarchy of '{attribute}' {sentence}",
        reason=ErrorReason.INVALID_HIERARCHY,
        metadata={"attribute": attribute, **metadata},
    )


def unreadable_values(attribute: str, count: int, what: str) -> InvalidArgumentError:
    """Values of the column that the hierarchy's kind cannot read. what: what they would have to be."""
    return InvalidArgumentError(
        f"The hierarchy of '{attribute}' needs {what}, but {count} distinct values of the column are not: "
        "choose another kind of hierarchy, or clean the column.",
        reason=ErrorReason.INVALID_HIERARCHY,
        metadata={"attribute": attribute, "values": str(count)},
    )


def incomplete(attribute: str, count: int, *, null: bool) -> InvalidArgumentError:
    """Values of the column that the table of a hierarchy lacks. null: an empty cell is one of them."""
    sentence = f"The hierarchy of '{attribute}' lacks {count} distinct values of the column: add a row for each."
    if null:
        sentence += " An empty cell is not in the table: add a row whose first cell is empty."
    return InvalidArgumentError(
        sentence,
        reason=ErrorReason.HIERARCHY_INCOMPLETE,
        metadata={"attribute": attribute, "missing_values": str(count), "null_missing": str(null).lower()},
    )


def not_nested(attribute: str, level: int) -> InvalidArgumentError:
    """Two values share a label at `level` and not at the next."""
    return InvalidArgumentError(
        f"The hierarchy of '{attribute}' is not nested: some values have the same label at level {level}, "
        "but "
        f"different ones at level {level + 1}.",
        reason=ErrorReason.HIERARCHY_NOT_NESTED,
        metadata={"attribute": attribute, "level": str(level)},
    )
