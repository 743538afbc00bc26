"""What a release loses, by every measure: exact fractions, decimals of 60 digits where a logarithm is in the definition."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from oracle.exact import CONTEXT, Number, decimal, ln, log2, over, plus, times, to_float
from oracle.table import Group, Levels, Table

MARGINAL = ("LOSS", "PRECISION", "NON_UNIFORM_ENTROPY")
MEASURES = (*MARGINAL, "DISCERNIBILITY", "AVERAGE_CLASS_SIZE", "KL_DIVERGENCE", "AMBIGUITY")
AGGREGATES = ("GEOMETRIC_MEAN", "ARITHMETIC_MEAN", "MAXIMUM")


@dataclass(frozen=True)
class Objective:
    """What is minimised; weights of the attributes for marginal measures, empty for all 1."""

    measure: str = "LOSS"
    aggregate: str = "GEOMETRIC_MEAN"
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Loss:
    """A loss: a number that orders losses exactly, and the loss itself."""

    key: Number
    value: float


def loss(table: Table, levels: Levels, released: Sequence[Group], objective: Objective) -> Loss:
    """The loss of a node that releases these of its classes, at least one."""
    if objective.measure in MARGINAL:
        return _aggregated(attribute_losses(table, levels, released, objective.measure), objective)
    suppressed = table.rows - sum(group.rows for group in released)
    match objective.measure:
        case "DISCERNIBILITY":
            key: Number = Fraction(sum(group.rows**2 for group in released) + table.rows * suppressed)
        case "AVERAGE_CLASS_SIZE":
            key = Fraction(table.rows, len(released) + bool(suppressed))  # suppressed rows are one class, as ARX counts
        case "AMBIGUITY":
            key = _ambiguity(table, levels, released)
        case "KL_DIVERGENCE":
            key = _divergence(table, levels, released)
        case _:
            raise ValueError(objective.measure)
    return Loss(key, to_float(key))


def attribute_losses(table: Table, levels: Levels, released: Sequence[Group], measure: str) -> list[Number]:
    """The loss of every attribute under a marginal measure: 0 for the table as it is, 1 when every row is suppressed."""
    kept = {record for group in released for record in group.members}
    found: list[Number] = []
    for j, attribute in enumerate(table.attributes):
        stay, go = Counter[int](), Counter[int]()  # rows of each leaf
        for record, leaf in enumerate(attribute.codes):
            (stay if record in kept else go)[leaf] += table.count(record)
        both = stay + go
        lost = plus(
            _total(stay, {leaf: _cost(table, measure, j, leaf, levels[j]) for leaf in stay}),
            _total(go, {leaf: _suppressed_cost(table, measure, j, leaf) for leaf in go}),
        )
        least = _total(both, {leaf: _cost(table, measure, j, leaf, 0) for leaf in both})
        most = _total(both, {leaf: _suppressed_cost(table, measure, j, leaf) for leaf in both})
        span = plus(most, times(Fraction(-1), least))
        found.append(over(plus(lost, times(Fraction(-1), least)), span) if span != 0 else Fraction(0))
    return found


def _total(rows: Counter[int], costs: dict[int, Number]) -> Number:
    total: Number = Fraction(0)
    for leaf, count in rows.items():
        total = plus(total, times(Fraction(count), costs[leaf]))
    return total


def _cost(table: Table, measure: str, j: int, leaf: int, level: int) -> Number:
    """What a released cell loses."""
    attribute = table.attributes[j]
    match measure:
        case "LOSS":
            return _share(attribute.leaves, attribute.maps, leaf, level)
        case "PRECISION":
            return Fraction(level, attribute.height) if attribute.height else Fraction(0)
        case _:
            return log2(Fraction(_rows_at(table, j, leaf, level), _rows_at(table, j, leaf, 0)))


def _suppressed_cost(table: Table, measure: str, j: int, leaf: int) -> Number:
    """What a suppressed cell loses."""
    if measure == "NON_UNIFORM_ENTROPY":
        return log2(Fraction(table.rows, _rows_at(table, j, leaf, 0)))
    return Fraction(1)


@cache
def _share(leaves: int, maps: tuple[tuple[int, ...], ...], leaf: int, level: int) -> Fraction:
    """The share of the leaves that a leaf's value stands for at a level."""
    if level == 0:
        return Fraction(1, leaves)
    return Fraction(maps[level - 1].count(maps[level - 1][leaf]), leaves)


