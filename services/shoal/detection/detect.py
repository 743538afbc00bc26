"""Detection: a verdict on every column of a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import polars as pl

from shoal.detection.evidence import Evidence, evidences_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.model import Metrics, model, second_opinion
from shoal.detection.patterns import Pattern, first_that_applies
from shoal.detection.ranking import Ranking, rank
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.detection.sampling import Sampler
from shoal.detection.verdict import Verdict

__all__ = ["Column", "Detected", "Mode", "Options", "Sampling", "detect"]

_PERSONS = ("subject_id", "national_number", "email", "bank_account", "bare_id", "event_id")
"""Concepts of identifiers by which rows of one person are recognised, the surest first."""

_REPEATS = 0.9
"""The unique ratio below which an identifier has several rows a person."""


COMPARED_ROWS = 10_000
"""Columns are compared with each other on so many rows."""


class Mode(Enum):
    """How columns are judged."""

    HEURISTIC = auto()
    MODEL = auto()


class Sampling(Enum):
    """How many rows are looked at."""

    FAST = auto()
    FULL = auto()
    ADAPTIVE = auto()


@dataclass(frozen=True)
class Options:
    """The knobs of a detection, checked. known: roles that are given, by column. The others are those of the contract."""

    mode: Mode = Mode.HEURISTIC
    sampling: Sampling = Sampling.FAST
    cumulative_importance_threshold: float = 1.0
    max_quasi_identifiers: int = 64
    uniqueness_threshold: float = 0.95
    known: Mapping[str, Role] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Column:
    """The verdict on one column, and what it rests on. importance: share in singling out rows, 0 to 1."""

    name: str
    verdict: Verdict
    evidence: Evidence
    importance: float


@dataclass(frozen=True)
class Detected:
    """What was found out about a table. columns: in its order. rows: of the table. sampled: looked at. seconds: taken.

    metrics: the model's, None when only the heuristics judged.
    """

    columns: tuple[Column, ...]
    ranking: Ranking
    rows: int
    sampled: int
    entity_column: str
    seconds: float
    metrics: Metrics | None = None


def detect(table: pl.LazyFrame, options: Options, check: Callable[[], None], patterns: tuple[Pattern, ...] = ()) -> Detected:
    """Judges every column that is not ignored.

    table: at least one row and one such column. check: raises to end the work. patterns: in the order of trying; the first
    that applies decides before anything else but a known role.

    The same rows and columns in another order give the same verdicts.
    """
    started = time.monotonic()
    names = [name for name in table.collect_schema().names() if name not in options.ignored]
    sampler = Sampler(table, names, check)
    rows = sampler.rows if options.sampling is Sampling.FULL else sampler.fast_rows
    sample = sampler.sample(rows)
    columns, verdicts = _judged(sample, sampler, options, patterns, check)
    while options.sampling is Sampling.ADAPTIVE and rows < sampler.rows:
        rows = min(sampler.rows, 2 * rows)
        sample = sampler.sample(rows)
        columns, again = _judged(sample, sampler, options, patterns, check)
        settled = [each.role for each in again] == [each.role for each in verdicts]
        verdicts = again
        if settled:
            break
    candidates = [name for name, verdict in zip(names, verdicts, strict=True) if verdict.role is Role.QUASI_IDENTIFIER]
    ranking = rank(
        sample,
        candidates,
        stay={name for name, role in options.known.items() if role is Role.QUASI_IDENTIFIER},
        threshold=options.cumulative_importance_threshold,
        most=options.max_quasi_identifiers,
        check=check,
    )
    cut = set(ranking.left_out)
    found = tuple(
        Column(name, _left_out(verdict) if name in cut else verdict, evidence, ranking.importance.get(name, 0.0))
        for name, verdict, evidence in zip(names, verdicts, columns, strict=True)
    )
    return Detected(
        found,
        ranking,
        sampler.rows,
        sample.height,
        _entity(found),
        time.monotonic() - started,
        model().metrics if options.mode is Mode.MODEL else None,
    )


def _judged(
    sample: pl.DataFrame,
    sampler: Sampler,
    options: Options,
    patterns: tuple[Pattern, ...],
    check: Callable[[], None],
) -> tuple[list[Evidence], list[Verdict]]:
    columns = evidences_of(sample.iter_columns(), check)
    if sample.height < sampler.rows:
        # A share of different values can only fall with more rows: only the high ones have to be counted in all of them.
        # Fractions are measurements, however many of them are different.
        high = [
            each.name
            for each in columns
            if each.ratio > options.uniqueness_threshold / 2 and (each.low is None or each.whole_numbers)
        ]
        ratios = sampler.ratios(high)
        columns = [replace(each, ratio=ratios[each.name]) if each.name in ratios else each for each in columns]
    compared = sample if sample.height <= COMPARED_ROWS else sampler.sample(COMPARED_ROWS)
    verdicts = judge(columns, lexicon(), options.uniqueness_threshold, Relations(compared))
    if options.mode is Mode.MODEL:
        verdicts = second_opinion(columns, verdicts, lexicon())
    decided = []
    for each, verdict in zip(columns, verdicts, strict=True):
        check()
        if each.name in options.known:
            decided.append(Verdict(options.known[each.name], 1.0, ("The caller says so.",)))
            continue
        pattern = first_that_applies(patterns, sample.get_column(each.name))
        decided.append(verdict if pattern is None else replace(pattern.verdict(), concept=verdict.concept, kind=verdict.kind))
    return columns, decided


def _left_out(verdict: Verdict) -> Verdict:
    sentence = "A quasi-identifier that the threshold or the maximum leaves out: it still helps to recognise people."
    return replace(verdict, role=Role.INSENSITIVE, reasons=(sentence, *verdict.reasons))


def _entity(columns: tuple[Column, ...]) -> str:
    """The identifier whose values have several rows each, empty when there is none."""
    repeating = [
        each
        for each in columns
        if each.verdict.role is Role.IDENTIFIER and each.verdict.concept in _PERSONS and 0 < each.evidence.ratio < _REPEATS
    ]
    best = min(repeating, key=lambda each: (_PERSONS.index(each.verdict.concept), -each.verdict.confidence), default=None)
    return best.name if best is not None else ""
