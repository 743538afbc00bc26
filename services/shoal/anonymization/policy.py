"""A policy, checked: what to do with a table. The wire's message becomes one of these or is refused."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from shoal.anonymization.models import Coding, KAnonymity, OfAttribute, PrivacyModel, coding_of
from shoal.kernels import Limits, Objective
from shoal.privacy.hierarchies import DefaultSpec, HierarchySpec

MOST_ATTRIBUTES = 1000
MOST_QUASI_IDENTIFIERS = 64
MOST_MODELS = 100


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


class Strategy(StrEnum):
    """A way to search; the contract's SearchStrategy.Strategy says what each does."""

    OPTIMAL = "OPTIMAL"
    ANYTIME = "ANYTIME"
    BASIC = "BASIC"
    WITH_IMPORTANCE = "WITH_IMPORTANCE"
    WITH_DEVIATION = "WITH_DEVIATION"
    LOCAL_RECODING = "LOCAL_RECODING"
    MICROAGGREGATION = "MICROAGGREGATION"


class LocalRecoding(StrEnum):
    """How classes get levels of their own."""

    MONDRIAN_STRICT = "MONDRIAN_STRICT"
    MONDRIAN_RELAXED = "MONDRIAN_RELAXED"
    ITERATIVE = "ITERATIVE"


class Microaggregation(StrEnum):
    """What a number is replaced by."""

    MEAN = "MEAN"
    MEDIAN = "MEDIAN"
    INTERVAL = "INTERVAL"


class Attribute(BaseModel):
    """One column. hierarchy: DefaultSpec where the policy leaves it open, None where it is a table to be read."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    role: Role
    hierarchy: HierarchySpec | None = Field(default_factory=DefaultSpec)
    weight: float = 1.0


class Search(BaseModel):
    """How to look for a release. limits: of OPTIMAL only the time."""

    model_config = ConfigDict(frozen=True)

    strategy: Strategy = Strategy.OPTIMAL
    limits: Limits = Field(default_factory=Limits)
    local_recoding: LocalRecoding = LocalRecoding.MONDRIAN_STRICT
    microaggregation: Microaggregation = Microaggregation.MEAN


class Policy(BaseModel):
    """What to do with a table. suppression_limit: share of rows. objective: its weights are the quasi-identifiers' in order.

    entity_column: None where every row is a person of its own. population: whether a table of it is given.
    """

    model_config = ConfigDict(frozen=True)

    attributes: tuple[Attribute, ...]
    models: tuple[PrivacyModel, ...]
    suppression_limit: float = 0.0
    objective: Objective = Field(default_factory=Objective)
    search: Search = Field(default_factory=Search)
    unlisted: Unlisted = Unlisted.DROP
    entity_column: str | None = None
    population: bool = False

    @property
    def quasi_identifiers(self) -> tuple[Attribute, ...]:
        """The quasi-identifiers in the policy's order."""
        return tuple(each for each in self.attributes if each.role is Role.QUASI_IDENTIFIER)

    @property
    def k(self) -> int:
        """The largest k of the k-anonymity models, 1 without any."""
        return max((model.k for model in self.models if isinstance(model, KAnonymity)), default=1)

    @property
    def codings(self) -> tuple[tuple[str, Coding], ...]:
        """The sensitive columns that models look at, each once, with what their codes must say."""
        wanted = [(model.attribute, coding_of(model)) for model in self.models if isinstance(model, OfAttribute)]
        return tuple(dict.fromkeys(wanted))
