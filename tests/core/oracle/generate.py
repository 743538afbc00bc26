"""Random search problems: small tables of every shape, and models whose bounds lie where they decide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from oracle.exact import Number, decimal
from oracle.losses import AGGREGATES, Objective
from oracle.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    Model,
    RecursiveDiversity,
    measured,
)
from oracle.search import Oracle, Task
from oracle.table import Attribute, Sensitive, Table

Rng = np.random.Generator

KINDS = (
    "k",
    "k-map",
    "delta-presence",
    "distinct",
    "entities",
    "entropy",
    "entropy-grassberger",
    "recursive",
    "t-equal",
    "t-ordered",
    "t-hierarchical",
    "t-wasserstein",
    "delta-disclosure",
    "beta",
    "beta-enhanced",
    "average",
    "average-population",
)
ENTITIES = 2  # place of the sensitive column that holds persons
MOST_NODES = 120


@dataclass(frozen=True)
class Instance:
    """One random search problem."""

    table: Table
    task: Task
    kinds: tuple[str, ...]  # of the models, in their order


def kind_of(model: Model) -> str:
    """The name of a model's kind; persons count as distinct values of their column."""
    match model:
        case KAnonymity():
            return "k"
        case KMap():
            return "k-map"
        case DeltaPresence():
            return "delta-presence"
        case DistinctDiversity(column=column):
            return "entities" if column == ENTITIES else "distinct"
        case EntropyDiversity(grassberger=grassberger):
            return "entropy-grassberger" if grassberger else "entropy"
        case RecursiveDiversity():
            return "recursive"
        case Closeness(distance=distance):
            return f"t-{distance.lower()}"
        case DeltaDisclosure():
            return "delta-disclosure"
        case BetaLikeness(enhanced=enhanced):
            return "beta-enhanced" if enhanced else "beta"
        case AverageRisk(population=population):
            return "average-population" if population else "average"


def hierarchy(rng: Rng, leaves: int, levels: int) -> tuple[tuple[int, ...], ...]:
    """Nested maps of random shape; a level may equal the one before, the top may have several values."""
    maps = []
    codes = rng.permutation(leaves)
    for _ in range(levels):
        values = int(codes.max()) + 1
        if rng.random() < 0.8:
            fewer = int(rng.integers(1, values + 1))
            codes = rng.permutation(values)[rng.integers(0, fewer, values)][codes]
        maps.append(tuple(codes.tolist()))
    return tuple(maps)


