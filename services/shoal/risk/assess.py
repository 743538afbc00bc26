"""Assessing a table: its rows become equivalence classes, the classes a risk.

What `*` and null mean is the caller's choice, by name, because tools disagree: pandas-based ones drop rows with nulls
silently, sdcMicro lets a null match everything, ARX leaves out rows that are suppressed. The defaults are the careful
reading: null is a value of its own, and a row counts as suppressed when every quasi-identifier column that is not wholly `*`
holds `*` in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.kernels import ClassHistogram
from shoal.measures.risk import Crowds, PopulationClasses, RiskSummary, summarize
from shoal.privacy.hierarchies import HierarchySpec
from shoal.privacy.models import Attacker
from shoal.risk.contributions import Contributions, contributions
from shoal.risk.sensitive import SensitiveFigures, figures
from shoal.risk.validation.grouping import SUPPRESSED, Classes, Ints, group
from shoal.risk.validation.population import matching
from shoal.risk.wildcards import crowds
from shoal.runtime.stopping import Stop
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL


class SuppressedValues(StrEnum):
    """How cells that hold `*` are read."""

    OMIT_ROWS = "OMIT_ROWS"
    OWN_VALUE = "OWN_VALUE"
    WILDCARD = "WILDCARD"


class NullValues(StrEnum):
    """How null cells are read."""

    OWN_VALUE = "OWN_VALUE"
    WILDCARD = "WILDCARD"
    OMIT_ROWS = "OMIT_ROWS"


@dataclass(frozen=True)
class Assessment:
    """What to assess. hierarchies: to find the population's rows."""

    quasi_identifiers: tuple[str, ...]
    threshold: float
    attackers: frozenset[Attacker]
    suppressed_values: SuppressedValues
    null_values: NullValues
    cut_points: tuple[float, float, float]
    entity_column: str | None = None
    sensitive: tuple[str, ...] = ()
    contributions: bool = False
    hierarchies: Mapping[str, HierarchySpec] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Assessed:
    """What was found. contributions: None when they were not asked for."""

    summary: RiskSummary
    contributions: Contributions | None
    sensitive: tuple[SensitiveFigures, ...]
    warnings: tuple[str, ...]


def assess(
    table: pl.LazyFrame, asked: Assessment, population: pl.LazyFrame | None = None, stop: Stop | None = None
) -> Assessed:
    """The risk of a table, and warnings about it."""
    stop = stop or Stop()
    warnings: list[str] = []
    names = asked.quasi_identifiers
    others = [*asked.sensitive, *([asked.entity_column] if asked.entity_column is not None else [])]
    stars = asked.suppressed_values is not SuppressedValues.OWN_VALUE
    omit = asked.null_values is NullValues.OMIT_ROWS
    classes = group(table, names, others, stars_suppress=stars, nulls_omit=omit)
    stop.check()
    if classes.omitted:
        warnings.append(f"{classes.omitted} rows with a null were left out: they are not safe, only not counted")
    if classes.count == 0:
        warnings.append("there are no rows to count: the table is empty or wholly suppressed")
    sizes, entities = classes.sizes, None
    if asked.entity_column is not None:
        sizes, entities = classes.persons(asked.entity_column), _persons(classes, asked.entity_column, warnings)
    codes, wild = _cells(classes, asked)
    crowded = None
    if wild.any():
        members = None if asked.entity_column is None else classes.members(asked.entity_column)
        crowded = Crowds(sizes, crowds(codes, wild, sizes, stop, members))
    outside = None
    if population is not None:
        found = matching(classes, population, asked.hierarchies, stars=stars, nulls=asked.null_values is NullValues.WILDCARD)
        outside = PopulationClasses(sizes.astype(np.uint64), found.astype(np.uint64))
        if unknown := int((found == 0).sum()):
            warnings.append(
                f"{unknown} classes stand for no row of the population, and count with a risk of 1: it is another population, "
                "or hierarchies are missing"
            )
        if fewer := int(((found > 0) & (found < sizes)).sum()):
            warnings.append(f"{fewer} classes have more rows than the population: the table is no sample of it")
    elif Attacker.JOURNALIST in asked.attackers and classes.count:
        warnings.append(
            "no population table was given: the journalist's risk is the prosecutor's, an upper bound, and no estimate"
        )
    summary = summarize(
        names,
        _histogram(sizes),
        suppressed=classes.suppressed,
        threshold=asked.threshold,
        attackers=asked.attackers,
        cut_points=asked.cut_points,
        population=outside,
        crowds=crowded,
        entities=entities,
    )
    shares = None
    if asked.contributions and classes.count:
        shares = contributions(codes, sizes, stop)
        warnings += shares.warnings
    return Assessed(summary, shares, tuple(figures(classes, name) for name in asked.sensitive), tuple(warnings))


def _histogram(sizes: Ints) -> ClassHistogram:
    of_size, counts = np.unique(sizes, return_counts=True)
    return ClassHistogram(of_size.astype(np.uint64), counts.astype(np.uint64))


def _cells(classes: Classes, asked: Assessment) -> tuple[Ints, NDArray[np.bool_]]:
    """The codes of the classes' values, one row a class, and which of them match everything."""
    codes, wild = [], []
    for name in asked.quasi_identifiers:
        values = classes.merged[name].gather(classes.first).alias(NEUTRAL)
        codes.append(code_distinct(values)[0].astype(np.int64))
        matches = np.zeros(len(values), dtype=np.bool_)
        if asked.suppressed_values is SuppressedValues.WILDCARD and values.dtype == pl.String:
            starred = (values == SUPPRESSED).fill_null(value=False).to_numpy()
            matches |= starred & (not starred.all())  # wholly starred: generalised, and equal everywhere
        if asked.null_values is NullValues.WILDCARD:
            matches |= values.is_null().to_numpy()
        wild.append(matches)
    return np.stack(codes, axis=1), np.stack(wild, axis=1)


def _persons(classes: Classes, entity_column: str, warnings: list[str]) -> int:
    """How many persons there are; warns of rows that name nobody and of persons in several classes."""
    column = classes.merged[entity_column]
    nobody = int(classes.weights[column.is_null().to_numpy()].sum())
    if nobody:
        warnings.append(f"{nobody} rows name no person in '{entity_column}'; in each class they count as one together")
    codes, leaves = code_distinct(column)
    pairs = np.unique(classes.of * max(1, len(leaves)) + codes)
    several = int((np.bincount(pairs % max(1, len(leaves))) > 1).sum()) if len(pairs) else 0
    if several:
        warnings.append(
            f"{several} persons have rows in several classes and count in each: who knows two of their rows may single them "
            "out although each class is large"
        )
    return len(leaves)
