"""What a column is for whoever wants to recognise a person."""

from __future__ import annotations

from enum import Enum

__all__ = ["Role"]


class Role(Enum):
    """The four classes of columns, as in a policy."""

    IDENTIFIER = "identifier"
    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    INSENSITIVE = "insensitive"
