"""The motivated intruder: who holds a list of people looks for them in a table.

A person matches the rows of a class when each value of the class is the person's own, a label of it, or `*`. Who matches one
row only is found; who matches many that share a diagnosis is not found, and yet the diagnosis is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from shoal.errors import ErrorReason, ResourceExhaustedError
from shoal.privacy.hierarchies import HierarchySpec
from shoal.risk.validation.grouping import Classes, Ints, group, number, plain
from shoal.risk.validation.population import ANY, column_of
from shoal.runtime.stopping import Stop
from shoal.tables.coding import code_distinct
from shoal.tables.columns import exactly
from shoal.tables.text import as_text

MOST_PAIRS = 2**28
"""Pairs of different people and classes that match each other."""


@dataclass(frozen=True)
class Attack:
    """What the attacker does. truth: the column that tells who is who, None without one."""

    columns: tuple[str, ...]
    truth: str | None = None
    sensitive: tuple[str, ...] = ()
    hierarchies: Mapping[str, HierarchySpec] = field(default_factory=dict)


@dataclass(frozen=True)
class Learned:
    """How many people's value of one column is learned, and is theirs; the latter is None without the truth."""

    column: str
    people: int
    correct: int | None


@dataclass(frozen=True)
class Linked:
    """Whom the attacker finds. without: by column, how many are found uniquely by the others."""

    people: int
    linked: int
    unique: int
    exclusive: int
    correct: int | None
    expected: float | None
    learned: tuple[Learned, ...]
    without: tuple[int, ...]
    rows: int
    suppressed: int


@dataclass(frozen=True, eq=False)
class Matches:
    """Who matches what. person, of: pairs of a kind of person and a class; kinds: the kind of each person on the roll.

    hits: rows that each kind matches.
    """

    person: Ints
    of: Ints
    kinds: Ints
    hits: Ints


def link(table: pl.LazyFrame, roll: pl.LazyFrame, attack: Attack, stop: Stop | None = None) -> Linked:
    """Plays the attack."""
    stop = stop or Stop()
    truth = [attack.truth] if attack.truth is not None else []
    classes = group(table, attack.columns, [*truth, *attack.sensitive])
    people = roll.select(each.alias(str(place)) for place, each in enumerate(exactly([*attack.columns, *truth]))).collect(
        engine="streaming"
    )
    stop.check()
    persons = [plain(people.to_series(place)) for place in range(people.width)]
    found = _matches(classes, persons[: len(attack.columns)], attack, people.height, stop)
    hits = found.hits[found.kinds]
    unique = hits == 1
    matched = np.bincount(
        found.of, weights=np.bincount(found.kinds, minlength=len(found.hits))[found.person], minlength=classes.count
    )
    alone = np.zeros(len(found.hits), dtype=np.bool_)
    np.logical_or.at(alone, found.person, matched[found.of] == 1)
    own = None if attack.truth is None else _own(classes, classes.merged[attack.truth], persons[-1], found)
    without: tuple[int, ...] = ()
    if len(attack.columns) > 1:
        without = tuple(_without(table, people, attack, place, stop) for place in range(len(attack.columns)))
    return Linked(
        people=people.height,
        linked=int((hits > 0).sum()),
        unique=int(unique.sum()),
        exclusive=int((unique & alone[found.kinds]).sum()),
        correct=None if own is None else int((unique & (own > 0)).sum()),
        expected=None if own is None else float((own / np.maximum(hits, 1)).sum()),
        learned=tuple(_learned(classes, name, found, own) for name in attack.sensitive),
        without=without,
        rows=classes.rows,
        suppressed=classes.suppressed,
    )


