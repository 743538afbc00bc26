"""Releases whose classes have labels of their own: every attribute a label per class, whoever formed the classes.

The classes that formed the labels are not those of the release: two may get the same labels, and are then one to any reader.
So the models are checked once more, on the labels, and what fails is suppressed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal import kernels
from shoal.anonymization.ordering import Replacement, by_labels, released_rows
from shoal.anonymization.outcomes import Outcome, Proof, Recoding, measured_of
from shoal.anonymization.persons import before_and_after
from shoal.anonymization.prepare import Prepared
from shoal.anonymization.refusals import in_words, infeasible
from shoal.errors import UnimplementedError
from shoal.kernels import AttributeCodes, Infeasible, Measure, Monitor, SensitiveCodes
from shoal.measures.quality import aggregate
from shoal.tables.coding import Codes

SUPPRESSED = np.uint32(2**32 - 1)

KNOWN_MEASURES = frozenset(
    {Measure.LOSS, Measure.PRECISION, Measure.DISCERNIBILITY, Measure.AVERAGE_CLASS_SIZE, Measure.AMBIGUITY}
)
"""The measures that make sense of classes whose regions may overlap."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labels of one attribute. codes: by row, any number where the row is suppressed. labels, leaves, levels: by code; leaves
    of the hierarchy that the label stands for, and the level it is or would be at.
    """

    codes: Codes
    labels: pl.Series
    leaves: NDArray[np.float64]
    levels: NDArray[np.int64]


def refuse_population(prepared: Prepared, strategy: str) -> None:
    """Models of a population need to know which of its rows match a label; only levels that all classes share tell."""
    asked = [
        bound.kernel
        for bound in prepared.bounds
        if isinstance(bound.kernel, kernels.KMap | kernels.DeltaPresence)
        or (isinstance(bound.kernel, kernels.AverageRisk) and bound.kernel.population)
    ]
    if asked:
        raise UnimplementedError(
            f"the strategy {strategy} does not know models of a population yet: use OPTIMAL or ANYTIME",
            metadata={"feature": f"{strategy} with {in_words(asked)}"},
        )


def references(prepared: Prepared) -> list[SensitiveCodes]:
    """The sensitive columns with the whole table as their reference, whichever rows are looked at."""
    return [
        SensitiveCodes(
            each.codes,
            each.values,
            reference=np.bincount(each.codes, minlength=each.values).astype(np.uint64),
            positions=each.positions,
            generalizations=each.generalizations,
        )
        for each in prepared.sensitive_codes
    ]


def of_rows(sensitive: Sequence[SensitiveCodes], rows: NDArray[np.intp]) -> list[SensitiveCodes]:
    """The same columns, of some rows only; the references stay."""
    return [
        SensitiveCodes(
            each.codes[rows],
            each.values,
            reference=each.reference,
            positions=each.positions,
            generalizations=each.generalizations,
        )
        for each in sensitive
    ]


def release(
    prepared: Prepared,
    labelled: Sequence[Labelled],
    kept: NDArray[np.bool_],
    recoding: Recoding,
    *,
    checked: int,
    start: float,
    monitor: Monitor,
) -> Outcome:
    """The outcome of labels: models checked on them, failing classes suppressed, everything measured.

    kept: rows that have labels. checked: nodes or cuts that were looked at. start: of the search, by time.perf_counter.
    Raises InfeasibleError when more rows are suppressed than the policy allows.
    """
    policy = prepared.policy
    replacements = {
        attribute.name: by_labels(each.codes, each.labels)
        for attribute, each in zip(policy.quasi_identifiers, labelled, strict=True)
    }
    kept, after, measured = _checked(prepared, list(replacements.values()), kept, monitor)
    suppressed = prepared.rows - int(kept.sum())
    if suppressed > prepared.limit or suppressed == prepared.rows:
        asked = f"{policy.search.strategy} with {in_words(prepared.models)}"
        raise infeasible(asked, prepared.rows, prepared.limit, Infeasible("", suppressed, None))
    before = kernels.class_histogram(
        [each.codes for each in prepared.attributes], [each.leaves for each in prepared.attributes], monitor=monitor
    )
    rows = np.flatnonzero(kept)
    attribute_losses = tuple(
        _loss(each, rows, len(hierarchy.leaves), prepared.rows)
        for each, hierarchy in zip(labelled, prepared.hierarchies, strict=True)
    )
    weights = policy.objective.weights
    precisions = _precisions(prepared, labelled, rows) if recoding is Recoding.LOCAL else None
    losses = {
        Measure.LOSS: aggregate(attribute_losses, weights, policy.objective.aggregate),
        Measure.DISCERNIBILITY: after.squares + float(prepared.rows) * suppressed,
        Measure.AVERAGE_CLASS_SIZE: prepared.rows / (after.classes + (suppressed > 0)),
    }
    if precisions is not None:
        losses[Measure.PRECISION] = aggregate(precisions, weights, policy.objective.aggregate)
    ambiguity = _ambiguity(prepared, labelled, rows, suppressed)
    if math.isfinite(ambiguity):
        losses[Measure.AMBIGUITY] = ambiguity
    return Outcome(
        frame=released_rows(prepared.columns, replacements, kept),
        recoding=recoding,
        levels=tuple(int(each.levels[each.codes[rows]].max(initial=0)) for each in labelled),
        loss=losses.get(policy.objective.measure, losses[Measure.LOSS]),
        kept=kept,
        attribute_losses=attribute_losses,
        losses=losses,
        precision=1 - math.fsum(precisions) / len(precisions) if precisions is not None else None,
        before=before,
        after=after,
        measured=measured_of(prepared.bounds, measured),
        proof=Proof(
            checked=checked,
            lattice_size=prepared.table.lattice_size,
            optimal=False,
            lower_bound=0.0,
            stopped_by="",
            seconds=time.perf_counter() - start + prepared.table.seconds,
        ),
        persons=before_and_after(prepared, list(replacements.values()), kept),
    )


def _checked(
    prepared: Prepared, replacements: Sequence[Replacement], kept: NDArray[np.bool_], monitor: Monitor
) -> tuple[NDArray[np.bool_], kernels.ClassHistogram, tuple[tuple[float, ...], ...]]:
    """Every model on the classes that equal labels form, failing classes suppressed."""
    rows = np.flatnonzero(kept)
    if rows.size == 0:
        none = np.zeros(0, dtype=np.uint64)
        return kept, kernels.ClassHistogram(none, none), ()
    attributes = [
        AttributeCodes(np.ascontiguousarray(each.ranks[each.codes[rows]]), (), int(each.ranks.max()) + 1)
        for each in replacements
    ]
    table = kernels.Table(attributes, of_rows(references(prepared), rows), monitor=monitor)
    found = table.release([0] * len(attributes), prepared.models, objective=kernels.Objective(), monitor=monitor)
    still = kept.copy()
    still[rows] = found.kept
    return still, found.after, found.measured


def _loss(labelled: Labelled, rows: NDArray[np.intp], leaves: int, total: int) -> float:
    """The normalised loss: 0 for a leaf, 1 for all leaves and for a suppressed row."""
    if leaves == 1:
        return 0.0
    lost = (labelled.leaves[labelled.codes[rows]] - 1) / (leaves - 1)
    return float((lost.sum() + (total - rows.size)) / total)


def _precisions(prepared: Prepared, labelled: Sequence[Labelled], rows: NDArray[np.intp]) -> list[float]:
    """Level over height, a suppressed row at full height, attribute by attribute."""
    found = []
    for each, hierarchy in zip(labelled, prepared.hierarchies, strict=True):
        height = hierarchy.levels - 1
        lost = float(each.levels[each.codes[rows]].sum()) / height if height else 0.0
        found.append((lost + prepared.rows - rows.size) / prepared.rows)
    return found


def _ambiguity(prepared: Prepared, labelled: Sequence[Labelled], rows: NDArray[np.intp], suppressed: int) -> float:
    """The mean number of combinations of leaves that a row may stand for."""
    volumes = np.ones(rows.size)
    whole = 1.0
    with np.errstate(over="ignore"):
        for each, hierarchy in zip(labelled, prepared.hierarchies, strict=True):
            volumes *= each.leaves[each.codes[rows]]
            whole *= len(hierarchy.leaves)
        return float((volumes.sum() + suppressed * whole) / prepared.rows)
