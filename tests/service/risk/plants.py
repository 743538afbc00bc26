"""Violations planted into tables that are clean otherwise.

Every plant makes a table whose classes satisfy the models, many of them only just, and a twin in which one class (or the table
as a whole) is over the bound by the least step there is. The rest of the table is random: other classes, which are safe,
the number of quasi-identifiers, the order of the rows.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = tuple[str, ...]
VALUES = ["flu", "gout", "ulcer", "cancer", "burn", "cough", "cold", "ache"]


@dataclass
class Twin:
    """One table and what it is asked. sensitive: the values of each class, class by class."""

    classes: dict[Row, list[str]]
    models: list[dict[str, Any]]
    more: dict[str, Any] = field(default_factory=dict)
    extra: list[Row] = field(default_factory=list)
    """Further rows, whole."""


@dataclass
class Planted:
    """A clean table and its twin. classes: those that must be reported, empty when the table as a whole is over the bound."""

    kind: str
    clean: Twin
    dirty: Twin
    failing: list[Row]


Plant = Callable[[random.Random, "Labels"], Planted]


class Labels:
    """Fresh quasi-identifier values for classes of one table."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.width = chance.randint(1, 4)
        self.used: set[Row] = set()

    def one(self) -> Row:
        while True:
            row = tuple(self.chance.choice(["20-29", "30-39", "130**", "F", "M", "é", "[5, 10)"]) for _ in range(self.width))
            row = (f"{row[0]}/{self.chance.randint(0, 99)}", *row[1:])
            if row not in self.used:
                self.used.add(row)
                return row

    def many(self) -> list[Row]:
        return [self.one() for _ in range(self.chance.randint(0, 6))]


def spread(values: Sequence[str], rows: int) -> list[str]:
    """That many rows, the values as evenly as can be."""
    return [values[place % len(values)] for place in range(rows)]


def counts(**by_value: int) -> list[str]:
    return [value for value, count in by_value.items() for _ in range(count)]


def _twins(
    kind: str, labels: Labels, models: list[dict[str, Any]], clean: list[str], dirty: list[str], safe: list[str], **more: Any
) -> Planted:
    """The same safe classes around one class that is clean or not."""
    here = labels.one()
    others = {row: list(safe) for row in labels.many()}
    return Planted(
        kind,
        Twin({**others, here: clean}, models, dict(more)),
        Twin({**others, here: dirty}, models, dict(more)),
        [here],
    )


def k_off_by_one(chance: random.Random, labels: Labels) -> Planted:
    k = chance.randint(2, 9)
    full = spread(VALUES, k)
    return _twins("k off by one", labels, [{"k_anonymity": {"k": k}}], full, full[1:], spread(VALUES, k + 3))


def starred_row_counted(chance: random.Random, labels: Labels) -> Planted:
    """A suppressed row fills no class up, and is none by itself."""
    k = chance.randint(2, 6)
    planted = k_off_by_one(chance, labels)
    models = [{"k_anonymity": {"k": k}}]
    here = planted.failing[0]
    for twin, rows in ((planted.clean, k), (planted.dirty, k - 1)):
        twin.models = models
        twin.classes = {row: spread(VALUES, rows if row == here else k + 1) for row in twin.classes}
        twin.extra = [("*",) * labels.width + ("flu",)] * chance.randint(1, k)
        if len(twin.classes) == 1:
            twin.classes[labels.one()] = spread(VALUES, k)
    planted.kind = "a starred row counted"
    return planted


def partly_starred_row(chance: random.Random, labels: Labels) -> Planted:
    """A row with one value left is a class; without it, it is suppressed."""
    labels.width = chance.randint(2, 4)
    k = chance.randint(2, 6)
    classes = {labels.one(): spread(VALUES, k) for _ in range(3)}
    stars = ["*"] * labels.width
    place = chance.randrange(labels.width)
    left = [next(iter(classes))[place] if each == place else "*" for each in range(labels.width)]
    models = [{"k_anonymity": {"k": k}}]
    return Planted(
        "a row with one value left",
        Twin(classes, models, extra=[(*stars, "flu")]),
        Twin(classes, models, extra=[(*left, "flu")]),
        [tuple(left)],
    )


