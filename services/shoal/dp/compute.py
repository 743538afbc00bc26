"""Answering a query: one reading of the table, one drawing of noise, and what follows from both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.dp import estimates, scan
from shoal.dp.estimates import CONFIDENCE, Estimate, Noisy
from shoal.dp.even_time import TICK_SECONDS, even_time
from shoal.dp.noise import Draws, Noise
from shoal.dp.parts import ColumnParts, PartKind
from shoal.dp.plan import ColumnNoise, GroupNoise, Plan
from shoal.dp.query import Bins, Column, Query, Statistic, Unlisted
from shoal.errors import CancelledError
from shoal.kernels import Monitor, choose

CANDIDATES_A_TICK = 1000
"""A third of a tick on a machine of 2026."""

MOST_ANSWERS = 4000
MOST_BINS = 50_000
"""Over all groups; as many candidates."""

MOST_ANSWER_BYTES = 3 * 1024**2
"""What the names in an answer may take, so that it stays well below the 4 MiB of a message."""

ANSWER_BYTES = 160
"""What an answer takes beside the names of its group and its column."""


@dataclass(frozen=True)
class Group:
    """Which group an answer is about. key: None for the group of all others."""

    key: str | None


@dataclass(frozen=True)
class Histogram:
    """Noisy counts of bins. bins: as asked; shows_edges: only the first of a column does."""

    counts: tuple[float, ...]
    bins: Bins
    reach: float
    shows_edges: bool


@dataclass(frozen=True)
class Answer:
    """One noisy statistic. result: a candidate's place for a choice."""

    column: Column | None
    group: Group | None
    result: Estimate | Histogram | int | None
    noise_scale: float | None
    noise_deviation: float | None
    epsilon: int
    delta: int


@dataclass(frozen=True)
class _Asked:
    """One group to be answered: the place of its numbers, and its noise."""

    group: Group | None
    place: int
    noise: GroupNoise


def compute(table: pl.LazyFrame, plan: Plan, monitor: Monitor | None = None) -> list[Answer]:
    """The answers, by group in the order of the keys, discovered ones after them, then by column."""
    rows = scan.read(table, plan.query)
    with even_time(_tick(plan)):
        # Groups are shown or not before anything is counted in them: a table may hold any number of them.
        discovered = _discovered(plan, rows.discoverable, monitor)
        asked = _asked(plan, [value for value, _ in discovered])
        if plan.discovered is not None:
            rows = scan.shown(rows, len(plan.groups), [place for _, place in discovered])
        if plan.query.choice is not None:
            return _choices(plan, rows, asked, monitor)
        totals = scan.totals(rows, plan.columns, monitor)
        draws = Draws(_wanted(plan, asked), monitor)
        return _with_edges_once([answer for each in asked for answer in _of_group(plan, each, totals[each.place], draws)])


def _of_group(plan: Plan, asked: _Asked, totals: list[list[scan.Whole]], draws: Draws) -> Iterator[Answer]:
    for column, noise, parts in zip(plan.columns, asked.noise.columns, totals, strict=True):
        yield answer_of(plan.query, column, noise, asked.group, _noisy(column, noise, parts, draws))


def preview(plan: Plan, rows: int | None = None) -> list[Answer]:
    """The answers' noise without their results; of discovered groups one, without a group, stands for all. rows: about how many
    there are.
    """
    asked = _asked(plan, [])
    if plan.discovered is not None:
        asked.append(_Asked(None, 0, plan.discovered))
    if plan.query.choice is not None:
        return [Answer(None, each.group, None, None, None, each.noise.events[0].epsilon, 0) for each in asked]
    found = []
    for each in asked:
        for column, noise in zip(plan.columns, each.noise.columns, strict=True):
            first = Noisy(column.parts[0], noise.noises[0], 0.0)
            deviation = _known_deviation(plan.query, column, noise, plan.query.dataset_size or rows)
            found.append(Answer(column.column, each.group, None, _scale(first), deviation, noise.epsilon, noise.delta))
    return found


