"""Tables as the oracle sees them, and the classes that a node makes of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product

Levels = tuple[int, ...]


@dataclass(frozen=True)
class Attribute:
    """A quasi-identifier: the leaf of every record, and for every level from 1 on the value of every leaf."""

    codes: tuple[int, ...]
    leaves: int
    maps: tuple[tuple[int, ...], ...] = ()

    @property
    def height(self) -> int:
        """The highest level."""
        return len(self.maps)

    def at(self, leaf: int, level: int) -> int:
        """The value of a leaf at a level."""
        return leaf if level == 0 else self.maps[level - 1][leaf]

    def leaves_under(self, leaf: int, level: int) -> int:
        """How many leaves share the leaf's value at a level."""
        return sum(self.at(other, level) == self.at(leaf, level) for other in range(self.leaves))


@dataclass(frozen=True)
class Sensitive:
    """A column that models look at: its value of every record, of `values` that there may be.

    reference: rows of each value in the reference distribution, None for the table's own. positions: of each value on a line,
    ascending. maps: as of an attribute, over the values.
    """

    codes: tuple[int, ...]
    values: int
    reference: tuple[int, ...] | None = None
    positions: tuple[int, ...] | None = None
    maps: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Table:
    """Records, each of which stands for `counts` rows; the population is tuples of leaves with counts of their own."""

    attributes: tuple[Attribute, ...]
    sensitive: tuple[Sensitive, ...] = ()
    counts: tuple[int, ...] = ()
    population: tuple[tuple[int, ...], ...] | None = None
    population_counts: tuple[int, ...] = ()
    _shares: dict[int, tuple[Fraction, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def records(self) -> int:
        """The number of records."""
        return len(self.attributes[0].codes)

    def count(self, record: int) -> int:
        """The rows that a record stands for."""
        return self.counts[record] if self.counts else 1

    @cached_property
    def rows(self) -> int:
        """The rows of all records."""
        return sum(self.count(record) for record in range(self.records))

    def tuple_of(self, record: int) -> tuple[int, ...]:
        """The leaves of a record."""
        return tuple(a.codes[record] for a in self.attributes)

    def population_tuples(self) -> Iterator[tuple[tuple[int, ...], int]]:
        """The leaves and the count of every record of the population."""
        for place, leaves in enumerate(self.population or ()):
            yield leaves, self.population_counts[place] if self.population_counts else 1

    def shares(self, column: int) -> tuple[Fraction, ...]:
        """The reference distribution of a sensitive column."""
        if column not in self._shares:
            column_of = self.sensitive[column]
            counts = column_of.reference
            if counts is None:
                own = Counter[int]()
                for record, value in enumerate(column_of.codes):
                    own[value] += self.count(record)
                counts = tuple(own[value] for value in range(column_of.values))
            self._shares[column] = tuple(Fraction(n, sum(counts)) for n in counts)
        return self._shares[column]

    def nodes(self) -> Iterator[Levels]:
        """All nodes of the lattice."""
        return product(*(range(a.height + 1) for a in self.attributes))

    @property
    def top(self) -> Levels:
        """The most general node."""
        return tuple(a.height for a in self.attributes)


@dataclass(frozen=True)
class Group:
    """An equivalence class: its records, rows, rows of the population, and rows of every value of each sensitive column."""

    members: tuple[int, ...]
    rows: int
    population: int
    histograms: tuple[Counter[int], ...]

    def shares(self, column: int, values: int) -> list[Fraction]:
        """The distribution of a sensitive column."""
        return [Fraction(self.histograms[column][value], self.rows) for value in range(values)]


def generalized(table: Table, leaves: tuple[int, ...], levels: Levels) -> tuple[int, ...]:
    """The cell that leaves fall into."""
    return tuple(a.at(leaf, level) for a, leaf, level in zip(table.attributes, leaves, levels, strict=True))


def groups(table: Table, levels: Levels) -> list[Group]:
    """The classes of a node, in the order in which their first records appear."""
    members: dict[tuple[int, ...], list[int]] = {}
    for record in range(table.records):
        members.setdefault(generalized(table, table.tuple_of(record), levels), []).append(record)
    population = Counter[tuple[int, ...]]()
    for leaves, count in table.population_tuples():
        population[generalized(table, leaves, levels)] += count
    found = []
    for cell, records in members.items():
        histograms = []
        for column in table.sensitive:
            histogram = Counter[int]()
            for record in records:
                histogram[column.codes[record]] += table.count(record)
            histograms.append(histogram)
        rows = sum(table.count(record) for record in records)
        found.append(Group(tuple(records), rows, population[cell], tuple(histograms)))
    return found
