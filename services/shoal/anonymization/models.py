"""What the kernel is asked for the sake of a policy's models.

A model of a policy speaks of attributes by name; a model of the kernel speaks of coded columns by position. One model of a
policy may become several of the kernel: a risk limit is a condition on every class, on the mean, or both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shoal import kernels
from shoal.privacy.models import (
    Attacker,
    BetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    Distance,
    DiversityKind,
    KAnonymity,
    KMap,
    LDiversity,
    OfAttribute,
    PrivacyModel,
    RiskLimit,
    TCloseness,
    needs_population,
)

__all__ = [
    "Attacker",
    "BetaLikeness",
    "Bound",
    "Coding",
    "DeltaDisclosure",
    "DeltaPresence",
    "Distance",
    "DiversityKind",
    "KAnonymity",
    "KMap",
    "LDiversity",
    "OfAttribute",
    "PrivacyModel",
    "RiskLimit",
    "TCloseness",
    "bind",
    "coding_of",
    "needs_population",
]


class Coding(StrEnum):
    """What the codes of a sensitive column must say beyond which values are equal.

    ORDERED: codes are ranks, with positions where all values are numbers. HIERARCHICAL: codes are the leaves of the
    attribute's hierarchy.
    """

    PLAIN = "PLAIN"
    ORDERED = "ORDERED"
    HIERARCHICAL = "HIERARCHICAL"


def coding_of(model: OfAttribute) -> Coding:
    """How the model's attribute must be coded."""
    if isinstance(model, TCloseness):
        if model.distance in (Distance.ORDERED, Distance.WASSERSTEIN):
            return Coding.ORDERED
        if model.distance is Distance.HIERARCHICAL:
            return Coding.HIERARCHICAL
    return Coding.PLAIN


@dataclass(frozen=True)
class Bound:
    """One kernel model, and the model of the policy that it stands for.

    model: as in the policy; of a risk limit only the bound that this is about. place: its position in the policy.
    """

    model: PrivacyModel
    place: int
    kernel: kernels.Model


def bind(
    models: Sequence[PrivacyModel],
    columns: Mapping[tuple[str, Coding], int],
    *,
    entity: int | None,
    population: bool,
) -> tuple[Bound, ...]:
    """The kernel's models for those of a policy.

    columns: the position of each coded sensitive column. entity: that of the entity column. population: whether a table of
    it is known.
    """
    bound: list[Bound] = []
    for place, model in enumerate(models):
        if isinstance(model, RiskLimit):
            bound += [Bound(part, place, kernel) for part, kernel in _risk(model, entity, population)]
        elif isinstance(model, OfAttribute):
            bound.append(Bound(model, place, _of_attribute(model, columns[model.attribute, coding_of(model)])))
        elif isinstance(model, KAnonymity):
            bound.append(Bound(model, place, _at_least(model.k, entity)))
        elif isinstance(model, KMap):
            bound.append(Bound(model, place, kernels.KMap(model.k)))
        else:
            bound.append(Bound(model, place, kernels.DeltaPresence(model.least, model.most)))
    return tuple(bound)


def _at_least(k: int, entity: int | None) -> kernels.Model:
    return kernels.KAnonymity(k) if entity is None else kernels.DistinctDiversity(entity, k)


def _of_attribute(model: OfAttribute, column: int) -> kernels.Model:
    match model:
        case LDiversity(kind=DiversityKind.DISTINCT):
            return kernels.DistinctDiversity(column, int(model.l))
        case LDiversity(kind=DiversityKind.ENTROPY):
            return kernels.EntropyDiversity(column, model.l, grassberger=model.grassberger)
        case LDiversity():
            return kernels.RecursiveDiversity(column, model.c, int(model.l))
        case TCloseness():
            return kernels.Closeness(column, kernels.Distance(model.distance.value), model.t)
        case DeltaDisclosure():
            return kernels.DeltaDisclosure(column, model.delta)
        case BetaLikeness():
            return kernels.BetaLikeness(column, model.beta, enhanced=model.enhanced)


def _risk(model: RiskLimit, entity: int | None, population: bool) -> list[tuple[RiskLimit, kernels.Model]]:
    """The highest risk is 1 / k; the prosecutor knows the table, the others the population where there is one."""
    outside = population and model.attacker is not Attacker.PROSECUTOR
    parts: list[tuple[RiskLimit, kernels.Model]] = []
    if model.highest is not None:
        k = math.ceil(1 / model.highest)
        parts.append((RiskLimit(model.attacker, model.highest, None), kernels.KMap(k) if outside else _at_least(k, entity)))
    if model.average is not None:
        average = kernels.AverageRisk(model.average, population=outside)
        parts.append((RiskLimit(model.attacker, None, model.average), average))
    return parts
