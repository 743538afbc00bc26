"""A naive assessor of risk: every row asks every other row, in Fractions, by the definitions of docs/risk.md; no polars."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Row = tuple[str, ...]


@dataclass
class Reading:
    """A table and how it is read. who: of each row the person, "" for nobody; None: every row is one."""

    rows: list[Row]
    stars: str
    nulls: str
    who: list[str] | None = None
    population: list[Row] | None = None
    values: list[str] | None = None
    """Of a sensitive column, by row."""

    @property
    def partly(self) -> list[int]:
        """The columns that are not wholly `*`."""
        return [place for place in range(len(self.rows[0])) if any(row[place] != "*" for row in self.rows)]

    @property
    def kept(self) -> list[int]:
        """The places of the rows that count."""
        alive = [
            place
            for place, row in enumerate(self.rows)
            if self.stars == "OWN_VALUE" or not self.partly or any(row[each] != "*" for each in self.partly)
        ]
        return [place for place in alive if self.nulls != "OMIT_ROWS" or "" not in self.rows[place]]

    def wild(self, place: int, value: str, rows: Sequence[Row]) -> bool:
        """Whether a value of a column matches every other one."""
        if value == "" and self.nulls == "WILDCARD":
            return True
        return value == "*" and self.stars == "WILDCARD" and any(row[place] != "*" for row in rows)

    def alike(self, one: Row, other: Row, kept: Sequence[Row]) -> bool:
        """Whether a row may be taken for another."""
        return all(
            a == b or self.wild(place, a, kept) or self.wild(place, b, kept)
            for place, (a, b) in enumerate(zip(one, other, strict=True))
        )

    def units(self) -> list[tuple[Row, str]]:
        """Whom the figures are about: rows, or persons once in every class that they have a row in."""
        rows = [(self.rows[place], str(place) if self.who is None else self.who[place]) for place in self.kept]
        return list(dict.fromkeys(rows))

    def crowd(self, row: Row) -> int:
        """Among how many rows, or different persons, a row hides."""
        rows = [self.rows[place] for place in self.kept]
        alike = [place for place, other in zip(self.kept, rows, strict=True) if self.alike(row, other, rows)]
        return len(alike) if self.who is None else len({self.who[place] for place in alike})

    def outside(self, row: Row) -> int:
        """How many rows of the population a row stands for."""
        assert self.population is not None

        def stands(place: int, own: str, other: str) -> bool:
            if own == "" and self.nulls == "WILDCARD":
                return True
            star = own == "*" and self.stars != "OWN_VALUE" and all(each[place] != "*" for each in self.population or [])
            return own == other or star

        return sum(
            all(stands(place, own, other) for place, (own, other) in enumerate(zip(row, each, strict=True)))
            for each in self.population
        )


@dataclass
class Figures:
    """What an assessment must say. Risks by unit, with their means."""

    units: int
    suppressed: int
    classes: int
    crowds: list[int]
    outside: list[int] | None
    disclosed: int | None
    least: int | None
    equal: Fraction | None
    distinction: Fraction
    separation: Fraction | None
    classes_outside: list[int] | None = None

    def at_risk(self, crowds: Sequence[int], threshold: Fraction) -> Fraction:
        """The share of units whose risk is above a threshold, strictly."""
        return Fraction(sum(Fraction(1, max(1, each)) > threshold for each in crowds), self.units)

    def mean(self, crowds: Sequence[int]) -> Fraction:
        return sum((Fraction(1, max(1, each)) for each in crowds), Fraction(0)) / self.units

    @property
    def journalist(self) -> Fraction:
        """The journalist's success."""
        assert self.outside is not None
        assert self.classes_outside is not None
        whole = sum(max(1, each) for each in self.classes_outside)
        return max(Fraction(self.classes, whole), self.mean(self.outside))


def assess(table: Reading) -> Figures:
    """All figures of a table with at least one row that counts."""
    units, kept = table.units(), table.kept
    keys = list(dict.fromkeys(row for row, _ in units))
    sizes = Counter(row for row, _ in units)
    pairs = math.comb(len(units), 2)
    outside = {row: table.outside(row) for row in keys} if table.population is not None else None
    alive = [
        row for row in table.rows if table.stars == "OWN_VALUE" or not table.partly or any(row[p] != "*" for p in table.partly)
    ]
    disclosed = least = equal = None
    if table.values is not None:
        by_class = {key: [table.values[place] for place in kept if table.rows[place] == key] for key in keys}
        whole = Counter(table.values[place] for place in kept)
        disclosed = sum(len(values) for values in by_class.values() if len(set(values)) == 1)
        least = min(len(set(values)) for values in by_class.values())
        equal = max(
            sum(abs(Fraction(values.count(each), len(values)) - Fraction(whole[each], len(kept))) for each in whole) / 2
            for values in by_class.values()
        )
    return Figures(
        units=len(units),
        suppressed=len(table.rows) - len(alive),
        classes=len(keys),
        crowds=[table.crowd(row) for row, _ in units],
        outside=None if outside is None else [outside[row] for row, _ in units],
        disclosed=disclosed,
        least=least,
        equal=equal,
        distinction=Fraction(len(keys), len(units)),
        separation=Fraction(pairs - sum(math.comb(each, 2) for each in sizes.values()), pairs) if pairs else None,
        classes_outside=None if outside is None else list(outside.values()),
    )
