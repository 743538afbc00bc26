"""Releasing new rows with the levels of a solution.

New rows get the labels that the solution's hierarchies give them, as they were. The models are checked twice: on the classes
that the new rows form by themselves, for whoever has an earlier release can subtract it, and on the classes that they form
together with everything that was released by the solution before. The distributions that models compare with stay those of the
solution's input.

A row is suppressed when one of its values is not known to the solution, or when its class fails in either check. That may
change what holds of other classes, so it is repeated until nothing changes. What was released before cannot be taken back: only
new rows give way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal import kernels
from shoal.anonymization.apply_columns import (
    LabelledColumn,
    SensitiveCoding,
    ValuedColumn,
    code_labels,
    code_sensitive_values,
    read_columns,
)
from shoal.anonymization.apply_state import ApplyState, Distinct, SensitiveState, distinct
from shoal.anonymization.fingerprints import CodedColumn
from shoal.anonymization.models import Bound, bind
from shoal.anonymization.ordering import Replacement, by_labels, released_rows
from shoal.anonymization.outcomes import Measured, measured_of
from shoal.anonymization.policy import Policy, Role
from shoal.anonymization.prepare import suppression_limit
from shoal.anonymization.repeats import person_prints
from shoal.anonymization.sensitive import code_entities
from shoal.errors import ResourceExhaustedError
from shoal.kernels import AttributeCodes, Monitor, SensitiveCodes
from shoal.tables.coding import Codes, code_distinct

__all__ = ["Applied", "apply_solution"]

MOST_ROWS = 2**32 - 1


@dataclass(frozen=True, eq=False)
class Applied:
    """New rows, released.

    frame: sorted. rows: that came. unseen, violating: suppressed because of a value, because of their class. batch, union: what
    the models measure, of a batch without rows nothing. satisfied: of the union, by model. union_rows: released by the solution
    so far, these included. state: with these rows. quasi, sensitive, people: of the new rows, for their trace.
    """

    frame: pl.DataFrame
    rows: int
    unseen: int
    violating: int
    batch: tuple[Measured, ...]
    union: tuple[Measured, ...]
    satisfied: tuple[bool, ...]
    union_rows: int
    state: ApplyState
    quasi: tuple[CodedColumn, ...]
    sensitive: tuple[CodedColumn, ...]
    people: NDArray[np.uint64] | None
    warnings: tuple[str, ...]

    @property
    def guarantee(self) -> str:
        """What holds for the new rows alone and for the union, as a sentence."""
        if self.frame.height == 0:
            return "no row was released, so nothing changed"
        before = self.union_rows - self.frame.height
        together = f"together with the {before} rows that were released by this solution before"
        compared = "the distributions that models compare with are those of the solution's input"
        if not all(self.satisfied):
            return (
                f"the {self.frame.height} new rows by themselves satisfy every model of the policy; {together} they do not, "
                f"and no suppression of new rows can change that; {compared}"
            )
        return (
            f"the {self.frame.height} new rows by themselves satisfy every model of the policy, and so they do {together}; "
            f"{compared}; nothing is said of releases by other solutions"
        )


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows in codes. quasi: labels. values: by sensitive attribute. people: persons, None where every row is one."""

    quasi: tuple[Codes, ...]
    values: tuple[Codes, ...]
    people: Codes | None
    counts: NDArray[np.uint32]

    def chosen(self, which: NDArray[np.bool_]) -> _Rows:
        """Some of the rows."""
        return _Rows(
            tuple(each[which] for each in self.quasi),
            tuple(each[which] for each in self.values),
            None if self.people is None else self.people[which],
            self.counts[which],
        )

    def with_others(self, others: _Rows) -> _Rows:
        """These rows and others behind them."""
        people = None
        if self.people is not None and others.people is not None:
            people = np.concatenate([self.people, others.people])
        return _Rows(
            tuple(np.concatenate(pair) for pair in zip(self.quasi, others.quasi, strict=True)),
            tuple(np.concatenate(pair) for pair in zip(self.values, others.values, strict=True)),
            people,
            np.concatenate([self.counts, others.counts]),
        )


