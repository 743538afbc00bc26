"""The rows of a population that a class stands for.

A class stands for a row when each of its values is the row's own or, where a hierarchy is known, the row's label at the level
that the class's value belongs to; `*` stands for every value, unless the population has `*` itself and so was generalised like
the table. Values meet as text, as in hierarchies.

The level of a column is the lowest at which all its values are labels; where there is none, because classes have levels of
their own, each value has its own lowest level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import HierarchySpec, build
from shoal.risk.validation.grouping import SUPPRESSED, Classes, Ints, merge
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

ANY = -1
"""The level at which everything is one."""


@dataclass(frozen=True, eq=False)
class Column:
    """A quasi-identifier of classes and population. levels: of each class's value, ANY for a star.

    own: the text of each class's value. labels: the label of each merged population row, by level.
    """

    levels: Ints
    own: pl.Series
    labels: tuple[pl.Series, ...]


def matching(
    classes: Classes,
    population: pl.LazyFrame,
    hierarchies: Mapping[str, HierarchySpec],
    *,
    stars: bool = True,
    nulls: bool = False,
) -> Ints:
    """For each class, the rows of the population that it stands for. stars, nulls: whether they stand for every value."""
    names = classes.quasi_identifiers
    merged, weights = merge(population, names)
    if not merged.height:
        raise InvalidArgumentError("population: the population has no rows", reason=ErrorReason.MALFORMED_TABLE)
    columns = [
        column_of(name, classes, merged.to_series(place), hierarchies.get(name), stars=stars, nulls=nulls)
        for place, name in enumerate(names)
    ]
    levels = np.stack([column.levels for column in columns], axis=1)
    combinations, of = np.unique(levels, axis=0, return_inverse=True)
    found = np.zeros(classes.count, dtype=np.int64)
    for place, combination in enumerate(combinations.tolist()):
        members = np.flatnonzero(of.reshape(-1) == place)
        known = [(column, level) for column, level in zip(columns, combination, strict=True) if level != ANY]
        if not known:
            found[members] = int(weights.sum())
            continue
        keys = [str(each) for each in range(len(known))]
        outside = pl.DataFrame(
            [column.labels[level].alias(key) for key, (column, level) in zip(keys, known, strict=True)]
        ).with_columns(pl.Series("rows", weights))
        inside = pl.DataFrame([column.own.gather(members).alias(key) for key, (column, _) in zip(keys, known, strict=True)])
        counted = outside.lazy().group_by(keys).agg(pl.col("rows").sum()).collect(engine="streaming")
        joined = inside.join(counted, on=keys, how="left", nulls_equal=True, maintain_order="left")
        found[members] = joined["rows"].fill_null(0).to_numpy()
    return found


def column_of(
    name: str, classes: Classes, population: pl.Series, spec: HierarchySpec | None, *, stars: bool, nulls: bool
) -> Column:
    """A quasi-identifier of both. population: values of merged rows; spec: None where a value stands for itself alone."""
    own = as_text(classes.merged[name].gather(classes.first)).alias(NEUTRAL)
    labels = _labels(name, population, spec)
    _, values = code_distinct(own)
    levels = _levels(values, labels, stars=stars, nulls=nulls)
    of_value = pl.DataFrame({"value": values, "level": levels})
    found = pl.DataFrame({"value": own}).join(of_value, on="value", how="left", nulls_equal=True, maintain_order="left")
    return Column(found["level"].to_numpy().astype(np.int64), own, labels)


def _labels(name: str, population: pl.Series, spec: HierarchySpec | None) -> tuple[pl.Series, ...]:
    text = as_text(population).alias(NEUTRAL)
    if spec is None:
        return (text,)
    built = build(name, population, spec)
    return (text, *(label.gather(built.row_codes) for label in built.labels))


def _levels(values: pl.Series, labels: tuple[pl.Series, ...], *, stars: bool, nulls: bool) -> Ints:
    """The level of each value; of one that is no label, 0, where it meets nothing."""
    starred = (values == SUPPRESSED).fill_null(value=False).to_numpy()
    if not stars or (labels[0] == SUPPRESSED).any():
        starred = np.zeros(len(values), dtype=np.bool_)
    if nulls:
        starred = starred | values.is_null().to_numpy()
    among = []
    for label in labels:
        distinct = label.unique().alias("value").to_frame().with_columns(known=pl.lit(value=True))
        joined = pl.DataFrame({"value": values}).join(distinct, on="value", how="left", nulls_equal=True, maintain_order="left")
        among.append(joined["known"].fill_null(value=False).to_numpy() | starred)
    whole = next((level for level, known in enumerate(among) if known.all()), None)
    if whole is not None:
        levels = np.full(len(values), whole, dtype=np.int64)
    else:
        known = np.stack(among)
        levels = np.where(known.any(axis=0), known.argmax(axis=0), 0).astype(np.int64)
    levels[starred] = ANY
    return levels