def wholly_starred_column(chance: random.Random, labels: Labels) -> Planted:
    """A column of nothing but stars is generalised: a row whose other cells are stars is suppressed, others are not."""
    labels.width = 2
    k = chance.randint(2, 6)
    classes = {("*", labels.one()[1] + str(each)): spread(VALUES, k) for each in range(3)}
    short = {key: rows[1:] if place == 1 else rows for place, (key, rows) in enumerate(classes.items())}
    models = [{"k_anonymity": {"k": k}}]
    extra: list[Row] = [("*", "*", "flu")]
    return Planted(
        "a wholly starred column", Twin(classes, models, extra=extra), Twin(short, models, extra=extra), [list(classes)[1]]
    )


def null_splits_a_class(chance: random.Random, labels: Labels) -> Planted:
    labels.width = chance.randint(2, 4)
    k = chance.randint(3, 6)
    planted = k_off_by_one(chance, labels)
    here = planted.failing[0]
    blank = (*here[:-1], "")
    for twin in (planted.clean, planted.dirty):
        twin.models = [{"k_anonymity": {"k": k}}]
        twin.classes = {row: spread(VALUES, k + 4) for row in twin.classes}
    planted.clean.classes[blank] = spread(VALUES, k)
    planted.dirty.classes[blank] = spread(VALUES, chance.randint(1, k - 1))
    return Planted("a null makes a class of its own", planted.clean, planted.dirty, [blank])


def almost_equal_labels(chance: random.Random, labels: Labels) -> Planted:
    """Labels that differ by case, a blank or composition are different labels."""
    k = chance.randint(3, 6)
    here = ("Café", *labels.one()[1:])
    other = (chance.choice(["café", "Café ", "Cafe\u0301", "CAFÉ"]), *here[1:])
    models = [{"k_anonymity": {"k": k}}]
    others = {row: spread(VALUES, k) for row in labels.many()}
    return Planted(
        "labels that look alike",
        Twin({**others, here: spread(VALUES, k), other: spread(VALUES, k)}, models),
        Twin({**others, here: spread(VALUES, k), other: spread(VALUES, k - 1)}, models),
        [other],
    )


def persons(chance: random.Random, labels: Labels) -> Planted:
    """k rows of k - 1 persons."""
    k = chance.randint(2, 6)
    planted = k_off_by_one(chance, labels)
    here = planted.failing[0]
    for twin, names in ((planted.clean, k), (planted.dirty, k - 1)):
        twin.models = [{"k_anonymity": {"k": k}}]
        people = [f"p{each}" for each in range(k + 2)]
        twin.classes = {row: spread(people[:names] if row == here else people, k + 2) for row in twin.classes}
        twin.more = {"entity_column": "sensitive"}
    planted.kind = "k rows of fewer persons"
    return planted


def one_value(chance: random.Random, labels: Labels) -> Planted:
    l = chance.randint(2, 5)  # noqa: E741
    rows = chance.randint(l, 12)
    models = [{"l_diversity": {"attribute": "sensitive", "l": l}}]
    values = chance.sample(VALUES, l - 1)
    return _twins("too few values", labels, models, spread([*values, "rare"], rows), spread(values, rows), spread(VALUES, 9))


def only_nulls(chance: random.Random, labels: Labels) -> Planted:
    """Null is a value: with another one there are two, alone it is one."""
    rows = chance.randint(2, 8)
    models = [{"l_diversity": {"attribute": "sensitive", "l": 2}}]
    return _twins("nothing but nulls", labels, models, ["flu", *[""] * rows], [""] * (rows + 1), spread(VALUES, 9))


