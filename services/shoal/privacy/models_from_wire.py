"""Privacy models on the wire: a PrivacyModel message becomes a model of ours, or is refused with all that is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from shoal.api.anonymization.v1 import policy_pb2
from shoal.errors import FieldViolation
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

MOST_PLACES = 18
"""Decimal places of a bound: the kernel compares it as an exact fraction of 64-bit numbers."""

_KINDS = {
    policy_pb2.L_DIVERSITY_KIND_UNSPECIFIED: DiversityKind.DISTINCT,
    policy_pb2.L_DIVERSITY_KIND_DISTINCT: DiversityKind.DISTINCT,
    policy_pb2.L_DIVERSITY_KIND_ENTROPY: DiversityKind.ENTROPY,
    policy_pb2.L_DIVERSITY_KIND_RECURSIVE: DiversityKind.RECURSIVE,
}
_DISTANCES = {
    policy_pb2.T_CLOSENESS_DISTANCE_UNSPECIFIED: Distance.EQUAL,
    policy_pb2.T_CLOSENESS_DISTANCE_EQUAL: Distance.EQUAL,
    policy_pb2.T_CLOSENESS_DISTANCE_ORDERED: Distance.ORDERED,
    policy_pb2.T_CLOSENESS_DISTANCE_HIERARCHICAL: Distance.HIERARCHICAL,
    policy_pb2.T_CLOSENESS_DISTANCE_WASSERSTEIN: Distance.WASSERSTEIN,
}
_ATTACKERS = {
    policy_pb2.RiskLimit.ATTACKER_PROSECUTOR: Attacker.PROSECUTOR,
    policy_pb2.RiskLimit.ATTACKER_JOURNALIST: Attacker.JOURNALIST,
    policy_pb2.RiskLimit.ATTACKER_MARKETER: Attacker.MARKETER,
}

Wrong = list[FieldViolation]


def models_from_wire(message: policy_pb2.AnonymizationPolicy, wrong: Wrong) -> tuple[PrivacyModel, ...]:
    """The policy's models; adds what is wrong to `wrong`."""
    return tuple(model for _, model in placed_models(message.privacy_models, "policy.privacy_models", wrong))


def placed_models(
    messages: Sequence[policy_pb2.PrivacyModel], where: str, wrong: Wrong
) -> tuple[tuple[int, PrivacyModel], ...]:
    """The models of a list and their places in it; adds what is wrong to `wrong`. where: the list's path in the request."""
    found: list[tuple[int, PrivacyModel]] = []
    if not messages:
        wrong.append(FieldViolation(where, "must have at least one model"))
    for place, each in enumerate(messages):
        kind = each.WhichOneof("model")
        field = f"{where}[{place}]"
        if kind is None:
            wrong.append(FieldViolation(field, "names no model"))
            continue
        model = _READERS[kind](getattr(each, kind), f"{field}.{kind}", wrong)
        if model is not None:
            found.append((place, model))
    return tuple(found)


def exact(value: float) -> Fraction:
    """The number as it is written, not as it is in binary."""
    return Fraction(Decimal(repr(value)))


def _k_anonymity(message: policy_pb2.KAnonymity, field: str, wrong: Wrong) -> PrivacyModel:
    if message.k < 1:
        wrong.append(FieldViolation(f"{field}.k", "must be 1 or more"))
    return KAnonymity(message.k)


def _k_map(message: policy_pb2.KMap, field: str, wrong: Wrong) -> PrivacyModel:
    if message.k < 1:
        wrong.append(FieldViolation(f"{field}.k", "must be 1 or more"))
    return KMap(message.k)


def _delta_presence(message: policy_pb2.DeltaPresence, field: str, wrong: Wrong) -> PrivacyModel:
    least = _bound(message.min_delta, f"{field}.min_delta", wrong, most=1)
    most = _bound(message.max_delta, f"{field}.max_delta", wrong, most=1)
    if least > most:
        wrong.append(FieldViolation(f"{field}.min_delta", "must not be greater than max_delta"))
    return DeltaPresence(least, most)


