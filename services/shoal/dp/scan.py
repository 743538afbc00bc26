"""One reading of a table: what a query's answers are before their noise, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.dp.cells import coded, numbers, passing, texts
from shoal.dp.parts import ColumnParts, Part, PartKind
from shoal.dp.query import ALL_ROWS, Bins, Column, GroupBy, Query, Unlisted
from shoal.kernels import Groups, Moments, Monitor, cross_counts, histogram, moments
from shoal.tables.columns import NEUTRAL, exactly

Whole = int | list[int]
"""A part's number in steps, or those of its bins."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that count. groups: None without any; discoverable: the values of the groups that are not listed, and how many
    units each has, in the order of their places after the listed ones.
    """

    frame: pl.DataFrame
    groups: Groups | None
    discoverable: dict[str, int]


def read(table: pl.LazyFrame, query: Query) -> Rows:
    """The rows that pass the conditions and belong to somebody and to a group, at most as many of each unit as are promised."""
    # A column beside those that are asked for: a count of all rows asks for none, and a frame without columns has no rows.
    row = "row"
    names = list(query.read_columns)
    while row in names:
        row += "_"
    rows = table.select([*exactly(names), pl.int_range(pl.len(), dtype=pl.UInt32).alias(row)]).collect(engine="streaming")
    rows = rows.filter(pl.Series(passing(rows, query.where)))
    units = None
    if query.unit.column is not None:
        units = rows[query.unit.column].alias(NEUTRAL)
        kept = units.is_not_null()
        rows, units = rows.filter(kept), units.filter(kept)
    values: list[str] = []
    codes = None
    if query.group_by is not None:
        codes, values = _groups(rows, query.group_by)
        inside = pl.Series(codes < len(values))
        rows, codes = rows.filter(inside), codes[inside.to_numpy()]
        units = units.filter(inside) if units is not None else None
    if units is not None:
        kept = _bounded(units, codes, query)
        rows, units = rows.filter(kept), units.filter(kept)
        codes = codes[kept.to_numpy()] if codes is not None else None
    if codes is None or query.group_by is None:
        return Rows(rows, None, {})
    discoverable = {}
    if query.group_by.unlisted is Unlisted.DISCOVER:
        discoverable = _sizes(codes, units, values, first=len(query.group_by.keys))
    return Rows(rows, Groups(np.ascontiguousarray(codes), max(1, len(values))), discoverable)


def _groups(rows: pl.DataFrame, by: GroupBy) -> tuple[NDArray[np.uint32], list[str]]:
    """The group of every row, and the groups' values: those listed, then `other` or those found; the number of groups for a row
    of none.
    """
    listed = [key.value for key in by.keys]
    cells = texts(rows[by.column])
    if by.unlisted is Unlisted.DISCOVER:
        known = set(listed)
        listed += [value for value in cells.drop_nulls().unique().sort().to_list() if value not in known]
    codes = coded(cells, listed)
    if by.unlisted is Unlisted.OTHER:
        # A null is in no group; every other value that is not listed, however long, is in this one.
        others = rows[by.column].is_not_null().to_numpy() & (codes == len(listed))
        codes = np.where(others, codes, np.where(codes == len(listed), codes + 1, codes)).astype(np.uint32)
        listed = [*listed, ""]
    return codes, listed


def _bounded(units: pl.Series, codes: NDArray[np.uint32] | None, query: Query) -> pl.Series:
    """Which rows stay: of every unit random groups and random rows of them. What stays of one depends on no other."""
    chance = np.random.default_rng()
    frame = pl.DataFrame({"unit": units, "row": chance.random(len(units))})
    kept = pl.lit(value=True)
    if codes is not None:
        # A group's rank among its unit's, in an order that is random for every unit and group.
        frame = frame.with_columns(pl.Series("group", codes))
        order = frame.select("unit", "group").unique()
        order = order.with_columns(pl.Series("at", chance.random(order.height)))
        order = order.with_columns(pl.col("at").rank("ordinal").over("unit").alias("rank"))
        frame = frame.join(order, on=["unit", "group"], how="left", maintain_order="left", nulls_equal=True)
        kept = pl.col("rank") <= query.unit.max_groups
    frame = frame.with_columns(kept.alias("in_group"))
    place = pl.when(pl.col("in_group")).then(pl.col("row"))
    frame = frame.with_columns(place.rank("ordinal").over("unit").alias("place"))
    return frame.select((pl.col("place") <= query.unit.max_contributions).fill_null(value=False))["place"]


def _sizes(codes: NDArray[np.uint32], units: pl.Series | None, values: Sequence[str], *, first: int) -> dict[str, int]:
    frame = pl.DataFrame({"group": codes})
    if units is not None:
        frame = frame.with_columns(units.alias("unit")).unique()
    counts = np.bincount(frame["group"].to_numpy(), minlength=len(values))
    return {value: int(counts[first + place]) for place, value in enumerate(values[first:])}


def shown(rows: Rows, listed: int, discovered: Sequence[int]) -> Rows:
    """The rows in the first `listed` groups and then in those that are discovered, given by their places: what is totalled is
    as much as is answered, however many groups the table holds. All other rows are in one more group, the last: none is taken
    out, so that the time for the totals does not tell how many there are.
    """
    if rows.groups is None:
        return rows
    rest = listed + len(discovered)
    places = np.full(rows.groups.count, rest, dtype=np.uint32)
    places[:listed] = np.arange(listed)
    places[list(discovered)] = np.arange(listed, rest)
    return replace(rows, groups=Groups(places[rows.groups.codes], rest + 1))


def totals(rows: Rows, columns: Sequence[ColumnParts], monitor: Monitor | None = None) -> list[list[list[Whole]]]:
    """The parts of every column of every group, in this order: group, column, part."""
    by_column = [_column_totals(rows, each, monitor) for each in columns]
    count = rows.groups.count if rows.groups is not None else 1
    return [[column[group] for column in by_column] for group in range(count)]


def _column_totals(rows: Rows, parts: ColumnParts, monitor: Monitor | None) -> list[list[Whole]]:
    column = parts.column
    if parts.grid is not None:
        squares = any(part.kind is PartKind.SQUARES for part in parts.parts)
        cells = numbers(rows.frame[column.name])
        found = moments(cells, parts.grid, squares=squares, groups=rows.groups, monitor=monitor)
        return [[_moment(each, part) for part in parts.parts] for each in found]
    (part,) = parts.parts
    counts = _binned(rows, column, column.bins, monitor) if column.bins is not None else _counted(rows, column, monitor)
    steps = 1 << -part.exponent
    if part.kind is PartKind.BINS:
        return [[[int(count) * steps for count in group]] for group in counts]
    return [[int(group[0]) * steps] for group in counts]


def _moment(found: Moments, part: Part) -> int:
    if part.kind is PartKind.COUNT:
        return found.count << -part.exponent
    return found.sum if part.kind is PartKind.SUM else found.squares - part.shift * found.count


def _counted(rows: Rows, column: Column, monitor: Monitor | None) -> NDArray[np.uint64]:
    nulls = np.zeros(rows.frame.height, dtype=np.uint32)
    if column != ALL_ROWS:
        nulls = np.ascontiguousarray(rows.frame[column.name].is_null().to_numpy().astype(np.uint32))
    return cross_counts(nulls, 2, groups=rows.groups, monitor=monitor)


def _binned(rows: Rows, column: Column, bins: Bins, monitor: Monitor | None) -> NDArray[np.uint64]:
    if bins.categories:
        codes = coded(rows.frame[column.name], list(bins.categories))
        return cross_counts(codes, bins.count + 1, groups=rows.groups, monitor=monitor)[:, :-1]
    cells = numbers(rows.frame[column.name])
    return histogram(cells, np.array(bins.edges), clamp=bins.clamp, groups=rows.groups, monitor=monitor)


def candidate_counts(
    rows: Rows, column: str, candidates: Sequence[str | float], monitor: Monitor | None = None
) -> NDArray[np.float64]:
    """How many rows hold each candidate, a row of them a group; numbers are compared as numbers, text as text."""
    words = [each for each in candidates if isinstance(each, str)]
    figures = sorted(each for each in candidates if not isinstance(each, str))
    by_text = cross_counts(coded(rows.frame[column], words), len(words) + 1, groups=rows.groups, monitor=monitor)
    cells = numbers(rows.frame[column])
    place = np.searchsorted(np.array(figures), cells) if figures else np.zeros(len(cells), dtype=np.int64)
    inside = np.minimum(place, max(0, len(figures) - 1))
    same = np.array(figures)[inside] == cells if figures else np.zeros(len(cells), dtype=np.bool_)
    codes = np.where(same, inside, len(figures)).astype(np.uint32)
    by_number = cross_counts(codes, len(figures) + 1, groups=rows.groups, monitor=monitor)
    where = {value: by_text[:, at] for at, value in enumerate(words)} | {v: by_number[:, at] for at, v in enumerate(figures)}
    return np.stack([where[each] for each in candidates], axis=1).astype(np.float64)
