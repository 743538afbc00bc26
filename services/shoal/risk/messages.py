"""The wire of risk: requests become checked values, verdicts become answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shoal.api.risk.v1 import risk_service_pb2
from shoal.errors import FieldViolation, UnimplementedError, invalid_fields
from shoal.measures.risk import ATTACKERS, DEFAULT_CUT_POINTS, DEFAULT_THRESHOLD
from shoal.privacy.models import Attacker
from shoal.privacy.models_from_wire import part_of
from shoal.risk.assess import NullValues, SuppressedValues
from shoal.risk.question_from_wire import Asked, check_names
from shoal.risk.validation.judgements import Judgement
from shoal.risk.validation.validate import Verdict, Violation

MOST_VIOLATION_BYTES = 3 * 1024**2
"""What the violations of an answer may take: it must fit into a message of 4 MiB."""

_ATTACKERS = {
    risk_service_pb2.ATTACKER_PROSECUTOR: Attacker.PROSECUTOR,
    risk_service_pb2.ATTACKER_JOURNALIST: Attacker.JOURNALIST,
    risk_service_pb2.ATTACKER_MARKETER: Attacker.MARKETER,
}
_SUPPRESSED = {
    risk_service_pb2.SUPPRESSED_VALUES_UNSPECIFIED: SuppressedValues.OMIT_ROWS,
    risk_service_pb2.SUPPRESSED_VALUES_OMIT_ROWS: SuppressedValues.OMIT_ROWS,
    risk_service_pb2.SUPPRESSED_VALUES_OWN_VALUE: SuppressedValues.OWN_VALUE,
}
_NULLS = {
    risk_service_pb2.NULL_VALUES_UNSPECIFIED: NullValues.OWN_VALUE,
    risk_service_pb2.NULL_VALUES_OWN_VALUE: NullValues.OWN_VALUE,
    risk_service_pb2.NULL_VALUES_OMIT_ROWS: NullValues.OMIT_ROWS,
}


class Assessment(BaseModel):
    """What to assess, checked."""

    model_config = ConfigDict(frozen=True)

    quasi_identifiers: tuple[str, ...]
    threshold: float
    attackers: frozenset[Attacker]
    suppressed_values: SuppressedValues
    null_values: NullValues
    cut_points: tuple[float, float, float]


def assessment(request: risk_service_pb2.AssessRiskRequest) -> Assessment:
    """The request's content; raises InvalidArgumentError with all violations, UnimplementedError for what comes later."""
    wrong: list[FieldViolation] = []
    names = tuple(request.quasi_identifiers)
    check_names(names, wrong)
    threshold = request.threshold if request.HasField("threshold") else DEFAULT_THRESHOLD
    if not 0 <= threshold <= 1:  # refuses NaN, too
        wrong.append(FieldViolation("threshold", "must be between 0 and 1"))
    for place, attacker in enumerate(request.attackers):
        if attacker not in _ATTACKERS:
            wrong.append(FieldViolation(f"attackers[{place}]", "is not one of Attacker"))
        elif attacker in request.attackers[:place]:
            wrong.append(FieldViolation(f"attackers[{place}]", "is there a second time"))
    points = tuple(request.risk_level_cut_points) or DEFAULT_CUT_POINTS
    if len(points) != 3 or not all(0 <= point <= 1 for point in points) or list(points) != sorted(points):
        wrong.append(FieldViolation("risk_level_cut_points", "must be three numbers between 0 and 1, ascending"))
    if request.suppressed_values not in risk_service_pb2.SuppressedValues.values():
        wrong.append(FieldViolation("suppressed_values", "is not one of SuppressedValues"))
    if request.null_values not in risk_service_pb2.NullValues.values():
        wrong.append(FieldViolation("null_values", "is not one of NullValues"))
    if wrong:
        raise invalid_fields(wrong)
    _refuse_unbuilt(request)
    return Assessment(
        quasi_identifiers=names,
        threshold=threshold,
        attackers=frozenset(_ATTACKERS[each] for each in request.attackers) or ATTACKERS,
        suppressed_values=_SUPPRESSED[request.suppressed_values],
        null_values=_NULLS[request.null_values],
        cut_points=(points[0], points[1], points[2]),
    )


def _refuse_unbuilt(request: risk_service_pb2.AssessRiskRequest) -> None:
    unbuilt = {
        "population": request.HasField("population"),
        "entity_column": request.HasField("entity_column"),
        "suppressed_values": request.suppressed_values not in _SUPPRESSED,
        "null_values": request.null_values not in _NULLS,
    }
    for field, asked in unbuilt.items():
        if asked:
            what = field if field in ("population", "entity_column") else f"{field} = WILDCARD"
            raise UnimplementedError(
                f"AssessRisk with {what} is part of the contract but not built yet; docs/status.md says what works",
                metadata={"feature": field},
            )


def verdict_to_wire(
    verdict: Verdict, asked: Asked, reference: str, warnings: list[str]
) -> risk_service_pb2.ValidatePrivacyResponse:
    """A verdict as the answer. reference: the sentence; warnings: those of the tables, beside the verdict's own."""
    return risk_service_pb2.ValidatePrivacyResponse(
        valid=verdict.valid,
        models=[_check(each, asked) for each in verdict.judgements],
        violations=_fitting(verdict.violations),
        violating_class_count=verdict.failing,
        reference=reference,
        quasi_identifiers=asked.quasi_identifiers,
        row_count=verdict.rows,
        suppressed_count=verdict.suppressed,
        class_count=verdict.classes,
        warnings=[*warnings, *verdict.warnings],
    )


def _check(judgement: Judgement, asked: Asked) -> risk_service_pb2.ModelCheck:
    failing = len(judgement.holds) - int(judgement.holds.sum())
    return risk_service_pb2.ModelCheck(
        model=part_of(asked.messages[judgement.place], judgement.model),
        satisfied=judgement.satisfied and not failing,
        measured=judgement.worst,
        measured_least=judgement.least,
        violating_class_count=failing,
    )


def _fitting(violations: tuple[Violation, ...]) -> list[risk_service_pb2.ClassViolation]:
    found: list[risk_service_pb2.ClassViolation] = []
    size = 0
    for each in violations:
        message = risk_service_pb2.ClassViolation(
            model=each.place,
            quasi_identifier_values=each.values,
            row_count=each.rows,
            measured=each.measured,
            severity=each.severity,
        )
        size += message.ByteSize() + 8
        if size > MOST_VIOLATION_BYTES:
            break
        found.append(message)
    return found