def entropy(chance: random.Random, labels: Labels) -> Planted:
    """l values, evenly: exactly ln l; one row moved: less."""
    l, each = chance.randint(2, 5), chance.randint(2, 6)  # noqa: E741
    even = spread(VALUES[:l], l * each)
    moved = list(even)
    moved[0] = moved[1]
    models = [{"l_diversity": {"attribute": "sensitive", "l": l, "kind": "L_DIVERSITY_KIND_ENTROPY"}}]
    return _twins("entropy", labels, models, even, moved, spread(VALUES[:l], l))


def recursive(chance: random.Random, labels: Labels) -> Planted:
    """r1 = c x tail fails, one row less in r1 holds; the counts between r1 and the tail do not matter."""
    c, l, tail = chance.randint(2, 4), chance.randint(2, 4), chance.randint(2, 4)  # noqa: E741
    middle = {f"m{each}": chance.randint(1, c * tail - 1) for each in range(l - 2)}
    rare = {f"t{each}": 1 for each in range(tail)}
    clean, dirty = counts(top=c * tail - 1, **middle, **rare), counts(top=c * tail, **middle, **rare)
    models = [{"l_diversity": {"attribute": "sensitive", "l": l, "c": c, "kind": "L_DIVERSITY_KIND_RECURSIVE"}}]
    return _twins("recursive boundary", labels, models, clean, dirty, spread(VALUES, 16))


DISTANCES = ["EQUAL", "ORDERED", "HIERARCHICAL", "WASSERSTEIN"]


def closeness(chance: random.Random, labels: Labels) -> Planted:
    """A class of 100 rows at exactly t; one more row on the wrong side is 0.01 over it."""
    distance = chance.choice(DISTANCES)
    shift = chance.randint(5, 40)
    low, high = ("1", "2") if distance in ("ORDERED", "WASSERSTEIN") else ("flu", "gout")
    even = [low] * 50 + [high] * 50
    at_bound = [low] * (50 + shift) + [high] * (50 - shift)
    over = [low] * (51 + shift) + [high] * (49 - shift)
    t = shift / 100
    model = {"t_closeness": {"attribute": "sensitive", "t": t, "distance": f"T_CLOSENESS_DISTANCE_{distance}"}}
    more: dict[str, Any] = {"reference": even * chance.randint(1, 3)}
    if distance == "HIERARCHICAL":
        # Two levels, both compared: the groups are as far apart as the values.
        more["hierarchies"] = {"sensitive": [[low, "one", "*"], [high, "two", "*"]]}
    return _twins(f"t exceeded by 0.01, {distance}", labels, [model], at_bound, over, even, **more)


def beta(chance: random.Random, labels: Labels) -> Planted:
    """A value of a tenth of the reference has at most (1 + bound) tenths of the class; enhanced, the bound is ln 10 at most."""
    enhanced = chance.random() < 0.5
    scale = chance.randint(2, 6)
    bound = 9 if enhanced else chance.choice([1, 2, 3])
    factor = 1 + (math.log(10) if enhanced else bound)
    most = math.floor(factor * scale + 1e-9)
    model = {"beta_likeness": {"attribute": "sensitive", "beta": bound, "enhanced": enhanced}}
    reference = ["flu"] * 10 + ["gout"] * 90
    clean = ["flu"] * most + ["gout"] * (10 * scale - most)
    dirty = ["flu"] * (most + 1) + ["gout"] * (10 * scale - most - 1)
    kind = "beta, enhanced" if enhanced else "beta"
    return _twins(kind, labels, [model], clean, dirty, ["flu"] + ["gout"] * 9, reference=reference)


