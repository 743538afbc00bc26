"""What one model says of each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import DefaultSpec, HierarchySpec, build
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
    PrivacyModel,
    RiskLimit,
    TCloseness,
)
from shoal.risk.validation import counting, distances, diversity, frequency, lines
from shoal.risk.validation.exact import Floats, Truths, at_most, less, ratio
from shoal.risk.validation.grouping import Classes, Ints
from shoal.risk.validation.histograms import Attribute

TOLERANCE = 1e-9
"""An entropy this much below ln l still is ln l: logarithms cannot decide equality."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What one model says of each class.

    holds, measured, severity: of each class; severity is how many times it is beyond the bound. worst: what the model measures
    of the table; least: the other side of δ-presence. satisfied: of a model that judges no class by itself.
    """

    model: PrivacyModel
    place: int
    holds: Truths
    measured: Floats
    severity: Floats
    worst: float
    least: float | None = None
    satisfied: bool = True


@dataclass(frozen=True, eq=False)
class Facts:
    """What the models look at.

    persons: in each class, None where every row is one. population: rows of it that each class stands for.
    """

    classes: Classes
    persons: Ints | None
    population: Ints | None
    attributes: Callable[[str], Attribute]
    hierarchies: Mapping[str, HierarchySpec]


def judge(place: int, model: PrivacyModel, facts: Facts) -> list[Judgement]:  # noqa: PLR0911 (one for each model)
    """The judgements of one model: two of a risk limit with two bounds."""
    classes = facts.classes
    match model:
        case KAnonymity():
            crowd = classes.sizes if facts.persons is None else facts.persons
            return [_at_least(place, model, crowd, model.k)]
        case KMap():
            return [_at_least(place, model, _known(facts), model.k)]
        case DeltaPresence():
            return [_presence(place, model, classes.sizes, _known(facts))]
        case RiskLimit():
            return _risk(place, model, facts)
        case LDiversity():
            return [_diversity(place, model, facts.attributes(model.attribute))]
        case TCloseness():
            return [_closeness(place, model, facts)]
        case DeltaDisclosure():
            measured = frequency.disclosure(facts.attributes(model.attribute))
            holds = measured < model.delta - frequency.MARGIN
            return [_largest(place, model, holds, measured, measured / model.delta)]
        case BetaLikeness():
            attribute = facts.attributes(model.attribute)
            holds, measured, severity = frequency.likeness(attribute, model.beta, enhanced=model.enhanced)
            return [_largest(place, model, holds, measured, severity)]


def _known(facts: Facts) -> Ints:
    assert facts.population is not None  # noqa: S101 (a model that needs a population is refused without one)
    return facts.population


def _at_least(place: int, model: PrivacyModel, counts: Ints, bound: int) -> Judgement:
    measured = counts.astype(np.float64)
    worst = float(measured.min()) if len(counts) else 0.0
    return Judgement(model, place, counts >= bound, measured, _over(np.float64(bound), measured), worst)


def _largest(place: int, model: PrivacyModel, holds: Truths, measured: Floats, severity: Floats) -> Judgement:
    return Judgement(model, place, holds, measured, severity, float(measured.max(initial=0.0)))


def _presence(place: int, model: DeltaPresence, rows: Ints, population: Ints) -> Judgement:
    holds, share = counting.presence(rows, population, model.least, model.most)
    severity = np.maximum(_over(share, np.float64(model.most)), _over(np.float64(model.least), share))
    least = float(share.min(initial=np.inf)) if len(share) else 0.0
    return replace(_largest(place, model, holds, share, severity), least=least)


def _risk(place: int, model: RiskLimit, facts: Facts) -> list[Judgement]:
    """One over the persons or rows of a class for the prosecutor, over its population for the others where there is one."""
    rows = facts.classes.sizes
    outside = facts.population is not None and model.attacker is not Attacker.PROSECUTOR
    found = []
    if model.highest is not None:
        crowd = np.maximum(_known(facts), 1) if outside else rows if facts.persons is None else facts.persons
        one = np.ones_like(crowd)
        risk = ratio(one, crowd)
        part = RiskLimit(model.attacker, model.highest, None)
        found.append(_largest(place, part, at_most(one, crowd, model.highest), risk, risk / float(model.highest)))
    if model.average is not None:
        mean = counting.mean_risk(rows, np.maximum(_known(facts), 1) if outside else rows)
        part = RiskLimit(model.attacker, None, model.average)
        none = np.zeros(len(rows))
        found.append(
            Judgement(part, place, np.ones(len(rows), np.bool_), none, none, float(mean), satisfied=mean <= model.average)
        )
    return found


def _diversity(place: int, model: LDiversity, attribute: Attribute) -> Judgement:
    values = diversity.distinct(attribute)
    match model.kind:
        case DiversityKind.DISTINCT:
            return _at_least(place, model, values, int(model.l))
        case DiversityKind.ENTROPY:
            entropy = diversity.entropy(attribute, grassberger=model.grassberger)
            holds = (values >= model.l) & (entropy >= np.log(model.l) - TOLERANCE)
            measured = np.exp(entropy)
            severity = np.maximum(_over(np.float64(model.l), measured), _over(np.float64(model.l), values.astype(np.float64)))
            return Judgement(model, place, holds, measured, severity, float(measured.min()) if len(measured) else 0.0)
        case DiversityKind.RECURSIVE:
            most, tail = diversity.tails(attribute, int(model.l))
            measured = ratio(most, tail)
            return _largest(place, model, less(most, tail, model.c), measured, measured / float(model.c))


def _closeness(place: int, model: TCloseness, facts: Facts) -> Judgement:
    attribute = facts.attributes(model.attribute)
    match model.distance:
        case Distance.EQUAL:
            found = distances.equal(attribute)
        case Distance.ORDERED:
            found = distances.along(attribute, lines.by_rank(attribute.leaves))
        case Distance.WASSERSTEIN:
            found = distances.along(attribute, lines.by_place(attribute.name, attribute.leaves))
        case Distance.HIERARCHICAL:
            found = distances.hierarchical(attribute, _levels(attribute, facts.hierarchies.get(attribute.name)))
    measured = ratio(found.above, found.below)
    return _largest(place, model, at_most(found.above, found.below, model.t), measured, _over(measured, np.float64(model.t)))


def _levels(attribute: Attribute, spec: HierarchySpec | None) -> list[Ints]:
    """The group of each value at each level of the attribute's hierarchy, from level 1 on."""
    if spec is None or isinstance(spec, DefaultSpec):
        raise InvalidArgumentError(
            f"t-closeness with the HIERARCHICAL distance needs a hierarchy of '{attribute.name}': give it in `hierarchies`",
            reason=ErrorReason.INVALID_HIERARCHY,
            metadata={"attribute": attribute.name},
        )
    built = build(attribute.name, attribute.leaves, spec)
    return [codes[built.row_codes].astype(np.int64) for codes in built.codes]


def _over(above: Floats | np.float64, below: Floats | np.float64) -> Floats:
    """above / below; infinite over 0, and 0 for 0/0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.divide(above, below), nan=0.0, posinf=np.inf)