def _known_deviation(query: Query, column: ColumnParts, noise: ColumnNoise, rows: int | None) -> float | None:
    """The standard deviation of an answer as far as it follows from the request: of a mean and a variance that of values around
    the middle of their bounds, where the noise in the number of rows hardly counts.
    """
    noisy = {part.kind: Noisy(part, one, 0.0) for part, one in zip(column.parts, noise.noises, strict=True)}
    if query.statistic not in (Statistic.MEAN, Statistic.VARIANCE):
        return next(iter(noisy.values())).deviation
    if rows is None:
        return None
    if query.statistic is Statistic.MEAN:
        return noisy[PartKind.SUM].deviation / rows
    squares = noisy[PartKind.SQUARES]
    shift = math.ldexp(float(squares.part.shift), squares.part.exponent)
    counted = noisy[PartKind.COUNT].deviation * shift if PartKind.COUNT in noisy else 0.0
    return math.hypot(squares.deviation, counted) / rows


def _asked(plan: Plan, discovered: Sequence[str]) -> list[_Asked]:
    by = plan.query.group_by
    if by is None:
        return [_Asked(None, 0, plan.groups[0])]
    names: list[Group] = [Group(key.value) for key in by.keys]
    if by.unlisted is Unlisted.OTHER:
        names.append(Group(None))
    asked = [_Asked(group, place, noise) for place, (group, noise) in enumerate(zip(names, plan.groups, strict=True))]
    if plan.discovered is not None:
        asked += [_Asked(Group(value), place, plan.discovered) for place, value in enumerate(discovered, len(asked))]
    return asked


def _discovered(plan: Plan, sizes: dict[str, int], monitor: Monitor | None) -> list[tuple[str, int]]:
    """The values of the groups that are shown, and their places, by code point: those whose noisy size passes."""
    by, found = plan.query.group_by, plan.threshold
    if by is None or found is None:
        return []
    noisy = [size + drawn for size, drawn in zip(sizes.values(), found.noise.draw(len(sizes), monitor), strict=True)]
    passed = [
        (size, value, len(by.keys) + place)
        for place, (value, size) in enumerate(zip(sizes, noisy, strict=True))
        if size > found.size
    ]
    kept = _fitting(plan.query, sorted(passed, key=lambda each: (-each[0], each[1])))
    return sorted((value, place) for _, value, place in kept)