@dataclass(frozen=True, eq=False)
class _Judge:
    """The policy's models. labels: how many each quasi-identifier has. people: how many persons there are in all."""

    bounds: tuple[Bound, ...]
    labels: tuple[int, ...]
    sensitive: tuple[SensitiveCoding, ...]
    people: int
    population: Distinct | None
    monitor: Monitor

    def release(self, rows: _Rows) -> kernels.Release:
        """What the models suppress of these rows, and measure of the others."""
        return self._table(rows).release(self._levels, self._models, monitor=self.monitor)

    def satisfied(self, rows: _Rows) -> tuple[bool, ...]:
        """Whether all of these rows may stay, by model."""
        table = self._table(rows)
        return tuple(
            table.evaluate([self._levels], [model], suppression_limit=0, monitor=self.monitor)[0].satisfied
            for model in self._models
        )

    @property
    def _models(self) -> list[kernels.Model]:
        return [bound.kernel for bound in self.bounds]

    @property
    def _levels(self) -> list[int]:
        return [0] * len(self.labels)

    def _table(self, rows: _Rows) -> kernels.Table:
        columns = [each.of_rows(rows.values[each.place]) for each in self.sensitive]
        if rows.people is not None:
            columns.append(SensitiveCodes(rows.people, self.people))
        return kernels.Table(
            [AttributeCodes(codes, (), count) for codes, count in zip(rows.quasi, self.labels, strict=True)],
            columns,
            population=None if self.population is None else self.population.quasi,
            population_counts=None if self.population is None else _small(self.population.counts),
            counts=rows.counts,
            monitor=self.monitor,
        )


def apply_solution(table: pl.LazyFrame, policy: Policy, state: ApplyState, key: bytes, monitor: Monitor) -> Applied:
    """New rows, released with the levels of the state's solution.

    policy: the solution's. key: of the organisation's fingerprints. Raises InvalidArgumentError when the columns are not those
    of the solution's input, InfeasibleError for a table without rows, CancelledError.
    """
    columns, warnings = read_columns(table, policy, state)
    quasi = [
        code_labels(pinned, labels, columns[pinned.attribute])
        for pinned, labels in zip(state.hierarchies, state.labels, strict=True)
    ]
    values = [code_sensitive_values(each, policy, columns[each.name], place) for place, each in enumerate(state.sensitive)]
    known = np.logical_and.reduce([*(each.known for each in quasi), *(each.known for each in values)])
    by_name = dict(zip((each.name for each in state.sensitive), values, strict=True))
    people, prints = _people(policy, columns, key)
    old_people, new_people, count = _together(state.released.entities, prints)
    judge = _Judge(
        bounds=bind(
            policy.models,
            {wanted: place for place, wanted in enumerate(policy.codings)},
            entity=len(policy.codings) if prints is not None else None,
            population=state.population is not None,
        ),
        labels=tuple(len(each.labels) for each in quasi),
        sensitive=tuple(by_name[name].codings[coding] for name, coding in policy.codings),
        people=count,
        population=state.population,
        monitor=monitor,
    )
    released = state.released
    before = _Rows(released.quasi, released.sensitive, old_people, _small(released.counts))
    ones = np.ones(len(known), dtype=np.uint32)
    new = _Rows(tuple(each.codes for each in quasi), tuple(each.codes for each in values), new_people, ones)
    kept, batch, union = _fixed_point(judge, before, new, known)
    satisfied = (True,) * len(judge.bounds)
    if union.suppressed:
        satisfied = judge.satisfied(before.with_others(new.chosen(kept)))
    suppressed = len(known) - int(kept.sum())
    if suppressed > suppression_limit(policy.suppression_limit, len(known)):
        warnings.append(
            f"{suppressed} of {len(known)} new rows were suppressed, more than the policy's suppression_limit of "
            f"{policy.suppression_limit:g} allows a release: the solution does not fit the new rows well"
        )
    return Applied(
        frame=_frame(state, columns, quasi, kept),
        rows=len(known),
        unseen=int((~known).sum()),
        violating=int((known & ~kept).sum()),
        batch=() if batch is None else measured_of(judge.bounds, batch.measured),
        union=measured_of(judge.bounds, union.measured),
        satisfied=satisfied,
        union_rows=released.rows + int(kept.sum()),
        state=_with_rows(state, quasi, values, prints, kept),
        quasi=tuple(each.column for each in quasi),
        sensitive=_sensitive_columns(policy, columns, by_name),
        people=people,
        warnings=tuple(warnings),
    )


