"""From a table and a policy to a release: the whole story, as plain functions.

The columns are coded once, the kernel searches once, the result is decoded once.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal import kernels
from shoal.anonymization.hierarchies import Hierarchy, HierarchySpec, build
from shoal.anonymization.ordering import released_rows
from shoal.anonymization.policy import Policy, Role, Unlisted
from shoal.errors import (
    CancelledError,
    DeadlineExceededError,
    ErrorReason,
    InfeasibleError,
    InternalError,
    InvalidArgumentError,
    ResourceExhaustedError,
)
from shoal.kernels import AttributeCodes, ClassHistogram, Infeasible, KAnonymity, LatticeTooLarge, Monitor, NotNested, Objective
from shoal.measures.quality import Quality, measure
from shoal.measures.risk import RiskSummary, summarize
from shoal.tables.columns import NEUTRAL, exactly


@dataclass(frozen=True, eq=False)
class SearchOutcome:
    """The best node and what it does to the table.

    levels: one per attribute. loss: the aggregated loss. attribute_losses: unweighted. released, suppressed: rows. checked:
    nodes whose classes were computed. lattice_size: nodes in all. optimal: whether the node is proved to be the best. gap:
    loss - proven lower bound. seconds: inside the kernel. kept: for every row whether it is released. before, after: class
    sizes of the input and of the released rows.
    """

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[float, ...]
    released: int
    suppressed: int
    checked: int
    lattice_size: int
    optimal: bool
    gap: float
    seconds: float
    kept: NDArray[np.bool_]
    before: ClassHistogram
    after: ClassHistogram


@dataclass(frozen=True)
class Release:
    """A release before it is written. frame: the released rows, sorted. hierarchies: as used, in the policy's order."""

    frame: pl.DataFrame
    hierarchies: tuple[Hierarchy, ...]
    dropped_columns: tuple[str, ...]
    rows: int
    outcome: SearchOutcome
    quality: Quality
    risk_before: RiskSummary
    risk_after: RiskSummary
    warnings: tuple[str, ...]


def anonymize(table: pl.LazyFrame, policy: Policy, tables: Mapping[str, HierarchySpec], monitor: Monitor) -> Release:
    """The optimal release of a table.

    tables: the hierarchies that were given as tables, by attribute. Raises InvalidArgumentError when table and policy do not
    fit, InfeasibleError when no release satisfies the policy, CancelledError when the monitor says so.
    """
    names = table.collect_schema().names()
    kept_columns, dropped = divide_columns(names, policy)
    frame = table.select(exactly(kept_columns)).collect(engine="streaming")
    if frame.columns != kept_columns:
        # What is selected is what is released: should the two ever differ, nothing may leave.
        raise InternalError("the table's columns are not those that were selected")
    if frame.height == 0:
        raise InfeasibleError(f"the table has no rows, fewer than k = {policy.k}", metadata={"rows": "0"})
    columns = {column.name: column.alias(NEUTRAL) for column in frame}
    quasi = policy.quasi_identifiers
    hierarchies = []
    for attribute in quasi:
        spec = tables.get(attribute.name) or attribute.hierarchy
        if spec is None:
            raise InvalidArgumentError(f"the hierarchy of '{attribute.name}' was not read")
        hierarchies.append(build(attribute.name, columns[attribute.name], spec))
    outcome = search(policy, hierarchies, frame.height, monitor)
    released = released_rows(columns, hierarchies, outcome.levels, outcome.kept)
    names_of_quasi = tuple(each.name for each in quasi)
    return Release(
        frame=released,
        hierarchies=tuple(hierarchies),
        dropped_columns=tuple(dropped),
        rows=frame.height,
        outcome=outcome,
        quality=measure(
            attribute_losses=outcome.attribute_losses,
            weights=[each.weight for each in quasi],
            levels=outcome.levels,
            level_counts=[each.levels for each in hierarchies],
            released=outcome.after,
            rows=frame.height,
        ),
        risk_before=summarize(names_of_quasi, outcome.before),
        risk_after=summarize(names_of_quasi, outcome.after, suppressed=outcome.suppressed),
        warnings=tuple(warnings_of(columns, policy, dropped)),
    )


def divide_columns(names: Sequence[str], policy: Policy) -> tuple[list[str], list[str]]:
    """The columns that the release keeps and those it drops, both in the table's order.

    Raises InvalidArgumentError for an attribute that is no column, and for an unlisted column when the policy refuses them.
    """
    known = set(names)
    for place, attribute in enumerate(policy.attributes):
        if attribute.name not in known:
            raise InvalidArgumentError(
                f"policy.attributes[{place}].name: the table has no column '{attribute.name}'",
                reason=ErrorReason.UNKNOWN_COLUMN,
                metadata={"column": attribute.name},
            )
    roles = {attribute.name: attribute.role for attribute in policy.attributes}
    unlisted = [name for name in names if name not in roles]
    if unlisted and policy.unlisted is Unlisted.REFUSE:
        raise InvalidArgumentError(
            f"the policy does not name the column '{unlisted[0]}' and refuses unlisted columns: "
            "add it, or set unlisted to DROP",
            reason=ErrorReason.UNKNOWN_COLUMN,
            metadata={"column": unlisted[0]},
        )
    dropped = {name for name, role in roles.items() if role is Role.IDENTIFIER}
    if policy.unlisted is Unlisted.DROP:
        dropped.update(unlisted)
    return [name for name in names if name not in dropped], [name for name in names if name in dropped]