def _l_diversity(message: policy_pb2.LDiversity, field: str, wrong: Wrong) -> PrivacyModel | None:
    before = len(wrong)
    _attribute(message.attribute, field, wrong)
    kind = _KINDS.get(message.kind)
    if kind is None:
        wrong.append(FieldViolation(f"{field}.kind", "is not one of LDiversityKind"))
    whole = kind is not DiversityKind.ENTROPY
    if not 1 <= message.l < 2**32:
        wrong.append(FieldViolation(f"{field}.l", "must be 1 or more, and less than 2^32"))
    elif whole and message.l != math.floor(message.l):
        wrong.append(FieldViolation(f"{field}.l", f"must be a whole number for {kind}"))
    c = Fraction(0)
    if kind is DiversityKind.RECURSIVE:
        if not message.HasField("c"):
            wrong.append(FieldViolation(f"{field}.c", "is required for RECURSIVE"))
        else:
            c = _bound(message.c, f"{field}.c", wrong, most=2**32, above=True)
    elif message.HasField("c"):
        wrong.append(FieldViolation(f"{field}.c", "is for RECURSIVE only"))
    if message.estimator not in policy_pb2.EntropyEstimator.values():
        wrong.append(FieldViolation(f"{field}.estimator", "is not one of EntropyEstimator"))
    elif message.estimator and kind is not DiversityKind.ENTROPY:
        wrong.append(FieldViolation(f"{field}.estimator", "is for ENTROPY only"))
    if kind is None or len(wrong) > before:
        return None
    grassberger = message.estimator == policy_pb2.ENTROPY_ESTIMATOR_GRASSBERGER
    return LDiversity(message.attribute, kind, message.l, c, grassberger)


def _t_closeness(message: policy_pb2.TCloseness, field: str, wrong: Wrong) -> PrivacyModel | None:
    _attribute(message.attribute, field, wrong)
    distance = _DISTANCES.get(message.distance)
    if distance is None:
        wrong.append(FieldViolation(f"{field}.distance", "is not one of TClosenessDistance"))
        return None
    return TCloseness(message.attribute, distance, _bound(message.t, f"{field}.t", wrong, most=1))


def _delta_disclosure(message: policy_pb2.DeltaDisclosure, field: str, wrong: Wrong) -> PrivacyModel:
    _attribute(message.attribute, field, wrong)
    if not 0 < message.delta < math.inf:
        wrong.append(FieldViolation(f"{field}.delta", "must be a number above 0"))
    return DeltaDisclosure(message.attribute, message.delta)


def _beta_likeness(message: policy_pb2.BetaLikeness, field: str, wrong: Wrong) -> PrivacyModel:
    _attribute(message.attribute, field, wrong)
    beta = _bound(message.beta, f"{field}.beta", wrong, most=2**32, above=True)
    return BetaLikeness(message.attribute, beta, message.enhanced)


def _risk_limit(message: policy_pb2.RiskLimit, field: str, wrong: Wrong) -> PrivacyModel | None:
    attacker = _ATTACKERS.get(message.attacker)
    if attacker is None:
        wrong.append(FieldViolation(f"{field}.attacker", "is required: PROSECUTOR, JOURNALIST or MARKETER"))
    highest = average = None
    if message.HasField("max_highest"):
        highest = _bound(message.max_highest, f"{field}.max_highest", wrong, most=1, above=True)
    if message.HasField("max_average"):
        average = _bound(message.max_average, f"{field}.max_average", wrong, most=1, above=True)
    if highest is None and average is None:
        wrong.append(FieldViolation(field, "must give max_highest, max_average or both"))
    return None if attacker is None else RiskLimit(attacker, highest, average)


def _attribute(name: str, field: str, wrong: Wrong) -> None:
    if not name:
        wrong.append(FieldViolation(f"{field}.attribute", "is required"))


def _bound(value: float, field: str, wrong: Wrong, *, most: int, above: bool = False) -> Fraction:
    """A bound from 0 (or above it) to `most`, as written."""
    if not 0 <= value <= most or (above and value == 0):  # refuses NaN, too
        wrong.append(
            FieldViolation(field, f"must be {'above' if above else 'from'} 0 {'and at most' if above else 'to'} {most}")
        )
        return Fraction(0)
    fraction = exact(value)
    if fraction.denominator > 10**MOST_PLACES or fraction.numerator >= 2**63:
        wrong.append(FieldViolation(field, f"must have at most {MOST_PLACES} decimal places"))
        return Fraction(0)
    return fraction


_READERS: dict[str, Callable[..., PrivacyModel | None]] = {
    "k_anonymity": _k_anonymity,
    "k_map": _k_map,
    "delta_presence": _delta_presence,
    "l_diversity": _l_diversity,
    "t_closeness": _t_closeness,
    "delta_disclosure": _delta_disclosure,
    "beta_likeness": _beta_likeness,
    "risk_limit": _risk_limit,
}


def part_of(message: policy_pb2.PrivacyModel, model: PrivacyModel) -> policy_pb2.PrivacyModel:
    """The message of one bound: the policy's own, of a risk limit only the half that `model` holds."""
    part = policy_pb2.PrivacyModel()
    part.CopyFrom(message)
    if isinstance(model, RiskLimit):
        part.risk_limit.ClearField("max_highest" if model.highest is None else "max_average")
    return part