def disclosure(chance: random.Random, labels: Labels) -> Planted:
    """A value too rare or too frequent by one row."""
    scale = chance.randint(3, 9)
    rows = 10 * scale
    even = ["flu"] * 5 + ["gout"] * 5
    gone = chance.randint(1, 2 * scale)
    rarer = 5 * scale - gone
    # The bound lies between what `rarer` and what one row less measures.
    here, beyond = (math.log((5 * scale) / each) for each in (rarer, rarer - 1))
    model = {"delta_disclosure": {"attribute": "sensitive", "delta": (here + beyond) / 2}}
    flip = chance.random() < 0.5
    names = ("gout", "flu") if flip else ("flu", "gout")
    clean = [names[0]] * rarer + [names[1]] * (rows - rarer)
    dirty = [names[0]] * (rarer - 1) + [names[1]] * (rows - rarer + 1)
    return _twins("delta-disclosure", labels, [model], clean, dirty, even, reference=even * 7)


def unknown_value(chance: random.Random, labels: Labels) -> Planted:
    """A value that the reference does not have is infinitely more frequent."""
    model = chance.choice(
        [
            {"delta_disclosure": {"attribute": "sensitive", "delta": 50}},
            {"beta_likeness": {"attribute": "sensitive", "beta": 1000}},
        ]
    )
    even = spread(VALUES, 16)
    return _twins("a value the reference lacks", labels, [model], even, [*even[1:], "new"], even, reference=even)


def k_map(chance: random.Random, labels: Labels) -> Planted:
    k = chance.randint(2, 9)
    planted = k_off_by_one(chance, labels)
    for twin, rows in ((planted.clean, k), (planted.dirty, k - 1)):
        twin.models = [{"k_map": {"k": k}}]
        twin.classes = {row: spread(VALUES, 2) for row in twin.classes}
        twin.more = {
            "population": [row for row in twin.classes for _ in range(rows if row == planted.failing[0] else k + 2)]
            + [("z",) * labels.width] * 3
        }
    planted.kind = "k-map off by one"
    return planted


def presence(chance: random.Random, labels: Labels) -> Planted:
    """Half of the population at most, and a quarter at least: one person less or more in it."""
    rows = chance.randint(2, 6)
    planted = k_off_by_one(chance, labels)
    many, few = (4 * rows, 4 * rows + 1) if chance.random() < 0.5 else (2 * rows, 2 * rows - 1)
    for twin, crowd in ((planted.clean, many), (planted.dirty, few)):
        twin.models = [{"delta_presence": {"min_delta": 0.25, "max_delta": 0.5}}]
        twin.classes = {row: spread(VALUES, rows) for row in twin.classes}
        twin.more = {
            "population": [row for row in twin.classes for _ in range(crowd if row == planted.failing[0] else 3 * rows)]
        }
    planted.kind = "delta-presence"
    return planted


def highest_risk(chance: random.Random, labels: Labels) -> Planted:
    k = chance.choice([2, 4, 5, 8, 10])
    full = spread(VALUES, k)
    attacker = chance.choice(["ATTACKER_PROSECUTOR", "ATTACKER_JOURNALIST", "ATTACKER_MARKETER"])
    models = [{"risk_limit": {"attacker": attacker, "max_highest": 1 / k}}]
    return _twins("highest risk", labels, models, full, full[1:], spread(VALUES, k + 3))


def average_risk(chance: random.Random, labels: Labels) -> Planted:
    """n classes of m rows: 1/m; one row less is above it."""
    m = chance.choice([2, 4, 5, 8, 10])
    classes = {labels.one(): spread(VALUES, m) for _ in range(chance.randint(1, 6))}
    first = next(iter(classes))
    models = [{"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_average": float(Fraction(1, m))}}]
    return Planted("average risk", Twin(classes, models), Twin({**classes, first: classes[first][1:]}, models), [])


PLANTS: list[Plant] = [
    k_off_by_one,
    starred_row_counted,
    partly_starred_row,
    wholly_starred_column,
    null_splits_a_class,
    almost_equal_labels,
    persons,
    one_value,
    only_nulls,
    entropy,
    recursive,
    closeness,
    beta,
    disclosure,
    unknown_value,
    k_map,
    presence,
    highest_risk,
    average_risk,
]
