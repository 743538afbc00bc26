"""The door to the Rust kernels: typed functions over arrays of codes; the only importer of `shoal._core`.

Arrays cross without a copy and the interpreter lock is released while a kernel runs, so nobody may write to
an array that a call is using. Kernels know positions, levels and counts, never names or values: the caller
turns the positions of the errors below into the names of its attributes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import CancelledError, InvalidArgumentError

__all__ = [
    "Aggregate",
    "AttributeCodes",
    "AverageRisk",
    "BetaLikeness",
    "ClassHistogram",
    "Closeness",
    "DeltaDisclosure",
    "DeltaPresence",
    "Distance",
    "DistinctDiversity",
    "EntropyDiversity",
    "Evaluation",
    "Found",
    "Infeasible",
    "KAnonymity",
    "KMap",
    "LatticeTooLarge",
    "LimitReached",
    "Limits",
    "Measure",
    "Model",
    "Monitor",
    "NotNested",
    "Objective",
    "OutOfMemory",
    "RecursiveDiversity",
    "Release",
    "SensitiveCodes",
    "Table",
    "class_histogram",
]


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


class LatticeTooLarge(Exception):  # noqa: N818
    """The lattice has more nodes than an optimal search takes. size: how many, at most 2**64 - 1."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class OutOfMemory(Exception):  # noqa: N818
    """A search needs more memory than its limits allow; found out before it starts. needed, allowed: bytes."""

    def __init__(self, message: str, needed: int, allowed: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.allowed = allowed


class LimitReached(Exception):  # noqa: N818
    """A search has spent what it may before it had a proof, or, when any release would do, before it had found one.

    limit: `seconds`, `nodes` or `memory`.
    """

    def __init__(self, message: str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


@dataclass(frozen=True, eq=False)
class AttributeCodes:
    """One quasi-identifier as codes.

    codes: the leaf of every record, below `leaves`. generalizations: for every level from 1 on, the code of
    every leaf at that level; codes are dense (below `leaves`) and the levels nested. leaves: the leaves of
    the hierarchy, whether the data holds them or not.
    """

    codes: NDArray[np.uint32]
    generalizations: tuple[NDArray[np.uint32], ...]
    leaves: int


@dataclass(frozen=True, eq=False)
class SensitiveCodes:
    """One column that models look at, as codes.

    codes: the value of every record, below `values`; for ORDERED codes are ranks. reference: rows per value of the reference
    distribution, None for that of the table itself. positions: for WASSERSTEIN, the place of every value on a line, ascending.
    generalizations: for HIERARCHICAL, as in AttributeCodes, over the values.
    """

    codes: NDArray[np.uint32]
    values: int
    reference: NDArray[np.uint64] | None = None
    positions: NDArray[np.uint64] | None = None
    generalizations: tuple[NDArray[np.uint32], ...] = ()


# Privacy models. A class that fails one is suppressed whole. `column` is the position of a SensitiveCodes. Fractions are exact,
# with numerator and denominator below 2**63. The sources of the definitions are named in core-rs/src/models.


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


class Measure(StrEnum):
    """What a release loses; core-rs/src/objective.rs has formulas and sources.

    The first three are marginal: a cost per cell, normalised per attribute to 0 ... 1 and aggregated. The others are one number
    for the list of classes.
    """

    LOSS = "LOSS"
    PRECISION = "PRECISION"
    NON_UNIFORM_ENTROPY = "NON_UNIFORM_ENTROPY"
    DISCERNIBILITY = "DISCERNIBILITY"
    AVERAGE_CLASS_SIZE = "AVERAGE_CLASS_SIZE"
    KL_DIVERGENCE = "KL_DIVERGENCE"
    AMBIGUITY = "AMBIGUITY"


class Aggregate(StrEnum):
    """How the losses of the attributes become one number."""

    GEOMETRIC_MEAN = "GEOMETRIC_MEAN"
    ARITHMETIC_MEAN = "ARITHMETIC_MEAN"
    MAXIMUM = "MAXIMUM"


@dataclass(frozen=True)
class Objective:
    """What a search minimises. aggregate, weights: of marginal measures; weights: one per attribute, empty for all 1."""

    measure: Measure = Measure.LOSS
    aggregate: Aggregate = Aggregate.GEOMETRIC_MEAN
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a search may spend.

    seconds: looked at between checks of nodes. nodes: nodes whose classes are computed. Both None without limit. memory: bytes
    for what is remembered of the lattice and for kept class lists; the table, and two class lists per thread, come on top.
    threads: 0 for all cores, at most 8.
    """

    seconds: float | None = None
    nodes: int | None = None
    memory: int = 256 << 20
    threads: int = 0


LOSS = Objective()
"""The default objective."""

UNLIMITED = Limits()
"""The default limits: no end of time and nodes."""


@dataclass(frozen=True, eq=False)
class ClassHistogram:
    """How many equivalence classes there are of each size, ascending by size."""

    sizes: NDArray[np.uint64]
    counts: NDArray[np.uint64]

    @property
    def rows(self) -> int:
        """Rows in all classes."""
        return int((self.sizes * self.counts).sum())

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.counts.sum())

    @property
    def smallest(self) -> int:
        """The size of the smallest class, 0 when there is none."""
        return int(self.sizes[0]) if self.sizes.size else 0

    @property
    def squares(self) -> float:
        """The sum of squared class sizes."""
        return float((self.sizes.astype(np.float64) ** 2 * self.counts.astype(np.float64)).sum())

    @property
    def largest(self) -> int:
        """The size of the largest class, 0 when there is none."""
        return int(self.sizes[-1]) if self.sizes.size else 0


@dataclass(frozen=True)
class Found:
    """The best node of a lattice.

    levels: one per attribute. loss: the objective's value. attribute_losses: unweighted, under the objective's measure when
    it is marginal, else under LOSS. suppressed: rows. smallest: rows of the smallest released class. classes: released
    classes. checked: nodes whose classes were computed. lattice_size: nodes in all, at most 2**64 - 1. optimal: whether the
    node is proved to be the best. lower_bound: proven, of every release's loss. stopped: the limit that ended the search
    before it had a proof, `seconds`, `nodes` or `memory`, or empty. seconds: of the search, without the preparation of the
    table.
    """

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[float, ...]
    suppressed: int
    smallest: int
    classes: int
    checked: int
    lattice_size: int
    optimal: bool
    lower_bound: float
    stopped: str
    seconds: float

    @property
    def gap(self) -> float:
        """How much less a release might lose, at most."""
        return self.loss - self.lower_bound


@dataclass(frozen=True)
class Evaluation:
    """One node.

    satisfied: within the limit and not everything suppressed. suppressed: rows. loss: the objective's value, infinite when
    nothing is released. classes: released. smallest: rows of the smallest of them, 0 when there is none.
    """

    levels: tuple[int, ...]
    satisfied: bool
    suppressed: int
    loss: float
    classes: int
    smallest: int


@dataclass(frozen=True, eq=False)
class Release:
    """What a node does to the table.

    kept: for every record whether it is released. class_of_record: for every record its class, numbered from 0 in order of
    first appearance, 2**32 - 1 when it is suppressed. before, after: class sizes of the input at level 0 and of the
    released rows. suppressed: rows. attribute_losses: unweighted, under LOSS. losses: of every measure, marginal ones under
    the objective's aggregate and weights; infinite when nothing is released. population_after: rows and population rows of
    every released class, in the order of their numbers; both empty without a population. measured: per model the worst
    value over released classes, empty without a class: k-anonymity: smallest rows; k-map: smallest population;
    delta-presence: smallest and largest share; distinct: fewest values; entropy: smallest exp(H); recursive: largest
    r1/(r_l + ...); closeness: largest distance; delta-disclosure: largest |ln(p/q)|; beta: largest (p - q)/q; average risk:
    the mean.
    """

    kept: NDArray[np.bool_]
    class_of_record: NDArray[np.uint32]
    before: ClassHistogram
    after: ClassHistogram
    suppressed: int
    attribute_losses: tuple[float, ...]
    losses: dict[Measure, float]
    population_after: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    measured: tuple[tuple[float, ...], ...]


class Table:
    """Records prepared once: distinct tuples, hierarchies, histograms. Any number of threads may use it at a time.

    rows: that the records stand for. records: given. tuples: distinct. lattice_size: nodes, at most 2**64 - 1. seconds: of the
    preparation. The arrays are read once; they may change afterwards.
    """

    rows: int
    records: int
    tuples: int
    lattice_size: int
    seconds: float

    def __init__(
        self,
        attributes: Sequence[AttributeCodes],
        sensitive: Sequence[SensitiveCodes] = (),
        *,
        population: Sequence[NDArray[np.uint32]] | None = None,
        population_counts: NDArray[np.uint32] | None = None,
        counts: NDArray[np.uint32] | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        """Prepares the records.

        population: per attribute the leaf of every record of a population that an attacker may know. population_counts, counts:
        how many people or rows each record stands for, None for one. Raises NotNested, CancelledError or InvalidArgumentError.
        """
        try:
            self._table = _core.Table(
                [
                    (_codes(each.codes), [_codes(map_) for map_ in each.generalizations], _natural(each.leaves, "leaves", _U32))
                    for each in attributes
                ],
                _sensitive(sensitive),
                None if population is None else [_codes(codes) for codes in population],
                None if population_counts is None else _codes(population_counts),
                None if counts is None else _codes(counts),
                monitor,
            )
        except _core.CoreError as error:
            raise _translated(error) from None
        self.rows = self._table.rows
        self.records = self._table.records
        self.tuples = self._table.tuples
        self.lattice_size = self._table.lattice_size
        self.seconds = self._table.seconds

    def search(
        self,
        models: Sequence[Model],
        *,
        suppression_limit: int,
        objective: Objective = LOSS,
        limits: Limits = UNLIMITED,
        anytime: bool = False,
        monitor: Monitor | None = None,
    ) -> Found:
        """The node with the least loss of those that suppress at most `suppression_limit` rows, and not all.

        Ties: smaller level sum, then the lexicographically smaller vector of levels. Unless a limit ends it, the search
        proves its result, which then is the same for any number of threads. anytime: when a limit is reached, give the best
        found so far with the lower bound proven so far. Raises Infeasible when there is provably no such node; LimitReached
        when a limit ends a search that is not `anytime`, or that has found nothing; LatticeTooLarge, OutOfMemory,
        CancelledError or InvalidArgumentError.
        """
        if limits.seconds is not None and not 0 <= limits.seconds < math.inf:
            raise InvalidArgumentError("seconds must be at least 0 and finite")
        raw_limits = (
            None if limits.seconds is None else min(float(limits.seconds), _LONGEST),
            None if limits.nodes is None else _natural(limits.nodes, "nodes"),
            _natural(limits.memory, "memory"),
            _natural(limits.threads, "threads", _U32),
        )
        limit = _natural(suppression_limit, "suppression_limit")
        try:
            found = self._table.search([_raw(m) for m in models], limit, _objective(objective), raw_limits, anytime, monitor)
        except _core.CoreError as error:
            raise _translated(error) from None
        return Found(
            levels=tuple(found.levels),
            loss=found.loss,
            attribute_losses=tuple(found.attribute_losses),
            suppressed=found.suppressed,
            smallest=found.smallest,
            classes=found.classes,
            checked=found.checked,
            lattice_size=found.lattice_size,
            optimal=not found.stopped,
            lower_bound=found.lower_bound,
            stopped=found.stopped,
            seconds=found.seconds,
        )

    def evaluate(
        self,
        nodes: Sequence[Sequence[int]],
        models: Sequence[Model],
        *,
        suppression_limit: int,
        objective: Objective = LOSS,
        monitor: Monitor | None = None,
    ) -> list[Evaluation]:
        """Measures nodes. Raises CancelledError or InvalidArgumentError."""
        levels = [_levels(node) for node in nodes]
        limit = _natural(suppression_limit, "suppression_limit")
        try:
            measured = self._table.evaluate(levels, [_raw(m) for m in models], limit, _objective(objective), monitor)
        except _core.CoreError as error:
            raise _translated(error) from None
        return [Evaluation(tuple(node), *numbers) for node, numbers in zip(levels, measured, strict=True)]

    def release(
        self, levels: Sequence[int], models: Sequence[Model], *, objective: Objective = LOSS, monitor: Monitor | None = None
    ) -> Release:
        """Applies a node to the table, whatever it suppresses. Raises CancelledError or InvalidArgumentError."""
        try:
            raw = self._table.release(_levels(levels), [_raw(m) for m in models], _objective(objective), monitor)
        except _core.CoreError as error:
            raise _translated(error) from None
        population = np.array(raw.population_after, dtype=np.uint64).reshape(-1, 2)
        return Release(
            kept=np.frombuffer(raw.kept, dtype=np.bool_),
            class_of_record=np.frombuffer(raw.class_of_record, dtype=np.uint32),
            before=_histogram(raw.before),
            after=_histogram(raw.after),
            suppressed=raw.suppressed,
            attribute_losses=tuple(raw.attribute_losses),
            losses={Measure(name): value for name, value in raw.losses},
            population_after=(population[:, 0].copy(), population[:, 1].copy()),
            measured=tuple(tuple(values) for values in raw.measured),
        )


@dataclass(frozen=True, eq=False)
class OrderedAttribute:
    """One quasi-identifier of a local recoding.

    codes: place of every record's value in the attribute's order, below `values`. ordered: False makes the hierarchy
    decide where to cut, True the order of the codes. generalizations: as in AttributeCodes, over the values; may be empty.
    """

    codes: NDArray[np.uint32]
    values: int
    ordered: bool = True
    generalizations: tuple[NDArray[np.uint32], ...] = ()


@dataclass(frozen=True, eq=False)
class Partition:
    """Classes of records, each with a box around its values.

    class_of_record: uint32 per record; classes are numbered in order of first appearance. lows, highs: the smallest and
    the largest code of every class (rows) in every attribute (columns), uint32. levels: likewise the lowest level at which
    all codes of the class have one value, uint16; one above the last level where they never do. suppressed: records in
    no class, always 0. An ordered attribute is to be released as low to high, another one as its value at the level: so no
    two classes look alike.
    """

    class_of_record: NDArray[np.uint32]
    lows: NDArray[np.uint32]
    highs: NDArray[np.uint32]
    levels: NDArray[np.uint16]
    suppressed: int = 0

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.lows)


def mondrian(
    attributes: Sequence[OrderedAttribute],
    sensitive: Sequence[SensitiveCodes],
    models: Sequence[Model],
    *,
    strict: bool,
    weights: Sequence[float] = (),
    monitor: Monitor | None = None,
) -> Partition:
    """Cuts the table into ever smaller classes for as long as every class satisfies every model; suppresses nothing.

    Mondrian multidimensional partitioning (LeFevre, DeWitt and Ramakrishnan, ICDE 2006). A class is cut along its widest
    attribute: by the share of the attribute's values that the class's values stand for, times the weight (none given: all
    1). Ordered attributes are cut at the median code; the others into the children of the lowest node above all values, of
    which those that fail alone go together. strict: records with the median's code go to one side together; otherwise to
    both, so that the sides are equally large, if the union of classes that hold always holds (not so for
    delta-disclosure and Grassberger's entropy, where they stay together).

    Raises Infeasible when not even the whole table is a class that holds, NotNested, CancelledError, or
    InvalidArgumentError: also for a model that needs a population and for a limit on the average risk.
    """
    weights = list(weights) or [1.0] * len(attributes)
    if len(weights) != len(attributes):
        raise InvalidArgumentError(f"{len(weights)} weights were given for {len(attributes)} attributes")
    try:
        found = _core.mondrian(
            [
                (
                    _codes(attribute.codes),
                    [_codes(map_) for map_ in attribute.generalizations],
                    _natural(attribute.values, "values", _U32),
                    attribute.ordered,
                    weight,
                )
                for attribute, weight in zip(attributes, weights, strict=True)
            ],
            _sensitive(sensitive),
            [_raw(model) for model in models],
            strict=strict,
            monitor=monitor,
        )
    except _core.CoreError as error:
        raise _translated(error) from None
    shape = (found.classes, len(attributes))
    return Partition(
        class_of_record=np.frombuffer(found.class_of_record, dtype=np.uint32),
        lows=np.frombuffer(found.lows, dtype=np.uint32).reshape(shape),
        highs=np.frombuffer(found.highs, dtype=np.uint32).reshape(shape),
        levels=np.frombuffer(found.levels, dtype=np.uint16).reshape(shape),
    )


def mdav(columns: Sequence[NDArray[np.float64]], k: int, *, monitor: Monitor | None = None) -> NDArray[np.uint32]:
    """Clusters records whose numbers are close to each other: the class of every record, by order of first appearance.

    MDAV (Domingo-Ferrer and Torra 2005), with columns standardised here to mean 0 and variance 1; a column of one value
    weighs nothing. Every class has k records but one, which has up to 2k - 1. No other model than k-anonymity is
    looked at: check the others on the result.

    The work grows with records times distinct records: InvalidArgumentError names the most records that are possible
    when it would take much longer than a minute. It is raised, too, for k = 0, k above the number of records and numbers
    that are not finite; CancelledError when the monitor was cancelled.
    """
    for column in columns:
        if column.dtype != np.float64 or column.ndim != 1:
            raise InvalidArgumentError("columns must be one-dimensional arrays of float64")
    try:
        found = _core.mdav([np.ascontiguousarray(column) for column in columns], k=_natural(k, "k"), monitor=monitor)
    except _core.CoreError as error:
        raise _translated(error) from None
    return np.frombuffer(found, dtype=np.uint32)


def class_histogram(
    columns: Sequence[NDArray[np.uint32]], cardinalities: Sequence[int], *, monitor: Monitor | None = None
) -> ClassHistogram:
    """The sizes of the classes that equal rows form; every code of a column is below its cardinality."""
    if len(columns) != len(cardinalities):
        raise InvalidArgumentError("there must be one cardinality per column")
    limits = [_natural(c, "cardinality", _U32) for c in cardinalities]
    try:
        return _histogram(_core.class_histogram([_codes(column) for column in columns], limits, monitor))
    except _core.CoreError as error:
        raise _translated(error) from None


_U32 = 2**32
_U63 = 2**63
_U64 = 2**64
_LONGEST = 1e9
"""Seconds: 30 years. What is longer need not be told apart."""


def _raw(model: Model) -> tuple[str, list[int], list[float]]:  # noqa: PLR0911 - a case each
    """The model's name, whole numbers and floats; a fraction is two whole numbers."""
    match model:
        case KAnonymity(k):
            return "K_ANONYMITY", [_natural(k, "k")], []
        case KMap(k):
            return "K_MAP", [_natural(k, "k")], []
        case DeltaPresence(least, most):
            return "DELTA_PRESENCE", [*_fraction(least, "least"), *_fraction(most, "most")], []
        case DistinctDiversity(column, l):
            return "DISTINCT_DIVERSITY", [_natural(column, "column"), _natural(l, "l")], []
        case EntropyDiversity(column, l, grassberger):
            return "ENTROPY_DIVERSITY", [_natural(column, "column"), int(grassberger)], [l]
        case RecursiveDiversity(column, c, l):
            return "RECURSIVE_DIVERSITY", [_natural(column, "column"), *_fraction(c, "c"), _natural(l, "l")], []
        case Closeness(column, distance, t):
            return f"CLOSENESS_{distance.value}", [_natural(column, "column"), *_fraction(t, "t")], []
        case DeltaDisclosure(column, delta):
            return "DELTA_DISCLOSURE", [_natural(column, "column")], [delta]
        case BetaLikeness(column, beta, enhanced):
            return "BETA_LIKENESS", [_natural(column, "column"), *_fraction(beta, "beta"), int(enhanced)], []
        case AverageRisk(limit, population):
            return "AVERAGE_RISK", [*_fraction(limit, "limit"), int(population)], []


def _sensitive(columns: Sequence[SensitiveCodes]) -> list[RawSensitive]:
    return [
        (
            _codes(column.codes),
            _natural(column.values, "values", _U32),
            None if column.reference is None else _wide(column.reference),
            None if column.positions is None else _wide(column.positions),
            [_codes(map_) for map_ in column.generalizations],
        )
        for column in columns
    ]


def _objective(objective: Objective) -> tuple[str, str, list[float]]:
    return objective.measure.value, objective.aggregate.value, list(objective.weights)


def _levels(node: Sequence[int]) -> list[int]:
    return [_natural(level, "level", 2**16) for level in node]


def _fraction(value: Fraction, name: str) -> tuple[int, int]:
    numerator, denominator = value.as_integer_ratio()
    if not 0 <= numerator < _U63 or denominator >= _U63:
        raise InvalidArgumentError(f"{name} must be a fraction of at least 0 with numerator and denominator below 2**63")
    return numerator, denominator


def _codes(array: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The array itself when it can cross as it is, a contiguous copy when only its strides are in the way."""
    if array.dtype != np.uint32 or array.ndim != 1:
        raise InvalidArgumentError("codes must be one-dimensional arrays of uint32")
    return np.ascontiguousarray(array)


def _wide(array: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same for rows of a reference and for positions."""
    if array.dtype != np.uint64 or array.ndim != 1:
        raise InvalidArgumentError("reference and positions must be one-dimensional arrays of uint64")
    return np.ascontiguousarray(array)


def _natural(value: int, name: str, limit: int = _U64) -> int:
    if not 0 <= value < limit:
        raise InvalidArgumentError(f"{name} must be at least 0 and below {limit}")
    return value


def _histogram(pairs: list[tuple[int, int]]) -> ClassHistogram:
    table = np.array(pairs, dtype=np.uint64).reshape(-1, 2)
    return ClassHistogram(sizes=table[:, 0].copy(), counts=table[:, 1].copy())


def _translated(error: _core.CoreError) -> Exception:  # noqa: PLR0911 - a case each
    """The kernel's exception in the words of this module."""
    match error:
        case _core.InfeasibleError(args=(message, fewest_suppressed, largest_k)):
            return Infeasible(message, fewest_suppressed, largest_k)
        case _core.NotNestedError(args=(message, attribute, level)):
            return NotNested(message, attribute, level)
        case _core.LatticeTooLargeError(args=(message, size)):
            return LatticeTooLarge(message, size)
        case _core.OutOfMemoryError(args=(message, needed, allowed)):
            return OutOfMemory(message, needed, allowed)
        case _core.LimitReachedError(args=(message, limit)):
            return LimitReached(message, limit)
        case _core.CancelledError(args=(message,)):
            return CancelledError(message)
        case _:
            return InvalidArgumentError(str(error.args[0]))