def _rows_at(table: Table, j: int, leaf: int, level: int) -> int:
    """The rows of the whole input that share the leaf's value at a level."""
    attribute = table.attributes[j]
    value = attribute.at(leaf, level)
    return _histogram(table.counts, attribute.codes, attribute.maps[level - 1] if level else ())[value]


@cache
def _histogram(counts: tuple[int, ...], codes: tuple[int, ...], map_: tuple[int, ...]) -> Counter[int]:
    found = Counter[int]()
    for place, code in enumerate(codes):
        found[map_[code] if map_ else code] += counts[place] if counts else 1
    return found


def _aggregated(losses: Sequence[Number], objective: Objective) -> Loss:
    weights = [Fraction(weight) for weight in objective.weights or [1.0] * len(losses)]
    heaviest = max(weights)
    weighted = [times(value, weight / heaviest) for value, weight in zip(losses, weights, strict=True)]
    match objective.aggregate:
        case "GEOMETRIC_MEAN":
            key: Number = Fraction(1)
            for value in weighted:
                key = times(key, plus(value, Fraction(1)))
            # Close to 1 the root needs more digits than a double has.
            root = CONTEXT.exp(CONTEXT.divide(CONTEXT.ln(decimal(key)), Decimal(len(losses))))
            return Loss(key, float(CONTEXT.subtract(root, Decimal(1))))
        case "ARITHMETIC_MEAN":
            key = Fraction(0)
            for value in weighted:
                key = plus(key, value)
            key = over(key, Fraction(len(losses)))
            return Loss(key, to_float(key))
        case "MAXIMUM":
            key = max(weighted)
            return Loss(key, to_float(key))
        case _:
            raise ValueError(objective.aggregate)


def _volume(table: Table, levels: Levels, record: int) -> int:
    """The combinations of leaves that a record's cell stands for."""
    return math.prod(
        int(_share(a.leaves, a.maps, a.codes[record], level) * a.leaves)
        for a, level in zip(table.attributes, levels, strict=True)
    )


def _ambiguity(table: Table, levels: Levels, released: Sequence[Group]) -> Fraction:
    everything = math.prod(a.leaves for a in table.attributes)
    stood_for = sum(group.rows * _volume(table, levels, group.members[0]) for group in released)
    suppressed = table.rows - sum(group.rows for group in released)
    return Fraction(stood_for + suppressed * everything, table.rows)


def _divergence(table: Table, levels: Levels, released: Sequence[Group]) -> Decimal:
    """Of the input's tuples from the released ones, each spread evenly over its cell, the suppressed over everything."""
    everything = math.prod(a.leaves for a in table.attributes)
    suppressed = table.rows - sum(group.rows for group in released)
    background = Fraction(suppressed, table.rows * everything)
    rows_of = Counter[tuple[int, ...]]()
    for record in range(table.records):
        rows_of[table.tuple_of(record)] += table.count(record)
    # Equal records are in one class, so a tuple is released whole or not at all.
    spread = {
        table.tuple_of(record): Fraction(group.rows, table.rows * _volume(table, levels, record))
        for group in released
        for record in group.members
    }
    total = Decimal(0)
    for leaves, rows in rows_of.items():
        share = Fraction(rows, table.rows)
        after = spread.get(leaves, Fraction(0)) + background
        total = CONTEXT.add(total, CONTEXT.multiply(decimal(share), ln(share / after)))
    return total