def search(policy: Policy, hierarchies: Sequence[Hierarchy], rows: int, monitor: Monitor) -> SearchOutcome:
    """The optimal levels; the kernel's answers become errors with sentences."""
    quasi = policy.quasi_identifiers
    limit = suppression_limit(policy.suppression_limit, rows)
    attributes = [AttributeCodes(each.row_codes, each.codes, len(each.leaves)) for each in hierarchies]
    late = threading.Event()

    def stop() -> None:
        late.set()
        monitor.cancel()

    timer = threading.Timer(min(policy.max_seconds, threading.TIMEOUT_MAX), stop) if policy.max_seconds is not None else None
    if timer is not None:
        timer.start()
    try:
        models = [KAnonymity(policy.k)]
        objective = Objective(aggregate=policy.aggregate, weights=tuple(each.weight for each in quasi))
        table = kernels.Table(attributes, monitor=monitor)
        found = table.search(models, suppression_limit=limit, objective=objective, monitor=monitor)
        release = table.release(found.levels, models, objective=objective, monitor=monitor)
        return SearchOutcome(
            levels=found.levels,
            loss=found.loss,
            attribute_losses=found.attribute_losses,
            released=rows - found.suppressed,
            suppressed=found.suppressed,
            checked=found.checked,
            lattice_size=found.lattice_size,
            optimal=found.optimal,
            gap=found.gap,
            seconds=table.seconds + found.seconds,
            kept=release.kept,
            before=release.before,
            after=release.after,
        )
    except CancelledError:
        if late.is_set():
            raise DeadlineExceededError(
                f"the search was not over after max_seconds = {policy.max_seconds:g}: allow more time, or fewer levels"
            ) from None
        raise
    except NotNested as error:
        raise InvalidArgumentError(
            f"the hierarchy of '{quasi[error.attribute].name}' is not nested at level {error.level}",
            reason=ErrorReason.HIERARCHY_NOT_NESTED,
            metadata={"attribute": quasi[error.attribute].name, "level": str(error.level)},
        ) from None
    except LatticeTooLarge as error:
        raise ResourceExhaustedError(
            f"the hierarchies span {error.size} combinations of levels, more than an optimal search takes: use fewer levels",
            metadata={"limit": "lattice_size", "lattice_size": str(error.size)},
        ) from None
    except Infeasible as error:
        raise infeasible(policy, rows, limit, error) from None
    finally:
        if timer is not None:
            timer.cancel()


def suppression_limit(share: float, rows: int) -> int:
    """floor(share × rows), of the share as it is written: 0.07 of 100 rows is 7, although 0.07 × 100 is not in binary."""
    return math.floor(Decimal(repr(share)) * rows)


def infeasible(policy: Policy, rows: int, limit: int, found: Infeasible) -> InfeasibleError:
    """The error of a policy that no release satisfies, with the nearest setting that one does."""
    metadata = {"rows": str(rows), "fewest_suppressed": str(found.fewest_suppressed), "largest_k": str(found.largest_k)}
    if policy.k > rows:
        sentence = f"the table has {rows} rows, fewer than k = {policy.k}: no release exists; the largest possible k is {rows}"
        return InfeasibleError(sentence, metadata=metadata)
    sentence = f"no release satisfies k = {policy.k} with at most {limit} of {rows} rows suppressed"
    nearest = []
    if found.fewest_suppressed < rows:
        share = (Decimal(found.fewest_suppressed) / rows).quantize(Decimal("0.0001"), rounding=ROUND_CEILING)
        metadata["nearest_suppression_limit"] = str(share)
        nearest.append(f"suppression_limit {share} ({found.fewest_suppressed} rows)")
    if found.largest_k:
        nearest.append(f"k = {found.largest_k}")
    hint = f"; the nearest feasible setting is {' or '.join(nearest)}" if nearest else "; give the hierarchies a top level `*`"
    return InfeasibleError(sentence + hint, metadata=metadata)


def warnings_of(columns: Mapping[str, pl.Series], policy: Policy, dropped: Sequence[str]) -> list[str]:
    """What the person who signs for the release should know."""
    roles = {attribute.name: attribute.role for attribute in policy.attributes}
    found = []
    unlisted = [name for name in dropped if name not in roles]
    if unlisted:
        found.append(f"{len(unlisted)} columns that the policy does not name were dropped: {', '.join(unlisted[:20])}")
    kept_unlisted = [name for name in columns if name not in roles]
    if kept_unlisted:
        found.append(
            f"{len(kept_unlisted)} columns that the policy does not name were released as they are: "
            f"{', '.join(kept_unlisted[:20])}"
        )
    for name, role in roles.items():
        if role is Role.SENSITIVE and (nulls := columns[name].null_count()):
            found.append(f"the sensitive column '{name}' has {nulls} nulls; null counts as a value")
    if any(role is Role.SENSITIVE for role in roles.values()):
        found.append(
            "k-anonymity does not protect sensitive values: a class in which all rows share one discloses it (l-diversity does)"
        )
    return found
