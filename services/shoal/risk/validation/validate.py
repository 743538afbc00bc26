"""A finished table and the models that it should satisfy become a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import HierarchySpec
from shoal.privacy.models import LDiversity, OfAttribute, PrivacyModel
from shoal.risk.validation.grouping import Classes, Ints, group, plain
from shoal.risk.validation.histograms import Attribute, attribute_of
from shoal.risk.validation.judgements import Facts, Judgement, judge
from shoal.risk.validation.population import matching
from shoal.runtime.stopping import Stop
from shoal.tables.columns import NEUTRAL, exact

MOST_VIOLATIONS = 1000


@dataclass(frozen=True)
class Question:
    """What a table should satisfy. models: with their places in the request."""

    quasi_identifiers: tuple[str, ...]
    models: tuple[tuple[int, PrivacyModel], ...]
    entity_column: str | None = None
    hierarchies: Mapping[str, HierarchySpec] = field(default_factory=dict)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The sensitive attributes that the models look at, each once."""
        return tuple(dict.fromkeys(model.attribute for _, model in self.models if isinstance(model, OfAttribute)))

    @property
    def compared(self) -> tuple[str, ...]:
        """The sensitive attributes whose distributions are compared with the reference's."""
        models = [model for _, model in self.models if not isinstance(model, LDiversity)]
        return tuple(dict.fromkeys(model.attribute for model in models if isinstance(model, OfAttribute)))


@dataclass(frozen=True)
class Violation:
    """A class that fails a model. place: of the model; values: of the class, as text."""

    place: int
    values: list[str]
    rows: int
    measured: float
    severity: float


@dataclass(frozen=True, eq=False)
class Verdict:
    """What was found. failing: classes that fail at least one model. reference_rows: of the reference distributions."""

    judgements: tuple[Judgement, ...]
    violations: tuple[Violation, ...]
    failing: int
    rows: int
    suppressed: int
    classes: int
    reference_rows: int
    warnings: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether every model holds."""
        return all(each.satisfied and bool(each.holds.all()) for each in self.judgements)


def validate(
    table: pl.LazyFrame,
    question: Question,
    *,
    reference: pl.LazyFrame | None = None,
    population: pl.LazyFrame | None = None,
    stop: Stop | None = None,
) -> Verdict:
    """Checks a table. reference: all rows of it count as known; None: the table's own rows that are not suppressed.

    Raises InvalidArgumentError when table, reference, population and question do not fit together.
    """
    stop = stop or Stop()
    entities = [question.entity_column] if question.entity_column is not None else []
    classes = group(table, question.quasi_identifiers, [*question.attributes, *entities])
    stop.check()
    crowds = None
    if population is not None:
        crowds = matching(classes, population, question.hierarchies)
        stop.check()

    @cache
    def attribute(name: str) -> Attribute:
        stop.check()
        known = reference if name in question.compared else None
        return attribute_of(name, classes, None if known is None else _counted(name, known, classes.merged[name].dtype))

    facts = Facts(
        classes=classes,
        persons=classes.persons(question.entity_column) if question.entity_column is not None else None,
        population=crowds,
        attributes=attribute,
        hierarchies=question.hierarchies,
    )
    judgements: list[Judgement] = []
    for place, model in question.models:
        judgements += judge(place, model, facts)
        stop.check()
    failing = np.zeros(classes.count, dtype=np.bool_)
    for each in judgements:
        failing |= ~each.holds
    examined = [attribute(name) for name in question.attributes]
    return Verdict(
        judgements=tuple(judgements),
        violations=tuple(_violations(classes, judgements)),
        failing=int(failing.sum()),
        rows=classes.rows,
        suppressed=classes.suppressed,
        classes=classes.count,
        reference_rows=max((int(each.reference.sum()) for each in examined if each.name in question.compared), default=0),
        warnings=tuple(_warnings(classes, question, examined, crowds)),
    )


def _counted(name: str, reference: pl.LazyFrame, dtype: pl.DataType) -> pl.DataFrame:
    """The values of a reference's column and their rows, in the type that the table has them in."""
    merged = (
        reference.select(exact(name).alias(NEUTRAL))
        .group_by(NEUTRAL)
        .agg(pl.len().cast(pl.Int64).alias("rows"))
        .collect(engine="streaming")
    )
    if not merged.height:
        raise InvalidArgumentError("reference: the reference has no rows", reason=ErrorReason.MALFORMED_TABLE)
    values = plain(merged[NEUTRAL])
    if values.dtype != dtype and values.dtype.is_integer() and dtype.is_integer():
        wider = values.cast(dtype, strict=False)
        values = values if wider.null_count() > values.null_count() else wider
    if values.null_count() == len(values):
        values = values.cast(dtype)
    if values.dtype == dtype:
        return merged.with_columns(values.alias(NEUTRAL))
    raise InvalidArgumentError(
        f"reference: the column '{name}' has another type than in the table: store both the same way",
        reason=ErrorReason.MALFORMED_TABLE,
        metadata={"column": name},
    )


def _violations(classes: Classes, judgements: list[Judgement]) -> list[Violation]:
    """The classes that fail, most severe first; of equal ones in the order of models and of the classes' values."""
    parts = [np.flatnonzero(~each.holds) for each in judgements]
    members: Ints = np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)
    models = np.concatenate([np.full(len(part), place) for place, part in enumerate(parts)] or [members])
    severity = np.concatenate([np.zeros(0), *(each.severity[part] for each, part in zip(judgements, parts, strict=True))])
    order = np.lexsort((members, models, -severity))[:MOST_VIOLATIONS]
    values = classes.values(members[order]) if len(order) else []
    return [
        Violation(
            place=judgements[model].place,
            values=texts,
            rows=int(classes.sizes[member]),
            measured=float(judgements[model].measured[member]),
            severity=float(judgements[model].severity[member]),
        )
        for model, member, texts in zip(models[order].tolist(), members[order].tolist(), values, strict=True)
    ]


def _warnings(classes: Classes, question: Question, attributes: list[Attribute], crowds: Ints | None) -> list[str]:
    """What the reader of the verdict should know."""
    found = []
    if not classes.count:
        found.append("there are no rows to check: the table is empty or wholly suppressed, and satisfies every model")
    for attribute in attributes:
        nulls = int(attribute.weights[attribute.codes == 0].sum()) if attribute.leaves.null_count() else 0
        if nulls:
            found.append(f"the sensitive column '{attribute.name}' has {nulls} nulls; null counts as a value")
        if attribute.missing:
            found.append(
                f"the reference lacks {attribute.missing} values of '{attribute.name}' that the table has: "
                "it is not what the table was made from"
            )
    if crowds is not None and (unknown := int((crowds == 0).sum())):
        found.append(
            f"{unknown} classes stand for no row of the population: it is another population, or the hierarchies are missing"
        )
    if question.entity_column is not None and (nulls := _nobody(classes, question.entity_column)):
        found.append(f"{nulls} rows name no person in '{question.entity_column}'; in each class they count as one together")
    return found


def _nobody(classes: Classes, entity_column: str) -> int:
    return int(classes.weights[classes.merged[entity_column].is_null().to_numpy()].sum())
