"""Hierarchies pinned to what they were when a release was made, so that new values get labels without moving old ones.

The labels of a hierarchy depend on its leaves: the deepest path decides how paths are cut, the longest text how many masks
there are. A new value is *known* when a table has it, or when the pinned kind of hierarchy, rebuilt over the old leaves and the
new values, gives it a label and leaves those of all old leaves as they were. Others are unseen: nothing is made up for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import TypeAdapter

from shoal.errors import InvalidArgumentError
from shoal.privacy.hierarchies.building import build
from shoal.privacy.hierarchies.dates import days_of
from shoal.privacy.hierarchies.decimals import parse_numbers, places_of
from shoal.privacy.hierarchies.hierarchy import TOP, Hierarchy
from shoal.privacy.hierarchies.specs import (
    DateSpec,
    ExplicitSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TableSpec,
)
from shoal.tables.coding import code_values
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

__all__ = ["Extension", "Pinned", "extend", "pin", "spec_from_json", "spec_to_json"]

_SPECS: TypeAdapter[HierarchySpec] = TypeAdapter(HierarchySpec)


@dataclass(frozen=True, eq=False)
class Pinned:
    """A hierarchy as a release used it.

    spec: the kind; None for one that is a table, whose leaves are all that it knows. levels: how many it had, level 0
    included. labels: those of every leaf, by the level that they are of; level 0 is the leaves themselves.
    """

    attribute: str
    spec: HierarchySpec | None
    levels: int
    leaves: pl.Series
    labels: Mapping[int, pl.Series]

    @property
    def is_top(self) -> bool:
        """Whether the only labels kept are the `*` of a built-in kind: every value has that one."""
        return self.spec is not None and set(self.labels) == {self.levels - 1}


@dataclass(frozen=True, eq=False)
class Extension:
    """The labels of new values. known: by value. labels: by level and value, null where the value is not known."""

    known: NDArray[np.bool_]
    labels: dict[int, pl.Series]


def pin(hierarchy: Hierarchy, *levels: int) -> Pinned:
    """The hierarchy with the labels of these levels."""
    is_table = isinstance(hierarchy.spec, TableSpec | ExplicitSpec)
    return Pinned(
        attribute=hierarchy.attribute,
        spec=None if is_table else hierarchy.spec,
        levels=hierarchy.levels,
        leaves=hierarchy.leaves,
        labels={level: hierarchy.label_at(level) for level in levels},
    )


def extend(pinned: Pinned, values: pl.Series) -> Extension:
    """The labels of these distinct values, which have the leaves' type; of a table's, any type, matched as text."""
    values = values.alias(NEUTRAL)
    if pinned.spec is None:
        text = as_text(values)
        return _looked_up(pinned.leaves, pinned.labels, text.set(text == "", None) if (text == "").any() else text)
    if pinned.is_top:
        stars = pl.Series(NEUTRAL, [TOP], dtype=pl.String).new_from_index(0, len(values))
        return Extension(np.ones(len(values), dtype=np.bool_), dict.fromkeys(pinned.labels, stars))
    readable = _readable(pinned, pinned.spec, values)
    everything = pl.concat([pinned.leaves, values.filter(pl.Series(readable))]).unique(maintain_order=True)
    built = _rebuilt(pinned, pinned.spec, everything)
    if built is None:
        return _looked_up(pinned.leaves, pinned.labels, values)
    found = _looked_up(built.leaves, {level: built.label_at(level) for level in pinned.labels}, values)
    return Extension(found.known & readable, found.labels)


def spec_to_json(spec: HierarchySpec | None) -> str:
    """A kind of hierarchy as JSON text, `null` for a table."""
    return "null" if spec is None else spec.model_dump_json()


def spec_from_json(text: str) -> HierarchySpec | None:
    """What `spec_to_json` wrote."""
    return None if text == "null" else _SPECS.validate_json(text)


def _readable(pinned: Pinned, spec: HierarchySpec, values: pl.Series) -> NDArray[np.bool_]:
    """Which values the kind can make labels of, without changing how others are cut."""
    match spec:
        case IntervalSpec():
            return ~parse_numbers(as_text(values), places_of(spec.numbers)).bad
        case RoundingSpec():
            return ~parse_numbers(as_text(values), places_of(spec.multiples) + 1).bad
        case DateSpec():
            days = days_of(pinned.attribute, values, spec.format)
            return (days.is_not_null() | values.is_null()).to_numpy()
        case MaskingSpec() if pinned.levels - 1 in pinned.labels:
            # A longer text would put a level below the top; without the top among the labels nobody sees that.
            return _characters(values) <= int(_characters(pinned.leaves).max(initial=0))
        case PathSpec():
            return _parts(values, spec) <= int(_parts(pinned.leaves, spec).max(initial=0))
        case _:
            return np.ones(len(values), dtype=np.bool_)


def _characters(values: pl.Series) -> NDArray[np.int64]:
    return as_text(values).str.len_chars().fill_null(0).cast(pl.Int64).to_numpy()


def _parts(values: pl.Series, spec: PathSpec) -> NDArray[np.int64]:
    return as_text(values).str.split(spec.separator).list.len().fill_null(0).cast(pl.Int64).to_numpy()


def _rebuilt(pinned: Pinned, spec: HierarchySpec, values: pl.Series) -> Hierarchy | None:
    """The hierarchy over old leaves and new values; None when an old leaf would get another label."""
    try:
        built = build(pinned.attribute, values, spec)
    except InvalidArgumentError:
        return None
    places = code_values(pinned.leaves, built.leaves)
    for level, labels in pinned.labels.items():
        # At the top every label is the same `*`, so another top than before would not show in them.
        if level >= built.levels or (level == built.levels - 1) != (level == pinned.levels - 1):
            return None
        if level and not built.label_at(level).gather(places).equals(labels.alias(NEUTRAL), null_equal=True):
            return None
    return built


def _looked_up(leaves: pl.Series, labels: Mapping[int, pl.Series], values: pl.Series) -> Extension:
    """The labels of those values that are leaves."""
    places = _places(leaves, values)
    known = places.is_not_null().to_numpy()
    return Extension(known, {level: series.gather(places).alias(NEUTRAL) for level, series in labels.items()})


def _places(leaves: pl.Series, values: pl.Series) -> pl.Series:
    """The place of every value among the leaves, null for one that is none."""
    both = pl.concat([leaves.alias(NEUTRAL), values.alias(NEUTRAL)]).unique(maintain_order=True)
    of_leaves, of_values = code_values(leaves, both), code_values(values, both)
    place = np.full(len(both), -1, dtype=np.int64)
    place[of_leaves] = np.arange(len(leaves))
    found = pl.Series(place[of_values])
    return found.set(found < 0, None)
