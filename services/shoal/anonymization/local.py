"""Local recoding: classes with levels of their own, by Mondrian or by searching the suppressed rows again."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal import kernels
from shoal.anonymization.classwise import Labelled, of_rows, references, refuse_population, release
from shoal.anonymization.outcomes import Outcome, Recoding
from shoal.anonymization.policy import LocalRecoding
from shoal.anonymization.prepare import Prepared
from shoal.anonymization.refusals import in_words, infeasible
from shoal.anonymization.sensitive import numbers_of
from shoal.anonymization.strategies import searched, within
from shoal.errors import InfeasibleError
from shoal.kernels import AttributeCodes, Infeasible, Monitor, OrderedAttribute
from shoal.privacy.hierarchies import TOP, DateSpec, Hierarchy
from shoal.tables.coding import Codes
from shoal.tables.text import as_text

MOST_ROUNDS = 100


def recode_locally(prepared: Prepared, monitor: Monitor) -> Outcome:
    """Classes with levels of their own, by the policy's method.

    Raises InfeasibleError when more rows stay suppressed than the policy allows, UnimplementedError for models of a population.
    """
    refuse_population(prepared, "LOCAL_RECODING")
    with within(prepared.policy.search.limits, monitor):
        if prepared.policy.search.local_recoding is LocalRecoding.ITERATIVE:
            return _iterative(prepared, monitor)
        return _mondrian(prepared, monitor)


@dataclass(frozen=True, eq=False)
class _Order:
    """An attribute as Mondrian cuts it. places: of each leaf in the attribute's order. by_place: the leaf of each place."""

    ordered: bool
    places: Codes
    by_place: NDArray[np.intp]


def _order_of(hierarchy: Hierarchy) -> _Order:
    """Numbers and dates are cut between any two values, others along the hierarchy."""
    count = len(hierarchy.leaves)
    numbers = numbers_of(hierarchy.leaves)
    if isinstance(hierarchy.spec, DateSpec) and numbers is None and hierarchy.spec.format is None:
        # ISO 8601 text sorts like the dates it spells.
        by_place = np.argsort(as_text(hierarchy.leaves).fill_null("").to_numpy(), kind="stable")
    elif numbers is not None:
        by_place = np.array(
            sorted(range(count), key=lambda leaf: (numbers[leaf] is not None, numbers[leaf] or 0, leaf)), dtype=np.intp
        )
    else:
        identity = np.arange(count, dtype=np.intp)
        return _Order(ordered=False, places=identity.astype(np.uint32), by_place=identity)
    places = np.empty(count, dtype=np.uint32)
    places[by_place] = np.arange(count, dtype=np.uint32)
    return _Order(ordered=True, places=places, by_place=by_place)


def _mondrian(prepared: Prepared, monitor: Monitor) -> Outcome:
    start = time.perf_counter()
    orders = [_order_of(each) for each in prepared.hierarchies]
    attributes = [
        OrderedAttribute(
            codes=np.ascontiguousarray(order.places[hierarchy.row_codes]),
            values=len(hierarchy.leaves),
            ordered=order.ordered,
            generalizations=tuple(np.ascontiguousarray(codes[order.by_place]) for codes in hierarchy.codes),
        )
        for order, hierarchy in zip(orders, prepared.hierarchies, strict=True)
    ]
    by_class = tuple(_by_class(bound.kernel) for bound in prepared.bounds)
    try:
        partition = kernels.mondrian(
            attributes,
            prepared.sensitive_codes,
            by_class,
            weights=prepared.policy.objective.weights,
            strict=prepared.policy.search.local_recoding is LocalRecoding.MONDRIAN_STRICT,
            monitor=monitor,
        )
    except Infeasible as error:
        asked = f"LOCAL_RECODING with {in_words(prepared.models)}"
        raise infeasible(asked, prepared.rows, prepared.limit, error) from None
    labelled = [
        _labelled(hierarchy, order, partition, place)
        for place, (hierarchy, order) in enumerate(zip(prepared.hierarchies, orders, strict=True))
    ]
    kept = np.ones(prepared.rows, dtype=np.bool_)
    return release(prepared, labelled, kept, Recoding.LOCAL, checked=partition.classes, start=start, monitor=monitor)


def _by_class(model: kernels.Model) -> kernels.Model:
    """The model as one of single classes: none of a mean risk r gets fewer than 1/r rows, more than the mean asks for."""
    return kernels.KAnonymity(math.ceil(1 / model.limit)) if isinstance(model, kernels.AverageRisk) else model


