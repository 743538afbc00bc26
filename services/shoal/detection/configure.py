"""From a detection to what a policy needs: a hierarchy for every quasi-identifier, a model for every sensitive column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

import polars as pl

from shoal.detection.detect import Column, Detected
from shoal.detection.roles import Role
from shoal.errors import InvalidArgumentError
from shoal.privacy.hierarchies import (
    DateSpec,
    DateUnit,
    DefaultSpec,
    ExplicitSpec,
    HierarchySpec,
    MaskingSpec,
    TopSpec,
    build,
)
from shoal.tables.columns import NEUTRAL, exact
from shoal.tables.text import as_text

__all__ = ["Chosen", "Protection", "Shield", "configure", "hierarchy_of", "protection_of"]

MOST_GROUPED = 1_000
"""The most different values that are grouped by frequency: each becomes a line of the policy."""

MOST_GROUPED_BYTES = 12 * 1024
"""Text of the values that are grouped: with its levels, and for 64 columns, a policy must fit into a message of 4 MiB."""

MOST_MASKED = 8
"""The most levels of a masking: beyond so many characters a prefix says nothing more than its beginning."""

OTHER = "(other)"
RARE = (0.01, 0.05)
"""Shares of the rows below which a value is taken together with the other rare ones, by level."""

_FORMATS = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y",
)  # fmt: skip

_UNRELEASABLE = frozenset({"free", "mentions"})


class Protection(Enum):
    """How the values of a sensitive column are protected within a class."""

    DIVERSITY = auto()
    """At least so many different values."""

    CLOSENESS = auto()
    """Shares of values that are at most so far from those of the whole table."""


@dataclass(frozen=True)
class Shield:
    """The protection of one sensitive column. bound: the least number of values, or the largest distance, 0 to 1."""

    column: str
    kind: Protection
    bound: float


@dataclass(frozen=True)
class Chosen:
    """One attribute of a policy. hierarchy: of a quasi-identifier that has none yet; None for its default."""

    name: str
    role: Role
    hierarchy: HierarchySpec | None = None


def configure(
    table: pl.LazyFrame, detected: Detected, finished: Collection[str], check: Callable[[], None]
) -> tuple[list[Chosen], list[Shield]]:
    """What a policy says of the columns, and what protects the sensitive ones.

    finished: quasi-identifiers that have a hierarchy already. Columns that a limit left out are in neither list, so that a
    release does not hold them; free text is released as little as an identifier, as it may name anybody.
    """
    attributes, shields = [], []
    left_out = set(detected.ranking.left_out)
    for column in detected.columns:
        check()
        role = column.verdict.role
        if column.name in left_out:
            continue
        if role is Role.QUASI_IDENTIFIER:
            spec = None if column.name in finished else hierarchy_of(_counts(table, column.name), column)
            attributes.append(Chosen(column.name, role, spec))
        elif role is Role.SENSITIVE and column.verdict.confidence < 1 and _UNRELEASABLE & set(column.evidence.kinds):
            attributes.append(Chosen(column.name, Role.IDENTIFIER))
        else:
            attributes.append(Chosen(column.name, role))
            if role is Role.SENSITIVE and (shield := protection_of(_counts(table, column.name), column)) is not None:
                shields.append(shield)
    return attributes, shields


def _counts(table: pl.LazyFrame, name: str) -> pl.DataFrame:
    """The different values of a column in `value`, null included, with how many rows have each in `rows`; sorted."""
    counted = table.select(exact(name).alias(NEUTRAL)).group_by(NEUTRAL).agg(pl.len().cast(pl.Int64).alias("rows"))
    return counted.collect(engine="streaming").sort(NEUTRAL)


def protection_of(counts: pl.DataFrame, column: Column) -> Shield | None:
    """What keeps a class from giving a value away; None where all rows have the same.

    Numbers and many categories: three different values in every class, two where there are fewer. A category that most rows
    share: closeness, as diversity would ask every class for the rare value, which few have.
    """
    distinct = counts.height
    if distinct < 2:
        return None
    most = counts.select(pl.col("rows").max() / pl.col("rows").sum()).item()
    if most > 0.8:
        return Shield(column.name, Protection.CLOSENESS, 0.3)
    return Shield(column.name, Protection.DIVERSITY, 3.0 if distinct > 10 else 2.0)


def hierarchy_of(counts: pl.DataFrame, column: Column) -> HierarchySpec | None:
    """The first way to make a column coarser that all its values take; None for the default of none, the value and then `*`."""
    leaves = counts[NEUTRAL]
    for spec in _candidates(counts, column):
        try:
            built = build(column.name, leaves, spec)
        except InvalidArgumentError:
            continue  # a value that this kind cannot take: the next kind
        found = built.spec
        return None if isinstance(found, TopSpec | DefaultSpec) else found
    return None


def _candidates(counts: pl.DataFrame, column: Column) -> Iterator[HierarchySpec]:
    values = counts[NEUTRAL].drop_nulls()
    text = as_text(values)
    kinds = column.evidence.kinds
    if values.is_empty():
        return
    if "date" in kinds:
        units = (DateUnit.MONTH, DateUnit.QUARTER, DateUnit.YEAR, DateUnit.DECADE)
        yield DateSpec(levels=units)
        for spelling in _FORMATS:
            if not text.str.to_datetime(spelling, strict=False).has_nulls():
                yield DateSpec(levels=units, format=spelling)
    if column.verdict.concept == "postcode" or _is_tree(column, text):
        yield _masking(text)
    if "number" in kinds and len(values) > 10:
        yield DefaultSpec()
    if len(values) <= MOST_GROUPED and int(text.str.len_bytes().sum()) <= MOST_GROUPED_BYTES:
        yield _by_frequency(counts)
    if "code" in kinds or "postcode" in kinds or column.evidence.fixed:
        yield _masking(text)
    yield DefaultSpec()


def _is_tree(column: Column, text: pl.Series) -> bool:
    """Whether values are codes whose beginnings are codes of more: regions of Europe (NUTS), illnesses (ICD-10)."""
    numbered = bool(text.str.contains(r"\d").all())
    return numbered and ("icd10" in column.evidence.kinds or column.evidence.meaning == "place")


def _masking(text: pl.Series) -> MaskingSpec:
    longest = text.str.len_chars().max()
    return MaskingSpec(max_level=min(MOST_MASKED, max(1, longest if isinstance(longest, int) else 1)))


def _by_frequency(counts: pl.DataFrame) -> ExplicitSpec:
    """Ever more of the rare values taken together, then `*`; levels that change nothing are left out."""
    total = int(counts["rows"].sum())
    named = counts.with_columns(leaf=as_text(counts[NEUTRAL]).fill_null(""))
    levels = [named["leaf"]]
    for share in RARE:
        rare = pl.col("rows") < share * total
        level = named.select(pl.when(rare).then(pl.lit(OTHER)).otherwise(pl.col("leaf")).alias("level"))["level"]
        # One rare value alone would only get another name, and a level where all are rare is the top.
        few = int((level == OTHER).sum()) < 2 or level.n_unique() == 1
        if not few and not (level == levels[-1]).all():
            levels.append(level)
    levels.append(pl.repeat("*", named.height, eager=True))
    return ExplicitSpec(rows=tuple(zip(*(level.to_list() for level in levels), strict=True)))