def _fixed_point(
    judge: _Judge, before: _Rows, new: _Rows, known: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], kernels.Release | None, kernels.Release]:
    """The new rows that may stay, by themselves and together with those before, and both as they then are."""
    kept = known.copy()
    while True:
        rows = new.chosen(kept)
        union = judge.release(before.with_others(rows))
        stays = union.kept[len(before.counts) :].copy()
        batch = judge.release(rows) if len(rows.counts) else None
        if batch is not None:
            stays &= batch.kept
        if stays.all():
            return kept, batch, union
        kept[np.flatnonzero(kept)[~stays]] = False


def _people(
    policy: Policy, columns: dict[str, pl.Series], key: bytes
) -> tuple[NDArray[np.uint64] | None, NDArray[np.uint64] | None]:
    """The fingerprints of the persons of the new rows, each once, and of every row's person."""
    if policy.entity_column is None:
        return None, None
    codes, people = code_entities(columns[policy.entity_column])
    prints = person_prints(people, key)
    return prints, prints[codes]


def _together(before: NDArray[np.uint64] | None, new: NDArray[np.uint64] | None) -> tuple[Codes | None, Codes | None, int]:
    """Fingerprints of persons before and now as codes, and how many persons there are."""
    if before is None or new is None:
        return None, None, 0
    people, places = np.unique(np.concatenate([before, new]), return_inverse=True)
    codes: Codes = places.astype(np.uint32)
    return codes[: len(before)], codes[len(before) :], len(people)


def _frame(
    state: ApplyState, columns: dict[str, pl.Series], quasi: Sequence[LabelledColumn], kept: NDArray[np.bool_]
) -> pl.DataFrame:
    """The released rows, sorted."""
    replacements = {}
    for each in quasi:
        replacement = by_labels(each.codes, each.labels)
        # At level 0 the cells leave as they came.
        replacements[each.column[0]] = replacement if each.level else Replacement(replacement.codes, replacement.ranks, None)
    return released_rows({name: columns[name] for name in state.released_columns}, replacements, kept)


def _sensitive_columns(
    policy: Policy, columns: dict[str, pl.Series], coded: dict[str, ValuedColumn]
) -> tuple[CodedColumn, ...]:
    """Every sensitive attribute, coded by its values."""
    names = [each.name for each in policy.attributes if each.role is Role.SENSITIVE]
    return tuple(coded[name].column if name in coded else (name, *code_distinct(columns[name])) for name in names)


def _with_rows(
    state: ApplyState,
    quasi: Sequence[LabelledColumn],
    values: Sequence[ValuedColumn],
    prints: NDArray[np.uint64] | None,
    kept: NDArray[np.bool_],
) -> ApplyState:
    """The state with the new rows that were released; what only suppressed rows brought is forgotten."""
    before = state.released
    labels, quasi_codes = [], []
    for old, each, released in zip(state.labels, quasi, before.quasi, strict=True):
        codes, table = _used(each.codes[kept], each.labels, len(old))
        labels.append(table)
        quasi_codes.append(np.concatenate([released, codes]))
    sensitive, value_codes = [], []
    for known, value, released in zip(state.sensitive, values, before.sensitive, strict=True):
        codes, table = _used(value.codes[kept], value.values, len(known.values))
        reference = np.zeros(len(table), dtype=np.uint64)
        reference[: len(known.values)] = known.reference
        sensitive.append(SensitiveState(known.name, table, reference, known.hierarchy))
        value_codes.append(np.concatenate([released, codes]))
    entities = None if before.entities is None or prints is None else np.concatenate([before.entities, prints[kept]])
    counts = np.concatenate([before.counts, np.ones(int(kept.sum()), dtype=np.uint64)])
    return replace(
        state,
        labels=tuple(labels),
        sensitive=tuple(sensitive),
        released=distinct(quasi_codes, value_codes, entities, counts),
    )


def _used(codes: Codes, table: pl.Series, before: int) -> tuple[Codes, pl.Series]:
    """The codes and their table without the entries behind `before` that no code uses."""
    used = np.zeros(len(table), dtype=np.bool_)
    used[:before] = True
    used[codes] = True
    place = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    return place[codes].astype(np.uint32), table.filter(pl.Series(used))


def _small(counts: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The counts as the kernel takes them."""
    if int(counts.sum()) > MOST_ROWS:
        raise ResourceExhaustedError(
            f"more than {MOST_ROWS} rows were released by this solution: make a new one", metadata={"limit": "rows"}
        )
    return counts.astype(np.uint32)
