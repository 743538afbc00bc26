"""Privacy models. A class that fails one is suppressed whole.

`column` is the position of a SensitiveCodes. Fractions are exact, with numerator and denominator below 2**63. The
sources of the definitions are named in core-rs/src/models.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from shoal.kernels.codes import fraction, natural


@dataclass(frozen=True)
class KAnonymity:
    """At least k rows. k: at least 1."""

    k: int


@dataclass(frozen=True)
class KMap:
    """At least k rows of the population. k: at least 1."""

    k: int


@dataclass(frozen=True)
class DeltaPresence:
    """least <= rows / rows of the population <= most."""

    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class DistinctDiversity:
    """At least l distinct values; on a column of entities this is k-anonymity of entities. l: at least 1."""

    column: int
    l: int  # noqa: E741


@dataclass(frozen=True)
class EntropyDiversity:
    """An entropy of at least ln l, and at least l distinct values. grassberger: its estimate of the entropy, not Shannon's."""

    column: int
    l: float  # noqa: E741
    grassberger: bool = False


@dataclass(frozen=True)
class RecursiveDiversity:
    """The most frequent value is rarer than c times all but the l - 1 most frequent values together."""

    column: int
    c: Fraction
    l: int  # noqa: E741


class Distance(StrEnum):
    """How far apart two values are: equally, by rank, by their hierarchy, by their places on a line."""

    EQUAL = "EQUAL"
    ORDERED = "ORDERED"
    HIERARCHICAL = "HIERARCHICAL"
    WASSERSTEIN = "WASSERSTEIN"


@dataclass(frozen=True)
class Closeness:
    """At most t away from the reference distribution."""

    column: int
    distance: Distance
    t: Fraction


@dataclass(frozen=True)
class DeltaDisclosure:
    """|ln(p/q)| < delta for every value that occurs, p its share in the class and q in the reference."""

    column: int
    delta: float


@dataclass(frozen=True)
class BetaLikeness:
    """(p - q)/q <= beta for every value with p > q; enhanced: <= min(beta, -ln q)."""

    column: int
    beta: Fraction
    enhanced: bool = False


@dataclass(frozen=True)
class AverageRisk:
    """The mean over the released rows of 1 / rows of the class is at most `limit`; population: of 1 / its population rows.

    Judges the release: after the other models, its smallest classes are suppressed, all of one size together, as few as needed.
    """

    limit: Fraction
    population: bool = False


Model = (
    KAnonymity
    | KMap
    | DeltaPresence
    | DistinctDiversity
    | EntropyDiversity
    | RecursiveDiversity
    | Closeness
    | DeltaDisclosure
    | BetaLikeness
    | AverageRisk
)


def raw_model(model: Model) -> tuple[str, list[int], list[float]]:  # noqa: PLR0911 - a case each
    """For the kernel: the model\'s name, whole numbers and floats; a fraction is two whole numbers."""
    match model:
        case KAnonymity(k):
            return "K_ANONYMITY", [natural(k, "k")], []
        case KMap(k):
            return "K_MAP", [natural(k, "k")], []
        case DeltaPresence(least, most):
            return "DELTA_PRESENCE", [*fraction(least, "least"), *fraction(most, "most")], []
        case DistinctDiversity(column, l):
            return "DISTINCT_DIVERSITY", [natural(column, "column"), natural(l, "l")], []
        case EntropyDiversity(column, l, grassberger):
            return "ENTROPY_DIVERSITY", [natural(column, "column"), int(grassberger)], [l]
        case RecursiveDiversity(column, c, l):
            return "RECURSIVE_DIVERSITY", [natural(column, "column"), *fraction(c, "c"), natural(l, "l")], []
        case Closeness(column, distance, t):
            return f"CLOSENESS_{distance.value}", [natural(column, "column"), *fraction(t, "t")], []
        case DeltaDisclosure(column, delta):
            return "DELTA_DISCLOSURE", [natural(column, "column")], [delta]
        case BetaLikeness(column, beta, enhanced):
            return "BETA_LIKENESS", [natural(column, "column"), *fraction(beta, "beta"), int(enhanced)], []
        case AverageRisk(limit, population):
            return "AVERAGE_RISK", [*fraction(limit, "limit"), int(population)], []