def _skewed(rng: Rng, values: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Codes below `values`, some likelier than others and some perhaps unused."""
    used = rng.permutation(values)[: int(rng.integers(1, values + 1))]
    return rng.choice(used, size=size, p=rng.dirichlet(np.full(len(used), float(rng.choice([0.7, 5.0])))))


def attribute(rng: Rng, records: int, *, tall: bool = False) -> Attribute:
    """A random quasi-identifier of up to eight leaves and three levels; tall: up to thirteen and five."""
    leaves, levels = int(rng.integers(1, 9)), int(rng.integers(0, 4))
    if tall:
        leaves, levels = int(rng.integers(3, 14)), int(rng.integers(2, 6))
    return Attribute(tuple(_skewed(rng, leaves, records).tolist()), leaves, hierarchy(rng, leaves, levels))


def sensitive(rng: Rng, attributes: list[Attribute], counts: tuple[int, ...]) -> Sensitive:
    """A random sensitive column that depends on the attributes more or less, and may have a reference of its own."""
    records = len(attributes[0].codes)
    values = int(rng.choice([1, 2, 2, 3, 4, 5, 6]))
    codes = _skewed(rng, values, records)
    if rng.random() < 0.5:
        leader = np.array(attributes[int(rng.integers(0, len(attributes)))].codes)
        codes = np.where(rng.random(records) < 0.6, leader % values, codes)
    # A value that is declared occurs, in the table or in the reference.
    reference = None
    if rng.random() < 0.25:
        own = np.bincount(codes, weights=counts or None, minlength=values)
        given = rng.integers(0, 9, values) + (own if rng.random() < 0.6 else 0)
        if rng.random() < 0.4:
            given[codes[0]] = 0  # a value that occurs, and should not
        reference = tuple(int(n) for n in np.where((given == 0) & (own == 0), 1, given))
        if sum(reference) == 0:
            reference = None
    if reference is None:
        codes = np.unique(codes, return_inverse=True)[1]
        values = int(codes.max()) + 1
    gaps = rng.choice([1, 2, 10, 10**6, 2**40], values)
    positions = tuple((np.cumsum(gaps) + int(rng.integers(0, 1000))).tolist())
    maps = hierarchy(rng, values, int(rng.integers(0, 4)))
    return Sensitive(tuple(codes.tolist()), values, reference, positions, maps)


def table(rng: Rng, *, population: bool, tall: bool = False) -> Table:
    """A random table of up to sixty records whose lattice has at most MOST_NODES nodes; tall: ten times as many."""
    records = int(rng.choice([rng.integers(1, 8), rng.integers(8, 60), rng.integers(30, 60)]))
    attributes = [attribute(rng, records, tall=tall) for _ in range(int(rng.integers(1, 6)))]
    if rng.random() < 0.25:  # equal attributes make equal losses
        attributes[-1] = attributes[0]
    while math.prod(a.height + 1 for a in attributes) > MOST_NODES * (10 if tall else 1):
        attributes.pop()
    counts = tuple(rng.integers(1, 5, records).tolist()) if rng.random() < 0.3 else ()
    columns = [sensitive(rng, attributes, counts) for _ in range(2)]
    persons = np.unique(rng.integers(0, max(1, int(records * rng.choice([0.3, 0.8, 2.0]))), records), return_inverse=True)[1]
    columns.append(Sensitive(tuple(persons.tolist()), int(persons.max()) + 1))
    people: list[tuple[int, ...]] | None = None
    people_counts: tuple[int, ...] = ()
    if population:
        drawn = [tuple(a.codes[r] for a in attributes) for r in rng.choice(records, int(rng.integers(0, 2 * records + 1)))]
        strangers = int(rng.integers(0 if drawn else 1, records + 2))
        drawn += [tuple(int(rng.integers(0, a.leaves)) for a in attributes) for _ in range(strangers)]
        people = [drawn[place] for place in rng.permutation(len(drawn))]
        people_counts = tuple(rng.integers(1, 4, len(people)).tolist()) if rng.random() < 0.4 else ()
    return Table(tuple(attributes), tuple(columns), counts, None if people is None else tuple(people), people_counts)


def objective(rng: Rng, measure: str, count: int) -> Objective:
    """A random aggregate and weights, both of no effect on measures that are not marginal."""
    weights: list[float] = [
        [],
        rng.random(count).round(2).tolist(),
        rng.choice([0.0, 0.5, 1.0, 2.0], count).tolist(),
        rng.choice([1e-9, 1.0, 1e9], count).tolist(),
    ][int(rng.integers(0, 4))]
    if weights and max(weights) == 0:
        weights[0] = 1.0
    return Objective(measure, AGGREGATES[int(rng.integers(0, 3))], tuple(weights))


def model(rng: Rng, kind: str, oracle: Oracle) -> Model:
    """A model whose bound is near what some class of some node measures, or exactly that."""
    column = ENTITIES if kind == "entities" else int(rng.integers(0, 2))
    near = _Near(rng, oracle)
    exact = rng.random() < 0.5
    match kind:
        case "k":
            return KAnonymity(int(rng.integers(1, 9)))
        case "k-map":
            return KMap(max(1, int(near.measured(KMap(1))) + int(rng.integers(-1, 2))))
        case "delta-presence":
            ends = sorted(_fraction(near.measured(DeltaPresence(Fraction(0), Fraction(1)))) for _ in range(2))
            least = Fraction(0) if rng.random() < 0.5 else ends[0]
            return DeltaPresence(min(least, Fraction(1)), ends[1] if exact else max(Fraction(1), ends[1]))
        case "distinct" | "entities":
            values = int(near.measured(DistinctDiversity(column, 1)))
            return DistinctDiversity(column, max(1, values + int(rng.integers(-1, 2))))
        case "entropy" | "entropy-grassberger":
            grassberger = kind != "entropy"
            bound = float(near.measured(EntropyDiversity(column, 1.0, grassberger)))
            # A whole number meets classes of so many equally frequent values; every class holds with 1. Grassberger's estimate
            # may be above what so few values allow, so their number decides, too.
            bound = round(bound) if exact else round(bound * float(rng.uniform(0.7, 1.0)), 2)
            if grassberger and rng.random() < 0.4:
                bound = float(near.measured(DistinctDiversity(column, 1))) + float(rng.choice([-0.5, 0.0, 0.5]))
            return EntropyDiversity(column, bound if bound > 1 else float(rng.choice([1.0, 1.3, 2.0])), grassberger)
        case "recursive":
            place = int(rng.integers(1, 4))
            ratio = _fraction(near.measured(RecursiveDiversity(column, Fraction(1), place)))
            return RecursiveDiversity(column, ratio if exact else ratio + Fraction(1, 7), place)
        case "delta-disclosure":
            return DeltaDisclosure(column, round(float(_finite(near.measured(DeltaDisclosure(column, 1.0)))) + 0.0153, 3))
        case "beta" | "beta-enhanced":
            beta = _fraction(near.measured(BetaLikeness(column, Fraction(1))))
            return BetaLikeness(column, (beta if exact else beta + Fraction(1, 9)) or Fraction(1, 9), kind == "beta-enhanced")
        case "average" | "average-population":
            return AverageRisk(_fraction(near.mean(population=kind != "average")), kind != "average")
        case _:
            t = _fraction(near.measured(Closeness(column, kind.removeprefix("t-").upper(), Fraction(1))))
            return Closeness(column, kind.removeprefix("t-").upper(), t if exact else min(Fraction(1), t + Fraction(1, 50)))


@dataclass
class _Near:
    """Takes what models measure of random classes of random nodes."""

    rng: Rng
    oracle: Oracle

    def _levels(self) -> tuple[int, ...]:
        return tuple(int(self.rng.integers(0, a.height + 1)) for a in self.oracle.table.attributes)

    def measured(self, model: Model) -> Number:
        classes = self.oracle.groups(self._levels())
        return measured(model, [classes[int(self.rng.integers(0, len(classes)))]], self.oracle.table)[0]

    def mean(self, *, population: bool) -> Number:
        risk = AverageRisk(Fraction(1), population)
        classes = sorted(self.oracle.groups(self._levels()), key=risk.size)
        # Some of one size, and not the others: too little suppression, as they leave together.
        parted = [place for place in range(1, len(classes)) if risk.size(classes[place]) == risk.size(classes[place - 1])]
        start = self.rng.choice(parted) if parted and self.rng.random() < 0.7 else self.rng.integers(0, len(classes))
        return risk.mean(classes[int(start) :])


def _finite(number: Number) -> Number:
    return Decimal(1) if isinstance(number, Decimal) and number.is_infinite() else number


def _fraction(number: Number) -> Fraction:
    """The number, or one near it whose numerator and denominator fit the kernel's."""
    found = Fraction(_finite(number))
    return found if max(found.numerator, found.denominator) < 2**63 else Fraction(decimal(found)).limit_denominator(10**6)


def instance(rng: Rng, kind: str, measure: str, *, tall: bool = False) -> Instance:
    """A problem with a model of this kind, perhaps others, and this measure; tall: with a larger lattice."""
    others = [KINDS[place] for place in rng.choice(len(KINDS), int(rng.choice([0, 1, 1, 2, 3])))]
    kinds = [kind, *others]
    if rng.random() < 0.4:
        kinds.append("k")
    kinds = [kinds[place] for place in rng.permutation(len(kinds))]
    population = bool({"k-map", "delta-presence", "average-population"} & set(kinds)) or rng.random() < 0.2
    found = table(rng, population=population, tall=tall)
    oracle = Oracle(found)
    models = tuple(model(rng, kind, oracle) for kind in kinds)
    limit = int(found.rows * rng.choice([0.0, 0.02, 0.1, 0.3, 0.6, 1.0]))
    return Instance(found, Task(models, limit, objective(rng, measure, len(found.attributes))), tuple(kinds))


def decides(oracle: Oracle, task: Task, kind: str) -> bool:
    """Whether the answer would be another without the models of this kind."""
    answer = oracle.best(task)
    without = oracle.best(Task(tuple(model for model in task.models if kind_of(model) != kind), task.limit, task.objective))
    if answer is None or without is None:
        return without is not None
    return (answer[0].levels, answer[0].released) != (without[0].levels, without[0].released)


def deciding(rng: Rng, kind: str, measure: str) -> Instance:
    """A problem that a model of this kind decides, if one of a few tries makes such a one; else the last try.

    Most of them have a release: a model that only forbids every release decides less.
    """
    infeasible_too = rng.random() < 0.15
    for _ in range(40):
        found = instance(rng, kind, measure)
        oracle = Oracle(found.table)
        if (infeasible_too or oracle.best(found.task)) and decides(oracle, found.task, kind):
            break
    return found
