"""What a column is judged to be."""

from __future__ import annotations

from dataclasses import dataclass

from shoal.detection.roles import Role

__all__ = ["FEWEST_ROWS", "OPEN", "Verdict"]

FEWEST_ROWS = 20
"""Below so many cells a column's being unique says nothing."""

OPEN = 0.55
"""A hypothesis below this leaves the column open for the table to decide."""


@dataclass(frozen=True)
class Verdict:
    """One column's role. confidence: 0 to 1. reasons: sentences, the weightiest first. people: evidence that rows are people.

    concept: the key of what it is about, empty when only values or the table decided. kind: of the evidence that decided.
    pattern: the id of the pattern that decided, empty when none did.
    """

    role: Role
    confidence: float
    reasons: tuple[str, ...]
    concept: str = ""
    kind: str = ""
    people: int = 0
    pattern: str = ""