def _fitting(query: Query, passed: Iterable[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """As many of the greatest groups as an answer has room for."""
    by = query.group_by
    assert by is not None  # noqa: S101 (there are groups)
    columns = max(1, len(query.columns))
    counts = group_counts(query)
    names = name_bytes(query)
    listed = len(by.keys)
    room = MOST_ANSWER_BYTES - sum(answer_bytes(key.value, columns, names) for key in by.keys)
    most = min(MOST_ANSWERS // columns, MOST_BINS // counts if counts else MOST_ANSWERS) - listed
    kept: list[tuple[int, str, int]] = []
    for each in passed:
        room -= answer_bytes(each[1], columns, names)
        if len(kept) >= most or room < 0:
            break
        kept.append(each)
    return kept


def _tick(plan: Plan) -> float:
    """The seconds of a tick: so many that looking at the candidates of all listed groups is well within one. How many groups
    are discovered is told anyway.
    """
    candidates = len(plan.query.choice.candidates) * max(1, len(plan.groups)) if plan.query.choice is not None else 0
    return TICK_SECONDS * max(1, math.ceil(candidates / CANDIDATES_A_TICK))


def group_counts(query: Query) -> int:
    """How many bins, or candidates, are counted in each group."""
    bins = sum(column.bins.count for column in query.columns if column.bins is not None)
    return bins + (len(query.choice.candidates) if query.choice is not None else 0)


def name_bytes(query: Query) -> int:
    """What the names of the columns take in a group's answers, and a candidate."""
    choice = query.choice
    chosen = max(len(str(each).encode()) for each in choice.candidates) + len(choice.column or "") * 4 if choice else 0
    return chosen + sum(len(column.name.encode()) for column in query.columns)


def answer_bytes(key: str, columns: int, names: int) -> int:
    """What a group's answers take in a message, their bins aside. names: the bytes of the columns' names."""
    return columns * (len(key.encode()) + ANSWER_BYTES) + names


def _wanted(plan: Plan, asked: Sequence[_Asked]) -> Iterable[Noise]:
    for each in asked:
        for column, noise in zip(plan.columns, each.noise.columns, strict=True):
            for part, one in zip(column.parts, noise.noises, strict=True):
                bins = column.column.bins.count if part.kind is PartKind.BINS and column.column.bins is not None else 1
                for _ in range(bins):
                    yield one


def _noisy(column: ColumnParts, noise: ColumnNoise, parts: list[scan.Whole], draws: Draws) -> list[list[Noisy]]:
    """Every part with its noise, that of bins bin by bin. Numbers meet their noise as whole steps, and are rounded after."""
    found = []
    for part, one, number in zip(column.parts, noise.noises, parts, strict=True):
        numbers = number if isinstance(number, list) else [number]
        found.append([Noisy(part, one, in_units(each + draws.take(one), part.exponent)) for each in numbers])
    return found


def in_units(steps: int, exponent: int) -> float:
    """A whole number of steps of 2^exponent as a double: on the grid, also where it has more digits than a double."""
    return math.ldexp(float(steps), exponent)


def answer_of(query: Query, column: ColumnParts, noise: ColumnNoise, group: Group | None, noisy: list[list[Noisy]]) -> Answer:
    """The answer about one column of one group. noisy: of every part its numbers, of which only bins have several."""
    first = noisy[0][0] if noisy[0] else Noisy(column.parts[0], noise.noises[0], 0.0)
    result: Estimate | Histogram
    deviation = first.deviation
    if query.statistic is Statistic.HISTOGRAM:
        assert column.column.bins is not None  # noqa: S101 (a request without bins was refused)
        counts = tuple(each.value for each in noisy[0])
        result = Histogram(counts, column.column.bins, first.reach(CONFIDENCE), shows_edges=True)
    else:
        by_kind = {each[0].part.kind: each[0] for each in noisy}
        if query.statistic is Statistic.MEAN:
            result = estimates.mean(column, by_kind, query.dataset_size)
        elif query.statistic is Statistic.VARIANCE:
            result = estimates.variance(column, by_kind, query.dataset_size)
        else:
            result = estimates.counted(first)
        deviation = result.deviation
    return Answer(column.column, group, result, _scale(first), deviation, noise.epsilon, noise.delta)


def _scale(noisy: Noisy) -> float:
    return math.ldexp(float(noisy.noise.scale), noisy.part.exponent)


def _with_edges_once(answers: list[Answer]) -> list[Answer]:
    """Histograms of which only a column's first shows its edges."""
    seen: set[str] = set()
    found = []
    for each in answers:
        again = each.column is not None and each.column.name in seen
        if each.column is not None:
            seen.add(each.column.name)
        if again and isinstance(each.result, Histogram):
            histogram = Histogram(each.result.counts, each.result.bins, each.result.reach, shows_edges=False)
            found.append(Answer(**{**vars(each), "result": histogram}))
        else:
            found.append(each)
    return found


def _choices(plan: Plan, rows: scan.Rows, asked: Sequence[_Asked], monitor: Monitor | None) -> list[Answer]:
    choice = plan.query.choice
    assert choice is not None  # noqa: S101 (asked for before)
    column = Column(choice.column, "exponential.column") if choice.column is not None else None
    utilities: NDArray[np.float64] = np.array([choice.utilities])
    if choice.column is not None:
        utilities = scan.candidate_counts(rows, choice.column, choice.candidates, monitor)
    answers = []
    for each in asked:
        if monitor is not None and monitor.is_cancelled():
            raise CancelledError("the work was cancelled")
        place = choose(np.ascontiguousarray(utilities[each.place]), each.noise.choice_scale)
        answers.append(Answer(column, each.group, place, None, None, each.noise.events[0].epsilon, 0))
    return answers
