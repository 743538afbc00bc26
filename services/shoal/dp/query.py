"""A query as it is understood: everything but the rows and the noise.

Epsilons are whole numbers of 1e-9 and deltas of 1e-18, the ledger's units, rounded down: what is spent is never more than what
was asked for, and shares add up to what is charged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Statistic(StrEnum):
    """What is asked for."""

    MEAN = "mean"
    SUM = "sum"
    VARIANCE = "variance"
    COUNT = "count"
    HISTOGRAM = "histogram"
    CHOICE = "choice"


class NoiseType(StrEnum):
    """The distribution of the noise."""

    LAPLACE = "Laplace"
    GAUSSIAN = "Gaussian"
    DISCRETE_LAPLACE = "discrete Laplace"
    DISCRETE_GAUSSIAN = "discrete Gaussian"

    @property
    def is_gaussian(self) -> bool:
        """Whether it needs a delta."""
        return self in (NoiseType.GAUSSIAN, NoiseType.DISCRETE_GAUSSIAN)

    @property
    def is_whole(self) -> bool:
        """Whether answers are whole numbers."""
        return self in (NoiseType.DISCRETE_LAPLACE, NoiseType.DISCRETE_GAUSSIAN)


class Neighbouring(StrEnum):
    """Which two tables must be hard to tell apart."""

    ADD_REMOVE = "ADD_REMOVE"
    SUBSTITUTE = "SUBSTITUTE"


@dataclass(frozen=True)
class Unit:
    """Who is protected. column: what names the unit of a row; None: the bounds are taken as declared."""

    neighbouring: Neighbouring = Neighbouring.ADD_REMOVE
    max_contributions: int = 1
    max_groups: int = 1
    column: str | None = None


@dataclass(frozen=True)
class Bounds:
    """What values are clipped to."""

    lower: float
    upper: float


@dataclass(frozen=True)
class Bins:
    """Numeric bins between `edges`, or one for each of `categories`. clamp: outliers count in the first and the last bin."""

    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    clamp: bool = False

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.categories) or len(self.edges) - 1


@dataclass(frozen=True)
class Column:
    """One column of a query. field: its path in the request; epsilon: its own share, None for an even one."""

    name: str
    field: str
    bounds: Bounds | None = None
    bins: Bins | None = None
    epsilon: int | None = None


ALL_ROWS = Column("", "count")
"""What a count without columns counts."""


@dataclass(frozen=True)
class Choice:
    """A choice among candidates. column: counts of its values are the utilities, which are empty then."""

    candidates: tuple[str | float, ...]
    column: str | None
    utilities: tuple[float, ...]
    sensitivity: float
    monotone: bool


class Comparison(StrEnum):
    """A test of a cell, on the left, against an operand."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    LESS = "lt"
    LESS_OR_EQUAL = "le"
    GREATER = "gt"
    GREATER_OR_EQUAL = "ge"


@dataclass(frozen=True)
class Condition:
    """A test that a row passes or does not."""

    column: str
    comparison: Comparison
    operand: float | str


class Unlisted(StrEnum):
    """What happens to rows whose group is not among the keys."""

    DROP = "DROP"
    OTHER = "OTHER"
    DISCOVER = "DISCOVER"


@dataclass(frozen=True)
class GroupKey:
    """A listed group. epsilon: what its answers cost together, None for the query's."""

    value: str
    epsilon: int | None = None


@dataclass(frozen=True)
class GroupBy:
    """An answer for each group."""

    column: str
    keys: tuple[GroupKey, ...]
    unlisted: Unlisted
    min_size: int


@dataclass(frozen=True)
class Query:
    """A query. epsilon: None where the columns have their own. dataset_size: the public number of rows."""

    statistic: Statistic
    columns: tuple[Column, ...]
    epsilon: int
    delta: int = 0
    noise: NoiseType = NoiseType.LAPLACE
    choice: Choice | None = None
    group_by: GroupBy | None = None
    where: tuple[Condition, ...] = ()
    unit: Unit = field(default_factory=Unit)
    dataset_size: int | None = None

    @property
    def has_own_epsilons(self) -> bool:
        """Whether each column has its own."""
        return any(column.epsilon is not None for column in self.columns)

    @property
    def read_columns(self) -> dict[str, str]:
        """The columns of the table that the query reads, each with the path of the field that names it first."""
        found: dict[str, str] = {column.name: column.field for column in self.columns if column != ALL_ROWS}
        if self.choice is not None and self.choice.column is not None:
            found.setdefault(self.choice.column, "exponential.column")
        if self.group_by is not None:
            found.setdefault(self.group_by.column, "group_by.column")
        if self.unit.column is not None:
            found.setdefault(self.unit.column, "privacy_unit.unit_column")
        for place, condition in enumerate(self.where):
            found.setdefault(condition.column, f"where[{place}].column")
        return found

    @property
    def number_columns(self) -> dict[str, str]:
        """Those of them that must hold numbers."""
        return {
            column.name: column.field
            for column in self.columns
            if column.bounds is not None or (column.bins is not None and column.bins.edges)
        }
