"""Privacy models as a policy names them: conditions on the classes of a release; docs/models.md has the definitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Attacker(StrEnum):
    """Whom a risk is measured against."""

    PROSECUTOR = "PROSECUTOR"
    JOURNALIST = "JOURNALIST"
    MARKETER = "MARKETER"


class Distance(StrEnum):
    """How far apart two values are: equally, by rank, by their hierarchy, by their places on a line."""

    EQUAL = "EQUAL"
    ORDERED = "ORDERED"
    HIERARCHICAL = "HIERARCHICAL"
    WASSERSTEIN = "WASSERSTEIN"


class DiversityKind(StrEnum):
    """The way l-diversity is counted."""

    DISTINCT = "DISTINCT"
    ENTROPY = "ENTROPY"
    RECURSIVE = "RECURSIVE"


@dataclass(frozen=True)
class KAnonymity:
    """Classes of at least k rows, or persons where the policy has an entity column (Samarati 2001, Sweeney 2002)."""

    k: int


@dataclass(frozen=True)
class KMap:
    """Classes that at least k rows of the population match (Sweeney 2002)."""

    k: int


@dataclass(frozen=True)
class DeltaPresence:
    """The share of a class's population rows that are in the table, at least and at most (Nergiz et al. 2007)."""

    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class LDiversity:
    """l-diversity (Machanavajjhala et al. 2007). c: RECURSIVE only. grassberger: the estimator of ENTROPY."""

    attribute: str
    kind: DiversityKind
    l: float  # noqa: E741 (the field's own name)
    c: Fraction = Fraction(0)
    grassberger: bool = False


@dataclass(frozen=True)
class TCloseness:
    """t-closeness (Li et al. 2007)."""

    attribute: str
    distance: Distance
    t: Fraction


@dataclass(frozen=True)
class DeltaDisclosure:
    """δ-disclosure privacy (Brickell and Shmatikov 2008)."""

    attribute: str
    delta: float


@dataclass(frozen=True)
class BetaLikeness:
    """β-likeness (Cao and Karras 2012)."""

    attribute: str
    beta: Fraction
    enhanced: bool


@dataclass(frozen=True)
class RiskLimit:
    """Bounds of the re-identification risk: of every row, of the mean row, or both."""

    attacker: Attacker
    highest: Fraction | None
    average: Fraction | None


PrivacyModel = KAnonymity | KMap | DeltaPresence | LDiversity | TCloseness | DeltaDisclosure | BetaLikeness | RiskLimit
OfAttribute = LDiversity | TCloseness | DeltaDisclosure | BetaLikeness


NO_MEAN_OF_PERSONS = "max_average is a mean over rows and cannot count persons: leave it out, or the entity_column"


def counts_rows_alone(model: PrivacyModel) -> bool:
    """Whether the model would take a person's rows for so many people, also where the policy says who is who."""
    return isinstance(model, RiskLimit) and model.average is not None


def needs_population(model: PrivacyModel) -> bool:
    """Whether the model has no meaning without a table of the population."""
    return isinstance(model, KMap | DeltaPresence)
