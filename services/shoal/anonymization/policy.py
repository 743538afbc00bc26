"""A policy, checked: what to do with a table. The wire's message becomes one of these or is refused."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from shoal.anonymization.hierarchies import DefaultSpec, HierarchySpec
from shoal.kernels import Aggregate

MOST_ATTRIBUTES = 1000
MOST_QUASI_IDENTIFIERS = 64


class Role(StrEnum):
    """What a column means for privacy."""

    IDENTIFIER = "IDENTIFIER"
    QUASI_IDENTIFIER = "QUASI_IDENTIFIER"
    SENSITIVE = "SENSITIVE"
    INSENSITIVE = "INSENSITIVE"


class Unlisted(StrEnum):
    """What happens to columns that the policy does not name."""

    DROP = "DROP"
    KEEP = "KEEP"
    REFUSE = "REFUSE"


class Attribute(BaseModel):
    """One column. hierarchy: DefaultSpec where the policy leaves it open, None where it is a table to be read."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    role: Role
    hierarchy: HierarchySpec | None = Field(default_factory=DefaultSpec)
    weight: float = 1.0


class Policy(BaseModel):
    """What to do with a table. suppression_limit: share of rows. max_seconds: None without limit."""

    model_config = ConfigDict(frozen=True)

    attributes: tuple[Attribute, ...]
    k: int
    suppression_limit: float = 0.0
    aggregate: Aggregate = Aggregate.GEOMETRIC_MEAN
    max_seconds: float | None = None
    unlisted: Unlisted = Unlisted.DROP

    @property
    def quasi_identifiers(self) -> tuple[Attribute, ...]:
        """The quasi-identifiers in the policy's order."""
        return tuple(each for each in self.attributes if each.role is Role.QUASI_IDENTIFIER)