def _matches(classes: Classes, persons: Sequence[pl.Series], attack: Attack, people: int, stop: Stop) -> Matches:
    """Matches the kinds of people, those of equal values, with the classes, by each combination of levels that classes have."""
    kinds, first = number(persons, people)
    columns = [
        column_of(name, classes, values.gather(first), attack.hierarchies.get(name), stars=True, nulls=False)
        for name, values in zip(attack.columns, persons, strict=True)
    ]
    person, of, pairs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], 0
    levels = np.stack([column.levels for column in columns], axis=1)
    combinations, place_of = np.unique(levels, axis=0, return_inverse=True)
    for place, combination in enumerate(combinations.tolist()):
        stop.check()
        members = np.flatnonzero(place_of.reshape(-1) == place)
        known = [(column, level) for column, level in zip(columns, combination, strict=True) if level != ANY]
        keys = [str(each) for each in range(len(known))] or ["any"]
        outside = pl.DataFrame([column.labels[level].alias(key) for key, (column, level) in zip(keys, known, strict=False)])
        inside = pl.DataFrame([column.own.gather(members).alias(key) for key, (column, _) in zip(keys, known, strict=False)])
        if not known:
            outside = pl.DataFrame({"any": np.zeros(len(first), dtype=np.int8)})
            inside = pl.DataFrame({"any": np.zeros(len(members), dtype=np.int8)})
        joined = (
            outside.with_columns(pl.Series("person", np.arange(len(first))))
            .lazy()
            .join(inside.with_columns(pl.Series("class", members)).lazy(), on=keys, how="inner", nulls_equal=True)
            .select("person", "class")
            .collect(engine="streaming")
        )
        pairs += joined.height
        if pairs > MOST_PAIRS:
            raise ResourceExhaustedError(
                "too many people match too many rows to be counted: link on more columns, or give the hierarchies",
                reason=ErrorReason.LIMIT_EXCEEDED,
                metadata={"limit": "linkage_pairs"},
            )
        person.append(joined["person"].to_numpy().astype(np.int64))
        of.append(joined["class"].to_numpy().astype(np.int64))
    left, right = np.concatenate(person), np.concatenate(of)
    hits = np.bincount(left, weights=classes.sizes[right], minlength=len(first)).astype(np.int64)
    return Matches(left, right, kinds, hits)


def _own(classes: Classes, table: pl.Series, roll: pl.Series, found: Matches) -> Ints:
    """For each person on the roll, how many of the rows that they match are their own. Who has no name is nobody."""
    rows = pl.DataFrame({"class": classes.of, "truth": as_text(table), "rows": classes.weights}).lazy()
    held = rows.drop_nulls("truth").group_by("class", "truth").agg(pl.col("rows").sum())
    people = pl.DataFrame({"kind": found.kinds, "truth": as_text(roll)}).lazy().with_row_index("place")
    pairs = pl.DataFrame({"kind": found.person, "class": found.of}).lazy()
    # By the truth first: a person has few rows of their own, but may match many.
    joined = people.join(held, on="truth").join(pairs, on=["kind", "class"], how="semi")
    counted = joined.group_by("place").agg(pl.col("rows").sum()).collect(engine="streaming")
    own = np.zeros(len(found.kinds), dtype=np.int64)
    own[counted["place"].to_numpy()] = counted["rows"].to_numpy()
    return own


def _learned(classes: Classes, name: str, found: Matches, own: Ints | None) -> Learned:
    """Who has one value in all rows that they match."""
    codes, leaves = code_distinct(classes.merged[name])
    null = 0 if leaves.null_count() else -1  # null is sorted first
    least = np.full(classes.count, len(leaves), dtype=np.int64)
    most = np.full(classes.count, -1, dtype=np.int64)
    np.minimum.at(least, classes.of, codes)
    np.maximum.at(most, classes.of, codes)
    low = np.full(len(found.hits), len(leaves), dtype=np.int64)
    high = np.full(len(found.hits), -1, dtype=np.int64)
    np.minimum.at(low, found.person, least[found.of])
    np.maximum.at(high, found.person, most[found.of])
    known = ((low == high) & (low != null))[found.kinds]
    return Learned(name, int(known.sum()), None if own is None else int((known & (own > 0)).sum()))


def _without(table: pl.LazyFrame, people: pl.DataFrame, attack: Attack, left_out: int, stop: Stop) -> int:
    """How many people match exactly one row when one column is left out."""
    places = [place for place in range(len(attack.columns)) if place != left_out]
    fewer = Attack(tuple(attack.columns[place] for place in places), hierarchies=attack.hierarchies)
    classes = group(table, fewer.columns, [])
    found = _matches(classes, [plain(people.to_series(place)) for place in places], fewer, people.height, stop)
    return int((found.hits[found.kinds] == 1).sum())
