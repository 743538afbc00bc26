"""From a table and a policy to a release: the whole story, as plain functions.

The columns are coded once, the kernel searches once, the result is decoded once.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from shoal.anonymization.local import recode_locally
from shoal.anonymization.microaggregate import microaggregate
from shoal.anonymization.outcomes import Outcome
from shoal.anonymization.persons import Persons
from shoal.anonymization.policy import Policy, Strategy
from shoal.anonymization.prepare import Prepared, Specs, prepare
from shoal.anonymization.strategies import generalise
from shoal.kernels import ClassHistogram, Monitor
from shoal.measures.quality import Quality, measure
from shoal.measures.risk import PopulationClasses, RiskSummary, summarize


@dataclass(frozen=True, eq=False)
class Release:
    """A release before it is written."""

    prepared: Prepared
    outcome: Outcome
    quality: Quality
    risk_before: RiskSummary
    risk_after: RiskSummary
    warnings: tuple[str, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """The released rows, sorted."""
        return self.outcome.frame

    @property
    def rows(self) -> int:
        """Rows of the input."""
        return self.prepared.rows

    @property
    def suppressed(self) -> int:
        """Rows that were left out."""
        return self.rows - self.frame.height


def anonymize(
    table: pl.LazyFrame, policy: Policy, specs: Specs, monitor: Monitor, *, population: pl.LazyFrame | None = None
) -> Release:
    """The release of a table that its policy asks for.

    specs: the hierarchies that were given as tables. Raises InvalidArgumentError when table and policy do not fit,
    InfeasibleError when no release satisfies the policy, CancelledError when the monitor says so.
    """
    prepared = prepare(table, policy, specs, population, monitor)
    match policy.search.strategy:
        case Strategy.LOCAL_RECODING:
            outcome = recode_locally(prepared, monitor)
        case Strategy.MICROAGGREGATION:
            outcome = microaggregate(prepared, monitor)
        case _:
            outcome = generalise(prepared, monitor)
    quasi = policy.quasi_identifiers
    names = tuple(each.name for each in quasi)
    before, after = outcome.persons or (None, None)
    return Release(
        prepared=prepared,
        outcome=outcome,
        quality=measure(
            attribute_losses=outcome.attribute_losses,
            weights=[each.weight for each in quasi],
            precision=outcome.precision,
            losses=outcome.losses,
            released=outcome.after,
            rows=prepared.rows,
        ),
        risk_before=_risk(names, outcome.before, before),
        risk_after=_risk(
            names, outcome.after, after, suppressed=prepared.rows - outcome.frame.height, population=outcome.population
        ),
        warnings=prepared.warnings,
    )


def _risk(
    names: tuple[str, ...],
    rows: ClassHistogram,
    persons: Persons | None,
    *,
    suppressed: int = 0,
    population: PopulationClasses | None = None,
) -> RiskSummary:
    """The risk of persons where they are known, else of rows."""
    if persons is None:
        return summarize(names, rows, suppressed=suppressed, population=population)
    return summarize(names, persons.classes, suppressed=suppressed, population=population, entities=persons.count)
