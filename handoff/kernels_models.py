"""Stand-ins for what the engine's part of kernels.py brings; only to run tests/core/test_recoding.py before the merge."""

# ruff: noqa: F821
from fractions import Fraction


@dataclass(frozen=True, eq=False)
class SensitiveCodes:
    codes: NDArray[np.uint32]
    values: int
    reference: NDArray[np.uint64] | None = None
    positions: NDArray[np.uint64] | None = None
    generalizations: tuple[NDArray[np.uint32], ...] = ()


@dataclass(frozen=True)
class KAnonymity:
    k: int


@dataclass(frozen=True)
class KMap:
    k: int


@dataclass(frozen=True)
class DistinctDiversity:
    column: int
    l: int  # noqa: E741


class Distance(StrEnum):
    EQUAL = "EQUAL"
    ORDERED = "ORDERED"
    HIERARCHICAL = "HIERARCHICAL"
    WASSERSTEIN = "WASSERSTEIN"


@dataclass(frozen=True)
class Closeness:
    column: int
    distance: Distance
    t: Fraction


@dataclass(frozen=True)
class BetaLikeness:
    column: int
    beta: Fraction
    enhanced: bool = False


@dataclass(frozen=True)
class AverageRisk:
    limit: Fraction
    population: bool = False


Model = KAnonymity | KMap | DistinctDiversity | Closeness | BetaLikeness | AverageRisk


def _raw_model(model: Model) -> tuple[str, list[int], list[float]]:
    match model:
        case KAnonymity(k):
            return "K_ANONYMITY", [k], []
        case KMap(k):
            return "K_MAP", [k], []
        case DistinctDiversity(column, l):
            return "DISTINCT_DIVERSITY", [column, l], []
        case Closeness(column, distance, t):
            return f"CLOSENESS_{distance}", [column, t.numerator, t.denominator], []
        case BetaLikeness(column, beta, enhanced):
            return "BETA_LIKENESS", [column, beta.numerator, beta.denominator, int(enhanced)], []
        case AverageRisk(limit, population):
            return "AVERAGE_RISK", [limit.numerator, limit.denominator, int(population)], []


def _raw_sensitive(column: SensitiveCodes):  # type: ignore[no-untyped-def]
    maps = [_codes(map_) for map_ in column.generalizations]
    return _codes(column.codes), column.values, column.reference, column.positions, maps