def _labelled(hierarchy: Hierarchy, order: _Order, partition: kernels.Partition, place: int) -> Labelled:
    """The labels of one attribute, a code for every class."""
    lows, highs = partition.lows[:, place].astype(np.int64), partition.highs[:, place].astype(np.int64)
    levels = partition.levels[:, place].astype(np.int64)
    first, last = order.by_place[lows], order.by_place[highs]
    text = as_text(hierarchy.leaves)
    if order.ordered:
        low, high = text.gather(first), text.gather(last)
        frame = pl.DataFrame({"low": low, "high": high, "one": lows == highs})
        # A null has the lowest place: a span that begins with it says so.
        span = "[" + pl.col("low").fill_null("null") + "-" + pl.col("high") + "]"
        labels = frame.select(pl.when("one").then("low").otherwise(span).alias("label"))["label"]
        return Labelled(partition.class_of_record, labels, (highs - lows + 1).astype(np.float64), levels)
    labels, leaves = _at_levels(hierarchy, first, levels)
    return Labelled(partition.class_of_record, labels, leaves, np.minimum(levels, hierarchy.levels - 1))


def _at_levels(
    hierarchy: Hierarchy, leaf: NDArray[np.intp], levels: NDArray[np.int64]
) -> tuple[pl.Series, NDArray[np.float64]]:
    """The label of each leaf at its own level, and the leaves under it; a level above the highest is all of them, `*`."""
    count = len(hierarchy.leaves)
    labels = pl.select(pl.repeat(TOP, len(leaf), dtype=pl.String)).to_series()
    under = np.full(len(leaf), float(count))
    for level in range(hierarchy.levels):
        here = np.flatnonzero(levels == level)
        if here.size == 0:
            continue
        codes = np.arange(count) if level == 0 else hierarchy.codes[level - 1]
        labels = labels.scatter(here, as_text(hierarchy.label_at(level)).gather(leaf[here]))
        under[here] = np.bincount(codes)[codes[leaf[here]]]
    return labels, under


def _iterative(prepared: Prepared, monitor: Monitor) -> Outcome:
    """The optimum of all rows, then of those it suppresses, and so on.

    First without a limit of suppression, since later rounds take up what earlier ones leave; with the policy's limit when
    too many rows stay suppressed that way.
    """
    start = time.perf_counter()
    try:
        return _rounds(prepared, prepared.rows, start, monitor)
    except InfeasibleError:
        return _rounds(prepared, prepared.limit, start, monitor)


def _rounds(prepared: Prepared, first_limit: int, start: float, monitor: Monitor) -> Outcome:
    sensitive = references(prepared)
    counts = len(prepared.hierarchies)
    levels = np.full((prepared.rows, counts), -1, dtype=np.int64)
    rows = np.arange(prepared.rows, dtype=np.intp)
    limit, checked = first_limit, 0
    limits = replace(prepared.policy.search.limits, seconds=None)  # the time of all rounds together is watched from outside
    for _ in range(MOST_ROUNDS):
        attributes = [
            AttributeCodes(np.ascontiguousarray(each.codes[rows]), each.generalizations, each.leaves)
            for each in prepared.attributes
        ]
        table = kernels.Table(attributes, of_rows(sensitive, rows), monitor=monitor)
        try:
            found = searched(table, prepared.models, min(limit, len(rows)), prepared.policy, monitor, limits, anytime=False)
        except Infeasible as error:
            if len(rows) == prepared.rows:
                asked = f"LOCAL_RECODING with {in_words(prepared.models)}"
                raise infeasible(asked, prepared.rows, limit, error) from None
            break
        checked += found.checked
        kept = table.release(found.levels, prepared.models, objective=prepared.policy.objective, monitor=monitor).kept
        levels[rows[kept]] = found.levels
        rows = rows[~kept]
        if rows.size == 0:
            break
        limit = len(rows)
    labelled = [_by_level(hierarchy, levels[:, place]) for place, hierarchy in enumerate(prepared.hierarchies)]
    return release(prepared, labelled, levels[:, 0] >= 0, Recoding.LOCAL, checked=checked, start=start, monitor=monitor)


def _by_level(hierarchy: Hierarchy, levels: NDArray[np.int64]) -> Labelled:
    """Labels of rows that each have a level: a code for every pair of level and leaf."""
    count = len(hierarchy.leaves)
    used: Sequence[int] = range(hierarchy.levels)
    text = [as_text(hierarchy.label_at(level)) for level in used]
    under = []
    for level in used:
        codes = np.arange(count) if level == 0 else hierarchy.codes[level - 1]
        under.append(np.bincount(codes)[codes])
    # A suppressed row has level -1 and takes any code: nobody reads it.
    codes = (np.maximum(levels, 0) * count + hierarchy.row_codes).astype(np.uint32)
    return Labelled(
        codes,
        pl.concat(text),
        np.concatenate(under).astype(np.float64),
        np.repeat(np.arange(hierarchy.levels), count),
    )
